"""The mask of the repair page: what the network found, with the visitor's strokes on it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import streamlit as st

from restoration.image.types import Mask

MOST_STROKES, MOST_POINTS = 500, 5000
MOST_RADIUS = 0.5  # of the picture's width
SUBPIXEL_BITS = 4  # of OpenCV's drawing


@dataclass(frozen=True)
class Stroke:
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

    @classmethod
    def from_browser(cls, given: Mapping[str, Any]) -> "Stroke | None":
        """Return the stroke that a browser sent, None where it is none."""
        try:
            radius = float(given["radius"])
            points = tuple((float(x), float(y)) for x, y in given["points"])
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        numbers = [radius, *(part for point in points for part in point)]
        is_sound = all(map(math.isfinite, numbers)) and all(-1 <= part <= 2 for part in numbers)
        if given.get("action") not in ("add", "erase") or not is_sound:
            return None
        if not (0 < radius <= MOST_RADIUS and 0 < len(points) <= MOST_POINTS):
            return None
        return cls(given["action"] == "add", radius, points)


def with_strokes(mask: Mask, strokes: Sequence[Stroke]) -> Mask:
    """Return a mask (H, W) with strokes drawn on it, one after the other."""
    if not strokes:
        return mask
    height, width = mask.shape
    painted = mask.astype(np.uint8)
    for stroke in strokes:
        scaled = np.array(stroke.points) * (width, height) - 0.5
        points = np.rint(scaled * 2**SUBPIXEL_BITS).astype(np.int32)
        thickness = max(1, round(2 * stroke.radius * width))
        value = int(stroke.adds)
        cv2.polylines(painted, [points], False, value, thickness, cv2.LINE_8, SUBPIXEL_BITS)
        for end in (points[0], points[-1]):
            radius = round(stroke.radius * width * 2**SUBPIXEL_BITS)
            cv2.circle(painted, tuple(map(int, end)), radius, value, -1, cv2.LINE_8, SUBPIXEL_BITS)
    return painted > 0


class MaskStrokes:
    """The strokes on one photograph, kept for the session.

    Parameters
    ----------
    key : str
        Of the photograph and of what the strokes are drawn on.
    """

    def __init__(self, key: str) -> None:
        self._state: dict[str, tuple[Stroke, ...]] = st.session_state.setdefault("mask strokes", {})
        self._key = key

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes, in their order."""
        return self._state.get(self._key, ())

    def receive(self, given: Mapping[str, Any]) -> None:
        """Take in what the brush sends: a stroke, or that the last one shall go."""
        if given.get("action") == "undo":
            self._state[self._key] = self.strokes[:-1]
            return
        stroke = Stroke.from_browser(given)
        if stroke and len(self.strokes) < MOST_STROKES:
            self._state[self._key] = (*self.strokes, stroke)

    def clear(self) -> None:
        """Take every stroke back."""
        self._state.pop(self._key, None)
