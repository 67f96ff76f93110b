"""The bins of a and b cover what sRGB holds, and no more."""

import numpy as np

from restoration.image.color_bins import KNOTS, bin_colors
from restoration.image.lab import to_lab


def test_every_srgb_colour_lies_between_bins():
    knots, bins = np.array(KNOTS), {tuple(one) for one in bin_colors().tolist()}
    ab = to_lab(np.random.default_rng(0).random((2000, 3), np.float32))[:, 1:]
    above = np.clip(np.searchsorted(knots, ab), 1, len(knots) - 1)
    for row, column in above:
        for corner in ((row, column), (row - 1, column), (row, column - 1), (row - 1, column - 1)):
            assert tuple(knots[list(corner)].astype(float)) in bins
    assert len(bins) < len(KNOTS) ** 2
