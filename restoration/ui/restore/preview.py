"""The part of a large image that is restored first, and reduced copies for the eye."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from restoration.image.crop import middle
from restoration.image.resample import reduce
from restoration.image.types import Array

PREVIEW_SIDE = 512  # pixels; takes a third of a second
REDUCED_SIDE = 768


@dataclass(frozen=True)
class Preview:
    """What is restored before the whole of a large image.

    Parameters
    ----------
    name : str
        As the visitor reads it: "the middle".
    extract : callable
        Makes it from an array of shape (H, W, C).
    """

    name: str
    extract: Callable[[Array], Array]


CENTER = Preview("the middle", partial(middle, side=PREVIEW_SIDE))
REDUCED = Preview("reduced", partial(reduce, side=REDUCED_SIDE))
