"""The before/after viewer: two images of one size to compare."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from restoration.ui.components.assets import component
from restoration.ui.components.media import media_url

_mount = component("viewer")


def viewer(
    before: bytes | str,
    after: bytes | str,
    *,
    key: str,
    strength: float = 1.0,
    labels: tuple[str, str] = ("before", "after"),
    height: int = 560,
    removed: bool = False,
    gain: float = 8.0,
    alt: str = "Before and after, to compare",
    subject: str = "",
    marks: Sequence[Mapping[str, Any]] = (),
    on_pick: Callable[[int, int, int, int], object] | None = None,
) -> None:
    """Show two images of the same size for comparison.

    Split, blink, side by side, or their difference, with one zoom for all of them. Zoom, position and mode
    belong to the browser: they survive reruns and new images, and changing them reruns nothing.

    Parameters
    ----------
    before, after : bytes or str
        PNG files, or addresses from `media_url`; both of the same height and width. While new ones load, the
        old ones stay in sight.
    key : str
        Unique in the page.
    strength : float in [0, 1]
        The share of `after` in what is shown as after; blended in the browser, so a change loads no image.
    labels : tuple of two str
        The names of the two images.
    height : int, in CSS pixels
        Height of the image area on a wide screen; a narrow or low screen gets less. The tools below take about 44
        more.
    removed : bool
        Whether `after` is `before` without something: the difference is then called *Removed* and is before - after;
        else after - before.
    gain : float
        The first amplification of the difference: 0.5 + gain * difference. The visitor may change it.
    alt : str
        What the images show, for those who cannot see them.
    subject : str
        Identity of what the visitor has asked to see: with another one the viewer scrolls into sight, where it is not.
    marks : sequence of dict
        Marked pixels: row and column, a CSS color, and whether it is the chosen one.
    on_pick : callable, optional
        Called on a click (a press without dragging): ``on_pick(row, column, height, width)``, in pixels of the image
        that is shown, before the page runs again. Only the handle then moves the split.

    Raises
    ------
    ValueError
        If `strength` is outside [0, 1].
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"The strength is {strength}; pass a number from 0 to 1.")
    data = {
        "key": key,
        "before": before if isinstance(before, str) else media_url(before, key=f"{key}-before"),
        "after": after if isinstance(after, str) else media_url(after, key=f"{key}-after"),
        "strength": float(strength),
        "labels": list(labels),
        "height": int(height),
        "removed": removed,
        "gain": float(gain),
        "alt": alt,
        "subject": subject,
        "marks": [{"chosen": False, **mark} for mark in marks],
        "pickable": on_pick is not None,
    }

    def pick() -> None:
        picked = st.session_state[key].picked
        if on_pick and picked:
            on_pick(*(int(picked[part]) for part in ("row", "column", "height", "width")))

    _mount(key=key, data=data, on_picked_change=pick)
