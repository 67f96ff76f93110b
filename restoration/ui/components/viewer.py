"""The before/after viewer: one look at what a restoration changed.

``encode_png`` is pure and may be cached; ``media_url`` must be called on every run of the script, outside of
any cached function, because Streamlit keeps a file only as long as the latest run has asked for it.
"""

import base64

import cv2
import numpy as np
import streamlit as st
from streamlit import runtime

from restoration.image.eight_bit import to_uint8
from restoration.ui.components.assets import component

PNG_COMPRESSION = 1  # the file crosses one machine, so time matters and size does not
STRIP_ROWS = 256

_mount = component("viewer")


def encode_png(image):
    """Encode an image as PNG without loss beyond the rounding to 8 bits.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Values outside the range are clipped.

    Returns
    -------
    bytes
        An 8-bit gray or RGB PNG.

    Raises
    ------
    ValueError
        If the shape is not (H, W, 1 or 3) with at least one pixel.

    Examples
    --------
    >>> encode_png(np.zeros((2, 3, 1), np.float32))[1:4]
    b'PNG'
    """
    if image.ndim != 3 or image.shape[2] not in (1, 3) or image.size == 0:
        raise ValueError(f"The image has shape {image.shape}; pass (height, width, 1 or 3) with at least one pixel.")
    pixels = np.empty(image.shape, np.uint8)
    for row in range(0, image.shape[0], STRIP_ROWS):  # so that no second float array of a large picture is needed
        pixels[row : row + STRIP_ROWS] = to_uint8(image[row : row + STRIP_ROWS, :, ::-1])  # OpenCV writes BGR
    done, encoded = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])
    if not done:
        raise ValueError(f"An image of shape {image.shape} cannot be written as PNG.")
    return encoded.tobytes()


def media_url(png, *, key):
    """Give PNG bytes an address that the browser can load.

    Parameters
    ----------
    png : bytes
        An encoded picture. Equal bytes have the same address, so the browser loads them once.
    key : str
        The place it is shown at, unique in the page; a later picture with the same key replaces this one.

    Returns
    -------
    str
        The path of a Streamlit media file; a ``data:`` URL where no Streamlit runs.
    """
    if not runtime.exists():
        return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    path = runtime.get_instance().media_file_mgr.add(png, "image/png", f"viewer-{key}")
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{path}" if base else path


def viewer(
    before,
    after,
    *,
    key,
    strength=1.0,
    labels=("before", "after"),
    height=560,
    removed=False,
    gain=8.0,
    alt="Before and after, to compare",
    marks=(),
    on_pick=None,
):
    """Show two pictures of the same size for comparison.

    Split, blink, side by side, or their difference, with one zoom for all of them. Zoom, place and mode
    belong to the browser: they survive reruns and new pictures, and changing them reruns nothing.

    Parameters
    ----------
    before, after : bytes or str
        PNG files, or addresses from `media_url`; both of the same height and width. While new ones load, the
        old ones stay in sight.
    key : str
        Unique in the page.
    strength : float in [0, 1]
        The share of `after` in what is shown as after; mixed in the browser, so a change loads no picture.
    labels : tuple of two str
        The names of the two pictures.
    height : int, in CSS pixels
        Height of the picture's stage on a wide screen; a narrow or low screen gets less. The tools below take
        about 44 more.
    removed : bool
        Something was taken out of `before`: the difference is called so and is before - after; else after - before.
    gain : float
        The first amplification of the difference: 0.5 + gain * difference. The reader may change it.
    alt : str
        What the pictures show, for those who cannot see them.
    marks : sequence of dict
        Places to be seen: row and column in pixels, a CSS color, and whether it is the chosen one.
    on_pick : callable, optional
        Makes the picture answer a click (a press without dragging): ``on_pick(row, column, height, width)``, in pixels
        of the picture that is shown, before the page runs again. Then only the handle moves the split.

    Raises
    ------
    ValueError
        If `strength` is outside [0, 1].
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"The strength is {strength}; pass a number from 0 to 1.")
    urls = [
        media_url(picture, key=f"{key}-{side}") if isinstance(picture, bytes) else picture
        for side, picture in (("before", before), ("after", after))
    ]
    data = {
        "key": key,
        "before": urls[0],
        "after": urls[1],
        "strength": float(strength),
        "labels": list(labels),
        "height": int(height),
        "removed": removed,
        "gain": float(gain),
        "alt": alt,
        "marks": [{"chosen": False, **mark} for mark in marks],
        "pickable": on_pick is not None,
    }
    _mount(key=key, data=data, on_picked_change=lambda: _picked(key, on_pick))


def _picked(key, on_pick):
    place = st.session_state[key].picked
    if on_pick and place:
        on_pick(*(int(place[part]) for part in ("row", "column", "height", "width")))
