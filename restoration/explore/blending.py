"""Ways from one picture or code to another: straight lines, arcs, and squares between four."""

import cv2
import numpy as np

from restoration.image.checks import ImageError, check_one_of, checked
from restoration.image.srgb import LUMA

PATHS = ("line", "sphere")


def mix(first, second, weights, path="line"):
    """Go from one point to another.

    Parameters
    ----------
    first, second : ndarrays of the same shape
        Two pictures, or two codes.
    weights : sequence of k floats in [0, 1]
        0 is the first, 1 the second, exactly.
    path : {"line", "sphere"}
        The straight line, or the arc around the origin (White 2016, arXiv:1609.04468): its points stay as far from
        the origin as its ends are, where the codes of a variational autoencoder with many numbers lie.

    Returns
    -------
    ndarray of shape (k, *shape), float32

    Examples
    --------
    >>> ends = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    >>> [round(float(np.linalg.norm(mix(*ends, [0.5], path))), 3) for path in PATHS]
    [0.707, 1.0]
    """
    check_one_of("The path", path, PATHS)
    weights = np.asarray(weights, np.float32).reshape(-1, *[1] * np.ndim(first))
    shares = (1 - weights, weights) if path == "line" else _arc(first, second, weights)
    # Shares of exactly 0 and 1, so that the ends are what was given, to the bit.
    return (shares[0] * first + shares[1] * second).astype(np.float32)


def _arc(first, second, weights):
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) == 0:
        return 1 - weights, weights
    cosine = np.clip(np.vdot(first, second) / (lengths[0] * lengths[1]), -1, 1)
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-4:  # in one direction, or in opposite ones: no arc is the shortest
        return 1 - weights, weights
    shares = np.sin((1 - weights) * angle) / np.sin(angle), np.sin(weights * angle) / np.sin(angle)
    ends = weights == 0, weights == 1
    return (
        np.where(ends[0], 1, np.where(ends[1], 0, shares[0])),
        np.where(ends[1], 1, np.where(ends[0], 0, shares[1])),
    )


def square(corners, count, path="line"):
    """Fill a square between four points: along the top and the bottom edge first, then down.

    Parameters
    ----------
    corners : sequence of four ndarrays of one shape
        Top left, top right, bottom left, bottom right.
    count : int
        Points along a side.
    path : {"line", "sphere"}

    Returns
    -------
    ndarray of shape (count, count, *shape), float32
    """
    weights = np.linspace(0, 1, count)
    top, bottom = (mix(*pair, weights, path) for pair in (corners[:2], corners[2:]))
    return np.stack([mix(*ends, weights, path) for ends in zip(top, bottom, strict=True)], axis=1)


def fit(image, shape):
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
        If the image is none, or smaller than the set's pictures.
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
    cut = image[top : top + rows, left : left + columns]
    if cut.shape[:2] != (height, width):
        cut = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA).reshape(shape)
    return np.clip(cut, 0, 1)
