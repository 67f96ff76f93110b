"""What a file says of its colours outside an ICC profile, turned into one.

PNG has four chunks for it, of which the first of `cICP`, `iCCP`, `sRGB`, `gAMA` with `cHRM` counts (PNG 3, 4.3); a
camera's JPEG says Adobe RGB in its EXIF (DCF 2.0); HEIC and AVIF have the code points of `nclx` (ITU-T H.273). TIFF
has tags for white, primaries and curves (TIFF 6.0, section 20), the header of a BMP fields (BITMAPV4HEADER).
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from restoration.image.srgb import srgb_values
from restoration.image.types import Array, Samples
from restoration.photo import metadata
from restoration.photo.color_profile import D50, SRGB_TO_XYZ, OneWay
from restoration.photo.png import png_chunks

Primaries = tuple[tuple[float, float], ...]  # x, y of red, green, blue and white

_D65 = (0.3127, 0.3290)
SRGB: Primaries = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), _D65)
ADOBE_RGB: Primaries = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06), _D65)
_REC_2020: Primaries = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65)
_PRIMARIES_OF_CODE: dict[int, Primaries] = {
    1: SRGB,
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    9: _REC_2020,
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
}
# Exponent from samples to light; None is sRGB's curve. Browsers show the curves of television (1, 6, 14, 15) as it.
_EXPONENT_OF_CODE = {**dict.fromkeys((1, 6, 13, 14, 15)), 4: 2.2, 5: 2.8, 8: 1.0}
_PQ, _HLG = 16, 18
_UNSPECIFIED = 2
_PAPER_WHITE = 203  # candelas per square metre (ITU-R BT.2408), which becomes sRGB's white
_ROLL_OFF = 0.8  # of white: brighter light is compressed
_ADOBE_RGB_EXPONENT = 563 / 256
_ENCODED_SRGB = 0.45455  # what gAMA says where sRGB is meant
_TIFF_CURVES, _TIFF_WHITE, _TIFF_PRIMARIES = 301, 318, 319
_TIFF_PHOTOMETRIC, _TIFF_GRAY_RGB_YCBCR = 262, (1, 2, 6)
_BMP_HEADER, _BMP_HEADER_5, _BMP_CALIBRATED = 108, 124, 0
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


@dataclass(frozen=True)
class ColorDescription:
    """Primaries and curve of a file's colours.

    Attributes
    ----------
    primaries : ((x, y), ...) of red, green, blue and white
    exponent : float or None
        From samples to light; None is sRGB's curve.
    curves : tuple of one or three tuples of int
        From samples to light in 65535ths at equal steps, of all colours or of each; they go before `exponent`.
    hdr : {None, "PQ", "HLG"}
        The curve, where it reaches beyond paper white.
    """

    primaries: Primaries = SRGB
    exponent: float | None = None
    curves: tuple[tuple[int, ...], ...] = ()
    hdr: str | None = None


def of_code_points(primaries: int, transfer: int) -> ColorDescription | None:
    """Return what two code points of ITU-T H.273 mean, or None where they leave it open."""
    described = _PRIMARIES_OF_CODE.get(primaries, SRGB)
    if transfer in (_PQ, _HLG):
        return ColorDescription(described, hdr="PQ" if transfer == _PQ else "HLG")
    if _UNSPECIFIED in (primaries, transfer) or transfer not in _EXPONENT_OF_CODE:
        return None
    return ColorDescription(described, _EXPONENT_OF_CODE[transfer])


def of_png(data: bytes, has_profile: bool) -> ColorDescription | None:
    """Return what the chunks of a PNG say.

    Parameters
    ----------
    data : bytes
    has_profile : bool
        An ICC profile counts more than all chunks but `cICP`.

    Returns
    -------
    ColorDescription or None
    """
    chunks: dict[bytes, bytes] = {}
    for kind, place, intact in png_chunks(data):
        if kind in (b"PLTE", b"IDAT"):
            break  # those behind have no say
        if intact:
            chunks.setdefault(kind, data[place][8:-4])
    code_points = chunks.get(b"cICP", b"")
    if len(code_points) == 4 and (described := of_code_points(*code_points[:2])):
        return described
    if has_profile or b"sRGB" in chunks:
        return None
    gamma, chromaticities = chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b"")
    exponent, primaries = None, SRGB
    if len(gamma) == 4 and (encoded := int.from_bytes(gamma, "big") / 100_000):
        exponent = None if abs(encoded / _ENCODED_SRGB - 1) < 0.01 else 1 / encoded
    if len(chromaticities) == 32:
        white, *colours = np.array(struct.unpack(">8I", chromaticities)).reshape(4, 2) / 100_000
        primaries = tuple((float(x), float(y)) for x, y in [*colours, white])
    return ColorDescription(primaries, exponent)


def of_tiff(tags: Mapping[int, Any]) -> ColorDescription | None:
    """Return what the tags of a TIFF say of white, primaries and curves; None where there are none."""
    found = [tags.get(tag) for tag in (_TIFF_PRIMARIES, _TIFF_WHITE, _TIFF_CURVES)]
    if not any(found) or tags.get(_TIFF_PHOTOMETRIC) not in _TIFF_GRAY_RGB_YCBCR:
        return None
    pairs, white, curves = (tuple(map(float, values or ())) for values in found)
    primaries = SRGB[:3] if len(pairs) != 6 else tuple(zip(pairs[::2], pairs[1::2], strict=True))
    point = (white[0], white[1]) if len(white) == 2 else SRGB[3]
    # One table or three; of 4 to 16 bits.
    parts = 3 if len(curves) % 3 == 0 else 1
    length = len(curves) // parts
    tables = tuple(tuple(map(int, curves[part * length :][:length])) for part in range(parts)) if length > 1 else ()
    return ColorDescription((*primaries, point), curves=tables)


def of_bmp(data: bytes) -> ColorDescription | None:
    """Return what the header of a BMP of version 4 or 5 says, or None where it is sRGB or says nothing."""
    header = data[14 : 14 + _BMP_HEADER]
    if len(header) < _BMP_HEADER or struct.unpack_from("<I", header)[0] < _BMP_HEADER:
        return None
    kind, *ends = struct.unpack_from("<I9i", header, 56)
    colours = np.array(ends, float).reshape(3, 3) / 2**30  # X, Y, Z of red, green and blue
    if kind != _BMP_CALIBRATED or not (colours.sum(axis=1) > 0).all():
        return None
    places = np.concatenate([colours, colours.sum(axis=0, keepdims=True)])
    primaries = tuple((float(x), float(y)) for x, y in places[:, :2] / places.sum(axis=1, keepdims=True))
    exponents = [exponent / 65536 or 1.0 for exponent in struct.unpack_from("<3I", header, 96)]
    if max(exponents) - min(exponents) < 0.01:
        return ColorDescription(primaries, exponents[0])
    steps = np.linspace(0, 1, 1024)
    curves = [tuple(np.rint(65535 * steps**exponent).astype(int).tolist()) for exponent in exponents]
    return ColorDescription(primaries, curves=tuple(curves))


def profile_of_bmp(data: bytes) -> bytes | None:
    """Return the ICC profile that lies in a BMP of version 5."""
    header = data[14 : 14 + _BMP_HEADER_5]
    if len(header) < _BMP_HEADER_5 or struct.unpack_from("<I", header)[0] < _BMP_HEADER_5 or header[56:60] != b"DEBM":
        return None
    place, size = struct.unpack_from("<2I", header, 112)
    return data[14 + place : 14 + place + size] or None


def of_exif(exif: Image.Exif) -> ColorDescription | None:
    """Return Adobe RGB where EXIF says so."""
    return ColorDescription(ADOBE_RGB, _ADOBE_RGB_EXPONENT) if metadata.says_adobe_rgb(exif) else None


def as_icc(described: ColorDescription, channels: int) -> bytes | None:
    """Build an ICC profile (version 2) that says the same; plain sRGB needs none.

    Parameters
    ----------
    described : ColorDescription
        Not HDR.
    channels : {1, 3}

    Returns
    -------
    bytes or None

    Raises
    ------
    ValueError
        The primaries span no colour space.
    """
    if described == ColorDescription():
        return None
    curves = _icc_curves(described)
    text = b"Primaries and curve as the file said\0"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78),
        b"cprt": b"text" + bytes(4) + b"No copyright\0",
        b"wtpt": b"XYZ " + bytes(4) + _fixed(D50),
    }
    if channels == 1:
        tags[b"kTRC"] = curves[0]
    else:
        to_xyz = _to_xyz(described.primaries)
        for column, letter in enumerate((b"r", b"g", b"b")):
            tags[letter + b"XYZ"] = b"XYZ " + bytes(4) + _fixed(to_xyz[:, column])
            tags[letter + b"TRC"] = curves[column % len(curves)]
    start = 132 + 12 * len(tags)
    table, body, places = struct.pack(">I", len(tags)), b"", {}
    for name, tag in tags.items():
        if tag not in places:  # the three curves may be one
            places[tag] = start + len(body)
            body += tag + bytes(-len(tag) % 4)
        table += struct.pack(">4sII", name, places[tag], len(tag))
    space = b"GRAY" if channels == 1 else b"RGB "
    header = struct.pack(">I4xI4s4s4s12x4s", start + len(body), 0x02100000, b"mntr", space, b"XYZ ", b"acsp")
    return header.ljust(68, b"\0") + _fixed(D50) + bytes(48) + table + body


def _icc_curves(described):
    """Return one curve, or three, as tags of an ICC profile."""
    if described.curves:
        return [_icc_table(np.array(curve)) for curve in described.curves]
    if described.exponent is not None:
        return [struct.pack(">4s4xIH", b"curv", 1, min(max(round(described.exponent * 256), 1), 65535))]
    light = np.linspace(0, 1, 1024)
    return [_icc_table(np.rint(65535 * np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)))]


def _icc_table(light):
    return struct.pack(">4s4xI", b"curv", len(light)) + light.clip(0, 65535).astype(">u2").tobytes()


def from_hdr(described: ColorDescription) -> OneWay:
    """Return the conversion of HDR samples to sRGB: paper white becomes white, what is brighter is compressed.

    Parameters
    ----------
    described : ColorDescription
        With `hdr`.

    Returns
    -------
    OneWay
    """
    matrix = np.linalg.solve(SRGB_TO_XYZ, _to_xyz(described.primaries)).astype(np.float32)
    to_light = _pq_light if described.hdr == "PQ" else _hlg_light

    def to_srgb(samples: Samples) -> Array:
        light = to_light(samples / np.float32(np.iinfo(samples.dtype).max)) / np.float32(_PAPER_WHITE)
        light = np.maximum(light @ matrix.T if samples.shape[-1] == 3 else light, 0)
        peak = light.max(axis=-1, keepdims=True)
        beyond, rest = np.maximum(peak - np.float32(_ROLL_OFF), 0), np.float32(1 - _ROLL_OFF)
        rolled = np.float32(_ROLL_OFF) + rest * beyond / (beyond + rest)
        light *= np.where(peak > _ROLL_OFF, rolled / np.maximum(peak, np.float32(1e-6)), 1)
        return srgb_values(light)

    note = f"This HDR photo ({described.hdr}) was converted to sRGB; what is brighter than paper white was compressed."

    return OneWay(to_srgb, note)


def _pq_light(values):
    """Return candelas per square metre (SMPTE ST 2084)."""
    power = np.power(values, np.float32(32 / 2523))
    ratio = np.maximum(power - np.float32(0.8359375), 0) / (np.float32(18.8515625) - np.float32(18.6875) * power)
    return 10_000 * np.power(ratio, np.float32(8192 / 1305))


def _hlg_light(values):
    """Return candelas per square metre on a display of 1000 (ITU-R BT.2100)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(values <= 0.5, values**2 / 3, (np.exp((values - np.float32(c)) / np.float32(a)) + b) / 12)
    weights = np.float32([0.2627, 0.6780, 0.0593]) if scene.shape[-1] == 3 else np.float32([1])
    luminance = scene @ weights
    return (1000 * np.power(luminance, np.float32(0.2))[..., None] * scene).astype(np.float32)


def _to_xyz(primaries: Primaries) -> NDArray[np.float64]:
    """Return the matrix from linear light to XYZ under D50."""
    if min(y for _, y in primaries) <= 0:
        raise ValueError("the primaries span no colour space")
    *columns, white = (np.array([x / y, 1, (1 - x - y) / y]) for x, y in primaries)
    matrix = np.stack(columns, axis=1)
    if np.linalg.cond(matrix) > 1e4:
        raise ValueError("the primaries span no colour space")
    matrix = matrix * np.linalg.solve(matrix, white)
    adapted = np.diag((_BRADFORD @ D50) / (_BRADFORD @ white))
    return np.linalg.inv(_BRADFORD) @ adapted @ _BRADFORD @ matrix


def _fixed(numbers):
    return np.rint(np.asarray(numbers) * 65536).astype(">i4").tobytes()
