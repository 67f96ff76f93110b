"""The plane of two-number codes: where its codes lie, what is decoded between them, and where nothing lies."""

import numpy as np

KEPT = 0.99  # share of the codes along each axis that a plane shows
GAP = 0.02  # of the plane's width: a place farther than this from every code lies in a gap


def extent(codes, kept=KEPT):
    """Return the square that holds nearly all codes.

    Parameters
    ----------
    codes : ndarray of shape (n, 2)
    kept : float in [0, 1]
        Share of the codes that lie inside, along each axis.

    Returns
    -------
    tuple (left, right, bottom, top)
        A twentieth wider than those codes need; as high as wide, so that distances are true.
    """
    low, high = np.quantile(codes, [(1 - kept) / 2, (1 + kept) / 2], axis=0)
    (x, y), half = (low + high) / 2, 0.525 * float((high - low).max())
    return float(x - half), float(x + half), float(y - half), float(y + half)


def grid(region, count):
    """Return the codes (count * count, 2) of the middles of a grid's cells, row by row from the top left."""
    left, right, bottom, top = region
    middles = (np.arange(count) + 0.5) / count
    x, y = np.meshgrid(left + (right - left) * middles, top - (top - bottom) * middles)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def sheet(images, columns):
    """Lay pictures (n, h, w, c) side by side, so many a row, into one image (rows * h, columns * w, c)."""
    n, height, width, channels = images.shape
    rows = -(-n // columns)
    padded = np.zeros((rows * columns, height, width, channels), np.float32)
    padded[:n] = images
    folded = padded.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return folded.reshape(rows * height, columns * width, channels)


def gaps(codes, region, count=100):
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


def sample_codes(count, code_size, seed, like=None):
    """Draw codes from a normal distribution, number by number.

    Parameters
    ----------
    count, code_size, seed : int
    like : ndarray of shape (n, code_size), optional
        Codes whose mean and spread the drawn ones get; the standard normal when omitted, where a variational
        autoencoder wants its codes to lie.

    Returns
    -------
    ndarray of shape (count, code_size), float32
    """
    drawn = np.random.default_rng(seed).standard_normal((count, code_size))
    if like is not None:
        drawn = like.mean(axis=0) + like.std(axis=0) * drawn
    return drawn.astype(np.float32)
