"""Phantoms of computed tomography: objects whose every value is known, in Hounsfield units."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from restoration.image.hounsfield import AIR_HU
from restoration.image.types import Array, Seed

DISC_RADII, DISC_CONTRASTS = (3.0, 5.0, 8.0), (20.0, -20.0, 40.0, -40.0, 80.0)  # of `disc_phantom`: pixels, HU
SUBPIXELS = 4  # along a side: edges of shapes are smooth to a quarter of a pixel


class Disc(NamedTuple):
    """A disc of low contrast: column and row of its middle and its radius in pixels, its contrast in HU."""

    center: tuple[float, float]
    radius: float
    contrast: float


def random_phantom(side: int = 512, *, seed: Seed) -> Array:
    """Draw a body of random ellipses: a soft trunk with organs, cavities, bones, and small discs of low contrast.

    Parameters
    ----------
    side : int
        In pixels.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of shape (side, side), float32, in HU
    """
    generator = np.random.default_rng(seed)
    phantom = np.full((side, side), AIR_HU, np.float32)
    axes = side * generator.uniform([0.28, 0.2], [0.46, 0.38])
    center = side / 2 + generator.uniform(-0.03, 0.03, 2) * side
    angle = generator.uniform(0, 180)
    inside = _ellipse(side, center, axes, angle)
    _paint(phantom, inside, generator.uniform(-110, -80))  # fat under the skin
    wall = _ellipse(side, center, axes - side * generator.uniform(0.01, 0.06), angle)
    _paint(phantom, wall, generator.uniform(20, 70))

    def scattered(count, smallest, largest, low, high):
        for _ in range(count):
            place = center + generator.uniform(-0.75, 0.75, 2) * axes.min()
            shape = side * generator.uniform(smallest, largest) * generator.uniform([1, 0.5], [1, 1])
            mask = _ellipse(side, place, shape, generator.uniform(0, 180)) * wall
            _paint(phantom, mask, generator.uniform(low, high))

    scattered(generator.integers(2, 6), 0.04, 0.2, -20, 120)  # organs
    scattered(generator.integers(0, 4), 0.04, 0.18, -900, -700)  # lungs and gas
    scattered(generator.integers(2, 7), 0.005, 0.04, -120, 300)  # vessels and fat
    scattered(generator.integers(2, 8), 0.008, 0.035, 300, 1500)  # bones
    for _ in range(60):
        paint_random_disc(generator, phantom, center + generator.uniform(-0.8, 0.8, 2) * axes.min(), largest=10)
    return np.maximum(phantom, np.float32(AIR_HU))


def paint_disc(slice_hu: Array, center: Array, *, radius: float, contrast: float) -> None:
    """Add a disc to a slice, in place.

    Parameters
    ----------
    slice_hu : ndarray of shape (H, W), in HU
    center
        Column and row.
    radius : float
        In pixels.
    contrast : float
        Added to what is there, in HU.
    """
    reach = int(np.ceil(radius)) + 2
    column, row = (int(value) for value in np.round(center))
    rows, columns = slice(max(row - reach, 0), row + reach + 1), slice(max(column - reach, 0), column + reach + 1)
    part = slice_hu[rows, columns]
    if part.size:
        y, x = np.mgrid[rows.start : rows.start + part.shape[0], columns.start : columns.start + part.shape[1]]
        distance = np.hypot(x - center[0], y - center[1])
        part += np.float32(contrast) * np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)


def paint_random_disc(generator: np.random.Generator, slice_hu: Array, center: Array, *, largest: float) -> None:
    """Add a disc of 8 to 80 HU, lighter or darker, of a radius from 1.5 pixels to `largest`; see `paint_disc`."""
    radius = generator.uniform(1.5, largest)
    contrast = float(generator.choice([-1, 1]) * generator.uniform(8, 80))
    paint_disc(slice_hu, center, radius=radius, contrast=contrast)


def _paint(phantom, mask, value):
    phantom += mask * (np.float32(value) - phantom)


def _ellipse(side, center, axes, angle):
    """Return the share of each pixel that an ellipse covers, (side, side) float32 in [0, 1]."""
    large = np.zeros((side * SUBPIXELS,) * 2, np.uint8)
    place, lengths = (tuple(float(SUBPIXELS * value) for value in pair) for pair in (center, 2 * np.asarray(axes)))
    cv2.ellipse(large, (place, lengths, float(angle)), 255, -1)
    return cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def disc_phantom(side: int = 512) -> tuple[Array, list[Disc]]:
    """Draw a body of water-like tissue with small discs of low contrast on a ring, so that the noise of all is alike.

    Parameters
    ----------
    side : int
        In pixels.

    Returns
    -------
    phantom : ndarray of shape (side, side), float32, in HU
    discs : list of Disc
    """
    middle = side / 2
    phantom = np.full((side, side), AIR_HU, np.float32)
    _paint(phantom, _ellipse(side, np.full(2, middle), side * np.array([0.42, 0.34]), 0), -95.0)
    _paint(phantom, _ellipse(side, np.full(2, middle), side * np.array([0.4, 0.32]), 0), 40.0)
    kinds = [(radius, contrast) for radius in DISC_RADII for contrast in DISC_CONTRASTS]
    discs = []
    for number, (radius, contrast) in enumerate(kinds):
        angle = 2 * np.pi * number / len(kinds)
        center = (middle + 0.26 * side * np.cos(angle), middle + 0.26 * side * np.sin(angle))
        discs.append(Disc(center, radius, contrast))
        paint_disc(phantom, np.array(center), radius=radius, contrast=contrast)
    return phantom, discs


def disc_contrast(slice_hu: Array, disc: Disc) -> float:
    """Measure the contrast of a disc: the mean of its inside less that of a ring around it, in HU.

    Parameters
    ----------
    slice_hu : ndarray of shape (H, W), in HU
    disc
    """
    y, x = np.mgrid[: slice_hu.shape[0], : slice_hu.shape[1]]
    distance = np.hypot(x - disc.center[0], y - disc.center[1])
    ring = (distance > disc.radius + 2) & (distance < disc.radius + 7)
    return float(slice_hu[distance <= disc.radius - 1].mean() - slice_hu[ring].mean())


def contrast_kept(slice_hu: Array, truth_hu: Array, discs: Sequence[Disc]) -> list[float]:
    """Return the share of each disc's contrast that a slice keeps; 1 is all of it.

    Parameters
    ----------
    slice_hu, truth_hu : ndarrays of shape (H, W), in HU
    discs
    """
    return [disc_contrast(slice_hu, disc) / disc_contrast(truth_hu, disc) for disc in discs]
