"""How right a mask is, and how close an image is to another within one."""

from collections.abc import Sequence

import cv2
import numpy as np

from restoration.image.metrics import Floats, psnr
from restoration.image.types import Mask

TOLERANCE = 2  # pixels between what is found and what is damaged that count as found


def mask_scores(pairs: Sequence[tuple[Mask, Mask]], tolerance: int = TOLERANCE) -> dict[str, float]:
    """Return precision, recall and F1 of what was found, over all pixels of several images.

    Parameters
    ----------
    pairs : sequence of (found, damaged), each of shape (H, W), bool
    tolerance : int
        In pixels: what is found within it of damage is right, and damage within it of what is found is found.

    Returns
    -------
    dict
        ``precision``, ``recall`` and ``f1``, in [0, 1].
    """
    side = 2 * tolerance + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    right = found_in_all = recalled = damaged_in_all = 0
    for found, damaged in pairs:
        near_damage, near_found = (cv2.dilate(mask.astype(np.uint8), kernel) > 0 for mask in (damaged, found))
        right += int(np.count_nonzero(found & near_damage))
        found_in_all += int(np.count_nonzero(found))
        recalled += int(np.count_nonzero(damaged & near_found))
        damaged_in_all += int(np.count_nonzero(damaged))
    precision = right / found_in_all if found_in_all else 1.0
    recall = recalled / damaged_in_all if damaged_in_all else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def mask_psnr(image: Floats, truth: Floats, mask: Mask) -> float:
    """Return the peak signal to noise ratio within a mask.

    Parameters
    ----------
    image, truth : ndarrays of the same shape (H, W, C), in [0, 1]
    mask : ndarray of shape (H, W), bool
        With at least one pixel.

    Returns
    -------
    float
        In dB; infinite for images that are equal there.

    Examples
    --------
    >>> image = np.zeros((4, 4, 1))
    >>> image[0] = 0.1
    >>> round(mask_psnr(image, np.zeros((4, 4, 1)), image[..., 0] > 0), 2)
    20.0
    """
    return psnr(image[mask], truth[mask])
