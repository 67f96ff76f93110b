"""Slices of computed tomography in Hounsfield units, and the windows that they are looked at through."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from restoration.image.checks import ImageError
from restoration.image.types import Array, Image

NOT_FOR_DIAGNOSIS = "For teaching and research, not for diagnosis."  # on every page, card and file of a scan
AIR_HU = -1000.0
FARTHEST_HU = 70000.0  # 16 bits without a rescale intercept reach 65535


class Window(NamedTuple):
    """A range of Hounsfield units that is shown as black to white."""

    center: float
    width: float

    @property
    def low(self) -> float:
        """What is shown as black, in HU."""
        return self.center - self.width / 2

    @property
    def high(self) -> float:
        """What is shown as white, in HU."""
        return self.center + self.width / 2


WINDOWS = {
    "soft tissue": Window(40, 400),
    "lung": Window(-600, 1500),
    "bone": Window(480, 2500),
    "brain": Window(40, 80),
}
SOFT_TISSUE = WINDOWS["soft tissue"]


def windowed(slice_hu: Array, window: Window) -> Image:
    """Return a slice as an image: a window's range is black to white, the rest is cut off.

    Parameters
    ----------
    slice_hu : ndarray of shape (H, W), in HU
    window

    Returns
    -------
    ndarray of shape (H, W, 1), float32 in [0, 1]
    """
    return np.clip((slice_hu[..., None] - window.low) / window.width, 0, 1).astype(np.float32)


def window_rmse(slice_hu: Array, truth_hu: Array, window: Window = SOFT_TISSUE) -> float:
    """Return the root mean square error, in HU, over the pixels whose true value a window shows.

    Parameters
    ----------
    slice_hu, truth_hu : ndarrays of shape (H, W), in HU
    window

    Returns
    -------
    float
        NaN where the window shows no pixel.
    """
    shown = (truth_hu >= window.low) & (truth_hu <= window.high)
    error = (slice_hu - truth_hu)[shown].astype(np.float64)
    return float(np.sqrt(np.mean(np.square(error)))) if error.size else float("nan")


def checked_slice(slice_hu: ArrayLike) -> Array:
    """Return a slice as float32, or say why it is none.

    Parameters
    ----------
    slice_hu : array of shape (H, W), in HU

    Returns
    -------
    ndarray of the same shape, float32

    Raises
    ------
    ImageError
        If the shape is another, a side is empty, or a value is not finite or beyond what 16 bits hold.
    """
    array = np.asarray(slice_hu)
    if array.ndim != 2 or 0 in array.shape:
        raise ImageError(
            f"A slice has the shape (height, width) with at least one pixel, this array has {array.shape}; give one "
            "slice of a volume at a time."
        )
    if array.dtype.kind not in "iuf":
        raise ImageError(f"A slice holds numbers in Hounsfield units, this array holds {array.dtype}; convert it.")
    array = array.astype(np.float32, copy=False)
    low, high = float(array.min()), float(array.max())  # a NaN is handed on by both
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ImageError("The slice holds values that are not finite numbers (NaN or infinity); replace them first.")
    if max(-low, high) > FARTHEST_HU:
        raise ImageError(
            f"The slice holds values from {low:g} to {high:g}, but Hounsfield units stay within {FARTHEST_HU:g}; "
            "rescale it: air is -1000, water 0."
        )
    return array
