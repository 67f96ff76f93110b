"""How far a denoised image can be trusted, estimated from the residual without knowing the truth.

What was removed should be noise: without the picture's structure in it. Where it is more than noise of that brightness
explains, detail went with it.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from restoration.image.types import Image

WINDOW = 4.0  # pixels, standard deviation of the neighbourhoods that are compared
DETAIL = 2.0  # pixels; what is finer counts as the picture's detail
BRIGHTNESSES = 16  # steps of brightness within which noise counts as equally strong
SUSPICIOUS = 1.5  # times the energy that noise explains; chance alone stays below 1.4 within such a neighbourhood
WHITE = 0.15  # correlation of neighbouring pixels up to which removed noise counts as white
INVISIBLE = 2 / 255  # removing no more than this is never suspicious


@dataclass(frozen=True)
class Removed:
    """What was taken out of a picture.

    Parameters
    ----------
    correlation : float in [-1, 1]
        With the restored picture's detail: 0 for noise alone; high where contrast of edges was taken along.
    neighbours : float in [-1, 1]
        Correlation of neighbouring pixels: 0 for white noise, positive for grain and camera noise.
    excess : ndarray of shape (H, W), float32
        Energy around each pixel over the energy that noise of its brightness explains (1 is pure noise).
    """

    correlation: float
    neighbours: float
    excess: np.ndarray

    @property
    def suspicious(self) -> float:
        """Share of the area where more was removed than noise explains, 0 to 1."""
        return float((self.excess > SUSPICIOUS).mean())

    @property
    def is_white(self) -> bool:
        """Whether neighbouring pixels were degraded independently."""
        return abs(self.neighbours) <= WHITE


def removed(noisy: Image, restored: Image) -> Removed:
    """Examine what a denoiser removed.

    Parameters
    ----------
    noisy, restored : ndarrays of shape (H, W, C), float32

    Returns
    -------
    Removed
    """
    light = restored.mean(axis=-1)
    difference = (noisy - restored).mean(axis=-1)
    difference = difference - _blurred(difference, 2 * WINDOW)  # a change of tone is no noise
    detail = light - _blurred(light, DETAIL)
    return Removed(
        correlation=_correlation(difference, detail),
        neighbours=_correlation(difference[:, 1:], difference[:, :-1]),
        excess=_excess(difference, light),
    )


def _excess(difference, light):
    energy = _blurred(difference**2, WINDOW)
    step = np.minimum((_blurred(light, WINDOW) * BRIGHTNESSES).astype(int), BRIGHTNESSES - 1).clip(0)
    explained = np.full(BRIGHTNESSES, np.median(energy))
    for brightness in range(BRIGHTNESSES):
        here = energy[step == brightness]
        if here.size > 500:  # fewer do not tell
            # A quarter from below: flat areas, where all that is removed is noise.
            explained[brightness] = np.quantile(here, 0.25)
    return (energy / np.maximum(explained[step], INVISIBLE**2)).astype(np.float32)


def _correlation(first, second):
    if first.size < 2 or first.std() < 1e-6 or second.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def _blurred(values, sigma):
    return cv2.GaussianBlur(values, (0, 0), sigma)
