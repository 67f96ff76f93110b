"""Predicted colours of one image: a distribution over colour bins, or one estimate, at each place."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from restoration.image.color_bins import bin_colors
from restoration.image.types import Array

# How far a hint's own correction reaches: share of the longer side, units of lightness, and the weight of no change.
HINT_SPREAD, HINT_LIGHTNESS, LEAST_WEIGHT = 0.3, 10.0, 0.1
# Places agree on their colour that are near, about as light and predicted alike: share of the longer side, units of
# lightness, and of 1 minus the Bhattacharyya coefficient (weights/trials.md).
AGREEMENT_SPREAD, AGREEMENT_LIGHTNESS, AGREEMENT_UNLIKE = 0.1, 6.0, 0.1
# The default saturation is as vivid as the errors allow: likely colours count more by this power, and what comes out is
# this much more colourful.
SHARPNESS, VIVIDNESS = 1.4, 1.15
ALIKE = 22.0  # two colours that are closer than this in a and b are one choice


@dataclass(frozen=True)
class ColorDistribution:
    """Predicted probabilities of each colour, at each place of one image.

    Parameters
    ----------
    probabilities : ndarray of shape (h, w, colors), float32
        Of each of `restoration.image.color_bins.bin_colors`; h and w are an eighth of the working size.
    height, width : int
        Of the picture.
    lightness : ndarray of shape (h, w), float32 in [0, 100]
        The image's lightness at those places.
    hints : tuple of (row, column, (a, b))
        The hints; each gives its colour to its own place exactly.
    """

    probabilities: Array
    height: int
    width: int
    lightness: Array
    hints: tuple = ()

    def cell(self, row: float, column: float) -> tuple[int, int]:
        """Return the row and column in `probabilities` of one pixel of the picture."""
        height, width = self.probabilities.shape[:2]
        return int((row + 0.5) * height / self.height), int((column + 0.5) * width / self.width)

    def pixel(self, row: int, column: int) -> tuple[int, int]:
        """Return the row and column of the pixel in the middle of a place of `probabilities`."""
        height, width = self.probabilities.shape[:2]
        return int((row + 0.5) * self.height / height), int((column + 0.5) * self.width / width)

    def colors(self, sharpness: float | None = None) -> Array:
        """Return one colour for each place, (h, w, 2) float32: a and b.

        Of the probabilities that neighbouring places agree on, the mean of the likely colours, the likelier ones
        counting more: between the plain mean, which is pale, and the single likeliest colour, which jumps from place to
        place (the annealed mean of Zhang et al. 2016, arXiv:1603.08511). `sharpness` is the power that makes them count
        more, `SHARPNESS` when None.
        """
        sharpened = self._agreed ** (sharpness or SHARPNESS)
        ab = np.float32(VIVIDNESS) * (sharpened @ bin_colors()) / sharpened.sum(axis=-1, keepdims=True)
        return self._with_hints(ab)

    @cached_property
    def _agreed(self):
        """Average the probabilities over each place's surroundings, so that a wall or a face has one colour.

        Weights as of a bilateral filter (Tomasi and Manduchi 1998, doi:10.1109/ICCV.1998.710815), between all places,
        and less where the predictions differ (Bhattacharyya 1943).
        """
        height, width = self.probabilities.shape[:2]
        places = np.mgrid[:height, :width].reshape(2, -1) / np.float32(max(height, width) * AGREEMENT_SPREAD)
        values = np.concatenate([places, self.lightness.reshape(1, -1) / AGREEMENT_LIGHTNESS])
        apart = np.square(values[:, :, None] - values[:, None]).sum(axis=0) / 2
        flat = self.probabilities.reshape(height * width, -1)
        roots = np.sqrt(flat)
        weights = np.exp(-apart - (1 - roots @ roots.T) / AGREEMENT_UNLIKE)
        return (weights / weights.sum(axis=1, keepdims=True) @ flat).reshape(self.probabilities.shape)

    def _with_hints(self, ab):
        """Add what the network's colours lack at the hints, there and on what is near and about as light."""
        rows, columns = np.mgrid[: ab.shape[0], : ab.shape[1]] / np.float32(max(ab.shape[:2]))
        weights, wanted = np.full(ab.shape[:2], LEAST_WEIGHT, np.float32), np.zeros_like(ab)
        for row, column, hint in self.hints:
            place = self.cell(row, column)
            far = np.hypot(rows - rows[place], columns - columns[place]) / HINT_SPREAD
            other = (self.lightness - self.lightness[place]) / HINT_LIGHTNESS
            weight = np.exp(-(far**2) - other**2)
            weights += weight
            wanted += weight[..., None] * (np.float32(hint) - ab[place])
        return ab + wanted / weights[..., None]

    def spread(self) -> Array:
        """Return how far from the mean the true colour is expected, (h, w) float32, in units of a and b."""
        mean = self.probabilities @ bin_colors()
        square = self.probabilities @ np.square(bin_colors()).sum(axis=-1)
        return np.sqrt(np.maximum(square - np.square(mean).sum(axis=-1), 0))

    def palette(self, row: float, column: float, count: int = 6) -> list[tuple[float, ...]]:
        """Return the colours that are plausible at one pixel, the likeliest first.

        Parameters
        ----------
        row, column : int
        count : int
            At most so many.

        Returns
        -------
        list of (a, b)
        """
        row, column = self.cell(row, column)
        probabilities = self.probabilities[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].mean(axis=(0, 1))
        found: list[tuple[float, ...]] = []
        while len(found) < count and probabilities.max() > 0.002:
            near = np.hypot(*(bin_colors() - bin_colors()[probabilities.argmax()]).T) < ALIKE
            found.append(
                tuple(float(part) for part in probabilities[near] @ bin_colors()[near] / probabilities[near].sum())
            )
            probabilities = np.where(near, 0, probabilities)
        return found


@dataclass(frozen=True)
class ColorEstimate:
    """The colours of a network that predicts one for each place: a and b, (h, w, 2) float32."""

    ab: Array

    def colors(self) -> Array:
        """Return a and b, (h, w, 2)."""
        return self.ab
