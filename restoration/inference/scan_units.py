"""How a network for scans is given a slice: 0 to 1 is the soft-tissue window, beside it the level of the noise."""

import numpy as np

from restoration.image.hounsfield import SOFT_TISSUE
from restoration.image.types import Array

LEVEL_AT_FULL_DOSE = 10 / SOFT_TISSUE.width  # by 1 / sqrt(dose) more at less


def to_network(slice_hu: Array) -> Array:
    """Return Hounsfield units as the network computes with them; nothing is cut off.

    Examples
    --------
    >>> to_network(np.array([-160.0, 240.0], np.float32)).tolist()
    [0.0, 1.0]
    """
    return ((slice_hu - SOFT_TISSUE.low) / SOFT_TISSUE.width).astype(np.float32)


def from_network(values: Array) -> Array:
    """Return what a network computed in Hounsfield units."""
    return values * np.float32(SOFT_TISSUE.width) + np.float32(SOFT_TISSUE.low)


def conditioning(dose: float | None) -> tuple[float, float]:
    """Return what the network is given beside the slice: the level of the noise, and whether it is given at all.

    Parameters
    ----------
    dose : float in (0, 1], optional
        None where the network shall estimate it from the slice.
    """
    return (0.0, 0.0) if dose is None else (LEVEL_AT_FULL_DOSE / dose**0.5, 1.0)
