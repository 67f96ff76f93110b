"""Photographs made for tests: samples, profiles, and a camera's file with all that it says of its owner."""

import io
import struct

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageCms, TiffImagePlugin

from restoration.photo import Photo

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
    return assemble_profile(space, b"XYZ ", tags, 0x02100000)


def assemble_profile(space, connection, tags, version):
    """Put the header and the table of tags before the tags of an ICC profile."""
    if b"desc" not in tags:
        white = struct.pack(">4s4x3i", b"XYZ ", *np.rint(np.array([0.9642, 1, 0.8249]) * 65536).astype(int))
        tags = {b"wtpt": white, b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)} | tags
        tags |= {b"cprt": b"text" + bytes(4) + b"none\0"}
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(tag))
        body += tag + bytes(-len(tag) % 4)
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s", size, b"none", version, b"scnr" if connection == b"Lab " else b"mntr", space, connection
    )
    header = header.ljust(36, b"\0") + b"acsp" + bytes(28)
    header += struct.pack(">3i", *np.rint(np.array([0.9642, 1, 0.8249]) * 65536).astype(int))
    return header.ljust(128, b"\0") + table + body


TABLE_KINDS = ("mft1", "mft2", "mAB ")


def table_profile(kind, one_way=False):
    """Build the profile of a scanner: tables to CIELAB and back, made of primaries, gamma 1.8 and some crosstalk."""
    to_xyz = primaries_matrix(PRIMARIES["Adobe RGB"]) @ (0.9 * np.eye(3) + 0.1 / 3)
    side = 33
    nodes = np.stack(np.meshgrid(*[np.linspace(0, 1, side)] * 3, indexing="ij"), axis=-1)
    middle, full = np.array([0, 128, 128]), np.array([100, 255, 255])
    there = (lab_of_xyz(nodes**1.8 @ to_xyz.T) + middle) / full
    light, a, b = np.moveaxis(nodes * full - middle, -1, 0)
    y = (light + 16) / 116
    roots = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    xyz = np.where(roots > 6 / 29, roots**3, (116 * roots - 16) * 27 / 24389) * [0.9642, 1, 0.8249]
    back = np.clip(xyz @ np.linalg.inv(to_xyz).T, 0, 1) ** (1 / 1.8)
    tags = {b"A2B0": _table(kind, there), b"B2A0": _table(kind.replace("mAB", "mBA"), back)}
    if one_way:
        del tags[b"B2A0"]
    version = 0x04200000 if kind == "mAB " else 0x02400000
    return assemble_profile(b"RGB ", b"Lab ", tags, version)


def _table(kind, values):
    """Pack a grid of values; into the connection space of "mft2" with its own encoding of white."""
    values, side = np.clip(values, 0, 1), len(values)
    straight = np.linspace(0, 1, 256)
    if kind in ("mAB ", "mBA "):
        curves = (b"curv" + bytes(8)) * 3
        grid = bytes([side] * 3).ljust(16, b"\0") + bytes([2, 0, 0, 0])
        grid += np.rint(values * 65535).astype(">u2").tobytes()
        grid += bytes(-len(grid) % 4)
        return kind.encode() + struct.pack(">4xBBxx5I", 3, 3, 32, 0, 0, 68, 68 + len(grid)) + curves + grid + curves
    eye = struct.pack(">9i", *(65536 * np.eye(3, dtype=int)).ravel())
    head = kind.encode() + struct.pack(">4xBBBx", 3, 3, side) + eye
    if kind == "mft1":
        ends = np.rint(np.tile(straight, 3) * 255).astype("u1").tobytes()
        return head + ends + np.rint(values * 255).astype("u1").tobytes() + ends
    ends = np.rint(np.tile(straight, 3) * 65535).astype(">u2").tobytes()
    lab_in_v2 = 65280 / 65535
    first = np.rint(np.tile(np.clip(straight / lab_in_v2, 0, 1), 3) * 65535).astype(">u2").tobytes()
    to_lab = values[0, 0, 0, 1] > 0.4  # black has a = b = 0 there
    body = np.rint(values * (lab_in_v2 if to_lab else 1) * 65535).astype(">u2").tobytes()
    return head + struct.pack(">HH", 256, 256) + (ends if to_lab else first) + body + ends


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
