"""Interpolate between images or between codes: along lines, along arcs, and over a square between four."""

from collections.abc import Sequence

import numpy as np

from restoration.image.checks import check_one_of
from restoration.image.types import Array

PATHS = ("line", "sphere")


def interpolate(first: Array, second: Array, weights: Sequence[float] | np.ndarray, path: str = "line") -> Array:
    """Interpolate between two points.

    Parameters
    ----------
    first, second : ndarrays of the same shape
        Two images, or two codes.
    weights : sequence of k floats in [0, 1]
        0 gives the first, 1 the second, exactly.
    path : {"line", "sphere"}
        Linear, or spherical around the origin (White 2016, arXiv:1609.04468): its points keep the distance from the
        origin that the ends have, where the codes of a variational autoencoder with many numbers lie.

    Returns
    -------
    ndarray of shape (k, *shape), float32

    Examples
    --------
    >>> ends = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    >>> [round(float(np.linalg.norm(interpolate(*ends, [0.5], path))), 3) for path in PATHS]
    [0.707, 1.0]
    """
    check_one_of("The path", path, PATHS)
    weights = np.asarray(weights, np.float32).reshape(-1, *[1] * np.ndim(first))
    # Factors of exactly 0 and 1 at the ends, so that the ends are what was given, to the bit.
    factors = (1 - weights, weights) if path == "line" else _spherical_factors(first, second, weights)
    return (factors[0] * first + factors[1] * second).astype(np.float32)


def _spherical_factors(first, second, weights):
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) == 0:
        return 1 - weights, weights
    cosine = np.clip(np.vdot(first, second) / (lengths[0] * lengths[1]), -1, 1)
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-4:  # in one direction, or in opposite ones: no arc is the shortest
        return 1 - weights, weights
    factors = np.sin((1 - weights) * angle) / np.sin(angle), np.sin(weights * angle) / np.sin(angle)
    at_first, at_second = weights == 0, weights == 1
    return (
        np.where(at_first, 1, np.where(at_second, 0, factors[0])),
        np.where(at_second, 1, np.where(at_first, 0, factors[1])),
    )


def interpolate_square(corners: Array, count: int, path: str = "line") -> Array:
    """Interpolate over a square between four points: along its top and bottom edge, then from top to bottom.

    Parameters
    ----------
    corners : ndarray of shape (4, *shape)
        Top left, top right, bottom left, bottom right.
    count : int
        Points along a side.
    path : {"line", "sphere"}

    Returns
    -------
    ndarray of shape (count, count, *shape), float32
    """
    weights = np.linspace(0, 1, count)
    top = interpolate(corners[0], corners[1], weights, path)
    bottom = interpolate(corners[2], corners[3], weights, path)
    return np.stack([interpolate(*ends, weights, path) for ends in zip(top, bottom, strict=True)], axis=1)
