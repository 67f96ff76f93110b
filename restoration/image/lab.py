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

# A photograph is gray if nearly all of it has less chroma than the first. It is toned if its colours stray from a curve
# over the lightness by less than a share of their chroma and by less than so much: more where they are warm, as sepia
# and yellowed paper are, than where they are as blue as skies and water.
TONING_SIDE, LEAST_CHROMA = 128, 2.5
WARM_SHARE, WARM_SPREAD, COOL_SHARE, COOL_SPREAD = 0.215, 5.7, 0.063, 4.1
_TONES, _SMOOTHING = 48, 1.5  # steps of lightness of that curve, and by how many of them it is smoothed
_LESS = 0.5  # what a difference of saturation counts: small detail and clipped lights have it in a toned print too
_TAIL = 2.2  # how much farther the last hundredth may stray than the last twentieth
_FAINT = 9.0  # of a fainter toning the noise of scans and JPEG is a larger share; its chroma counts as so much


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
    chroma, spread, _ = toning_measures(image)
    if chroma < LEAST_CHROMA:
        return "gray"
    return "toned" if spread < 1 else "coloured"


def toning_measures(image: Image) -> tuple[float, float, bool]:
    """Measure what `toning` decides by.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]

    Returns
    -------
    chroma : float
        What nearly all of the picture stays below, in units of CIELAB.
    spread : float
        How far the colours stray from a curve over the lightness; below 1 is toned, 0 for a gray picture.
    warm : bool
        Whether the colours are those of sepia rather than of skies.
    """
    import cv2

    if image.shape[-1] == 1:
        return 0.0, 0.0, False
    height, width = (min(side, TONING_SIDE) for side in image.shape[:2])
    small = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    lab = to_lab(small).reshape(-1, 3)
    ab = lab[:, 1:]
    chroma = np.hypot(*ab.T)
    tone = np.clip(lab[:, 0] / 100 * (_TONES - 1), 0, _TONES - 1)
    step = np.rint(tone).astype(int)
    sums = np.stack([np.bincount(step, weights, _TONES) for weights in (None, *ab.T)]).astype(np.float32)
    counts, *sums_of_ab = cv2.GaussianBlur(sums, (0, 1), _SMOOTHING, sigmaY=1e-3, borderType=cv2.BORDER_CONSTANT)
    curves = [np.interp(tone, np.arange(_TONES), one / np.maximum(counts, 1e-6)) for one in sums_of_ab]
    strays, hue = ab.T - curves, ab.mean(axis=0) / max(float(np.hypot(*ab.mean(axis=0))), 1e-6)
    along, across = hue @ strays, hue[0] * strays[1] - hue[1] * strays[0]
    most_of_all, nearly_all = np.percentile(np.hypot(_LESS * along, across), (95, 99))
    spread = float(max(most_of_all, nearly_all / _TAIL))  # a gray picture with one coloured thing in it is coloured
    warm = bool(ab[:, 1].mean() > 0)
    share, most = (WARM_SHARE, WARM_SPREAD) if warm else (COOL_SHARE, COOL_SPREAD)
    return (
        float(np.percentile(chroma, 99)),
        max(spread / (share * max(float(chroma.mean()), _FAINT)), spread / most),
        warm,
    )


def _linear_from_lab(light, ab):
    root = (light + 16) / 116
    xyz = np.stack([root + ab[..., 0] / 500, root, root - ab[..., 1] / 200], axis=-1)
    return _unrooted(xyz) @ _FROM_XYZ.T


def _rooted(xyz):
    return np.where(xyz > _KNEE**3, np.cbrt(xyz), xyz / np.float32(3 * _KNEE**2) + np.float32(4 / 29))


def _unrooted(root):
    return np.where(root > _KNEE, root**3, np.float32(3 * _KNEE**2) * (root - np.float32(4 / 29)))
