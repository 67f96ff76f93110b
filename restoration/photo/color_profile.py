"""ICC profile <-> sRGB in float32, for row strips.

Pillow converts 8-bit images only and clips at the edges of sRGB. Nearly every profile found in a photograph
(sRGB, Display P3, Adobe RGB, ProPhoto, Rec. 2020, gray gamma) is three curves and a 3x3 matrix, which this
file computes itself, unclipped and without rounding. The few profiles made of tables (scanners, printers) go
through LittleCMS at 8 bits.
"""

import io
import struct
from typing import TypeAlias

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from restoration.image.srgb import linear_light, srgb_values
from restoration.image.types import Array, Image, Samples

# Columns: XYZ of the sRGB primaries adapted to D50, the white of every ICC profile (ICC.1:2010, annex E).
_SRGB_TO_XYZ = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
_NODES = 65536  # one per 16-bit sample, so that reading a curve is a look-up
_SAME = 1 / 1024  # curves and colours closer than this cannot be told apart in 8 bits


class ProfileError(ValueError):
    """The profile is damaged or does not fit the image."""


def read_profile(icc: bytes, channels: int) -> "Profile | None":
    """Interpret an ICC profile.

    Parameters
    ----------
    icc : bytes
    channels : int
        1 for a gray image, 3 for a colour image.

    Returns
    -------
    CurveProfile, TableProfile or None
        None when the profile is sRGB and nothing needs to be converted.

    Raises
    ------
    ProfileError
        The profile is damaged, or made for another number of channels.
    """
    try:
        ImageCms.getOpenProfile(io.BytesIO(icc))  # LittleCMS checks the structure
        tags = _tags(icc)
    except (ImageCms.PyCMSError, OSError, struct.error, ValueError) as error:
        raise ProfileError("damaged") from error
    space = icc[16:20]
    if space != (b"GRAY" if channels == 1 else b"RGB "):
        raise ProfileError(f"made for {space.decode('latin-1').strip()} images")
    names = (b"kTRC",) if channels == 1 else (b"rTRC", b"gTRC", b"bTRC")
    if b"A2B0" in tags or not all(name in tags for name in names):
        return TableProfile(icc, channels)
    try:
        curves = [_curve(tags[name]) for name in names]
        matrix = np.eye(1) if channels == 1 else _matrix(tags)
    except (KeyError, struct.error, ValueError, np.linalg.LinAlgError) as error:
        raise ProfileError("damaged") from error
    profile = CurveProfile(curves, matrix)
    return None if profile.is_srgb() else profile


class CurveProfile:
    """A profile of tone curves and a matrix.

    Parameters
    ----------
    curves : list of 1 or 3 ndarray of shape (65536,), float64 in [0, 1]
        Linear light for each 16-bit sample.
    matrix : ndarray of shape (C, C)
        From the profile's linear light to linear sRGB.
    """

    exact = True  # the conversion to sRGB loses nothing

    def __init__(self, curves, matrix):
        self._curves = [curve.astype(np.float32) for curve in curves]
        self._inverses = [_inverse(curve) for curve in curves]
        self._matrix = matrix.astype(np.float32)
        self._back = np.linalg.inv(matrix).astype(np.float32)

    def is_srgb(self) -> bool:
        """Tell whether converting would change nothing that can be seen.

        Returns
        -------
        bool
        """
        nodes = np.linspace(0, 1, _NODES, dtype=np.float32)
        same_curves = all(np.abs(srgb_values(curve) - nodes).max() < _SAME for curve in self._curves)
        return same_curves and np.abs(self._matrix - np.eye(len(self._matrix))).max() < _SAME

    def to_srgb(self, samples: Samples) -> Array:
        """Convert file samples to sRGB without clipping: colours outside sRGB fall outside [0, 1].

        Parameters
        ----------
        samples : ndarray of shape (..., C), uint8 or uint16

        Returns
        -------
        ndarray of the same shape, float32
        """
        step = 257 if samples.dtype == np.uint8 else 1
        light = np.empty(samples.shape, np.float32)
        for channel, curve in enumerate(self._curves):
            light[..., channel] = curve[::step][samples[..., channel]]
        return srgb_values(light @ self._matrix.T)

    def from_srgb(self, pixels: Image) -> Array:
        """Convert sRGB to the values a file with this profile holds.

        Parameters
        ----------
        pixels : ndarray of shape (..., C), float32 in [0, 1]

        Returns
        -------
        ndarray of the same shape, float32 in [0, 1]
        """
        light = linear_light(pixels) @ self._back.T
        position = np.sqrt(np.clip(light, 0, 1, out=light), out=light)
        position *= np.float32(_NODES - 1)
        below = np.minimum(position.astype(np.int32), _NODES - 2)
        position -= below
        values = np.empty(pixels.shape, np.float32)
        for channel, inverse in enumerate(self._inverses):
            low = inverse[below[..., channel]]
            high = inverse[below[..., channel] + 1]
            values[..., channel] = low + position[..., channel] * (high - low)
        return values


class TableProfile:
    """A profile made of look-up tables, converted by LittleCMS with 8 bits.

    Parameters
    ----------
    icc : bytes
    channels : int

    Raises
    ------
    ProfileError
        LittleCMS cannot convert in both directions.
    """

    exact = False  # the conversion to sRGB clips and rounds

    def __init__(self, icc, channels):
        mode = self._mode = "L" if channels == 1 else "RGB"
        profile, srgb = ImageCms.getOpenProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB")
        try:
            self._there = ImageCms.buildTransform(profile, srgb, mode, "RGB")
            self._back = ImageCms.buildTransform(srgb, profile, "RGB", mode)
        except (ImageCms.PyCMSError, ValueError) as error:
            raise ProfileError("one-way") from error

    def to_srgb(self, samples: Samples) -> Array:
        """Convert file samples to sRGB, clipped.

        Parameters
        ----------
        samples : ndarray of shape (H, W, C), uint8 or uint16

        Returns
        -------
        ndarray of the same shape, float32 in [0, 1]
        """
        if samples.dtype == np.uint16:
            samples = ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
        return self._convert(samples, self._mode, self._there)[..., : samples.shape[-1]]

    def from_srgb(self, pixels: Image) -> Array:
        """Convert sRGB to the values a file with this profile holds.

        Parameters
        ----------
        pixels : ndarray of shape (H, W, C), float32 in [0, 1]

        Returns
        -------
        ndarray of the same shape, float32 in [0, 1]
        """
        samples = np.rint(pixels * np.float32(255)).astype(np.uint8)
        if samples.shape[-1] == 1:
            samples = samples.repeat(3, axis=-1)
        return self._convert(samples, "RGB", self._back)

    @staticmethod
    def _convert(samples, mode, transform):
        image = PillowImage.fromarray(np.ascontiguousarray(samples if mode == "RGB" else samples[..., 0]))
        converted = np.asarray(ImageCms.applyTransform(image, transform))
        return converted.reshape(*converted.shape[:2], -1) / np.float32(255)


Profile: TypeAlias = CurveProfile | TableProfile


def image_to_srgb(image: PillowImage.Image, icc: bytes | None = None) -> PillowImage.Image:
    """Convert a whole CMYK or LAB image to 8-bit sRGB.

    Parameters
    ----------
    image : PIL.Image.Image of mode CMYK or LAB
    icc : bytes, optional
        The profile of a CMYK image.

    Returns
    -------
    PIL.Image.Image of mode RGB
    """
    srgb = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        return _applied(ImageCms.buildTransform(ImageCms.createProfile("LAB"), srgb, "LAB", "RGB"), image)
    if icc and icc[16:20] == b"CMYK":
        try:
            profile = ImageCms.getOpenProfile(io.BytesIO(icc))
            return _applied(ImageCms.buildTransform(profile, srgb, "CMYK", "RGB"), image)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a damaged profile is no reason to refuse the picture
    return image.convert("RGB")


def _applied(transform, image) -> PillowImage.Image:
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # it is None only where the image is changed in place
    return converted


def _tags(icc):
    (count,) = struct.unpack_from(">I", icc, 128)
    if count > 100:  # ICC defines fewer than 100 tags
        raise ValueError(f"{count} tags")
    table = [struct.unpack_from(">4sII", icc, 132 + 12 * number) for number in range(count)]
    return {name: icc[offset : offset + size] for name, offset, size in table}


def _matrix(tags):
    columns = [struct.unpack(">3i", tags[name][8:20]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    to_xyz = np.array(columns).T / 65536
    if np.linalg.cond(to_xyz) > 1e4:
        raise ValueError("the primaries span no colour space")
    return np.linalg.solve(_SRGB_TO_XYZ, to_xyz)


def _curve(tag):
    """Sample a `curv` or `para` tag (ICC.1:2010, 10.5 and 10.15) at every 16-bit value."""
    x = np.linspace(0, 1, _NODES)
    if tag[:4] == b"para":
        curve = _parametric(x, *struct.unpack_from(">H", tag, 8), tag[12:])
    elif tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            curve = x
        elif count == 1:
            curve = x ** (struct.unpack_from(">H", tag, 12)[0] / 256)
        else:
            points = np.frombuffer(tag, ">u2", count, 12) / 65535
            curve = np.interp(x, np.linspace(0, 1, count), points)
    else:
        raise ValueError("unknown kind of curve")
    curve = np.maximum.accumulate(np.clip(curve, 0, 1))  # it has to be inverted
    if not curve[-1] > curve[0]:
        raise ValueError("the curve is flat")
    return curve


def _parametric(x, kind, parameters):
    if kind > 4:
        raise ValueError("unknown kind of curve")
    given = [value / 65536 for value in struct.unpack_from(f">{(1, 3, 4, 5, 7)[kind]}i", parameters)]
    if kind == 0:
        return x ** given[0]
    g, a, b = given[:3]
    if kind in (1, 2):
        c, d = 0, -b / a if a else 0
        e = f = given[3] if kind == 2 else 0
    else:
        c, d = given[3:5]
        e, f = given[5:] if kind == 4 else (0, 0)
    return np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)


def _inverse(curve):
    """Invert a curve on nodes even in the square root of light, where most curves are nearly straight."""
    light = np.linspace(0, 1, _NODES) ** 2
    return np.interp(light, curve, np.linspace(0, 1, _NODES)).astype(np.float32)
