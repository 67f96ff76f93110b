"""A file on which nothing was done: the same bytes, or a JPEG whose pixels stay coded as they are."""

import io

import numpy as np
import pytest
from photo_fixtures import FORMATS, PRIVATE, SRGB_PROFILE, camera_jpeg, smooth
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from restoration.photo import Photo, iptc, jpeg
from restoration.photo.lossless_copy import lossless_copy


def copy(data, choice):
    return lossless_copy(data, Photo.open(data), choice)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_without_metadata_is_copied_bit_for_bit(file_format):
    data = Photo(smooth(), icc_profile=SRGB_PROFILE).to_bytes(file_format)
    for choice in ("all", "no-location", "none"):
        assert copy(data, choice) == data
    shared = Photo.open(camera_jpeg()).to_bytes(file_format)  # what "no-location" has left is left again
    assert copy(shared, "no-location") == shared


def test_a_camera_file_is_copied_bit_for_bit_on_demand_alone():
    data = camera_jpeg()
    assert copy(data, "all") == data
    for file_format in ("PNG", "WebP", "TIFF", "AVIF"):
        assert copy(Photo.open(data).to_bytes(file_format, metadata="all"), "no-location") is None


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("choice", ["no-location", "none"])
def test_a_jpeg_loses_what_is_private_and_no_pixel(choice, orientation):
    block = bytes.fromhex("1c02050003") + b"Sea" + bytes.fromhex("1c025a000a") + b"SECRETCITY"
    data = camera_jpeg(orientation, comment=b"SECRETCOMMENT", icc_profile=SRGB_PROFILE)
    data = data[:2] + iptc.jpeg_segment(block) + data[2:] + b"SECRETVIDEO"
    made = copy(data, choice)
    assert not [word for word in (*PRIVATE, "SECRET") if word.encode() in made]
    scan = data[data.index(b"\xff\xdb") : jpeg.layout(data).end + 2]  # from the tables to the end mark
    assert made.endswith(scan)
    before, after = Photo.open(data), Photo.open(made)
    np.testing.assert_array_equal(after.pixels, before.pixels)
    assert (after.icc_profile, after.dpi) == (before.icc_profile, before.dpi)
    kept = b"Ada" in made, b"Harbour" in made, bool(after.iptc)
    assert kept == ((True,) * 3 if choice == "no-location" else (False,) * 3)


def test_what_no_copy_can_hold_is_left_to_encoding():
    data = camera_jpeg()
    assert copy(data[:-20], "no-location") is None  # cut off
    exif = Image.Exif()
    exif[0x8769] = {0xA001: 2}  # Adobe RGB
    assert copy(camera_jpeg(exif=exif.tobytes(), xmp=b""), "none") is None
    place = data.index(b"Exif\0\0") + 6
    assert copy(data[:place] + b"\xff" * 8 + data[place + 8 :], "no-location") is None
    file, texts = io.BytesIO(), PngInfo()
    texts.add_text("Comment", "SECRET")
    Image.new("RGB", (8, 8)).save(file, "PNG", pnginfo=texts)
    assert copy(file.getvalue(), "none") is None
    for file_format in ("PNG", "WebP"):  # what a cut-off picture has left behind
        data = Photo(smooth()).to_bytes(file_format) + b"SECRETREST"
        assert copy(data, "all") == data
        assert copy(data, "no-location") is None
