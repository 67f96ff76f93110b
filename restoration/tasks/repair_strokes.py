"""Strokes of a brush on the mask of what is repaired: they add to it or take away from it."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from restoration.image.types import Mask

MOST_STROKES, MOST_POINTS = 500, 5000
MOST_RADIUS = 0.5  # of the picture's width
SUBPIXEL_BITS = 4  # of OpenCV's drawing


class Stroke(NamedTuple):
    """One stroke of the brush.

    Parameters
    ----------
    adds : bool
        Whether it adds to the mask or takes away from it.
    radius : float
        In shares of the picture's width.
    points : tuple of (x, y)
        In shares of the picture's width and height.
    """

    adds: bool
    radius: float
    points: tuple[tuple[float, float], ...]


def sound_stroke(adds: object, radius: Any, points: Iterable[Sequence[Any]]) -> Stroke | None:
    """Return a stroke, None where these describe none: no numbers, far outside the picture, or too many points."""
    try:
        radius, places = float(radius), tuple((float(x), float(y)) for x, y in points)
    except (TypeError, ValueError, OverflowError):
        return None
    numbers = [radius, *(part for place in places for part in place)]
    is_sound = all(map(math.isfinite, numbers)) and all(-1 <= part <= 2 for part in numbers)
    if not (is_sound and isinstance(adds, bool) and 0 < radius <= MOST_RADIUS and 0 < len(places) <= MOST_POINTS):
        return None
    return Stroke(adds, radius, places)


def with_strokes(mask: Mask, strokes: Sequence[Stroke]) -> Mask:
    """Return a mask (H, W) with strokes drawn on it, one after the other."""
    if not strokes:
        return mask
    height, width = mask.shape
    painted = mask.astype(np.uint8)
    for adds, stroke_radius, stroke_points in strokes:
        scaled = np.array(stroke_points) * (width, height) - 0.5
        points = np.rint(scaled * 2**SUBPIXEL_BITS).astype(np.int32)
        thickness = max(1, round(2 * stroke_radius * width))
        cv2.polylines(painted, [points], False, int(adds), thickness, cv2.LINE_8, SUBPIXEL_BITS)
        for end in (points[0], points[-1]):
            radius = round(stroke_radius * width * 2**SUBPIXEL_BITS)
            cv2.circle(painted, tuple(map(int, end)), radius, int(adds), -1, cv2.LINE_8, SUBPIXEL_BITS)
    return painted > 0
