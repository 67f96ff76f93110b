"""Taking the noise out of a photograph."""

from functools import partial

import numpy as np

from restoration.degrade.noise import MAX_SIGMA
from restoration.image.checks import blend_strength, check_within, checked
from restoration.image.types import Image, Progress
from restoration.inference.model import model_for
from restoration.inference.self_ensemble import self_ensemble

# Noise is estimated from this many pixels at most: the middles of a grid of patches, so that a large photograph
# takes no longer than a small one.
ESTIMATE_PATCH, ESTIMATE_GRID = 256, 4
MEDIAN_DEVIATION = 0.67449  # of normal noise whose standard deviation is 1


def denoise(
    noisy: Image,
    sigma: float | None = None,
    *,
    preset: str = "best",
    strength: float = 1.0,
    ensemble: bool = False,
    progress: Progress | None = None,
) -> Image:
    """Remove noise from a photograph.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, 1 or 3), float32
        [0, 1] is black to white; measured noise may leave that range. Any height and width from one pixel up.
    sigma : float in [0, 1], optional
        Standard deviation of the noise, where it is known; the network estimates it when omitted.
    preset : {"best", "fast", "lecture"}
        The network; "lecture" is the plain bottleneck that the lectures draw, as a baseline.
    strength : float in [0, 1]
        Share of the change that is applied; 0 gives the input back.
    ensemble : bool
        Run the network on all eight rotations and mirrorings and take the mean: a little better, eight times as slow
        (Timofte et al. 2016, arXiv:1511.02228).
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]

    Raises
    ------
    ImageError
        If `noisy` is no image, a setting is out of range, or the memory left is too small.
    """
    noisy = checked(noisy)
    check_within("strength", strength)
    if sigma is not None:
        check_within("sigma", sigma)
    model = model_for("denoise", preset)
    run = partial(self_ensemble, model) if ensemble else model
    restored = run(noisy, conditioning(sigma), progress)
    return blend_strength(noisy, restored, strength)


def conditioning(sigma: float | None) -> tuple[float, float]:
    """Return what the network is given beside the image: the noise level, and whether it is given at all.

    As in training (`restoration.train.denoise_pairs`); `sigma` is None where the network shall estimate it.
    """
    return (0.0, 0.0) if sigma is None else (min(sigma, MAX_SIGMA), 1.0)


def estimate_sigma(image: Image) -> float:
    """Estimate the standard deviation of the noise in an image.

    The median of the finest wavelet coefficients tells it (Donoho and Johnstone 1994, doi:10.1093/biomet/81.3.425,
    as in scikit-image): right for white noise, too low for noise that is smooth over neighbouring pixels.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32

    Returns
    -------
    float
        In units of [0, 1], averaged over the channels.

    Raises
    ------
    ImageError
        If `image` is none.
    """
    channels = (patch[..., c] for patch in _sample(checked(image)) for c in range(patch.shape[-1]))
    levels = [level for level in map(_level, channels) if level is not None]
    return float(np.mean(levels)) if levels else 0.0


def _level(channel):
    """Return the noise level of one channel (h, w), or None where it is flat and so tells nothing."""
    import pywt

    details = pywt.dwt2(channel, "db2")[1][2]
    details = details[details != 0]
    return np.median(np.abs(details)) / MEDIAN_DEVIATION if details.size else None


def _sample(image):
    """Return the image itself, or a grid of patches out of it where it is large; mirrored to 16 pixels at least."""
    height, width = image.shape[:2]
    if height * width <= (ESTIMATE_GRID * ESTIMATE_PATCH) ** 2:
        missing = [(0, max(0, 16 - height)), (0, max(0, 16 - width)), (0, 0)]
        return [np.pad(image, missing, mode="symmetric")]
    side = ESTIMATE_PATCH
    rows = np.linspace(0, max(0, height - side), ESTIMATE_GRID).astype(int)
    columns = np.linspace(0, max(0, width - side), ESTIMATE_GRID).astype(int)
    return [image[row : row + side, column : column + side] for row in rows for column in columns]
