"""The strokes of the repair page's brush, kept for the session."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from restoration.tasks.repair_strokes import MOST_STROKES, Stroke, sound_stroke


def stroke_from_browser(given: Mapping[str, Any]) -> Stroke | None:
    """Return the stroke that a browser sent, None where it is none."""
    adds = {"add": True, "erase": False}.get(str(given.get("action")))
    return sound_stroke(adds, given.get("radius"), given.get("points") or ())


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
        stroke = stroke_from_browser(given)
        if stroke and len(self.strokes) < MOST_STROKES:
            self._state[self._key] = (*self.strokes, stroke)

    def clear(self) -> None:
        """Take every stroke back."""
        self._state.pop(self._key, None)

    def replace(self, strokes: Sequence[Stroke]) -> None:
        """Take others in the place of all strokes."""
        self._state[self._key] = tuple(strokes)
