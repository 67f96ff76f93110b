"""Pixels that are wrong are never taken for whole: refused, told, or what another reader shows."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from test_tiff import tiff

from restoration.photo import Photo, PhotoError

PICTURE = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)


def encoded(image, file_format, **options):
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "I;16"])
def test_a_png_whose_data_is_changed_under_a_right_checksum_is_never_silent(mode):
    image = Image.fromarray(PICTURE if mode == "RGB" else PICTURE[..., 0].astype(np.uint16) * 257)
    data = encoded(image, "PNG")
    at = data.index(b"IDAT")
    (length,) = struct.unpack_from(">I", data, at - 4)
    whole, generator = Photo.open(data).pixels, np.random.default_rng(1)
    for place in generator.integers(at + 4, at + 4 + length, 60):
        broken = bytearray(data)
        broken[place] ^= int(generator.integers(1, 256))
        struct.pack_into(">I", broken, at + 4 + length, zlib.crc32(broken[at : at + 4 + length]))
        try:
            photo = Photo.open(bytes(broken))
        except PhotoError:
            continue
        assert photo.damage or np.array_equal(photo.pixels, whole)


def test_a_gif_frame_smaller_than_its_canvas_lies_where_the_file_says():
    frame = Image.fromarray(PICTURE).quantize(32)
    data = bytearray(encoded(frame, "GIF"))
    at = data.index(b"\x2c" + struct.pack("<HHHH", 0, 0, 50, 40))  # the first frame: left, top, width, height
    struct.pack_into("<HH", data, 6, 70, 60)
    struct.pack_into("<HH", data, at + 1, 8, 5)
    photo = Photo.open(bytes(data))
    assert photo.pixels.shape == (60, 70, 3)
    shown = np.rint(photo.pixels[5:45, 8:58] * 255)
    assert np.array_equal(shown, np.asarray(frame.convert("RGB")))


def test_signed_samples_are_refused():
    with pytest.raises(PhotoError, match="signed integers, which is not supported"):
        Photo.open(tiff(PICTURE[..., :1], photometric=1, t339=2))
