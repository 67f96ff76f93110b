"""Rounding to the 256 levels that a file of 8 bits holds."""

import numpy as np
from numpy.typing import NDArray

from restoration.image.types import Array


def to_uint8(image: Array) -> NDArray[np.uint8]:
    """Clip to [0, 1] and round to 0 to 255.

    Examples
    --------
    >>> to_uint8(np.array([-0.2, 0.5, 1.5], np.float32)).tolist()
    [0, 128, 255]
    """
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


def round_to_8_bits(image: Array) -> Array:
    """Clip to [0, 1] and round to whole multiples of 1 / 255, as saving to 8 bits and opening again does."""
    return to_uint8(image).astype(np.float32) / np.float32(255)
