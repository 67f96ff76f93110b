"""A pad to draw a digit on, with mouse, pen or finger."""

import base64
import binascii

import numpy as np

from restoration.ui.components.assets import component

SIDE = 112  # pixels that a drawing arrives with

_mount = component("pad")


def pad(*, key, label):
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
    return unpacked(result.ink)


def unpacked(ink):
    """Return the drawing that the pad has packed as text, or None where it is empty or no drawing."""
    try:
        pixels = np.frombuffer(base64.b64decode(ink or "", validate=True), np.uint8)
    except binascii.Error:
        return None
    if pixels.size != SIDE * SIDE or not pixels.any():
        return None
    return (pixels.reshape(SIDE, SIDE, 1) / np.float32(255)).astype(np.float32)
