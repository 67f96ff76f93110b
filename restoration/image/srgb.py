"""sRGB values: the linear light they stand for (IEC 61966-2-1), and how much each counts for brightness."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Float = TypeVar("Float", np.float32, np.float64)

# Weights of red, green and blue.
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # in sRGB values (ITU-R BT.601)
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # in linear light (ITU-R BT.709)


def linear_light(srgb: NDArray[Float]) -> NDArray[Float]:
    """Return the light that sRGB values stand for.

    Parameters
    ----------
    srgb : ndarray in [0, 1]

    Returns
    -------
    ndarray of the same shape and dtype, in [0, 1]

    Examples
    --------
    >>> linear_light(np.array([0.0, 0.5, 1.0])).round(3)
    array([0.   , 0.214, 1.   ])
    """
    curved = np.power((srgb + np.float32(0.055)) / np.float32(1.055), np.float32(2.4))
    return np.where(srgb <= np.float32(0.04045), srgb / np.float32(12.92), curved)


def srgb_values(light: NDArray[Float]) -> NDArray[Float]:
    """Return the sRGB values of light, the inverse of `linear_light`.

    Parameters
    ----------
    light : ndarray
        Black is 0 and white 1; odd-symmetric below zero, so that nothing is lost there.

    Returns
    -------
    ndarray of the same shape and dtype
    """
    size = np.abs(light)
    curved = np.float32(1.055) * np.power(size, np.float32(1 / 2.4)) - np.float32(0.055)
    return np.copysign(np.where(size <= np.float32(0.0031308), size * np.float32(12.92), curved), light)
