"""A pad to draw a digit on, with mouse, pen or finger."""

import base64
import binascii

import numpy as np

from restoration.image.types import Image
from restoration.ui.components.assets import component

SIDE = 112  # pixels of a drawing

_mount = component("pad")


def pad(*, key: str, label: str) -> Image | None:
    """Show the pad and return what is drawn on it.

    Parameters
    ----------
    key : str
        Unique in the page.
    label : str
        What to draw, for those who cannot see the pad.

    Returns
    -------
    ndarray of shape (SIDE, SIDE, 1), float32 in [0, 1], or None while it is empty
        White ink on black.
    """
    result = _mount(key=key, data={"label": label, "side": SIDE}, default={"ink": ""}, on_ink_change=lambda: None)
    return decode_ink(result.ink)


def decode_ink(ink: str) -> Image | None:
    """Return the drawing in the pad's base64 text, or None where it is empty or not of the pad's size."""
    try:
        pixels = np.frombuffer(base64.b64decode(ink or "", validate=True), np.uint8)
    except binascii.Error:
        return None
    if pixels.size != SIDE * SIDE or not pixels.any():
        return None
    return (pixels.reshape(SIDE, SIDE, 1) / np.float32(255)).astype(np.float32)
