"""Guided upsampling of predicted colours to the size of a photograph, whose lightness stays."""

from collections.abc import Callable

import numpy as np

from restoration.image.lab import from_lab, lightness
from restoration.image.types import Array, Image

GUIDE_SIDE = 640  # colours are fitted to the lightness at this size, then the fit is brought up
GUIDE_REACH, GUIDE_NOISE = 6, 4.0  # in pixels of that size, and in units of lightness
STRIP_ROWS = 256


def strip_count(image: Image) -> int:
    """Return in how many strips an image is upsampled."""
    return -(-image.shape[0] // STRIP_ROWS)


def upsample_colors(image: Image, ab: Array, step: Callable[[], object] = lambda: None) -> Image:
    """Upsample colours to the size of an image: its lightness decides where one ends and another begins.

    A guided filter (He et al. 2013, doi:10.1109/TPAMI.2012.213) fits a and b to the lightness in every small window,
    at a bounded size (He and Sun 2015, arXiv:1505.00996); the fit is brought up, strip by strip.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    ab : ndarray of shape (h, w, 2), float32
        Of any size.
    step : callable
        Called without arguments after each strip.

    Returns
    -------
    ndarray of shape (H, W, 3), float32 in [0, 1]
    """
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, GUIDE_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], -1)
    fit = _fit(
        lightness(np.clip(small, 0, 1)), cv2.resize(ab, size, interpolation=cv2.INTER_CUBIC).reshape(*size[::-1], 2)
    )
    colored = np.empty((height, width, 3), np.float32)
    for row in range(0, height, STRIP_ROWS):
        strip = image[row : row + STRIP_ROWS]
        strip_lightness = lightness(strip)
        slope, offset = np.split(_rows_of(fit, row, strip_lightness.shape, height), 2, axis=-1)
        colored[row : row + STRIP_ROWS] = from_lab(strip_lightness, slope * strip_lightness[..., None] + offset)
        step()
    return colored


def _fit(guide, ab):
    """(h, w) and (h, w, 2) -> (h, w, 4): slopes and offsets so that ab = slope * guide + offset nearly."""
    import cv2

    def mean(values):
        side = 2 * GUIDE_REACH + 1
        return cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT).reshape(values.shape)

    guide = guide[..., None]
    guide_mean, ab_mean = mean(guide), mean(ab)
    variance = mean(guide**2) - guide_mean**2
    slope = (mean(guide * ab) - guide_mean * ab_mean) / (np.maximum(variance, 0) + GUIDE_NOISE**2)
    return np.concatenate([mean(slope), mean(ab_mean - slope * guide_mean)], axis=-1)


def _rows_of(fit: Array, first: int, shape: tuple[int, ...], height: int) -> Array:
    """Return some rows of a fit enlarged to the picture's size, without enlarging the rest."""
    import cv2

    rows, columns = shape
    along = (np.arange(first, first + rows, dtype=np.float32) + 0.5) * fit.shape[0] / height - 0.5
    across = (np.arange(columns, dtype=np.float32) + 0.5) * fit.shape[1] / columns - 0.5
    maps = [np.ascontiguousarray(np.broadcast_to(one, (rows, columns))) for one in (across, along[:, None])]
    return cv2.remap(fit, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).reshape(rows, columns, 4)  # type: ignore[call-overload]
