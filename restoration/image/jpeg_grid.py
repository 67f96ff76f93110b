"""The grid of 8 x 8 blocks that JPEG leaves in an image: how much of it is seen, and where it begins."""

import numpy as np

from restoration.image.crop import middle
from restoration.image.types import Array, Image

BLOCK = 8  # pixels along a side of JPEG's blocks
STEEPEST_STEP = 8.0  # of 255: a steeper step is an edge of the picture, whatever lies in it
MEASURED_SIDE = 1024  # a large image is measured in its middle
FEWEST_BLOCKS = 4  # along an axis
CERTAIN_BLOCKS, CERTAIN = 8, 4.0  # blocks along an axis, and standard errors, from which a grid's place is believed


def blockiness(image: Image) -> float:
    """Return how much the steps at the borders of 8 x 8 blocks exceed those beside them, in levels of 255.

    The blocks may begin anywhere; rows and columns are measured apart, and the mean is returned (after Wang, Sheikh
    and Bovik 2002, doi:10.1109/ICIP.2002.1038064). 0 where an image is too small to tell.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    """
    gray = 255 * middle(image, MEASURED_SIDE).mean(axis=-1)
    phases = [_excess_by_phase(rows).mean(axis=0) for rows in (gray, gray.T)]
    return float(np.mean([one.max() - np.median(one) for one in phases]))


def place_in_jpeg_grid(image: Image) -> tuple[int, int]:
    """Return where an image's first pixel lies in the grid of JPEG's blocks: (0, 0) as it was saved, else cropped.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]

    Returns
    -------
    row, column : int
        0 to 7; 0 along an axis where no grid is found beyond doubt.
    """
    gray = 255 * middle(image, MEASURED_SIDE, grid=BLOCK).mean(axis=-1)
    return _place(gray.T), _place(gray)


def _excess_by_phase(rows: Array) -> Array:
    """Return by how much each step along the rows exceeds its neighbours: a line for each 8, zeros where too few."""
    steps = np.minimum(np.abs(np.diff(rows, axis=1)), STEEPEST_STEP)
    excess = (steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2).mean(axis=0)
    count = len(excess) // BLOCK
    if count < FEWEST_BLOCKS:
        return np.zeros((1, BLOCK), np.float32)
    return excess[: count * BLOCK].reshape(count, BLOCK)


def _place(rows):
    """Return where the first pixel of rows lies in the grid, 0 to 7; 0 where that is not certain."""
    excess = _excess_by_phase(rows)
    phases = excess.mean(axis=0)
    highest, error = int(phases.argmax()), excess.std() / len(excess) ** 0.5
    if len(excess) < CERTAIN_BLOCKS or not phases[highest] - np.median(phases) > CERTAIN * error:
        return 0
    return (-highest - 2) % BLOCK  # the first step that is measured leads from the second pixel to the third
