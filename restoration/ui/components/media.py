"""Images on their way to the browser: composited, encoded as PNG, and given an address.

`encode_png` is pure and may be cached; `media_url` must be called on every run of the script, outside of any cached
function, because Streamlit keeps a file only as long as the latest run has asked for it.
"""

import base64

import cv2
import numpy as np
import streamlit as st
from streamlit import runtime

from restoration.image.eight_bit import to_uint8
from restoration.image.types import Array, Image

PNG_COMPRESSION = 1  # the file stays on one computer, so time matters and size does not
STRIP_ROWS = 256
GRAY = np.float32(0.5)  # both black and white lettering can be read on it


def composite_over_gray(image: Image, alpha: Array | None) -> Image:
    """Composite an image over neutral gray, so that the colours under transparency are not shown.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32
    alpha : ndarray of shape (h, w) or (h, w, 1), or None
        Opacity in [0, 1] of the same field, maybe in another size.

    Returns
    -------
    ndarray of shape (H, W, C), float32
    """
    if alpha is None:
        return image
    opacity = cv2.resize(alpha, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)[..., None]
    return GRAY + opacity * (image - GRAY)


def encode_png(image: Image) -> bytes:
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
    for row in range(0, image.shape[0], STRIP_ROWS):  # so that no second float array of a large image is needed
        pixels[row : row + STRIP_ROWS] = to_uint8(image[row : row + STRIP_ROWS, :, ::-1])  # OpenCV writes BGR
    done, encoded = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])
    if not done:
        raise ValueError(f"An image of shape {image.shape} cannot be written as PNG.")
    return encoded.tobytes()


def media_url(image: bytes, *, key: str, kind: str = "image/png") -> str:
    """Give an encoded image an address that the browser can load.

    Parameters
    ----------
    image : bytes
        A PNG, or what `kind` says. Equal bytes have the same address, so the browser loads them once.
    key : str
        The place it is shown at, unique in the page; a later image with the same key replaces this one.
    kind : str
        Its MIME type.

    Returns
    -------
    str
        The path of a Streamlit media file; a ``data:`` URL where no Streamlit runs.
    """
    if not runtime.exists():
        return f"data:{kind};base64," + base64.b64encode(image).decode("ascii")
    path = runtime.get_instance().media_file_mgr.add(image, kind, f"viewer-{key}")
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{path}" if base else path
