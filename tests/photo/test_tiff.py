"""Photo: a TIFF means what its tags say, or is one sentence."""

import contextlib
import struct
import time
import zlib

import numpy as np
import pytest
from photo_fixtures import CAMERA_XMP, samples
from PIL import Image, TiffImagePlugin

from restoration.photo import Photo, PhotoError


def tiff(array, bits=None, *, photometric=2, planar=False, order="<", packed=None, **tags):
    """Build a TIFF of two strips a plane; `tags` by names as `t338`."""
    height, width, channels = array.shape
    halves = (array[: height // 2 + 1], array[height // 2 + 1 :])
    if planar:
        halves = [half[..., channel] for channel in range(channels) for half in halves]
    strips = [zlib.compress((packed or _in_order)(half, order)) for half in halves]
    directory = TiffImagePlugin.ImageFileDirectory_v2(prefix=b"II" if order == "<" else b"MM")
    directory.update(
        {
            256: width,
            257: height,
            258: (bits or 8 * array.itemsize,) * channels,
            259: 8,  # compression: deflate
            262: photometric,
            273: tuple(np.cumsum([0, *map(len, strips[:-1])]).tolist()),
            277: channels,
            278: height // 2 + 1,
            279: tuple(map(len, strips)),
            284: 2 if planar else 1,
        }
        | {int(name[1:]): value for name, value in tags.items()}
    )
    directory.tagtype[273] = directory.tagtype[279] = 4  # LONG
    header = b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08"
    return header + directory.tobytes(8) + b"".join(strips)


def _in_order(array, order):
    return array.astype(array.dtype.newbyteorder(order)).tobytes()


def samples_of(photo):
    return np.rint(photo.pixels * (2**photo.bits - 1))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("orientation", [1, 6])
def test_planes_of_16_bits_are_put_together(order, orientation):
    array = samples(channels=4, bits=16)
    array[..., 3] |= 0x8000  # where next to nothing is seen, a neighbour's colour stands in
    photo = Photo.open(tiff(array, planar=True, order=order, t274=orientation, t338=2))
    expected = array if orientation == 1 else np.rot90(array, -1)
    assert np.array_equal(samples_of(photo), expected[..., :3])
    assert np.array_equal(np.rint(photo.alpha * 65535), expected[..., 3])


@pytest.mark.parametrize("planar", [False, True])
def test_the_fourth_of_16_bit_samples_is_what_the_file_says(planar):
    array = samples(channels=4, bits=16)
    array[..., 3] |= 0x8000
    colours, alpha = array[..., :3], array[..., 3:] / 65535
    multiplied = np.dstack([np.rint(colours * alpha).astype(np.uint16), array[..., 3]])
    any_other = Photo.open(tiff(array, planar=planar, t338=0))
    straight = Photo.open(tiff(array, planar=planar, t338=2))
    divided = Photo.open(tiff(multiplied, planar=planar, t338=1))
    assert any_other.alpha is None
    assert np.array_equal(straight.alpha, divided.alpha)
    assert np.array_equal(samples_of(any_other), colours)
    assert np.array_equal(samples_of(straight), colours)
    assert np.abs(samples_of(divided) - colours).max() <= 1


def test_colours_brighter_than_their_opacity_are_clipped():
    array = np.array([[[30000, 10000, 0, 20000], [5, 0, 0, 0]]], np.uint16).repeat(2, axis=0)
    photo = Photo.open(tiff(array, t338=1))
    assert samples_of(photo)[0, 0].tolist() == [65535, 32768, 0]
    assert photo.alpha[0].tolist() == pytest.approx([20000 / 65535, 0])


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_white_may_be_zero(order, kind):
    array = samples(channels=1, bits=8 * np.dtype(kind).itemsize)
    negative = Photo.open(tiff(array, order=order, photometric=0))
    positive = Photo.open(tiff(array, order=order, photometric=1))
    assert np.array_equal(samples_of(positive), array)
    assert np.array_equal(samples_of(negative), np.iinfo(kind).max - array)


@pytest.mark.parametrize("order", "<>")
def test_white_may_be_zero_in_floats(order):
    array = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8, 1)
    negative = Photo.open(tiff(array, photometric=0, order=order, t339=3))
    assert np.abs(negative.pixels - (1 - array)).max() < 1e-4


def packed_12(array, _):
    first, second = array[:, ::2, 0].astype(int), array[:, 1::2, 0].astype(int)
    three = [first >> 4, (first & 15) << 4 | second >> 8, second & 255]
    return np.stack(three, axis=2).astype(np.uint8).tobytes()


@pytest.mark.parametrize("order", "<>")
def test_12_bits_reach_from_black_to_white(order):
    array = np.arange(4096, dtype=np.uint16).reshape(64, 64, 1)
    photo = Photo.open(tiff(array, bits=12, photometric=1, order=order, packed=packed_12))
    assert photo.bits == 16
    assert np.abs(photo.pixels - array / 4095).max() <= 0.5 / 65535 + 1e-7


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_bigtiff_of_either_order_opens(order, kind, channels):
    array = samples(channels=channels).astype(kind)
    height, width = array.shape[:2]
    tags = {256: [width], 257: [height], 258: [8 * array.itemsize] * channels, 259: [1]}
    tags |= {262: [2 if channels == 3 else 1], 273: [0], 277: [channels], 278: [height], 279: [array.nbytes]}
    start = 16 + 8 + 20 * len(tags) + 8
    tags[273] = [start]
    entries = b"".join(
        struct.pack(f"{order}HHQ", tag, 3 if tag == 258 else 4, len(values))
        + struct.pack(f"{order}{len(values)}{'H' if tag == 258 else 'I'}", *values).ljust(8, b"\0")
        for tag, values in tags.items()
    )
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HHHQQ", 43, 8, 0, 16, len(tags))
    photo = Photo.open(head + entries + bytes(8) + _in_order(array, order))
    assert np.array_equal(samples_of(photo), array)


def bare_tiff(order, is_big, tags, values=b""):
    """Build a TIFF of LONGs: `tags` are {tag: (number, value or place)}, the values begin at byte 1000."""
    entry = f"{order}HHQQ" if is_big else f"{order}HHII"
    if is_big and order == ">":  # a single value lies at the beginning of its place
        tags = {tag: (number, value << 32 if number == 1 else value) for tag, (number, value) in tags.items()}
    head = (
        struct.pack(f"{order}HHHQQ", 43, 8, 0, 16, len(tags))
        if is_big
        else struct.pack(f"{order}HIH", 42, 8, len(tags))
    )
    entries = b"".join(struct.pack(entry, tag, 4, *told) for tag, told in sorted(tags.items()))
    return ((b"II" if order == "<" else b"MM") + head + entries).ljust(1000, b"\0") + values


GRAY_16 = {256: (1, 16), 257: (1, 16), 258: (1, 8), 259: (1, 1), 262: (1, 1), 277: (1, 1)}
STRIP = {273: (1, 1000), 278: (1, 16), 279: (1, 256)}
MANY = (1_250_000, 1000)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize(
    "tags",
    [
        STRIP | {273: MANY, 279: MANY},
        {322: (1, 16), 323: (1, 16), 324: MANY, 325: MANY},
        STRIP | {330: MANY},  # pictures below the first
        STRIP | {258: MANY, 339: MANY},
        STRIP | {33432: MANY, 65000: MANY},
    ],
)
def test_a_million_numbers_are_not_read(tags, is_big, order):
    assert Photo.open(bare_tiff(order, is_big, GRAY_16 | STRIP, bytes(256))).pixels.shape == (16, 16, 1)
    data = bare_tiff(order, is_big, GRAY_16 | tags, struct.pack(f"{order}I", 1000) * MANY[0])
    start = time.process_time()
    with contextlib.suppress(PhotoError):
        Photo.open(data)
    assert time.process_time() - start < 1


def test_directories_that_share_their_bytes_are_not_read():
    tags = GRAY_16 | STRIP | {330: (100, 1000)}
    places = struct.pack("<100I", *range(2000, 3200, 12))
    start = time.process_time()
    photo = Photo.open(bare_tiff("<", False, tags, places.ljust(1000) + b"\xff" * 800_000))  # 65 535 tags each
    assert photo.pixels.shape == (16, 16, 1)
    assert time.process_time() - start < 1  # second, as for any hostile file of 5 MB


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("planar", [False, True])
def test_xmp_alone_turns_no_tiff(bits, channels, planar):
    array = samples(channels=channels, bits=bits)
    photo = Photo.open(tiff(array, photometric=2 if channels == 3 else 1, planar=planar, t700=CAMERA_XMP))
    assert np.array_equal(samples_of(photo), array)
    assert b'tiff:Orientation="6"' in photo.xmp


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("kind", "channels", "tags", "stored"),
    [
        ("float16", 1, {"photometric": 1, "t339": 3}, "1 x 16-bit floating point"),
        ("float64", 1, {"photometric": 1, "t339": 3}, "1 x 64-bit floating point"),
        ("float64", 3, {"t339": (3, 3, 3)}, "3 x 64-bit floating point"),
        ("uint32", 3, {}, "3 x 32-bit integer"),
        ("uint16", 2, {"photometric": 1, "t338": 2}, "2 x 16-bit integer"),
        ("uint16", 5, {"t338": (2, 0)}, "5 x 16-bit integer"),
        ("uint8", 9, {"photometric": 1}, "9 x 8-bit integer"),
    ],
)
def test_an_unsupported_tiff_is_not_called_damaged(kind, channels, tags, stored, order):
    with pytest.raises(PhotoError) as caught:
        Photo.open(tiff(samples(channels=channels).astype(kind), order=order, **tags))
    assert str(caught.value) == (
        f"This TIFF file stores its pixels as {stored}, which is not supported. "
        "Save it as gray, RGB or RGBA with 8 or 16 bits."
    )


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("method", "said"), [(34887, "34887"), (6, "6 (JPEG of 1992)"), (50001, "50001 (WebP)")])
def test_an_unknown_compression_is_not_called_damage(method, said, order):
    file = tiff(samples(channels=3), order=order, t259=method)
    with pytest.raises(PhotoError) as caught:
        Photo.open(file)
    assert str(caught.value) == (
        f"This TIFF file is compressed by method {said}, which is not supported. "
        "Save it without compression, or with LZW or ZIP."
    )
    with pytest.raises(PhotoError, match="damaged or cut off"):
        Photo.open(file[:60])


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
@pytest.mark.parametrize("sides", [(16, 16), (48, 80), (16, 112)])
def test_tiles_that_do_not_fill_the_picture_are_no_damage(sides, kind, order):
    array = samples(61, 97, channels=3).astype(kind)
    (down, across), (height, width) = sides, array.shape[:2]
    padded = np.pad(array, ((0, -height % down), (0, -width % across), (0, 0)))
    rows, columns = padded.shape[0] // down, padded.shape[1] // across
    tiles = padded.reshape(rows, down, columns, across, 3).swapaxes(1, 2).reshape(-1, down, across, 3)
    packed = [zlib.compress(_in_order(tile, order)) for tile in tiles]
    start = 4000
    places = start + np.cumsum([0, *map(len, packed[:-1])])
    directory = TiffImagePlugin.ImageFileDirectory_v2(prefix=b"II" if order == "<" else b"MM")
    directory.update({256: width, 257: height, 258: (8 * array.itemsize,) * 3, 259: 8, 262: 2, 277: 3, 284: 1})
    directory.update({322: across, 323: down, 324: tuple(places.tolist()), 325: tuple(map(len, packed))})
    directory.tagtype[324] = directory.tagtype[325] = 4
    head = b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08"
    photo = Photo.open((head + directory.tobytes(8)).ljust(start, b"\0") + b"".join(packed))
    assert np.array_equal(samples_of(photo), array)
    assert photo.damage == ()


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("across", "down"), [(1, 1), (2, 1), (2, 2), (4, 2)])
def test_colours_at_fewer_places_than_brightness_are_no_damage(across, down, order):
    height, width = 16, 24
    light = np.arange(height * width, dtype=np.uint8).reshape(height, width)
    units = light.reshape(height // down, down, width // across, across).swapaxes(1, 2).reshape(-1, down * across)
    colours = np.broadcast_to(np.uint8([100, 160]), (len(units), 2))
    data = np.concatenate([units, colours], axis=1).tobytes()
    directory = TiffImagePlugin.ImageFileDirectory_v2(prefix=b"II" if order == "<" else b"MM")
    directory.update({256: width, 257: height, 258: (8, 8, 8), 259: 1, 262: 6, 273: 0, 277: 3, 278: height})
    directory.update({279: len(data), 284: 1, 530: (across, down), 531: 1, 532: (0, 255, 128, 255, 128, 255)})
    head = b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08"
    photo = Photo.open(head + directory.tobytes(8) + data)
    planes = [Image.fromarray(light), *(Image.new("L", (width, height), level) for level in (100, 160))]
    expected = np.asarray(Image.merge("YCbCr", planes).convert("RGB"))
    assert np.abs(samples_of(photo) - expected).max() <= 2
    assert photo.damage == ()
