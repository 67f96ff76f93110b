"""Preprocess a drawn or photographed digit or garment as MNIST and Fashion-MNIST were, so that their networks fit."""

import cv2
import numpy as np

from restoration.explore.center_crop import center_crop
from restoration.image.checks import ImageError, checked
from restoration.image.srgb import LUMA
from restoration.image.types import Image

SIDE, BOX = 28, 20  # a digit of MNIST fills a box of 20 pixels in an image of 28
CENTRE = 14  # row and column of the centre of mass of MNIST's digits, counted from 0
INK = 0.15  # share of the contrast from which a pixel counts as ink
LARGEST = 1024  # pixels along a side; a larger photograph is reduced first


def to_mnist_format(image: Image) -> Image:
    """Crop a written digit, scale it to 20 pixels, and put its centre of mass in the middle of 28 x 28.

    As MNIST was made (LeCun et al. 1998, doi:10.1109/5.726791): white ink on black.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Light on dark or dark on light; the image's edge decides which is the paper.

    Returns
    -------
    ndarray of shape (28, 28, 1), float32 in [0, 1]

    Raises
    ------
    ImageError
        If this is no image, or nothing is written on it.
    """
    gray = checked(image)
    gray = gray @ LUMA if gray.shape[2] == 3 else gray[..., 0]
    if max(gray.shape) > LARGEST:
        factor = LARGEST / max(gray.shape)
        gray = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.float32)
    ink = np.abs(gray - _paper(gray))
    if ink.max() < 0.1:
        raise ImageError("Nothing is written on this picture: its lightest and darkest parts are nearly equal. Draw.")
    ink = np.clip((ink / ink.max() - INK) / (1 - INK), 0, 1)
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = BOX / max(cut.shape)
    width, height = (max(1, round(side * factor)) for side in cut.shape[::-1])
    scaled = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    return _centred(scaled / scaled.max())[..., None].astype(np.float32)


def to_fashion_mnist_format(image: Image) -> Image:
    """Make a photograph of a piece of clothing like those of Fashion-MNIST: gray, 28 x 28, on black.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        At least 28 x 28; inverted where its edge is light.

    Returns
    -------
    ndarray of shape (28, 28, 1), float32 in [0, 1]

    Raises
    ------
    ImageError
        If this is no image, or it is too small.
    """
    gray = center_crop(image, (SIDE, SIDE, 1))
    return 1 - gray if _paper(gray[..., 0]) > 0.5 else gray


def _paper(gray):
    """Return the lightness of the paper: the median of the image's edge."""
    return np.median(np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]]))


def _centred(digit):
    """Put a digit into the middle of SIDE x SIDE by its centre of mass, as far as it stays inside."""
    placed = np.zeros((SIDE, SIDE), np.float32)
    weights = digit / digit.sum()
    corner = []
    for axis, length in enumerate(digit.shape):
        centre = (weights.sum(axis=1 - axis) * np.arange(length)).sum()
        corner.append(int(np.clip(round(CENTRE - centre), 0, SIDE - length)))
    placed[corner[0] : corner[0] + digit.shape[0], corner[1] : corner[1] + digit.shape[1]] = digit
    return placed
