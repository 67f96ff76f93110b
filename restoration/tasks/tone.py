"""Giving a faded photograph its black, its white and its neutral grays back."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restoration.image import lab
from restoration.image.checks import blend_strength, check_one_of, check_within, checked
from restoration.image.types import Array, Image, Progress

TONINGS = ("keep", "neutralise", "put-back")
MEASURED_SIDE = 512  # the picture is measured at this size, where noise and dust are averaged away
DARKEST, BRIGHTEST = 0.2, 99.8  # percentiles that become black and white
SHOULDER = 0.03  # the ends of the range, into which what lies beyond black and white is bent
CLIPPED = 0.05  # percent of the pixels, at each end, that may come nearer to black or white than 8 bits tell
MOST_STRETCH = 4.0
# How far apart the channels' black and white points may lie: more is no cast of a print, but a picture of one colour.
CAST_OF_BLACK, CAST_OF_WHITE = 0.1, 0.3
STRIP_ROWS = 512
_LEVELS = 4096  # of the histogram whose ends must not be clipped
_TONES = 33  # steps of lightness at which a toning's colour is kept


@dataclass(frozen=True)
class Curve:
    """One channel's curve: `black` becomes 0, `white` 1, on a straight line between."""

    black: float
    white: float

    def __call__(self, values: Array) -> Array:
        """Apply the curve to values in [0, 1]; what lies beyond its ends is bent into the range, nothing is clipped."""
        bent = (values - np.float32(self.black)) / np.float32(self.white - self.black)
        low, high = bent < SHOULDER, bent > 1 - SHOULDER
        np.copyto(bent, SHOULDER * np.exp(np.minimum(bent / SHOULDER - 1, 0)), where=low)
        np.copyto(bent, 1 - SHOULDER * np.exp(np.minimum((1 - bent) / SHOULDER - 1, 0)), where=high)
        return bent


def tone(image: Image, *, strength: float = 1.0, toning: str = "keep", progress: Progress | None = None) -> Image:
    """Stretch the tones of a faded photograph from black to white, and take a cast out of a coloured one.

    In a gray or toned print one curve serves all channels. In a coloured one each channel has a curve of its own:
    its percentiles become black and white, as on paper whose white is neutral. No more than 0.1 % of the pixels come to
    lie at black or white that did not lie there.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    strength : float in [0, 1]
        Share of the change that is applied; 0 gives the input back.
    toning : {"keep", "neutralise", "put-back"}
        What becomes of a toned print (sepia): it stays, or goes; "put-back" takes it out, for a pipeline to put it back
        behind its last step (`toning_to_put_back`).
    progress : callable, optional
        ``progress(done, total)`` before the first and after each strip; whatever it raises cancels the run.

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]

    Raises
    ------
    ImageError
        If `image` is no image, or a setting is out of range.
    """
    image = checked(image)
    check_within("strength", strength)
    check_one_of("toning", toning, TONINGS)
    if strength == 0:
        return np.clip(image, 0, 1)
    count = -(-image.shape[0] // STRIP_ROWS)
    if progress:
        progress(0, count)
    change = _change(image, toning)
    toned = np.empty_like(image)
    for index in range(count):
        rows = slice(index * STRIP_ROWS, (index + 1) * STRIP_ROWS)
        toned[rows] = blend_strength(image[rows], change(np.clip(image[rows], 0, 1)), strength)
        if progress:
            progress(index + 1, count)
    return toned


def toning_to_put_back(image: Image, *, strength: float, toning: str) -> Callable[[Image], Image] | None:
    """Return what tones an image as a print was, once all else is done with it.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        The print, before `tone` takes its toning out.
    strength, toning
        As `tone` was told.

    Returns
    -------
    callable or None
        From an image of any size to the toned image (H, W, 3) of its lightness; None where nothing was taken out.
    """
    if toning != "put-back" or strength == 0 or lab.toning(image) != "toned":
        return None
    small = _reduced(image)
    stretched = _gray_curve(image)(lab.to_gray(small))
    light, ab = lab.lightness(stretched).ravel(), lab.to_lab(small)[..., 1:].reshape(-1, 2)
    tones = np.linspace(0, 100, _TONES)
    place = np.clip(np.rint(light / 100 * (_TONES - 1)).astype(int), 0, _TONES - 1)
    counts = np.bincount(place, minlength=_TONES)
    there = counts > 0
    means = [np.bincount(place, ab[:, one], _TONES)[there] / counts[there] for one in range(2)]

    def put_back(restored: Image) -> Image:
        toned = np.empty((*restored.shape[:2], 3), np.float32)
        for row in range(0, len(restored), STRIP_ROWS):
            light = lab.lightness(restored[row : row + STRIP_ROWS])
            ab = np.stack([np.interp(light, tones[there], mean) for mean in means], axis=-1).astype(np.float32)
            toned[row : row + STRIP_ROWS] = lab.from_lab(light, np.float32(strength) * ab)
        return toned

    return put_back


def _change(image, toning):
    """Return what is done with each strip of the picture."""
    kind = lab.toning(image)
    if kind == "coloured":
        small = _reduced(image)
        curves = [_curve(image[..., channel], small[..., channel], CLIPPED / 3) for channel in range(3)]
        least, most = min(curve.black for curve in curves), max(curve.white for curve in curves)
        curves = [
            Curve(min(curve.black, least + CAST_OF_BLACK), max(curve.white, most - CAST_OF_WHITE)) for curve in curves
        ]
        return lambda strip: np.stack([curve(strip[..., channel]) for channel, curve in enumerate(curves)], axis=-1)
    if kind == "gray" or toning == "keep":
        # One curve for all channels: equal ones stay equal, and a toning is stretched as its lightness is.
        return _curve(image, _reduced(image))
    curve = _gray_curve(image)
    return lambda strip: np.repeat(curve(lab.to_gray(strip)), 3, axis=-1)


def _gray_curve(image):
    return _curve(lab.to_gray(np.clip(image, 0, 1)), lab.to_gray(_reduced(image)))


def _curve(values, small, clipped=None):
    """Return the curve of samples (H, W, C) from their percentiles, as `_reduced` gives them (h, w, C)."""
    clipped = clipped or CLIPPED / values.shape[-1]  # percent of the samples, which may lie in as many pixels
    black, white = (float(one) for one in np.percentile(small, (DARKEST, BRIGHTEST)))
    counts = np.bincount((np.clip(values, 0, 1) * (_LEVELS - 1)).astype(np.uint16).ravel(), minlength=_LEVELS)
    share = np.cumsum(counts) / values.size * 100
    # Beyond the ends the curve comes to 0.5 of 255 at this distance, in parts of the range.
    reach = SHOULDER * (np.log(SHOULDER * 510) - 1)
    low = float(np.searchsorted(share, clipped) / (_LEVELS - 1))
    high = float(np.searchsorted(share, 100 - clipped) / (_LEVELS - 1))
    for _ in range(8):  # each end moves the other's reach
        span = max(white - black, 1 / MOST_STRETCH)
        black, white = min(black, low + reach * span), max(white, high - reach * span)
    if white - black < 1 / MOST_STRETCH:
        middle = (black + white) / 2
        black, white = middle - 0.5 / MOST_STRETCH, middle + 0.5 / MOST_STRETCH
    return Curve(black, white)


def _reduced(image):
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, MEASURED_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.clip(cv2.resize(image, size, interpolation=cv2.INTER_AREA), 0, 1)
    return np.asarray(small, np.float32).reshape(size[1], size[0], -1)
