"""Photo: of a JPEG that ends early, what is there is kept and what is missing is told."""

import io
import time

import numpy as np
import pytest
from photo_fixtures import smooth
from PIL import Image

from restoration.photo import Photo, PhotoError

END = b"\xff\xd9"
NO_END = "The end mark of this JPEG file is missing; every pixel is there."


def textured(height=160, width=96):
    noise = np.random.default_rng(0).random((height, width, 3))
    return np.uint8(255 * (0.7 * smooth(height, width) + 0.3 * noise))


def jpeg(array=None, **options):
    file = io.BytesIO()
    Image.fromarray(textured() if array is None else array).save(file, "JPEG", **{"quality": 90} | options)
    return file.getvalue()


KINDS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_rows": 1},
    "4:4:4": {"subsampling": 0},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("behind", [b"", b"\xff", b"\0\0\0"])
def test_a_jpeg_that_lacks_its_end_alone_is_whole(kind, behind):
    data = jpeg(**KINDS[kind])
    photo = Photo.open(data.removesuffix(END) + behind)
    assert photo.notes == (NO_END,)
    assert np.array_equal(photo.pixels, Photo.open(data).pixels)
    assert Photo.open(data).notes == ()


@pytest.mark.parametrize("kind", ["baseline", "restarts", "4:4:4"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("behind", [b"", END, END + b"trailing"])
def test_the_rows_that_are_there_are_kept_and_the_others_told(kind, share, behind):
    data = jpeg(**KINDS[kind])
    start = data.index(b"\xff\xda")
    photo = Photo.open(data[: start + int(share * (len(data) - start))] + behind)
    whole = Photo.open(data).pixels
    (note,) = photo.notes
    missing = int(note.split(" %")[0].split()[-1]) / 100
    assert (
        note
        == f"The last {missing:.0%}".replace("%", " %") + " of this JPEG file is missing; one colour stands in for it."
    )
    assert missing == pytest.approx(1 - share, abs=0.12)
    kept = int((1 - missing) * 160) // 16 * 16 - 17  # colours are spread one row beyond a block
    assert np.array_equal(photo.pixels[:kept], whole[:kept])
    assert not np.array_equal(photo.pixels[-16:], whole[-16:])


def test_a_progressive_jpeg_cut_off_is_told():
    data = jpeg(progressive=True)
    for share in (0.6, 0.9):
        photo = Photo.open(data[: int(share * len(data))])
        assert photo.notes == ("The end of this JPEG file is missing, and with it some detail.",)
        assert np.abs(photo.pixels - Photo.open(data).pixels).mean() < 0.1


@pytest.mark.parametrize("array", [np.zeros((64, 48, 3), np.uint8), np.full((70, 50), 255, np.uint8)])
def test_a_flat_picture_is_whole(array):
    assert Photo.open(jpeg(array)).notes == ()


@pytest.mark.parametrize("size", [(1, 1), (7, 9), (17, 3)])
def test_small_pictures_are_whole(size):
    data = jpeg(textured(16, 16)[: size[0], : size[1]])
    assert Photo.open(data).notes == ()
    assert Photo.open(data.removesuffix(END)).notes == (NO_END,)


def test_without_any_pixel_it_is_damaged():
    data = jpeg()
    scan = data.index(b"\xff\xda")
    for end in (20, scan, scan + 4, scan + 14):
        with pytest.raises(PhotoError, match="damaged or cut off"):
            Photo.open(data[:end])


@pytest.mark.parametrize(
    ("marker", "bits", "said"),
    [
        (0xC0, 12, "12-bit"),
        (0xC1, 12, "12-bit"),
        (0xC3, 8, "lossless"),
        (0xC5, 8, "hierarchical"),
        (0xF7, 8, "JPEG-LS"),
    ],
)
def test_an_unsupported_coding_is_not_called_damage(marker, bits, said):
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, bits
    with pytest.raises(PhotoError) as caught:
        Photo.open(bytes(data))
    assert str(caught.value) == (
        f"This JPEG file is {said}, which is not supported. Save it as a JPEG of 8 bits, or as PNG."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_damage_within_the_data_is_told(kind):
    data = jpeg(**KINDS[kind])
    middle = (data.rindex(b"\xff\xda") + len(data)) // 2
    photo = Photo.open(data[:middle] + data[middle - 200 :])  # 200 bytes are there twice
    assert photo.notes == ("The data of this JPEG file is damaged in places: parts of the picture may be wrong.",)
    assert not np.array_equal(photo.pixels, Photo.open(data).pixels)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_nothing_is_suspected_of_an_intact_file(mode):
    file = io.BytesIO()
    Image.fromarray(textured()).convert(mode).save(file, "JPEG", quality=90)
    assert not [note for note in Photo.open(file.getvalue()).notes if "damaged" in note]


def repeated(data, part):
    """Repeat a part 5 MB long behind the start of a JPEG file, or its last scan before the end."""
    if part == "last scan":
        scan = data[data.rindex(b"\xff\xda") : -2]
        return data[:-2] + scan * (5_000_000 // len(scan)) + data[-2:]
    return data[:2] + part * (5_000_000 // len(part)) + data[2:]


@pytest.mark.parametrize("part", [b"\xff", b"\xff\xe5\0\2", b"\xff\xfe\0\2", b"\xff\xc4\0\2", "last scan"])
def test_parts_without_end_are_refused_at_once(part):
    data = repeated(jpeg(progressive=True), part)
    began = time.process_time()
    with pytest.raises(PhotoError, match="damaged"):
        Photo.open(data)
    assert time.process_time() - began < 1


def test_a_picture_of_many_segments_opens():
    data = jpeg(progressive=True)
    assert not Photo.open(data[:2] + b"\xff\xe5\0\2" * 900 + data[2:]).notes
