"""A brush on a photograph: the visitor marks what shall be filled, with mouse, pen or finger."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from restoration.ui.components.assets import component
from restoration.ui.components.media import media_url

_mount = component("mask_brush")


def mask_brush(
    image: bytes,
    mask: bytes,
    *,
    key: str,
    label: str,
    on_stroke: Callable[[dict[str, Any]], object],
    undoable: bool,
    height: int,
) -> None:
    """Show a photograph with its mask, which the visitor paints on.

    Parameters
    ----------
    image, mask : bytes
        PNG files of one size; the mask gray, white where it is set.
    key : str
        Unique in the page.
    label : str
        What the picture shows, for those who cannot see it.
    on_stroke : callable
        Called with each stroke before the page runs again: a dict of ``action`` ("add", "erase" or "undo"), ``radius``
        in shares of the picture's width, and ``points``, a list of (x, y) in shares of width and height. It comes from
        the browser and is to be checked.
    undoable : bool
        Whether there is a stroke to take back.
    height : int, in CSS pixels
        Of the picture's area on a wide screen.
    """
    data = {
        "key": key,
        "image": media_url(image, key=f"{key}-image"),
        "mask": media_url(mask, key=f"{key}-mask"),
        "label": label,
        "undoable": undoable,
        "height": height,
    }

    def send() -> None:
        stroke = st.session_state[key].stroke
        if isinstance(stroke, dict):
            on_stroke(stroke)

    _mount(key=key, data=data, on_stroke_change=send)
