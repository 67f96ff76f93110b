"""Transparency: the alpha channel at another size, and colours for the pixels that it hides."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from restoration.image.types import Array, Image

_HIDDEN = 1 / 32  # opacity
_NEARLY_WHITE = 0.9


def resized(array: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Resize an alpha channel (H, W) or file samples (H, W, C), without overshoot: opaque stays opaque."""
    import cv2

    shrinks = height * width < array.shape[0] * array.shape[1]
    resized = cv2.resize(array, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized.reshape(height, width, *array.shape[2:])


def is_hidden(alpha: Array) -> NDArray[np.bool_]:
    """Tell where colours are as good as invisible: what they are is chance, and a network must not spread it."""
    return alpha <= _HIDDEN


def fill_hidden(pixels: Image, alpha: Array) -> bool:
    """Replace colours that are hidden or nearly so by the nearest visible one, in place; tell if there are any.

    Takes pixels (H, W, C) and alpha (H, W), float32.
    """
    visible = ~is_hidden(alpha)
    if visible.all():
        return False
    if not visible.any():
        return True
    import cv2

    # OpenCV labels each hidden pixel with the nearest visible one, and numbers those in an order of its own.
    _, labels = cv2.distanceTransformWithLabels(
        (~visible).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    place = np.empty(labels.max() + 1, np.int64)
    place[labels[visible]] = np.flatnonzero(visible)
    hidden = ~visible
    pixels[hidden] = pixels.reshape(-1, pixels.shape[2])[place[labels[hidden]]]
    return True


def on_paper(pixels: Image, alpha: Array) -> Image:
    """Lay a picture on white paper, or on black where nearly all that is visible of it is white.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    alpha : ndarray of shape (H, W), float32 in [0, 1]

    Returns
    -------
    ndarray of the shape of the pixels, float32 in [0, 1]
    """
    opacity = alpha[..., None]
    visible = float((pixels.mean(axis=2) * alpha).sum() / max(float(alpha.sum()), 1e-6))
    paper = np.float32(0 if visible > _NEARLY_WHITE else 1)
    return pixels * opacity + paper * (1 - opacity)
