"""Ways from one picture or code to another: straight lines, arcs, and squares between four."""

import numpy as np

from restoration.image.checks import check_one_of

PATHS = ("line", "sphere")


def interpolate(first, second, weights, path="line"):
    """Go from one point to another.

    Parameters
    ----------
    first, second : ndarrays of the same shape
        Two pictures, or two codes.
    weights : sequence of k floats in [0, 1]
        0 is the first, 1 the second, exactly.
    path : {"line", "sphere"}
        The straight line, or the arc around the origin (White 2016, arXiv:1609.04468): its points stay as far from
        the origin as its ends are, where the codes of a variational autoencoder with many numbers lie.

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
    shares = (1 - weights, weights) if path == "line" else _arc(first, second, weights)
    # Shares of exactly 0 and 1, so that the ends are what was given, to the bit.
    return (shares[0] * first + shares[1] * second).astype(np.float32)


def _arc(first, second, weights):
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) == 0:
        return 1 - weights, weights
    cosine = np.clip(np.vdot(first, second) / (lengths[0] * lengths[1]), -1, 1)
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-4:  # in one direction, or in opposite ones: no arc is the shortest
        return 1 - weights, weights
    shares = np.sin((1 - weights) * angle) / np.sin(angle), np.sin(weights * angle) / np.sin(angle)
    ends = weights == 0, weights == 1
    return (
        np.where(ends[0], 1, np.where(ends[1], 0, shares[0])),
        np.where(ends[1], 1, np.where(ends[0], 0, shares[1])),
    )


def interpolate_square(corners, count, path="line"):
    """Fill a square between four points: along the top and the bottom edge first, then down.

    Parameters
    ----------
    corners : sequence of four ndarrays of one shape
        Top left, top right, bottom left, bottom right.
    count : int
        Points along a side.
    path : {"line", "sphere"}

    Returns
    -------
    ndarray of shape (count, count, *shape), float32
    """
    weights = np.linspace(0, 1, count)
    top, bottom = (interpolate(*pair, weights, path) for pair in (corners[:2], corners[2:]))
    return np.stack([interpolate(*ends, weights, path) for ends in zip(top, bottom, strict=True)], axis=1)
