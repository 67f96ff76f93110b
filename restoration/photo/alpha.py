"""Transparency: the alpha channel at another size, and colours for the pixels that it hides."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from restoration.image.types import Array, Image


def resized(array: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Resize an alpha channel (H, W) or file samples (H, W, C), without overshoot: opaque stays opaque."""
    import cv2

    shrinks = height * width < array.shape[0] * array.shape[1]
    resized = cv2.resize(array, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized.reshape(height, width, *array.shape[2:])


def fill_hidden(pixels: Image, alpha: Array) -> bool:
    """Replace colours under full transparency by the nearest visible one, in place; tell if there are any.

    Takes pixels (H, W, C) and alpha (H, W), float32.
    """
    visible = alpha > 0
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
