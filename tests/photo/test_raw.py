"""Photo: a preview is not taken for the photograph, and a raw file is refused by its name."""

import struct

import numpy as np
import pytest
from photo_fixtures import samples
from PIL import TiffImagePlugin

from restoration.photo import Photo, PhotoError

RGB, FILTERS, LINEAR_RAW = 2, 32803, 34892


def directory(array, place, order, **tags):
    """Return the directory of one picture and its samples behind it, for a place in the file."""
    height, width, channels = array.shape
    made = TiffImagePlugin.ImageFileDirectory_v2(prefix=b"II" if order == "<" else b"MM")
    made.update({256: width, 257: height, 258: (8 * array.itemsize,) * channels, 259: 1, 262: RGB, 273: 0})
    made.update(
        {277: channels, 278: height, 279: array.nbytes, 284: 1} | {int(name[1:]): v for name, v in tags.items()}
    )
    if 330 in made:
        made.tagtype[330] = 4
    made.tagtype[273] = 4
    return made.tobytes(place) + array.astype(array.dtype.newbyteorder(order)).tobytes()


def tiff(first, second, *, order="<", below=True, first_tags=None, second_tags=None):
    """Build a TIFF of two pictures, the second below the first or behind it."""
    start = struct.pack(f"{order}2sHI", b"II" if order == "<" else b"MM", 42, 8)
    begun = {"t330": 0} if below else {}
    size = len(directory(first, 8, order, **begun, **(first_tags or {})))
    place = 8 + size + size % 2
    begun = {"t330": place} if below else {}
    made = bytearray(directory(first, 8, order, **begun, **(first_tags or {})).ljust(size + size % 2, b"\0"))
    if not below:
        (count,) = struct.unpack_from(f"{order}H", made)
        struct.pack_into(f"{order}I", made, 2 + 12 * count, place)
    return start + bytes(made) + directory(second, place, order, **(second_tags or {}))


SMALL, LARGE = samples(6, 8), samples(30, 40, seed=1)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("preview", [{"t254": 1}, {"t255": 2}])
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_the_whole_picture_is_opened_and_not_its_preview(order, below, preview, kind):
    large = LARGE.astype(kind)
    photo = Photo.open(tiff(SMALL, large, order=order, below=below, first_tags=preview))
    assert np.array_equal(np.rint(photo.pixels * np.iinfo(kind).max), large)
    assert photo.notes == ("The first picture of this TIFF is a preview; the whole one behind it is used.",)


@pytest.mark.parametrize("below", [False, True])
def test_reduced_copies_are_no_frames(below):
    photo = Photo.open(tiff(LARGE, SMALL, below=below, second_tags={"t254": 1}))
    assert photo.pixels.shape == (30, 40, 3)
    assert photo.notes == ()


def test_pages_are_counted():
    photo = Photo.open(tiff(LARGE, SMALL, below=False))
    assert photo.notes == ("Only the first of 2 frames is used.",)


def test_a_preview_alone_is_opened():
    assert Photo.open(tiff(SMALL, SMALL, first_tags={"t254": 1}, second_tags={"t254": 1})).pixels.shape == (6, 8, 3)


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ({"t254": 1, "t50706": b"\1\4\0\0"}, {"t262": FILTERS}, "DNG"),
        ({"t50706": b"\1\4\0\0"}, {"t254": 1}, "DNG"),
        ({"t254": 1, "t271": "NIKON CORPORATION"}, {"t262": FILTERS}, "Nikon NEF"),
        ({"t254": 1, "t271": "SONY"}, {"t262": FILTERS}, "Sony ARW"),
        ({"t254": 1}, {"t262": LINEAR_RAW}, "of an unknown kind"),
    ],
)
def test_a_raw_file_is_refused_by_its_name(first, second, name):
    with pytest.raises(PhotoError) as caught:
        Photo.open(tiff(SMALL, samples(30, 40, channels=1, bits=16), first_tags=first, second_tags=second))
    assert str(caught.value) == (
        f"This is a raw file of a camera ({name}), which is not supported. Develop it with darktable, RawTherapee or"
        " the camera's program, and save it as TIFF or JPEG."
    )


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", "Canon CR2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "Canon CR3"),
        (b"FUJIFILMCCD-RAW 0201", "Fujifilm RAF"),
        (b"IIRO\x08\0\0\0", "Olympus ORF"),
        (b"IIU\0\x18\0\0\0", "Panasonic RW2"),
    ],
)
def test_a_raw_file_is_refused_by_its_start(start, name):
    with pytest.raises(PhotoError, match=f"raw file of a camera \\({name}\\)"):
        Photo.open(start + bytes(200))


def test_directories_in_a_circle_end():
    data = bytearray(tiff(SMALL, LARGE, below=False))
    place = struct.unpack_from("<I", data, 4)[0]
    (count,) = struct.unpack_from("<H", data, place)
    struct.pack_into("<I", data, place + 2 + 12 * count, place)
    assert Photo.open(bytes(data)).pixels.shape == (6, 8, 3)
