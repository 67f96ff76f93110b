"""Photo: what goes in must come out, and what must not come out stays in."""

import io
import json
import struct
import subprocess
import sys

import cv2
import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, TiffImagePlugin

from restoration.light import linear_light
from restoration.photo import Photo, PhotoError, color_profile, metadata, reader

FORMATS = ("PNG", "JPEG", "WebP", "TIFF", "AVIF")
LOSSLESS = ("PNG", "TIFF")
Base = ExifTags.Base

PRIMARIES = {  # x, y of red, green and blue
    "Display P3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "Adobe RGB": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
}
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

PRIVATE = (
    "SECRETCAM",
    "SECRETMODEL",
    "SECRETSERIAL",
    "SECRETLENS",
    "SECRETOWNER",
    "SECRETNOTE",
    "SECRETID",
    "SECRETXMP",
)


def samples(height=23, width=31, channels=3, bits=8, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2**bits, (height, width, channels)).astype(np.uint8 if bits == 8 else np.uint16)


def smooth(height=48, width=64):
    """A picture that lossy formats keep nearly as it is, different in each corner."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    red, green = rows / (height - 1), columns / (width - 1)
    return np.stack([red, green, (1 - red) * (1 - green)], axis=2).astype(np.float32)


def as_photo(array, alpha=None, **kept):
    full = np.float32(np.iinfo(array.dtype).max)
    bits = 8 * array.dtype.itemsize
    return Photo(pixels=array / full, alpha=None if alpha is None else alpha / full, bits=bits, **kept)


def decoded(data):
    """Decode with something else than the code under test."""
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array.dtype == np.uint8:  # where OpenCV multiplies alpha into the colours of a TIFF
        with Image.open(io.BytesIO(data)) as image:
            array = np.asarray(image)
            return array.reshape(*array.shape[:2], -1)
    return array[..., None] if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]


def xyz(x, y):
    return np.array([x / y, 1, (1 - x - y) / y])


def primaries_matrix(primaries):
    columns = np.stack([xyz(*primary) for primary in primaries], axis=1)
    matrix = columns * np.linalg.solve(columns, xyz(0.3127, 0.3290))
    ratio = (BRADFORD @ xyz(0.34567, 0.35850)) / (BRADFORD @ xyz(0.3127, 0.3290))
    return np.linalg.inv(BRADFORD) @ np.diag(ratio) @ BRADFORD @ matrix


def make_profile(space, curve, matrix=None):
    """Build a minimal ICC profile of version 2 (`curve`: a tag body)."""
    white = struct.pack(">4s4x3i", b"XYZ ", *np.rint(np.array([0.9642, 1, 0.8249]) * 65536).astype(int))
    tags = {b"wtpt": white, b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)}
    tags |= {b"cprt": b"text" + bytes(4) + b"none\0"}
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        for column, letter in enumerate((b"r", b"g", b"b")):
            numbers = np.rint(matrix[:, column] * 65536).astype(int)
            tags[letter + b"XYZ"] = struct.pack(">4s4x3i", b"XYZ ", *numbers)
            tags[letter + b"TRC"] = curve
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(tag))
        body += tag + bytes(-len(tag) % 4)
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", space, b"XYZ ")
    header = header.ljust(36, b"\0") + b"acsp" + bytes(28)
    header += struct.pack(">3i", *np.rint(np.array([0.9642, 1, 0.8249]) * 65536).astype(int))
    return header.ljust(128, b"\0") + table + body


def gamma(value):
    return struct.pack(">4s4xIH", b"curv", 1, round(value * 256))


def srgb_curve():
    x = np.linspace(0, 1, 1024)
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    return struct.pack(">4s4xI", b"curv", 1024) + np.rint(light * 65535).astype(">u2").tobytes()


def srgb_parameters():
    numbers = np.rint(np.array([2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]) * 65536).astype(int)
    return struct.pack(">4s4xHH5i", b"para", 3, 0, *numbers)


PROFILES = {
    "Display P3, table": make_profile(b"RGB ", srgb_curve(), primaries_matrix(PRIMARIES["Display P3"])),
    "Display P3, formula": make_profile(b"RGB ", srgb_parameters(), primaries_matrix(PRIMARIES["Display P3"])),
    "Adobe RGB": make_profile(b"RGB ", gamma(2.19921875), primaries_matrix(PRIMARIES["Adobe RGB"])),
}
GRAY_PROFILE = make_profile(b"GRAY", gamma(1.8))
SRGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def lab(srgb):
    srgb = np.asarray(srgb, float)
    light = np.where(srgb <= 0.04045, srgb / 12.92, ((np.abs(srgb) + 0.055) / 1.055) ** 2.4)
    return lab_of_xyz(light @ primaries_matrix([(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)]).T)


def lab_of_xyz(values):
    ratio = values / np.array([0.9642, 1, 0.8249])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def camera_exif(orientation=1):
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "SECRETCAM", "SECRETMODEL"
    exif[Base.Software] = "SECRETMODEL firmware"
    exif[Base.Artist], exif[Base.DateTime] = "Ada", "2024:05:06 07:08:09"
    exif[Base.Orientation] = orientation
    exif[ExifTags.IFD.Exif] = {
        Base.DateTimeOriginal: "2024:05:06 07:08:09",
        Base.FNumber: TiffImagePlugin.IFDRational(28, 10),
        Base.BodySerialNumber: "SECRETSERIAL",
        Base.LensModel: "SECRETLENS",
        Base.CameraOwnerName: "SECRETOWNER",
        Base.MakerNote: b"SECRETNOTE" * 5,
        Base.ImageUniqueID: "SECRETID",
    }
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (47.0, 22.0, 33.0), 3: "E", 4: (8.0, 33.0, 0.0)}
    return exif.tobytes()


CAMERA_XMP = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" exif:GPSLatitude="47,22.5N" aux:SerialNumber="SECRETXMP"
 tiff:Orientation="6" xmp:Rating="4">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbour</rdf:li></rdf:Alt>
</dc:title><tiff:Model>SECRETMODEL</tiff:Model><xmp:Thumbnails>SECRETXMP</xmp:Thumbnails></rdf:Description></rdf:RDF>
</x:xmpmeta><?xpacket end="w"?>"""


def camera_jpeg(orientation=1, **options):
    file = io.BytesIO()
    image = Image.fromarray(np.rint(smooth() * 255).astype(np.uint8))
    options = {"exif": camera_exif(orientation), "xmp": CAMERA_XMP, "dpi": (240, 240)} | options
    image.save(file, "JPEG", quality=95, subsampling=0, **options)
    return file.getvalue()


# --- pixels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", LOSSLESS)
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("with_alpha", [False, True])
def test_lossless_formats_keep_every_bit(file_format, bits, channels, with_alpha):
    array = samples(channels=channels, bits=bits)
    alpha = samples(channels=1, bits=bits, seed=1)[..., 0] if with_alpha else None
    if with_alpha:
        alpha[3:9, 4:20] = 0  # colours hidden here must survive as well
    first = as_photo(array, alpha).to_bytes(file_format)
    photo = Photo.open(first)
    again = photo.with_pixels(photo.pixels).to_bytes(file_format)

    reference = decoded(again)
    assert photo.bits == bits
    assert reference.dtype == array.dtype
    expected = array if reference.shape[2] in (channels, channels + 1) else array.repeat(3, axis=2)
    assert np.array_equal(reference[..., : expected.shape[2]], expected)
    assert (photo.alpha is not None) == with_alpha
    if with_alpha:
        assert np.array_equal(reference[..., -1], alpha)
    gray_lost = (file_format, bits, channels, with_alpha) == ("TIFF", 16, 1, True)
    assert photo.pixels.shape[2] == (3 if gray_lost else channels)
    assert photo.pixels.dtype == np.float32
    assert photo.source_format == file_format


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (1030, 1100)])  # the last one needs two strips
@pytest.mark.parametrize("file_format", LOSSLESS)
def test_strips_fit_together(shape, file_format):
    array = samples(*shape)
    assert np.array_equal(decoded(as_photo(array).to_bytes(file_format)), array)


@pytest.mark.parametrize("file_format", ["JPEG", "WebP", "AVIF"])
@pytest.mark.parametrize("bits", [8, 16])
def test_lossy_formats_stay_close(file_format, bits):
    photo = Photo(pixels=smooth(), bits=bits)
    reopened = Photo.open(photo.to_bytes(file_format))
    assert reopened.bits == 8
    assert np.abs(reopened.pixels - photo.pixels).mean() < 0.01
    assert len(photo.to_bytes(file_format, quality=20)) < len(photo.to_bytes(file_format))


def test_webp_of_quality_100_is_lossless():
    array = samples()
    assert np.array_equal(decoded(as_photo(array).to_bytes("WebP", quality=100)), array)


@pytest.mark.parametrize(
    ("mode", "channels"),
    [
        ("1", 1),
        ("L", 1),
        ("LA", 1),
        ("P", 3),
        ("RGB", 3),
        ("RGBA", 3),
        ("CMYK", 3),
        ("I;16", 1),
        ("I", 1),
        ("F", 1),
    ],
)
def test_every_mode_has_a_meaning(mode, channels):
    gray = np.linspace(0, 255, 64, dtype=np.uint8).reshape(8, 8)
    image = Image.fromarray(gray)
    if mode == "I;16":
        image = Image.fromarray(gray.astype(np.uint16) * 257)
    elif mode == "I":
        image = Image.fromarray(gray.astype(np.int32) * 257)
    elif mode == "F":
        image = Image.fromarray(gray.astype(np.float32) / 255)
    elif mode == "P":
        image = image.convert("RGB").quantize(64)
    else:
        image = image.convert("RGB").convert(mode) if mode == "CMYK" else image.convert(mode)
    file = io.BytesIO()
    image.save(file, "TIFF")
    photo = Photo.open(file.getvalue())
    assert photo.pixels.shape == (8, 8, channels)
    assert photo.bits == (16 if mode in ("I;16", "I", "F") else 8)
    assert (photo.alpha is not None) == mode.endswith("A")
    if mode != "1":
        assert np.abs(photo.pixels[..., 0] - gray / 255).max() < 0.02


def test_lab_becomes_srgb():
    file = io.BytesIO()
    red = (138, 209, 198)  # L* 54, a* 81, b* 70 under D50 is sRGB red
    Image.merge("LAB", [Image.new("L", (4, 4), level) for level in red]).save(file, "TIFF")
    photo = Photo.open(file.getvalue())
    assert np.abs(photo.pixels[0, 0] - [1, 0, 0]).max() < 0.03
    assert any("LAB" in note for note in photo.notes)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_orientation_is_applied_once(orientation, file_format):
    picture = Image.fromarray(np.rint(smooth() * 255).astype(np.uint8))
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = picture if undo is None else picture.transpose(undo)
    file = io.BytesIO()
    stored.save(file, file_format, exif=camera_exif(orientation), quality=95)
    photo = Photo.open(file.getvalue())
    assert photo.pixels.shape == (48, 64, 3)
    assert np.abs(photo.pixels - smooth()).mean() < 0.02

    written = photo.to_bytes(file_format, metadata="all")
    with Image.open(io.BytesIO(written)) as reread:
        assert reread.getexif().get(Base.Orientation, 1) == 1
    assert np.abs(Photo.open(written).pixels - photo.pixels).mean() < 0.02


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_orientation_of_16_bit_colour_png(orientation):
    array = samples(bits=16)
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    plain = as_photo(array, exif=exif.tobytes()).to_bytes("PNG", metadata="all")
    photo = Photo.open(plain)
    expected = np.rot90(array, {1: 0, 3: 2, 6: -1, 8: 1}[orientation])
    assert np.array_equal(np.rint(photo.pixels * 65535), expected)


def test_xmp_orientation_is_reset():
    photo = Photo.open(camera_jpeg(orientation=6))
    assert photo.pixels.shape == (64, 48, 3)
    assert b'tiff:Orientation="1"' in photo.xmp
    assert b"SECRETXMP</xmp" not in photo.xmp


# --- alpha ----------------------------------------------------------------------------------------


def transparent_photo(file_format="PNG"):
    array = np.full((20, 20, 3), (10, 200, 30), np.uint8)
    alpha = np.full((20, 20), 255, np.uint8)
    alpha[:, 12:] = 0
    array[:, 12:] = (255, 0, 255)  # garbage nobody sees
    file = io.BytesIO()
    Image.fromarray(np.dstack([array, alpha])).save(file, file_format, lossless=True, exact=True)
    return Photo.open(file.getvalue()), np.dstack([array, alpha])


@pytest.mark.parametrize("file_format", ["PNG", "WebP", "TIFF"])
def test_hidden_colours_neither_bleed_nor_vanish(file_format):
    photo, rgba = transparent_photo(file_format)
    assert np.abs(photo.pixels - np.float32((10, 200, 30)) / 255).max() < 1e-6
    darker = photo.with_pixels(photo.pixels * 0.5)
    written = decoded(darker.to_bytes(file_format, quality=100))
    assert np.array_equal(written[:, 12:], rgba[:, 12:])
    assert np.abs(written[:, :12, :3].astype(int) - (5, 100, 15)).max() <= 1


def test_fill_takes_the_nearest_visible_colour():
    array, alpha = samples(12, 12), np.zeros((12, 12), np.uint8)
    alpha[0, 0] = alpha[11, 11] = 255
    photo = Photo.open(as_photo(array, alpha).to_bytes())
    assert np.array_equal(np.rint(photo.pixels[2, 3] * 255), array[0, 0])
    assert np.array_equal(np.rint(photo.pixels[10, 8] * 255), array[11, 11])


def test_entirely_transparent():
    array = samples()
    photo = Photo.open(as_photo(array, np.zeros(array.shape[:2], np.uint8)).to_bytes())
    assert np.array_equal(decoded(photo.to_bytes())[..., :3], array)


def test_avif_keeps_alpha():
    photo, _ = transparent_photo()
    assert np.abs(Photo.open(photo.to_bytes("AVIF")).alpha - photo.alpha).max() < 0.05


def test_jpeg_is_laid_on_white():
    photo, _ = transparent_photo()
    pixels = Photo.open(photo.to_bytes("JPEG", quality=100)).pixels
    assert pixels[:, 16:].min() > 0.98
    assert np.abs(pixels[:, :8] - np.float32((10, 200, 30)) / 255).max() < 0.02


@pytest.mark.parametrize("size", [(40, 40), (10, 14)])
def test_alpha_follows_another_size(size):
    photo, _ = transparent_photo()
    resized = photo.with_pixels(np.full((*size, 3), 0.5, np.float32))
    assert resized.alpha.shape == size
    assert resized.alpha[0, 0] == 1
    assert resized.alpha[-1, -1] == 0
    written = decoded(resized.to_bytes())
    assert written.shape == (*size, 4)
    assert tuple(written[-1, -1]) == (255, 0, 255, 0)


@pytest.mark.parametrize(("file_format", "mode"), [("PNG", "L"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "I;16")])
def test_a_transparent_colour_is_alpha(file_format, mode):
    array = np.array([[7, 9], [9, 7]], np.uint8)
    image = Image.fromarray(array.astype(np.uint16) if mode == "I;16" else array)
    if mode in ("RGB", "P"):
        image = image.convert("RGB").quantize(2) if mode == "P" else image.convert("RGB")
    transparent = {"L": 9, "RGB": (9, 9, 9), "I;16": 9, "P": image.getpixel((1, 0))}[mode]
    file = io.BytesIO()
    image.save(file, file_format, transparency=transparent)
    assert np.array_equal(Photo.open(file.getvalue()).alpha, [[1, 0], [0, 1]])


# --- colour profiles ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_conversion_agrees_with_littlecms(name):
    array = samples(64, 64)
    profile = color_profile.read_profile(PROFILES[name], 3)
    there = ImageCms.buildTransform(
        io.BytesIO(PROFILES[name]),
        ImageCms.createProfile("sRGB"),
        "RGB",
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    reference = np.asarray(ImageCms.applyTransform(Image.fromarray(array), there)).astype(int)
    ours = np.clip(profile.to_srgb(array), 0, 1) * 255
    assert np.abs(ours - reference).max() < 1.6
    assert np.abs(ours - array).max() > 20  # the profile does matter
    inside = profile.to_srgb(array // 8 + 112)
    assert np.abs(profile.from_srgb(np.clip(inside, 0, 1)) * 255 - (array // 8 + 112)).max() < 0.01


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("file_format", LOSSLESS)
def test_colours_beyond_srgb_survive_bit_for_bit(name, bits, file_format):
    array = samples(bits=bits)
    photo = Photo.open(as_photo(array, icc_profile=PROFILES[name]).to_bytes(file_format))
    assert (photo.pixels.min(), photo.pixels.max()) == (0, 1)  # something was clipped
    written = photo.with_pixels(photo.pixels.copy()).to_bytes(file_format)
    assert np.array_equal(decoded(written), array)
    with Image.open(io.BytesIO(written)) as reread:
        assert reread.info["icc_profile"] == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_a_small_change_stays_small_beyond_srgb(name):
    matrix = primaries_matrix(PRIMARIES[name.split(",")[0]])
    array = np.array([[(255, 0, 0), (0, 255, 0), (0, 255, 255), (90, 120, 200)]], np.uint8).repeat(4, axis=0)
    photo = Photo.open(as_photo(array, icc_profile=PROFILES[name]).to_bytes())
    changed = np.clip(photo.pixels + np.float32(0.002), 0, 1)
    written = decoded(photo.with_pixels(changed).to_bytes())

    def colour(values):
        x = values / 255
        curve = (
            x**2.19921875 if name == "Adobe RGB" else np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
        )
        return lab_of_xyz(curve @ matrix.T)

    assert np.linalg.norm(colour(written) - colour(array), axis=-1).max() < 1
    plain = photo_of_plain_conversion(photo, changed)
    assert np.linalg.norm(colour(plain) - colour(array), axis=-1).max() > 5  # what would be without the care


def photo_of_plain_conversion(photo, pixels):
    return np.rint(photo._profile.from_srgb(pixels) * 255)


def test_a_great_change_is_taken_as_it_is():
    array = np.full((4, 4, 3), (255, 0, 0), np.uint8)
    photo = Photo.open(as_photo(array, icc_profile=PROFILES["Adobe RGB"]).to_bytes())
    gray = Photo.open(photo.with_pixels(np.full((4, 4, 3), 0.3, np.float32)).to_bytes())
    assert np.ptp(gray.pixels) < 0.01


def test_profile_and_new_size():
    photo = Photo.open(as_photo(samples(), icc_profile=PROFILES["Adobe RGB"]).to_bytes())
    twice = photo.with_pixels(photo.pixels.repeat(2, axis=0).repeat(2, axis=1))
    reopened = Photo.open(twice.to_bytes())
    assert reopened.pixels.shape == (46, 62, 3)
    assert np.abs(reopened.pixels - twice.pixels).mean() < 0.06


def test_gray_profile():
    array = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    photo = Photo.open(as_photo(array, icc_profile=GRAY_PROFILE).to_bytes())
    assert photo.pixels[8, 0, 0] == pytest.approx(0.5742, abs=1e-3)  # sRGB of (128/255) ** 1.8
    assert np.array_equal(decoded(photo.with_pixels(photo.pixels.copy()).to_bytes()), array)
    coloured = photo.with_pixels(photo.pixels.repeat(3, axis=2))
    assert coloured.icc_profile is None
    assert np.abs(Photo.open(coloured.to_bytes()).pixels - photo.pixels).max() <= 0.5 / 255 + 1e-6


def test_srgb_profile_changes_nothing():
    array = samples()
    photo = Photo.open(as_photo(array, icc_profile=SRGB_PROFILE).to_bytes())
    assert np.array_equal(np.rint(photo.pixels * 255), array)
    assert photo.icc_profile == SRGB_PROFILE
    assert photo.notes == ()
    assert photo._source is None  # and costs nothing


def test_profile_of_tables_goes_through_littlecms():
    array = samples()
    table = color_profile.TableProfile(PROFILES["Adobe RGB"], 3)
    exact = color_profile.read_profile(PROFILES["Adobe RGB"], 3)
    difference = table.to_srgb(array) - np.clip(exact.to_srgb(array), 0, 1)
    assert np.abs(difference).max() < 0.02
    inside = np.float32(0.4) + array / np.float32(1275)
    assert np.abs(table.from_srgb(inside) - exact.from_srgb(inside)).max() < 0.02
    photo = Photo(pixels=np.clip(table.to_srgb(array), 0, 1), _source=array, _profile=table)
    assert np.array_equal(decoded(photo.to_bytes()), array)


@pytest.mark.parametrize(
    "icc",
    [
        b"nonsense" * 40,
        PROFILES["Adobe RGB"][:300],
        GRAY_PROFILE,
        make_profile(b"RGB ", gamma(2.2), np.ones((3, 3))),
    ],
)
def test_unusable_profile_is_noted_and_left_out(icc):
    array = samples()
    photo = Photo.open(as_photo(array, icc_profile=icc).to_bytes())
    assert photo.icc_profile is None
    assert len(photo.notes) == 1
    assert "colour profile" in photo.notes[0]
    assert np.array_equal(np.rint(photo.pixels * 255), array)


def test_curves_of_every_kind_are_read():
    kinds = {
        0: [2.2],
        1: [2.2, 1.0, 0.0],
        2: [2.2, 0.9, 0.05, 0.05],
        3: [2.4, 0.9479, 0.0521, 0.0774, 0.0405],
        4: [2.4, 0.9479, 0.0521, 0.0774, 0.0405, 0.0, 0.0],
    }
    for kind, parameters in kinds.items():
        numbers = [round(value * 65536) for value in parameters]
        tag = struct.pack(f">4s4xHH{len(numbers)}i", b"para", kind, 0, *numbers)
        profile = color_profile.read_profile(make_profile(b"GRAY", tag), 1)
        x = np.array([[[64], [200]]], np.uint8)
        values = np.array([64, 200]) / 255
        expected = ((parameters[1] * values + parameters[2]) if kind else values) ** parameters[0]
        expected = expected + (parameters[3] if kind == 2 else 0)
        if profile is None:  # the sRGB curve itself
            assert kind in (3, 4)
            continue
        assert np.allclose(linear_light(profile.to_srgb(x))[0, :, 0], expected, atol=2e-4)


# --- metadata -------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", FORMATS)
def test_default_metadata_tells_neither_place_nor_device(file_format):
    written = Photo.open(camera_jpeg()).to_bytes(file_format)
    packed = written + b"".join(text_of(written))
    assert not [word for word in PRIVATE if word.encode() in packed]
    assert b"GPS" not in packed
    with Image.open(io.BytesIO(written)) as reread:
        exif = reread.getexif()
        assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
        assert exif[Base.Artist] == "Ada"
        details = exif.get_ifd(ExifTags.IFD.Exif)
        assert details[Base.DateTimeOriginal] == "2024:05:06 07:08:09"
        assert float(details[Base.FNumber]) == pytest.approx(2.8)
        xmp = xmp_of(reread)
        assert b"Harbour" in xmp
        assert b'xmp:Rating="4"' in xmp


@pytest.mark.parametrize("file_format", FORMATS)
def test_all_metadata_on_demand(file_format):
    written = Photo.open(camera_jpeg()).to_bytes(file_format, metadata="all")
    with Image.open(io.BytesIO(written)) as reread:
        exif = reread.getexif()
        assert exif[Base.Make] == "SECRETCAM"
        assert exif.get_ifd(ExifTags.IFD.GPSInfo)[2] == (47.0, 22.0, 33.0)
        assert exif.get_ifd(ExifTags.IFD.Exif)[Base.BodySerialNumber] == "SECRETSERIAL"
        assert b"GPSLatitude" in xmp_of(reread)
    again = Photo.open(written)
    assert b"SECRETOWNER" in again.exif
    assert b"SECRETXMP" in again.xmp


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_metadata_on_demand(file_format):
    written = Photo.open(camera_jpeg(icc_profile=SRGB_PROFILE)).to_bytes(file_format, metadata="none")
    with Image.open(io.BytesIO(written)) as reread:
        left = set(reread.getexif()) - {
            Base.XResolution,
            Base.YResolution,
            Base.ResolutionUnit,
            Base.Orientation,
        }
        assert not [tag for tag in left if file_format != "TIFF" or tag in (Base.Artist, Base.DateTime, Base.Make)]
        assert not xmp_of(reread)
        assert reread.info["icc_profile"] == SRGB_PROFILE
    assert Photo.open(written).dpi == pytest.approx((240, 240), abs=0.02)


def xmp_of(image):
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return xmp if isinstance(xmp, bytes) else xmp.encode()


def text_of(data):
    with Image.open(io.BytesIO(data)) as image:
        return [value for value in image.info.values() if isinstance(value, bytes)]


@pytest.mark.parametrize("dpi", [(300, 300), (72, 144), (299.5, 300.25)])
@pytest.mark.parametrize("file_format", FORMATS)
def test_resolution_is_kept(file_format, dpi):
    photo = Photo(pixels=smooth(), dpi=dpi)
    tolerance = 0.51 if file_format == "JPEG" else 0.02  # JFIF has whole numbers
    assert Photo.open(photo.to_bytes(file_format)).dpi == pytest.approx(dpi, abs=tolerance)


def test_thumbnail_is_dropped():
    thumbnail = b"\xff\xd8THUMBNAIL\xff\xd9"
    first = struct.pack(">HHHII", 1, 0x0112, 3, 1, 0x00010000)  # orientation
    second_at = 8 + len(first) + 4
    second = struct.pack(">H", 2) + struct.pack(">HHII", 0x0201, 4, 1, second_at + 30)
    second += struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail)) + bytes(4)
    block = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + first + struct.pack(">I", second_at) + second + thumbnail
    artist = Image.Exif()
    artist.load(block)
    artist[Base.Artist] = "Ada"
    data = camera_jpeg(exif=block)
    assert b"THUMBNAIL" in data
    assert b"THUMBNAIL" not in Photo.open(data).to_bytes("JPEG", metadata="all")


def test_damaged_exif_is_noted_not_fatal():
    photo = Photo.open(camera_jpeg(exif=b"Exif\0\0nonsense"))
    assert photo.notes == ("The EXIF block is damaged and was left out.",)
    assert photo.exif is None
    assert photo.pixels.shape == (48, 64, 3)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_impossible_orientation_is_upright(orientation):
    assert Photo.open(camera_jpeg(orientation=orientation)).pixels.shape == (48, 64, 3)


@pytest.mark.parametrize(
    "packet",
    [
        b"<not xml",
        b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>',
        CAMERA_XMP.decode().encode("utf-16"),
        b"<a>" * 50_000,
        b"<x/>",
    ],
)
def test_xmp_that_cannot_be_vouched_for_is_not_shared(packet):
    assert metadata.shareable_xmp(packet) is None


@pytest.mark.parametrize("file_format", FORMATS)
def test_huge_metadata_is_left_out(file_format):
    photo = Photo(pixels=smooth(), xmp=b"x" * 70_000 if file_format == "JPEG" else b"x" * 1_100_000)
    reopened = Photo.open(photo.to_bytes(file_format, metadata="all"))
    assert reopened.xmp is None
    assert file_format == "JPEG" or reopened.notes == (
        "The XMP block is 1.1 MB; the limit is 1 MB, so it was left out.",
    )


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("choice", metadata.CHOICES)
def test_settings_are_recorded(file_format, choice):
    settings = {"task": "denoise", "strength": 0.5, "note": "größer <b>"}
    written = Photo.open(camera_jpeg()).to_bytes(file_format, metadata=choice, settings=settings)
    with Image.open(io.BytesIO(written)) as reread:
        if file_format == "PNG":
            text = reread.text["Latent Darkroom"]
        else:
            comment = reread.getexif().get_ifd(ExifTags.IFD.Exif)[Base.UserComment]
            assert comment.startswith(b"ASCII\0\0\0")
            text = comment[8:].decode()
            assert reread.getexif()[Base.Software] == "Latent Darkroom"
            assert reread.getexif().get(Base.Make) == ("SECRETCAM" if choice == "all" else None)
    assert json.loads(text) == settings
    assert b"Latent Darkroom" not in Photo.open(camera_jpeg()).to_bytes(file_format)


# --- opening and saving ---------------------------------------------------------------------------


def test_open_takes_paths_bytes_and_files(tmp_path):
    path = Photo(pixels=smooth()).save(tmp_path / "a.png")
    expected = Photo.open(path).pixels
    with path.open("rb") as file:
        for source in (str(path), path.read_bytes(), bytearray(path.read_bytes()), file):
            assert np.array_equal(Photo.open(source).pixels, expected)


@pytest.mark.parametrize(
    ("name", "file_format"),
    [
        *[("a.JPG", "JPEG"), ("a.jfif", "JPEG"), ("a.jpe", "JPEG"), ("a.Tif", "TIFF"), ("a.tiff", "TIFF")],
        *[("a.png", "PNG"), ("a.WebP", "WebP"), ("a.avif", "AVIF"), ("größe é.png", "PNG")],
    ],
)
def test_suffix_chooses_the_format(tmp_path, name, file_format):
    path = Photo(pixels=smooth()).save(tmp_path / name)
    assert Photo.open(path).source_format == file_format
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_format_overrides_the_suffix(tmp_path):
    assert Photo.open(Photo(pixels=smooth()).save(tmp_path / "a.png", format="jpeg")).source_format == "JPEG"


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("restoration.photo.writer._filter_rows", fail)
    with pytest.raises(PhotoError, match="cannot be saved: No space left on device"):
        Photo(pixels=smooth()).save(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_output_is_deterministic():
    photo = Photo.open(camera_jpeg())
    assert photo.to_bytes("PNG", settings={"b": 1, "a": 2}) == photo.to_bytes("PNG", settings={"a": 2, "b": 1})
    assert photo.to_bytes("TIFF") == photo.to_bytes("TIFF")


def test_with_pixels_clips_and_keeps():
    photo = Photo.open(camera_jpeg())
    image = np.linspace(-1, 2, 48 * 64 * 3).reshape(48, 64, 3)
    changed = photo.with_pixels(image)
    assert changed.pixels.dtype == np.float32
    assert (changed.pixels.min(), changed.pixels.max()) == (0, 1)
    assert (changed.exif, changed.dpi, changed.notes) == (photo.exif, photo.dpi, photo.notes)
    assert photo.with_pixels(photo.pixels).pixels is photo.pixels


def test_phone_jpeg_of_several_pictures():
    file = io.BytesIO()
    pictures = [Image.fromarray(np.rint(smooth() * 255).astype(np.uint8))] * 2
    pictures[0].save(file, "MPO", save_all=True, append_images=pictures[1:])
    photo = Photo.open(file.getvalue())
    assert (photo.source_format, photo.notes) == ("JPEG", ())


def test_animation_gives_its_first_frame():
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (20 * number, 0, 0)) for number in range(12)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    photo = Photo.open(file.getvalue())
    assert photo.notes == ("Only the first of 12 frames is used.",)
    assert photo.pixels.max() == 0


def heic():
    pillow_heif = pytest.importorskip("pillow_heif")
    image = pillow_heif.from_pillow(Image.fromarray(np.rint(smooth() * 255).astype(np.uint8)))
    file = io.BytesIO()
    try:
        image.save(file, quality=90)
    except RuntimeError:
        pytest.skip("no HEIC encoder")
    return file.getvalue()


def test_heic_with_its_package():
    photo = Photo.open(heic())
    assert photo.source_format == "HEIC"
    assert np.abs(photo.pixels - smooth()).mean() < 0.02


def test_heic_without_its_package(monkeypatch):
    for name in reader._HEIC_READERS:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PhotoError, match="pip install pillow-heif"):
        Photo.open(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))


def test_import_is_light():
    heavy = "{'cv2', 'keras', 'tensorflow', 'streamlit'}"
    code = f"import sys, restoration.photo; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# --- sentences ------------------------------------------------------------------------------------


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
        (np.zeros((4, 4), np.float32), "it must be"),
        (np.zeros((4, 4, 2), np.float32), r"shape \(4, 4, 2\)"),
        (np.zeros((0, 4, 3), np.float32), "shape"),
        (np.zeros((4, 4, 3), np.uint8), "type uint8"),
        (np.full((4, 4, 3), np.nan, np.float32), "not finite"),
        (np.full((4, 4, 3), np.inf, np.float32), "not finite"),
    ],
)
def test_sentences_of_with_pixels(image, sentence):
    with pytest.raises(PhotoError, match=sentence):
        Photo(pixels=smooth()).with_pixels(image)


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
        ("no/such/folder/a.png", {}, "cannot be saved: No such file or directory"),
    ],
)
def test_sentences_of_save(tmp_path, name, options, sentence):
    with pytest.raises(PhotoError, match=sentence):
        Photo(pixels=smooth()).save(tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_sentence_of_a_side_too_long_for_the_format():
    with pytest.raises(PhotoError, match="17000 x 1 pixels; the limit of WebP is 16383"):
        Photo(pixels=np.zeros((1, 17_000, 1), np.float32)).to_bytes("WebP")
