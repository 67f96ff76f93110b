"""Photographs are held back by their content alone, and training, held-back and benchmark images do not meet."""

import cv2
import numpy as np
import pytest
from PIL import Image

from restoration.photo.sample_photos import SAMPLES
from restoration.train.colorize_pairs import PhotographCache
from restoration.train.explore_images import reduced_photos
from restoration.train.photographs import content_fraction, held_back, load_photos, read_photographs


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Give a folder of 600 made images, one of them twice."""
    folder = tmp_path_factory.mktemp("many")
    generator = np.random.default_rng(0)
    for number in range(600):
        coarse = generator.integers(0, 256, (4, 4, 3), np.uint8)
        Image.fromarray(coarse).resize((128, 128), Image.Resampling.NEAREST).save(folder / f"{number}.png")
    (folder / "again").mkdir()
    (folder / "again" / "other-name.png").write_bytes((folder / "7.png").read_bytes())
    return folder


def contents(photos):
    return {photo.tobytes() for photo in photos}


def test_about_one_in_a_hundred_is_held_back_and_never_trained_on(many):
    training, out = load_photos(many)
    assert len(training) + len(out) == 601
    assert 1 <= len(out) <= 15
    assert not contents(training) & contents(out)


def test_names_folders_and_lossless_formats_change_nothing(many, tmp_path):
    for number, photograph in enumerate(read_photographs(many)):
        suffix = ("png", "tif", "webp")[number % 3]
        Image.fromarray(photograph.pixels).save(tmp_path / f"{1000 - number}.{suffix}", lossless=True)
    sides, renamed = load_photos(many), load_photos(tmp_path)
    assert [contents(side) for side in sides] == [contents(side) for side in renamed]


def test_the_rule_is_fixed():
    """These answers must never change: published networks were chosen by photographs that they have not seen."""
    gray = np.full((2, 2, 3), 128, np.uint8)
    assert content_fraction(gray) == pytest.approx(0.7589475166442543, abs=1e-9)
    assert held_back([0.005, 0.5, 0.00999, 0.01]) == [True, False, True, False]
    assert held_back([0.7, 0.3, 0.3, 0.9]) == [False, True, True, False]
    assert held_back([]) == []


def test_every_task_holds_back_the_same(many, tmp_path):
    training, out = load_photos(many)
    cached = PhotographCache(many, tmp_path / "cache")
    assert contents(map(cached.pixels, cached.held_back)) == contents(out)
    assert contents(map(cached.pixels, cached.large)) == contents(training)
    assert contents(reduced_photos(many)) == contents(training)


def test_of_few_photographs_one_is_held_back(photos):
    training, out = load_photos(photos)
    assert (len(training), len(out)) == (len(SAMPLES) - 1, 1)


def test_photographs_of_a_folder_are_drawn_more_often(photos):
    once, out = load_photos(photos.parent)
    often, same = load_photos(photos.parent, folder_repeats={photos.name: 3})
    assert len(often) == 3 * len(once)
    assert len(same) == len(out) == 1


def test_a_folder_without_photographs_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="give two or more"):
        load_photos(tmp_path)


def test_sheets_are_read_photograph_by_photograph(tmp_path):
    sheet = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8).repeat(64, 0).repeat(64, 1)
    Image.fromarray(sheet).save(tmp_path / "sheet.avif", quality=90)
    for number in range(2):
        Image.fromarray(sheet[: 128 + 64 * number, :192]).save(tmp_path / f"single-{number}.avif", quality=90)
    read = list(read_photographs(tmp_path))
    assert [one.pixels.shape for one in read] == [(64, 64, 3)] * 256 + [(128, 192, 3), (192, 192, 3)]
    assert [one.on_sheet for one in read] == [True] * 256 + [False] * 2
    assert np.abs(read[17].pixels.astype(int) - sheet[64:128, 64:128]).mean() < 30
    cached = PhotographCache(tmp_path, tmp_path / "cache")
    assert 240 <= len(cached.small) < 256
    assert (len(cached.large), len(cached.held_back)) == (1, 1)


def test_training_held_back_and_benchmark_images_do_not_meet(shared):
    training, out = load_photos(shared("photos"))
    benchmark = [one.pixels for name in ("bench", "more") for one in read_photographs(shared(name))]
    assert len(training) + len(out) == 1226 - 1  # one is left out: Set5 has it too
    for one, other in ((training, out), (training, benchmark), (out, benchmark)):
        assert not contents(one) & contents(other)
    files = [{path.read_bytes() for path in shared(name).rglob("*") if path.is_file()} for name in ("photos", "bench")]
    assert not files[0] & files[1]
    # The same photograph at another size or quality has nearly the same thumbnail.
    bench = thumbnails([one.pixels for one in read_photographs(shared("bench"))])
    assert (bench @ thumbnails([*training, *out]).T).max() < 0.98
    assert (thumbnails(training) @ thumbnails(out).T).max() < 0.98
    reduced = [cv2.resize(photo, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA) for photo in training[:50]]
    assert (thumbnails(training[:50]) * thumbnails(reduced)).sum(axis=1).min() > 0.98


def thumbnails(photos):
    """Return gray thumbnails of 16 x 16 pixels, one a row, without their mean and of length 1."""
    small = [cv2.resize(photo, (16, 16), interpolation=cv2.INTER_AREA).mean(axis=-1).ravel() for photo in photos]
    centred = np.array(small) - np.mean(small, axis=1, keepdims=True)
    return centred / np.linalg.norm(centred, axis=1, keepdims=True)


def test_a_photograph_that_cannot_be_decoded_is_left_out_with_a_warning(many, tmp_path, caplog):
    good = (many / "1.png").read_bytes()
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes((many / f"{number}.png").read_bytes())
    bad = {"cut.png": good[: len(good) // 2], "empty.jpg": b"", "text.tif": b"II*\0 no TIFF", "noise.webp": b"RIFF" * 9}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.jpg").mkdir()
    assert len(list(read_photographs(tmp_path))) == 3
    assert len(caplog.messages) == len(bad) + 1
    assert all(any(name in message for message in caplog.messages) for name in bad)
