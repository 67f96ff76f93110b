"""IPTC: from JPEG and TIFF into either, without a place unless it is wanted."""

import io
import struct

import pytest
from PIL import Image, IptcImagePlugin

from restoration.photo import Photo


def data_set(number, value, record=2):
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


PLACES = {92: b"Old Harbour", 90: b"Trieste", 101: b"Italy", 26: b"ITA", 118: b"Tel. 123"}
BLOCK = data_set(90, b"\x1b%G", record=1) + data_set(120, "Großmutter".encode()) + data_set(80, b"Ada")
BLOCK += b"".join(data_set(*one) for one in PLACES.items())


def jpeg(block):
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block
    return made("JPEG", extra=b"\xff\xed" + struct.pack(">H", 2 + len(resource)) + resource)


def tiff(block):
    return made("TIFF", tiffinfo={33723: block})


def tiff_of_longs(block):
    """Make a TIFF that claims, as Photoshop's do, that the block is long integers."""
    block += bytes(-len(block) % 4)
    return tiff(block).replace(
        struct.pack("<HHI", 33723, 7, len(block)), struct.pack("<HHI", 33723, 4, len(block) // 4)
    )


def made(file_format, **options):
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, file_format, **options)
    return file.getvalue()


def told(data):
    """Read the block as Pillow does."""
    with Image.open(io.BytesIO(data)) as image:
        return IptcImagePlugin.getiptcinfo(image)


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
@pytest.mark.parametrize("make", [jpeg, tiff, tiff_of_longs])
def test_a_caption_is_kept_and_a_place_only_on_demand(make, file_format):
    photo = Photo.open(make(BLOCK))
    assert photo.notes == photo.left_out(file_format) == ()
    shared = told(photo.to_bytes(file_format))
    assert shared == {(1, 90): b"\x1b%G", (2, 120): "Großmutter".encode(), (2, 80): b"Ada"}
    everything = told(photo.to_bytes(file_format, metadata="all"))
    assert everything == shared | {(2, number): value for number, value in PLACES.items()}
    assert told(photo.to_bytes(file_format, metadata="none")) is None
    assert Photo.open(photo.to_bytes(file_format, metadata="all")).iptc == BLOCK


def test_a_value_whose_length_has_a_length_is_kept_whole():
    long = struct.pack(">BBBHI", 0x1C, 2, 120, 0x8004, 40_000) + b"x" * 40_000
    photo = Photo.open(jpeg(data_set(90, b"Trieste") + long + data_set(80, b"Ada")))
    assert Photo.open(photo.to_bytes("TIFF")).iptc == long + data_set(80, b"Ada")


@pytest.mark.parametrize("make", [jpeg, tiff])
def test_places_alone_leave_nothing_to_share(make):
    photo = Photo.open(make(data_set(90, b"Trieste")))
    assert told(photo.to_bytes("JPEG")) is None
    assert b"Trieste" not in photo.to_bytes("TIFF")


@pytest.mark.parametrize("file_format", ["PNG", "WebP", "AVIF"])
def test_a_format_without_a_place_for_it_holds_the_picture_alone(file_format):
    photo = Photo.open(jpeg(BLOCK))
    assert b"Ada" not in photo.to_bytes(file_format, metadata="all")
    assert photo.left_out(file_format) == (f"{file_format} has no place for IPTC; JPEG and TIFF have.",)
    assert photo.left_out(file_format, metadata="none") == ()


@pytest.mark.parametrize(
    "block",
    [
        BLOCK[:-1],
        b"\x1c\x02",
        BLOCK + b"x",
        b"\x1c\x02\x05\xff\xff",
        b"\x1c\x02\x05\x80\x04\xff\xff\xff\xff",
        b"?" * 99,
    ],
)
@pytest.mark.parametrize("make", [jpeg, tiff])
def test_a_damaged_block_is_noted_not_fatal(make, block):
    photo = Photo.open(make(block))
    assert photo.notes == ("The IPTC block is damaged and was left out.",)
    assert photo.iptc is None
    assert told(photo.to_bytes("JPEG", metadata="all")) is None


def test_a_block_too_large_for_a_jpeg_is_kept_in_a_tiff():
    block = BLOCK + 3 * data_set(25, b"x" * 30_000)
    photo = Photo.open(tiff(block))
    assert told(photo.to_bytes("JPEG")) is None
    assert photo.left_out("JPEG") == ("JPEG holds 65 kB of IPTC and this photo has more: it is left out.",)
    assert Photo.open(photo.to_bytes("TIFF", metadata="all")).iptc == block
    assert photo.left_out("TIFF", metadata="all") == ()
