"""File colours <-> sRGB in float32, for row strips.

Pillow converts 8-bit images only and clips at the edges of sRGB. Nearly every profile found in a photograph
(sRGB, Display P3, Adobe RGB, ProPhoto, Rec. 2020, gray gamma) is three curves and a 3x3 matrix; those of scanners and
printers are tables. Both are computed here, unclipped and without rounding.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from restoration.image.srgb import linear_light, srgb_values
from restoration.image.types import Array, Image, Samples
from restoration.photo.icc_curve import NODES, invertible, read_curve
from restoration.photo.icc_table import IccTable

# Columns: XYZ of the sRGB primaries adapted to D50, the white of every ICC profile (ICC.1:2010, annex E).
SRGB_TO_XYZ = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
D50 = np.array([0.9642, 1, 0.8249])
_XYZ_TO_SRGB = np.linalg.inv(SRGB_TO_XYZ).astype(np.float32)
_SAME = 1 / 1024  # curves and colours closer than this cannot be told apart in 8 bits
_XYZ_ONE = 32768 / 65535  # how a table stores an XYZ of 1
# Perceptual tables of version 4 have this black (ICC.1:2010, 6.3.4.3); it becomes sRGB's.
_PERCEPTUAL_BLACK = np.array([0.00336, 0.0034731, 0.00287])
_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}


class ProfileError(ValueError):
    """The profile is damaged or does not fit the image."""


def read_profile(icc: bytes, channels: int) -> "Profile | None":
    """Interpret an ICC profile.

    Parameters
    ----------
    icc : bytes
    channels : int
        1 for a gray image, 3 for a colour image, 4 for CMYK.

    Returns
    -------
    CurveProfile, TableProfile, OneWay or None
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
    if space != _SPACES[channels]:
        raise ProfileError(f"made for {space.decode('latin-1').strip()} images")
    names = {1: (b"kTRC",), 3: (b"rTRC", b"gTRC", b"bTRC"), 4: (b"none",)}[channels]
    try:
        if b"A2B0" in tags or not all(name in tags for name in names):
            return _table_profile(icc, tags, channels)
        curves = [invertible(read_curve(tags[name])[0]) for name in names]
        matrix = np.eye(1) if channels == 1 else _matrix(tags)
    except (KeyError, IndexError, struct.error, ValueError, np.linalg.LinAlgError) as error:
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

    exact = True  # `from_srgb` undoes `to_srgb`

    def __init__(self, curves: list[NDArray[np.float64]], matrix: NDArray[np.float64]) -> None:
        # Gray stays gray: the fixed-point numbers of a profile leave a tint of a hundredth of a level.
        matrix = np.eye(len(matrix)) if np.abs(matrix - np.eye(len(matrix))).max() < _SAME else matrix
        sums = matrix.sum(axis=1, keepdims=True)
        matrix = matrix / sums if np.abs(sums - 1).max() < _SAME else matrix
        self._curves = [curve.astype(np.float32) for curve in curves]
        self._inverses = [_inverse(curve) for curve in curves]
        self._matrix = matrix.astype(np.float32)
        self._back = np.linalg.inv(matrix).astype(np.float32)

    def is_srgb(self) -> bool:
        """Tell whether converting would change nothing that can be seen."""
        nodes = np.linspace(0, 1, NODES, dtype=np.float32)
        same_curves = all(np.abs(srgb_values(curve) - nodes).max() < _SAME for curve in self._curves)
        return same_curves and bool(np.abs(self._matrix - np.eye(len(self._matrix))).max() < _SAME)

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
        position *= np.float32(NODES - 1)
        below = np.minimum(position.astype(np.int32), NODES - 2)
        position -= below
        values = np.empty(pixels.shape, np.float32)
        for channel, inverse in enumerate(self._inverses):
            low = inverse[below[..., channel]]
            high = inverse[below[..., channel] + 1]
            values[..., channel] = low + position[..., channel] * (high - low)
        return values


class TableProfile:
    """A profile made of look-up tables in both directions.

    Parameters
    ----------
    there, back : IccTable
        From the device to the connection space, and back.
    by_lab : bool
        The connection space is CIELAB; otherwise it is XYZ.
    black : ndarray of shape (3,)
        XYZ of its black.
    """

    exact = False  # `from_srgb` undoes `to_srgb` only nearly

    def __init__(self, there: IccTable, back: IccTable, by_lab: bool, black: NDArray[np.float64]) -> None:
        self._there, self._back, self._by_lab, self._black = there, back, by_lab, black

    def to_srgb(self, samples: Samples) -> Array:
        """Convert file samples to sRGB, unclipped; see `CurveProfile.to_srgb`."""
        return table_to_srgb(samples, self._there, self._by_lab, self._black)[..., : samples.shape[-1]]

    def from_srgb(self, pixels: Image) -> Array:
        """Convert sRGB to the values a file with this profile holds; see `CurveProfile.from_srgb`."""
        if pixels.shape[-1] == 1:
            pixels = pixels.repeat(3, axis=-1)
        xyz = linear_light(pixels) @ SRGB_TO_XYZ.T.astype(np.float32)
        xyz = xyz * ((D50 - self._black) / D50).astype(np.float32) + self._black.astype(np.float32)
        values = _lab_from_xyz(xyz) * self._back.lab_scale if self._by_lab else xyz * np.float32(_XYZ_ONE)
        return self._back(values)


@dataclass(frozen=True)
class OneWay:
    """Colours that can be converted to sRGB and not back: the photograph becomes sRGB.

    Attributes
    ----------
    to_srgb : callable
        Takes samples (..., C), uint8 or uint16; returns (..., 3) float32.
    note : str
        A sentence for people.
    """

    to_srgb: Callable[[Samples], Array]
    note: str


TwoWayProfile: TypeAlias = CurveProfile | TableProfile
Profile: TypeAlias = TwoWayProfile | OneWay


def table_to_srgb(samples: Samples, table: IccTable, by_lab: bool, black: NDArray[np.float64]) -> Array:
    """Convert file samples by the table of a profile; see `TableProfile`."""
    values = table(_as_float(samples))
    xyz = _xyz_from_lab(values / table.lab_scale) if by_lab else values / np.float32(_XYZ_ONE)
    xyz = (xyz - black.astype(np.float32)) * (D50 / (D50 - black)).astype(np.float32)
    return srgb_values(xyz @ _XYZ_TO_SRGB.T)


def cmyk_to_srgb(samples: Samples) -> Array:
    """Convert CMYK samples (..., 4) without a profile: (1 - ink) (1 - black)."""
    light = 1 - _as_float(samples)
    return light[..., :3] * light[..., 3:]


def lab_to_srgb(samples: Samples) -> Array:
    """Convert samples (..., 3) of CIELAB (D50) to sRGB.

    L fills the range; the middle of the range of a and b (128 of 255, 32896 of 65535) is 0.
    """
    return srgb_values(_xyz_from_lab(_as_float(samples)) @ _XYZ_TO_SRGB.T)


def _as_float(samples):
    return samples / np.float32(np.iinfo(samples.dtype).max)


def _xyz_from_lab(stored):
    """Convert (L / 100, (a + 128) / 255, (b + 128) / 255) to XYZ under D50."""
    y = (stored[..., 0] * np.float32(100) + 16) / 116
    a, b = stored[..., 1] * np.float32(255) - 128, stored[..., 2] * np.float32(255) - 128
    roots = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    knee = np.float32(6 / 29)
    return np.where(roots > knee, roots**3, 3 * knee**2 * (roots - np.float32(4 / 29))) * D50.astype(np.float32)


def _lab_from_xyz(xyz):
    """Convert XYZ under D50 to (L / 100, (a + 128) / 255, (b + 128) / 255)."""
    ratios = xyz / D50.astype(np.float32)
    knee = np.float32(6 / 29)
    roots = np.where(ratios > knee**3, np.cbrt(ratios), ratios / (3 * knee**2) + np.float32(4 / 29))
    x, y, z = np.moveaxis(roots, -1, 0)
    stored = [(116 * y - 16) / 100, (500 * (x - y) + 128) / 255, (200 * (y - z) + 128) / 255]
    return np.stack(stored, axis=-1).astype(np.float32)


def _table_profile(icc, tags, channels):
    by_lab = icc[20:24] == b"Lab "
    there = IccTable(tags[b"A2B0"])
    if (there.inputs, there.outputs) != (channels, 3):
        raise ValueError("the table is made for other channels")
    black = _PERCEPTUAL_BLACK if icc[8] >= 4 else np.zeros(3)
    if channels < 4 and b"B2A0" in tags:
        back = IccTable(tags[b"B2A0"], from_xyz=not by_lab)
        if (back.inputs, back.outputs) != (3, channels):
            raise ValueError("the table is made for other channels")
        return TableProfile(there, back, by_lab, black)
    if channels < 4:
        note = "The colour profile describes reading alone, so the colours were converted to sRGB."
    else:
        note = "The CMYK colours were converted to sRGB."
    return OneWay(lambda samples: table_to_srgb(samples, there, by_lab, black), note)


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
    return np.linalg.solve(SRGB_TO_XYZ, to_xyz)


def _inverse(curve):
    """Invert a curve on nodes even in the square root of light, where most curves are nearly straight."""
    light = np.linspace(0, 1, NODES) ** 2
    return np.interp(light, curve, np.linspace(0, 1, NODES)).astype(np.float32)
