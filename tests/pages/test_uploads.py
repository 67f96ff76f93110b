"""Uploads: every kind of file, damaged ones, hostile names, and the download of each."""

import re

import numpy as np
import pytest
from denoise_page import CAT, CLEAN, NOISY, SHOW, UPLOAD
from page_harness import png

import restoration
from restoration.photo import Photo
from restoration.ui import upload
from restoration.ui.components import media
from restoration.ui.restore import download_button, photo_download
from restoration.ui.upload import MAX_STEM_LENGTH

BLACK = np.zeros((1000, 1001), np.uint8)  # no noise to be estimated anywhere


def test_show_me_degrades_an_upload_and_scores_it(opened_page):
    opened_page.drop(CLEAN)
    opened_page.set("segmented_control", "mode", SHOW)
    assert opened_page.scores[1] > 3
    before, _ = opened_page.pictures
    assert restoration.psnr(before, CAT) == pytest.approx(20, abs=2)  # sigma 25 of 255
    before = opened_page.file_name
    opened_page.app.file_uploader(key="upload").clear()  # as a browser does before it puts in another file
    opened_page.run()
    assert opened_page.file_name == before
    opened_page.click("Back to the samples")
    assert opened_page.file_name == "Coffee-cup-denoised.png"


def test_a_photograph_whose_pixels_made_room_for_others_is_read_again(opened_page):
    opened_page.drop(NOISY)
    before, after = opened_page.pictures
    cache = opened_page.app.session_state["cache"]
    ((_, _, _, kind, key),) = [entry for entry in cache.entries() if entry[3] == "photo"]
    cache.drop(kind, key)
    opened_page.run()
    assert [entry[4] for entry in cache.entries() if entry[3] == "photo"] == [key]
    np.testing.assert_array_equal(opened_page.pictures, [before, after])


KINDS_OF_FILES = {
    "gray": NOISY[..., 0],
    "transparent": np.dstack([NOISY, np.linspace(0, 255, 96 * 128).reshape(96, 128).astype(np.uint8)]),
    "16 bits": NOISY[..., 0].astype(np.uint16) * 257,
    "one pixel": NOISY[:1, :1],
    "very wide": np.tile(NOISY[:10], (1, 24, 1))[:, :3000],
    "very high": np.tile(NOISY[:, :10], (32, 1, 1))[:3000],
}


@pytest.mark.parametrize("kind", KINDS_OF_FILES)
def test_any_photograph_keeps_its_shape_and_all_that_is_not_noise(opened_page, kind):
    pixels = KINDS_OF_FILES[kind]
    opened_page.drop(png(pixels))
    assert not opened_page.errors
    before, after = opened_page.pictures
    assert before.shape == after.shape == (*pixels.shape[:2], 1 if pixels.ndim == 2 else 3)
    if kind == "transparent":
        for shown in opened_page.pictures:  # not the colours that nobody sees
            np.testing.assert_allclose(shown[0, 0], media.GRAY, atol=0.01)
            assert np.abs(shown[-20:] - CAT[-20:]).mean() < 0.08
    saved = Photo.open(opened_page.download())
    assert saved.pixels.shape == before.shape
    assert saved.bits == (16 if pixels.dtype == np.uint16 else 8)
    if kind == "transparent":
        np.testing.assert_array_equal(np.rint(saved.alpha * 255), pixels[..., 3])
    if kind == "16 bits":
        assert len(np.unique(saved.pixels)) > 256  # not rounded to 8 bits on the way
    opened_page.set("segmented_control", "mode", SHOW)
    assert not opened_page.errors
    assert opened_page.pictures[1].shape == before.shape
    opened_page.set("selectbox", "kind", "jpeg")  # the kind that has most to do with the shape
    assert not opened_page.errors


BAD_FILES = {
    "cut off": UPLOAD[: len(UPLOAD) // 2],
    "text": b"This is no picture. " * 50,
    "empty": b"",
    "too large": png(BLACK),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_sentence_and_the_picture_stays(opened_page, kind):
    opened_page.set("number_input", "limit", 1)
    opened_page.drop(UPLOAD, "good.png")
    good = opened_page.pictures[1]
    opened_page.drop(BAD_FILES[kind], "<b>bad</b>.png")
    assert len(opened_page.errors) == 1
    assert re.fullmatch(r"[A-Z].+\.", opened_page.errors[0])
    np.testing.assert_array_equal(opened_page.pictures[1], good)
    assert opened_page.file_name == "good-denoised.png"
    assert opened_page.runs == []
    if kind == "too large":
        assert "1" in opened_page.errors[0]
        assert "limit" in opened_page.errors[0]
        opened_page.set("number_input", "limit", 2)
        opened_page.drop(BAD_FILES[kind], "again.png")
    else:
        opened_page.drop(png(NOISY[::-1]), "next.png")
    assert not opened_page.errors
    assert opened_page.file_name != "good-denoised.png"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x.png",
        "..\\..\\x.png",
        "C:\\x\\y.png",
        "<img src=x onerror=alert(1)>.png",
        "a" * 300 + ".png",
        "x\0y.png",
        "\u202egnp.exe",
        "CON.png",
        ".hidden.png",
        "$(rm -rf).png",
        "...",
        "\U0001f431.png",
        "maracuj\u00e1 1%20.png",
    ],
)
def test_a_hostile_file_name_becomes_a_safe_one(opened_page, name):
    opened_page.drop(UPLOAD, name)
    assert not opened_page.errors
    safe = opened_page.file_name
    assert re.fullmatch(r"\w[\w-]*-denoised\.png", safe)
    assert len(safe) <= MAX_STEM_LENGTH + len("-denoised.png")
    assert safe.split("-")[0].lower() not in ("con", "nul")
    texts = [
        text.value
        for text in (
            *opened_page.app.markdown,
            *opened_page.app.caption,
            *opened_page.app.error,
        )
    ]
    assert not any("<img" in text for text in texts)


def test_a_hostile_name_typed_at_the_download_becomes_a_safe_one(denoise_page):
    denoise_page.open()
    key = next(text.key for text in denoise_page.app.text_input if text.label == "File name")
    for typed, expected in (
        ("../../x", "x.png"),
        ("", "photo.png"),
        ("a<b>.jpg", "a-b-jpg.png"),
        ("nul", "photo-nul.png"),
    ):
        denoise_page.set("text_input", key, typed)
        assert denoise_page.file_name == expected


def test_a_format_too_small_for_the_picture_is_told_before_the_download(opened_page):
    opened_page.drop(png(np.full((2, 16400), 128, np.uint8)))
    opened_page.set("selectbox", "format", "WebP")
    assert opened_page.errors == ["WebP holds 16383 pixels a side and this picture has 16400; choose another format."]
    assert not opened_page.set("selectbox", "format", "PNG").errors


def test_the_size_of_a_large_file_stands_on_the_button_that_writes_it(opened_page, monkeypatch):
    begun = []
    monkeypatch.setattr(photo_download, "LARGE_FILE", NOISY.size - 1)
    opened_page.spy(download_button, "begin_download", lambda url, name, **_: begun.append((name, url)))
    opened_page.drop(NOISY)
    (label,) = [label for label in opened_page.buttons if re.fullmatch(r"Download \d+ MB", label)]
    opened_page.click(label)
    assert [name for name, _ in begun] == ["photo-denoised.png"]
    assert len(opened_page.run().runs) == 0
    assert len(begun) == 1  # once for each press


@pytest.mark.parametrize(("server", "most"), [(None, 500), ("20", 20), ("much", 50)])
def test_an_address_cannot_raise_the_limit_and_nobody_above_the_servers(denoise_page, monkeypatch, server, most):
    if server:
        monkeypatch.setenv(upload.SERVER_LIMIT, server)
    denoise_page.open(limit="400", sample="Cat")
    limit = denoise_page.app.number_input(key="limit")
    assert (limit.value, limit.max) == (min(50, most), most)
    denoise_page.open("pages/upscale.py", largest="400", sample="Cat")
    largest = denoise_page.app.number_input(key="largest")
    assert (largest.value, largest.max) == (min(100, most), most)
