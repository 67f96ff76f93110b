"""The plane of codes of two numbers: its extent, a grid over it, and its gaps; and random codes of any size."""

from typing import TypeAlias

import numpy as np

from restoration.image.types import Array

SHARE = 0.99  # of the codes, along each axis, that a plane shows
GAP = 0.02  # of the plane's width: a place farther than this from every code lies in a gap

Region: TypeAlias = tuple[float, float, float, float]  # left, right, bottom, top


def extent(codes: Array, share: float = SHARE) -> Region:
    """Return the square that holds nearly all codes.

    Parameters
    ----------
    codes : ndarray of shape (n, 2)
    share : float in [0, 1]
        Of the codes that lie inside, along each axis.

    Returns
    -------
    tuple (left, right, bottom, top)
        A twentieth wider than those codes need; as high as wide, so that distances are true.
    """
    low, high = np.quantile(codes, [(1 - share) / 2, (1 + share) / 2], axis=0)
    (x, y), half = (low + high) / 2, 0.525 * float((high - low).max())
    return float(x - half), float(x + half), float(y - half), float(y + half)


def grid(region: Region, count: int) -> Array:
    """Return the codes (count * count, 2) of the middles of a grid's cells, row by row from the top left."""
    left, right, bottom, top = region
    middles = (np.arange(count) + 0.5) / count
    x, y = np.meshgrid(left + (right - left) * middles, top - (top - bottom) * middles)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def gaps(codes: Array, region: Region, count: int = 100) -> np.ndarray:
    """Measure how far each place of a plane is from the nearest code.

    Parameters
    ----------
    codes : ndarray of shape (n, 2)
    region : tuple (left, right, bottom, top)
    count : int
        Places along a side.

    Returns
    -------
    ndarray of shape (count, count), float
        In widths of the plane, rows from the top; above `GAP` a place lies in a gap.
    """
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(codes).query(grid(region, count))
    return (distance / (region[1] - region[0])).reshape(count, count)


def sample_codes(count: int, code_size: int, seed: int, like: Array | None = None) -> Array:
    """Sample codes from a normal distribution, each number independently.

    Parameters
    ----------
    count, code_size, seed : int
    like : ndarray of shape (n, code_size), optional
        Codes whose mean and standard deviation are used; when omitted those of the standard normal, the prior of a
        variational autoencoder.

    Returns
    -------
    ndarray of shape (count, code_size), float32
    """
    drawn = np.random.default_rng(seed).standard_normal((count, code_size))
    if like is not None:
        drawn = like.mean(axis=0) + like.std(axis=0) * drawn
    return drawn.astype(np.float32)
