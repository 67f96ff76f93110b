"""Self-ensemble: the mean of a network's results on an image rotated and mirrored in all eight ways."""

from collections.abc import Sequence

import numpy as np

from restoration.image.types import Image, Progress
from restoration.inference.model import Model

TRANSFORMS = [(rotations, mirrored) for rotations in range(4) for mirrored in (False, True)]
RUNS = len(TRANSFORMS)


def self_ensemble(
    model: Model, image: Image, conditioning: Sequence[float] = (), progress: Progress | None = None
) -> Image:
    """Run a model on all rotations and mirrorings of an image and take the mean of what comes back.

    A network errs differently on each, so the mean is nearer to the truth: a little better, eight times as slow
    (Timofte et al. 2016, arXiv:1511.02228).

    Parameters
    ----------
    model
    image, conditioning, progress
        As `Model.__call__` takes them; the progress is that of all runs.

    Returns
    -------
    ndarray of shape (scale * H, scale * W, C), float32 in [0, 1]
    """
    height, width, channels = image.shape
    total = np.zeros((model.scale * height, model.scale * width, channels), np.float32)
    for index, (rotations, mirrored) in enumerate(TRANSFORMS):
        transformed = np.ascontiguousarray(np.rot90(image[:, ::-1] if mirrored else image, rotations))
        restored = np.rot90(model(transformed, conditioning, _part(progress, index)), -rotations)
        restored = restored[:, ::-1] if mirrored else restored
        total += restored
    total /= RUNS
    return total


def _part(progress: Progress | None, index: int) -> Progress | None:
    """Report the progress of one run as that of all; None stays None."""
    return progress and (lambda done, total: progress(index * total + done, RUNS * total))
