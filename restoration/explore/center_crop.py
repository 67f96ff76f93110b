"""The middle of an image in the shape that a data set's images have."""

import cv2
import numpy as np

from restoration.image.checks import ImageError, checked
from restoration.image.srgb import LUMA
from restoration.image.types import Image


def center_crop(image: Image, shape: tuple[int, int, int]) -> Image:
    """Crop the middle of an image to a set's proportions and reduce it to the set's size.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32
    shape : tuple (h, w, c)
        A colour image becomes gray by its luma where c is 1, a gray one three equal channels where c is 3.

    Returns
    -------
    ndarray of shape `shape`, float32 in [0, 1]
        The image itself where it has that shape already.

    Raises
    ------
    ImageError
        If this is no image, or it is smaller than `shape`.
    """
    image = checked(image)
    if image.shape == tuple(shape):
        return image
    height, width, channels = shape
    if image.shape[0] < height or image.shape[1] < width:
        raise ImageError(
            f"The picture is {image.shape[1]} x {image.shape[0]} pixels and at least {width} x {height} are needed; "
            "choose a larger one."
        )
    if channels != image.shape[2]:
        image = image @ LUMA[:, None] if channels == 1 else np.repeat(image, 3, axis=2)
    factor = min(image.shape[0] / height, image.shape[1] / width)
    rows, columns = round(height * factor), round(width * factor)
    top, left = (image.shape[0] - rows) // 2, (image.shape[1] - columns) // 2
    crop = image[top : top + rows, left : left + columns]
    if crop.shape[:2] != (height, width):
        crop = np.float32(cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA)).reshape(shape)
    return np.clip(crop, 0, 1)
