"""One progress over several parts of a work."""

from collections.abc import Sequence
from itertools import accumulate
from typing import overload

from restoration.image.types import Progress

TOTAL = 1000  # in which the whole is reported


@overload
def split_progress(progress: Progress, weights: Sequence[float]) -> list[Progress]: ...
@overload
def split_progress(progress: Progress | None, weights: Sequence[float]) -> list[Progress] | list[None]: ...
def split_progress(progress: Progress | None, weights: Sequence[float]) -> list[Progress] | list[None]:
    """Return a progress for each part of a work, so that all of them together are that of the whole.

    Parameters
    ----------
    progress
        ``progress(done, total)`` of the whole; where it is None, so are all.
    weights
        What each part is expected to cost, in any unit.

    Examples
    --------
    >>> first, second = split_progress(print, [3, 1])
    >>> first(1, 2), second(0, 5), second(5, 5)
    375 1000
    750 1000
    1000 1000
    (None, None, None)
    """
    if progress is None:
        return [None] * len(weights)
    whole = sum(weights) or 1
    ends = accumulate(weights)
    return [_part(progress, (end - weight) / whole, weight / whole) for end, weight in zip(ends, weights, strict=True)]


def _part(progress, before, share):
    return lambda done, total: progress(round(TOTAL * (before + share * done / max(total, 1))), TOTAL)
