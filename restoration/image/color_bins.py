"""The bins of CIELAB's a and b that the colour network chooses from."""

from functools import cache

import numpy as np

from restoration.image.lab import to_lab
from restoration.image.types import Array

# Steps along a and b. They grow with the distance from gray as the eye's threshold does (CIE 2000: 1 + 0.045 C), so
# that skin and sky have as many neighbours to choose from as fire engines.
KNOTS = (-115, -84, -60, -41, -27, -16, -7, 0, 7, 16, 27, 41, 60, 84, 115)


@cache
def bin_colors() -> Array:
    """Return the colours that the network chooses from.

    Returns
    -------
    ndarray of shape (Q, 2), float32
        a and b of each: those of the grid of `KNOTS` that some sRGB colour has a share of. A colour shared linearly
        among its four neighbours is their mean by these shares.
    """
    knots = np.array(KNOTS, np.float32)
    steps = np.linspace(0, 1, 33, dtype=np.float32)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    cells = np.clip(np.searchsorted(knots, to_lab(cube)[:, 1:]), 1, len(knots) - 1)
    used = np.zeros((len(knots), len(knots)), bool)
    for a in (0, 1):
        for b in (0, 1):
            used[cells[:, 0] - a, cells[:, 1] - b] = True
    return knots[np.argwhere(used)]
