"""Photo: what it cannot do is told in one sentence."""

import io

import numpy as np
import pytest
from photo_fixtures import smooth
from PIL import Image

from restoration.photo import Photo, PhotoError


def float_tiff(value):
    file = io.BytesIO()
    Image.fromarray(np.full((4, 4), value, np.float32)).save(file, "TIFF")
    return file.getvalue()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", r"This file is empty \(0 bytes\)"),
        (b"Dear diary, today nothing happened.", "is not a photograph that can be read; supported are JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "is not a photograph that can be read"),
        ("no/such/file.jpg", "There is no such file"),
        (".", "This is a folder"),
        ("/dev/null", "This is not a regular file"),
        ("a\0b.png", "This is not a file name"),
        (17, "cannot be opened from int"),
        (io.StringIO("text"), "open it in binary mode"),
        (float_tiff(17.5), "run from 17.5 to 17.5; the limit is 0 to 1. Save it with 16 bits"),
        (float_tiff(float("nan")), "run from nan to nan"),
    ],
)
def test_sentences_of_open(source, sentence):
    with pytest.raises(PhotoError, match=sentence):
        Photo.open(source)


def test_sentence_of_the_limit():
    data = Photo(pixels=np.zeros((1000, 2120, 1), np.float32)).to_bytes()
    with pytest.raises(PhotoError) as caught:
        Photo.open(data, max_megapixels=2)
    assert str(caught.value) == (
        "This file is 2.1 megapixels; the limit is 2. "
        "Reduce it, or raise the limit (under More, --max-megapixels or max_megapixels)."
    )
    assert Photo.open(data, max_megapixels=2.12).pixels.shape == (1000, 2120, 1)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (np.zeros(4, np.float32), r"\(height, width, 1 or 3\)"),
        (np.zeros((4, 4), np.float32), r"\(height, width, 1 or 3\)"),
        (np.zeros((4, 4, 2), np.float32), r"has \(4, 4, 2\)"),
        (np.zeros((0, 4, 3), np.float32), "shape"),
        (np.zeros((4, 4, 3), np.uint8), "holds uint8"),
        (np.full((4, 4, 3), 255, np.float32), "divide it by its white"),
        (np.full((4, 4, 3), np.nan, np.float32), "not finite"),
        (np.full((4, 4, 3), np.inf, np.float32), "not finite"),
    ],
)
def test_sentences_of_with_pixels(image, sentence):
    with pytest.raises(PhotoError, match=sentence):
        Photo(pixels=smooth()).with_pixels(image)
    with pytest.raises(PhotoError, match=sentence):
        Photo(pixels=image)


def test_a_photo_made_of_an_array_holds_nothing_beyond_white():
    photo = Photo(pixels=np.float64([[[-0.5], [0.5], [1.5]]]))
    assert photo.pixels.dtype == np.float32
    assert np.asarray(Image.open(io.BytesIO(photo.to_bytes()))).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("a.xyz", {}, "format '.xyz' cannot be written; choose one of PNG, JPEG, WebP, TIFF, AVIF"),
        ("a", {}, "cannot be written"),
        ("a.png", {"format": "GIF"}, "format 'GIF' cannot be written"),
        ("a.png", {"quality": 0}, "quality is 0"),
        ("a.png", {"quality": 101}, "quality is 101"),
        ("a.png", {"metadata": "some"}, "metadata choice is 'some'"),
        ("a.png", {"settings": {"a": object()}}, "settings cannot be recorded"),
        ("a.png", {"settings": {"a": float("nan")}}, "settings cannot be recorded"),
        ("a.jpg", {"settings": {"a": "x" * 40_000}}, "settings are 400[0-9]+ characters"),
        ("no/such/folder/a.png", {}, "There is no folder .*no/such/folder. Make it first, or choose another"),
    ],
)
def test_sentences_of_save(tmp_path, name, options, sentence):
    with pytest.raises(PhotoError, match=sentence):
        Photo(pixels=smooth()).save(tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_sentence_of_a_side_too_long_for_the_format():
    with pytest.raises(PhotoError, match="17000 x 1 pixels; the limit of WebP is 16383"):
        Photo(pixels=np.zeros((1, 17_000, 1), np.float32)).to_bytes("WebP")
