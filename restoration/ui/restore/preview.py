"""The part of a large image that is restored first, and reduced copies for the eye."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from restoration.image.crop import middle
from restoration.image.types import Array, Image

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


def reduce(image: Image, side: int = REDUCED_SIDE) -> Image:
    """Return an image reduced by area averaging to at most `side` pixels high and wide."""
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.reshape(cv2.resize(image, size, interpolation=cv2.INTER_AREA), (size[1], size[0], -1))


CENTER = Preview("the middle", partial(middle, side=PREVIEW_SIDE))
REDUCED = Preview("reduced", reduce)
