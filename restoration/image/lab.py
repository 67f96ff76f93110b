"""CIELAB: lightness apart from colour, what fits into sRGB, whether a photograph has colours at all."""

from typing import Literal

import numpy as np

from restoration.image.checks import checked
from restoration.image.srgb import linear_light, srgb_values
from restoration.image.types import Array, Image

# Linear sRGB to XYZ over the white of D65 (IEC 61966-2-1), so that white is (1, 1, 1).
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
_TO_XYZ = (_TO_XYZ / _TO_XYZ.sum(axis=1, keepdims=True)).astype(np.float32)
_FROM_XYZ = np.linalg.inv(_TO_XYZ.astype(np.float64)).astype(np.float32)
_KNEE = 6 / 29  # of CIELAB's root: below its cube it is a straight line
_BISECTIONS = 10  # chroma is found to a thousandth

# A photograph is gray if nearly all of it has less chroma than the first; it is toned if its colours stray less than
# the second from a curve over the lightness.
TONING_SIDE, LEAST_CHROMA, TONE_SPREAD = 128, 2.5, 5.0


def to_lab(image: Image) -> Array:
    """Return CIELAB (D65) of an sRGB image.

    Parameters
    ----------
    image : ndarray of shape (..., 3), float32 in [0, 1]

    Returns
    -------
    ndarray of the same shape, float32
        L in [0, 100]; a and b in about [-110, 100].
    """
    x, y, z = np.moveaxis(_rooted(linear_light(np.clip(image, 0, 1)) @ _TO_XYZ.T), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lightness(image: Image) -> Array:
    """Return CIELAB's L of an image, which is what a colorization leaves as it is.

    Parameters
    ----------
    image : ndarray of shape (..., 1 or 3), float32 in [0, 1]

    Returns
    -------
    ndarray of shape (...), float32 in [0, 100]
    """
    linear = linear_light(np.clip(image, 0, 1))
    luminance = linear[..., 0] if image.shape[-1] == 1 else linear @ _TO_XYZ[1]
    return 116 * _rooted(luminance) - 16


def to_gray(image: Image) -> Image:
    """Take the colour out of an image and leave its lightness (CIELAB's L) as it is.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]

    Returns
    -------
    ndarray of shape (H, W, 1), float32 in [0, 1]

    Raises
    ------
    ImageError
        If `image` is none.

    Examples
    --------
    >>> to_gray(np.array([[[0.5, 0.5, 0.5], [1, 0, 0]]], np.float32)).round(2)[0, :, 0].tolist()
    [0.5, 0.5]
    """
    return srgb_values(np.clip(_unrooted((lightness(checked(image)) + 16) / 116), 0, 1))[..., None]


def from_lab(light: Array, ab: Array) -> Image:
    """Return the sRGB image of a lightness and a colour; where sRGB has no such colour, a paler one of that lightness.

    Parameters
    ----------
    light : ndarray of shape (...), float32 in [0, 100]
    ab : ndarray of shape (..., 2), float32

    Returns
    -------
    ndarray of shape (..., 3), float32 in [0, 1]
    """
    linear = _linear_from_lab(light, ab)
    outside = (linear.min(axis=-1) < -1e-4) | (linear.max(axis=-1) > 1 + 1e-4)
    if outside.any():
        light, ab = light[outside], ab[outside]
        inside, least = np.zeros(len(light), np.float32), np.ones(len(light), np.float32)
        for _ in range(_BISECTIONS):
            middle = (inside + least) / 2
            tried = _linear_from_lab(light, ab * middle[:, None])
            fits = (tried.min(axis=-1) >= 0) & (tried.max(axis=-1) <= 1)
            inside, least = np.where(fits, middle, inside), np.where(fits, least, middle)
        linear[outside] = _linear_from_lab(light, ab * inside[:, None])
    return srgb_values(np.clip(linear, 0, 1))


def toning(image: Image) -> Literal["gray", "toned", "coloured"]:
    """Tell whether a photograph is gray, toned (sepia, blueprint, a yellowed print) or coloured.

    In a toned print the colour depends on the lightness alone.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]

    Returns
    -------
    {"gray", "toned", "coloured"}
    """
    import cv2

    if image.shape[-1] == 1:
        return "gray"
    height, width = (min(side, TONING_SIDE) for side in image.shape[:2])
    small = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    lab = to_lab(small).reshape(-1, 3)
    light, ab = lab[:, :1] / 100, lab[:, 1:]
    if np.percentile(np.hypot(*ab.T), 99) < LEAST_CHROMA:
        return "gray"
    powers = np.concatenate([light**power for power in range(5)], axis=-1)
    rest = ab - powers @ np.linalg.lstsq(powers, ab, rcond=None)[0]
    return "toned" if np.percentile(np.hypot(*rest.T), 95) < TONE_SPREAD else "coloured"


def _linear_from_lab(light, ab):
    root = (light + 16) / 116
    xyz = np.stack([root + ab[..., 0] / 500, root, root - ab[..., 1] / 200], axis=-1)
    return _unrooted(xyz) @ _FROM_XYZ.T


def _rooted(xyz):
    return np.where(xyz > _KNEE**3, np.cbrt(xyz), xyz / np.float32(3 * _KNEE**2) + np.float32(4 / 29))


def _unrooted(root):
    return np.where(root > _KNEE, root**3, np.float32(3 * _KNEE**2) * (root - np.float32(4 / 29)))
