"""Strips of rows: a large photograph is decoded, converted and encoded a million pixels at a time."""

from collections.abc import Iterator

from restoration.image.types import Samples

STRIP_PIXELS = 1 << 20


def strip_rows(height: int, width: int) -> Iterator[slice]:
    """Cut the rows of an image into strips of about a million pixels.

    Parameters
    ----------
    height, width : int

    Yields
    ------
    slice
    """
    step = max(1, STRIP_PIXELS // width)
    for top in range(0, height, step):
        yield slice(top, min(top + step, height))


def strips_of(samples: Samples) -> Iterator[tuple[slice, Samples]]:
    """Cut an array into strips of rows.

    Parameters
    ----------
    samples : ndarray of shape (H, W, C)

    Yields
    ------
    rows : slice
    strip : ndarray of shape (rows, W, C)
    """
    for rows in strip_rows(*samples.shape[:2]):
        yield rows, samples[rows]
