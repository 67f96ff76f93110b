"""Photo: colours described outside an ICC profile are converted, and written back so that the file means the same."""

import io
import struct
import zlib

import numpy as np
import pytest
from photo_fixtures import FORMATS, PROFILES, SRGB_PROFILE, Base, as_photo, decoded, samples
from PIL import ExifTags, Image, TiffImagePlugin

from restoration.photo import Photo, color_description, heif_boxes, writer

GAMMA_1 = (b"gAMA", struct.pack(">I", 100_000))
GAMMA_SRGB = (b"gAMA", struct.pack(">I", 45_455))
SWAPPED = (b"cHRM", struct.pack(">8I", 31270, 32900, 30000, 60000, 64000, 33000, 15000, 6000))  # red is green
SRGB = (b"sRGB", b"\0")
P3 = (b"cICP", bytes([12, 13, 0, 1]))
PQ = (b"cICP", bytes([9, 16, 0, 1]))
HLG = (b"cICP", bytes([9, 18, 0, 1]))


def png(array, *chunks):
    """Encode a PNG with chunks in front of its pixels."""
    plain = as_photo(array).to_bytes("PNG")
    file = io.BytesIO()
    for kind, body in chunks:
        writer._write_chunk(file, kind, body)
    return plain[:33] + file.getvalue() + plain[33:]


def icc_chunk(profile):
    return b"iCCP", b"icc\0\0" + zlib.compress(profile)


def color(*levels, bits=8):
    return np.full((4, 4, len(levels)), levels, f"uint{bits}")


@pytest.mark.parametrize(
    ("levels", "chunks", "expected"),
    [
        ((128,), [GAMMA_1], (187.8,)),
        ((128, 128, 128), [GAMMA_1], (187.8, 187.8, 187.8)),
        ((128,), [GAMMA_SRGB], (128,)),
        ((255, 0, 0), [SWAPPED], (0, 255, 0)),
        ((255, 0, 0), [GAMMA_SRGB, SWAPPED], (0, 255, 0)),
        ((128, 0, 0), [GAMMA_1, SWAPPED], (0, 187.8, 0)),
        ((255, 0, 0), [SRGB, SWAPPED, GAMMA_1], (255, 0, 0)),
        ((200, 100, 50), [icc_chunk(SRGB_PROFILE), GAMMA_1, SWAPPED], (200, 100, 50)),
        ((100, 150, 100), [P3], (83.5, 151.7, 94.6)),
        ((100, 150, 100), [P3, icc_chunk(SRGB_PROFILE)], (83.5, 151.7, 94.6)),
        ((100, 150, 100), [(b"cICP", bytes([1, 13, 0, 1])), GAMMA_1], (100, 150, 100)),
    ],
)
def test_a_png_means_what_the_first_of_its_chunks_says(levels, chunks, expected):
    photo = Photo.open(png(color(*levels), *chunks))
    assert photo.notes == ()
    np.testing.assert_allclose(photo.pixels[0, 0] * 255, expected, atol=0.6)


def test_a_damaged_chunk_has_no_say():
    data = bytearray(png(color(128), GAMMA_1))
    data[data.index(b"gAMA") + 8] ^= 1  # the checksum
    assert Photo.open(bytes(data)).pixels[0, 0, 0] * 255 == pytest.approx(128)


def test_impossible_primaries_are_told():
    flat = (b"cHRM", struct.pack(">8I", 31270, 32900, *[30000, 60000] * 3))
    photo = Photo.open(png(color(128, 0, 0), flat))
    assert photo.notes == ("What this file says of its primaries is impossible and was left out.",)
    assert photo.pixels[0, 0].tolist() == pytest.approx([128 / 255, 0, 0])


@pytest.mark.parametrize("chunks", [[GAMMA_1], [SWAPPED], [P3]])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("file_format", FORMATS)
def test_the_meaning_is_written_back(chunks, bits, file_format):
    array = samples(bits=bits) if file_format in ("PNG", "TIFF") else color(200, 120, 60) * np.uint8(1)
    photo = Photo.open(png(array, *chunks))
    written = photo.to_bytes(file_format)
    if file_format in ("PNG", "TIFF"):
        assert np.array_equal(decoded(written), array)
    assert np.abs(Photo.open(written).pixels - photo.pixels).max() < 0.02


@pytest.mark.parametrize("chunks", [[GAMMA_1], [SWAPPED], [P3]])
def test_gray_stays_gray(chunks):
    gray = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    pixels = Photo.open(png(gray, *chunks)).pixels
    assert np.ptp(pixels, axis=2).max() < 1e-6


@pytest.mark.parametrize(("chunk", "name"), [(PQ, "PQ"), (HLG, "HLG")])
def test_hdr_becomes_srgb_and_is_told(chunk, name):
    paper = {"PQ": 0.5807, "HLG": 0.75}[name]  # 203 candelas per square metre (ITU-R BT.2408, table 1)
    values = np.array([0, paper / 2, paper, 0.9, 1])
    array = np.rint(values * 65535).astype(np.uint16)[None, :, None].repeat(3, axis=2)
    photo = Photo.open(png(array, chunk))
    (note,) = photo.notes
    assert name in note
    assert "sRGB" in note
    levels = photo.pixels[0, :, 0]
    assert levels[0] < 0.01
    assert (np.diff(levels) > 0).all()
    assert 0.85 < levels[2] < 0.97  # paper is bright, and leaves some room to what is brighter
    assert photo.icc_profile is None
    assert np.abs(Photo.open(photo.to_bytes()).pixels - photo.pixels).max() < 1e-4


def exif(space=None, index=None):
    block = Image.Exif()
    details = {} if space is None else {Base.ColorSpace: space}
    if index:
        details[ExifTags.IFD.Interop] = {ExifTags.Interop.InteropIndex: index}
    block[ExifTags.IFD.Exif] = details
    block[Base.Artist] = "Ada"
    return block.tobytes()


def jpeg(**options):
    file = io.BytesIO()
    Image.new("RGB", (32, 32), (200, 40, 40)).save(file, "JPEG", quality=100, subsampling=0, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("block", "adobe_rgb"),
    [
        (exif(index="R03"), True),
        (exif(65535, "R03"), True),
        (exif(2), True),
        (exif(1, "R03"), False),
        (exif(1, "R98"), False),
        (exif(65535), False),
        (exif(), False),
    ],
)
def test_a_cameras_adobe_rgb_is_told_by_exif(block, adobe_rgb):
    photo = Photo.open(jpeg(exif=block))
    expected = (233, 35, 35) if adobe_rgb else (200, 40, 40)
    np.testing.assert_allclose(photo.pixels[8, 8] * 255, expected, atol=1.5)
    for file_format in FORMATS:
        for metadata in ("all", "no-location", "none"):
            again = Photo.open(photo.to_bytes(file_format, metadata=metadata))
            np.testing.assert_allclose(again.pixels[8, 8] * 255, expected, atol=2.5)


def test_an_icc_profile_says_more_than_exif():
    photo = Photo.open(jpeg(exif=exif(2), icc_profile=SRGB_PROFILE))
    np.testing.assert_allclose(photo.pixels[8, 8] * 255, (200, 40, 40), atol=1.5)


def test_a_file_without_its_profile_no_longer_says_adobe_rgb():
    photo = Photo.open(jpeg(exif=exif(2, "R03"), icc_profile=PROFILES["Adobe RGB"]))
    gray = photo.with_pixels(np.full((32, 32, 1), 0.4, np.float32))
    again = Photo.open(gray.to_bytes("JPEG", metadata="all"))
    assert again.pixels.mean() == pytest.approx(0.4, abs=0.01)
    assert again.icc_profile is None


# --- HEIC and AVIF ------------------------------------------------------------------------------


def with_code_points(data, primaries, transfer):
    """Exchange the code points of a HEIC or AVIF file."""
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def avif(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "AVIF", quality=100, subsampling="4:4:4")
    return file.getvalue()


def test_the_code_points_of_avif_are_read():
    plain = avif(color(100, 150, 100, bits=8).repeat(8, axis=0).repeat(8, axis=1))
    assert heif_boxes.bit_depth(heif_boxes.main_properties(plain)) == 8
    assert np.abs(Photo.open(with_code_points(plain, 1, 13)).pixels[4, 4] * 255 - (100, 150, 100)).max() < 3
    photo = Photo.open(with_code_points(plain, 12, 13))
    assert np.abs(photo.pixels[4, 4] * 255 - (83.5, 151.7, 94.6)).max() < 3
    again = Photo.open(photo.to_bytes("AVIF", quality=100))
    assert np.abs(again.pixels[4, 4] - photo.pixels[4, 4]).max() < 3 / 255
    assert "PQ" in Photo.open(with_code_points(plain, 9, 16)).notes[0]


@pytest.mark.parametrize("data", [b"", b"\0\0\0\x18ftypheic", b"\0\0\0\x10meta" + bytes(8), bytes(range(256)) * 4])
def test_damaged_boxes_say_nothing(data):
    assert heif_boxes.main_properties(data) == []


def test_every_described_space_makes_a_profile():
    assert color_description.as_icc(color_description.of_code_points(1, 13), 3) is None  # sRGB itself
    for code in (4, 5, 6, 7, 9, 11, 12):
        described = color_description.of_code_points(code, 13)
        icc = color_description.as_icc(described, 3)
        assert Photo.open(as_photo(samples(), icc_profile=icc).to_bytes()).notes == ()


def tiff(array, *tags):
    """Encode a TIFF with tags (number, type, values)."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    for number, kind, values in tags:
        info.tagtype[number], info[number] = kind, values
    file = io.BytesIO()
    Image.fromarray(array.squeeze()).save(file, "TIFF", tiffinfo=info)
    return file.getvalue()


TIFF_SWAPPED = (319, 5, (0.30, 0.60, 0.64, 0.33, 0.15, 0.06))
TIFF_WHITE = (318, 5, (0.3127, 0.3290))
LINEAR = tuple(257 * step for step in range(256))


@pytest.mark.parametrize(
    ("levels", "tags", "expected"),
    [
        ((255, 0, 0), [TIFF_SWAPPED, TIFF_WHITE], (0, 255, 0)),
        ((255, 0, 0), [TIFF_SWAPPED], (0, 255, 0)),
        ((128,), [(301, 3, LINEAR)], (187.8,)),
        ((128, 128, 128), [(301, 3, 3 * LINEAR)], (187.8, 187.8, 187.8)),
        ((128, 0, 0), [(301, 3, 3 * LINEAR), TIFF_SWAPPED], (0, 187.8, 0)),
        ((200, 100, 50), [TIFF_WHITE], (200, 100, 50)),
    ],
)
def test_a_tiff_means_what_its_tags_say(levels, tags, expected):
    photo = Photo.open(tiff(color(*levels), *tags))
    assert photo.notes == ()
    np.testing.assert_allclose(photo.pixels[0, 0] * 255, expected, atol=0.6)
    np.testing.assert_allclose(Photo.open(photo.to_bytes("TIFF")).pixels, photo.pixels, atol=1e-3)


SRGB_ENDS = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))


def bmp(array, *, kind=0, ends=SRGB_ENDS, gammas=(1.0, 1.0, 1.0), profile=b""):
    """Encode a BMP with a header of version 5: primaries, exponents, perhaps a profile at the end."""
    file = io.BytesIO()
    Image.fromarray(array).save(file, "BMP")
    plain = file.getvalue()
    matrix = color_description._to_xyz((*ends, (0.3127, 0.3290))).T if ends else np.zeros((3, 3))
    header = bytearray(plain[14:54].ljust(124, b"\0"))
    header[:4] = struct.pack("<I", 124)
    struct.pack_into("<I9i", header, 56, kind, *np.rint(matrix * 2**30).astype(int).ravel())
    struct.pack_into("<3I", header, 96, *(round(65536 * gamma) for gamma in gammas))
    struct.pack_into("<2I", header, 112, 124 + len(plain) - 54, len(profile))
    whole = plain[:14] + bytes(header) + plain[54:] + profile
    return whole[:2] + struct.pack("<I4xI", len(whole), 14 + 124) + whole[14:]


@pytest.mark.parametrize(
    ("levels", "options", "expected"),
    [
        ((128, 128, 128), {}, (187.8, 187.8, 187.8)),
        ((128, 128, 128), {"gammas": (1.0, 1.0, 1.001)}, (187.8, 187.8, 187.8)),
        ((128, 128, 128), {"gammas": (1.0, 2.2, 1.0)}, (187.8, 128.5, 187.8)),
        ((255, 0, 0), {"ends": (SRGB_ENDS[1], SRGB_ENDS[0], SRGB_ENDS[2])}, (0, 255, 0)),
        ((128, 90, 60), {"kind": 0x73524742}, (128, 90, 60)),
        ((128, 90, 60), {"ends": None}, (128, 90, 60)),
    ],
)
def test_a_bmp_means_what_its_header_says(levels, options, expected):
    photo = Photo.open(bmp(color(*levels), **options))
    assert photo.notes == ()
    np.testing.assert_allclose(photo.pixels[0, 0] * 255, expected, atol=1)


def test_the_profile_in_a_bmp_is_used():
    given = color(200, 120, 60)
    photo = Photo.open(bmp(given, kind=0x4D424544, profile=PROFILES["Adobe RGB"]))
    expected = Photo.open(png(given, icc_chunk(PROFILES["Adobe RGB"]))).pixels
    np.testing.assert_allclose(photo.pixels, expected, atol=1e-6)
