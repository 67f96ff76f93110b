"""What a visitor may upload, and what he gets back: every kind of file, bad ones, hostile names."""

import re

import numpy as np
import pytest
from denoise_page import CAT, CLEAN, NOISY, SHOW, UPLOAD
from page_harness import png

import restoration
from restoration.photo import Photo
from restoration.ui.components import media
from restoration.ui.upload import MAX_STEM_LENGTH

BLACK = np.zeros((1000, 1001), np.uint8)  # no noise to be judged anywhere


def test_show_me_spoils_an_upload_and_scores_it(table):
    table.drop(CLEAN)
    table.set("segmented_control", "mode", SHOW)
    assert table.scores[1] > 3
    before, _ = table.pictures
    assert restoration.psnr(before, CAT) == pytest.approx(20, abs=2)  # sigma 25 of 255
    before = table.file_name
    table.app.file_uploader(key="upload").clear()  # as a browser does before it puts in another file
    table.run()
    assert table.file_name == before
    table.click("Back to the samples")
    assert table.file_name == "Coffee-cup-denoised.png"


KINDS_OF_FILES = {
    "gray": NOISY[..., 0],
    "transparent": np.dstack([NOISY, np.linspace(0, 255, 96 * 128).reshape(96, 128).astype(np.uint8)]),
    "16 bits": NOISY[..., 0].astype(np.uint16) * 257,
    "one pixel": NOISY[:1, :1],
    "very wide": np.tile(NOISY[:10], (1, 24, 1))[:, :3000],
    "very high": np.tile(NOISY[:, :10], (32, 1, 1))[:3000],
}


@pytest.mark.parametrize("kind", KINDS_OF_FILES)
def test_any_photograph_keeps_its_shape_and_all_that_is_not_noise(table, kind):
    pixels = KINDS_OF_FILES[kind]
    table.drop(png(pixels))
    assert not table.errors
    before, after = table.pictures
    assert before.shape == after.shape == (*pixels.shape[:2], 1 if pixels.ndim == 2 else 3)
    if kind == "transparent":
        for shown in table.pictures:  # not the colours that nobody sees
            np.testing.assert_allclose(shown[0, 0], media.GRAY, atol=0.01)
            assert np.abs(shown[-20:] - CAT[-20:]).mean() < 0.08
    saved = Photo.open(table.download())
    assert saved.pixels.shape == before.shape
    assert saved.bits == (16 if pixels.dtype == np.uint16 else 8)
    if kind == "transparent":
        np.testing.assert_array_equal(np.rint(saved.alpha * 255), pixels[..., 3])
    if kind == "16 bits":
        assert len(np.unique(saved.pixels)) > 256  # not rounded to 8 bits on the way
    table.set("segmented_control", "mode", SHOW)
    assert not table.errors
    assert table.pictures[1].shape == before.shape
    table.set("selectbox", "kind", "jpeg")  # the kind that has most to do with the shape
    assert not table.errors


BAD_FILES = {
    "cut off": UPLOAD[: len(UPLOAD) // 2],
    "text": b"This is no picture. " * 50,
    "empty": b"",
    "too large": png(BLACK),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_sentence_and_the_picture_stays(table, kind):
    table.set("number_input", "limit", 1)
    table.drop(UPLOAD, "good.png")
    good = table.pictures[1]
    table.drop(BAD_FILES[kind], "<b>bad</b>.png")
    assert len(table.errors) == 1
    assert re.fullmatch(r"[A-Z].+\.", table.errors[0])
    np.testing.assert_array_equal(table.pictures[1], good)
    assert table.file_name == "good-denoised.png"
    assert table.runs == []
    if kind == "too large":
        assert "1" in table.errors[0]
        assert "limit" in table.errors[0]
        table.set("number_input", "limit", 2)
        table.drop(BAD_FILES[kind], "again.png")
    else:
        table.drop(png(NOISY[::-1]), "next.png")
    assert not table.errors
    assert table.file_name != "good-denoised.png"


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
def test_a_hostile_file_name_becomes_a_safe_one(table, name):
    table.drop(UPLOAD, name)
    assert not table.errors
    safe = table.file_name
    assert re.fullmatch(r"\w[\w-]*-denoised\.png", safe)
    assert len(safe) <= MAX_STEM_LENGTH + len("-denoised.png")
    assert safe.split("-")[0].lower() not in ("con", "nul")
    texts = [text.value for text in (*table.app.markdown, *table.app.caption, *table.app.error)]
    assert not any("<img" in text for text in texts)


def test_a_hostile_name_typed_at_the_download_becomes_a_safe_one(desk):
    desk.open()
    key = next(text.key for text in desk.app.text_input if text.label == "File name")
    for typed, expected in (
        ("../../x", "x.png"),
        ("", "photo.png"),
        ("a<b>.jpg", "a-b-jpg.png"),
        ("nul", "photo-nul.png"),
    ):
        desk.set("text_input", key, typed)
        assert desk.file_name == expected


def test_a_format_too_small_for_the_picture_is_told_before_the_download(table):
    table.drop(png(np.full((2, 16400), 128, np.uint8)))
    table.set("selectbox", "format", "WebP")
    assert table.errors == ["WebP holds 16383 pixels a side and this picture has 16400; choose another format."]
    assert not table.set("selectbox", "format", "PNG").errors
