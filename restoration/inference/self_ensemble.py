"""The mean of a network's results on a picture turned and mirrored in all eight ways (Timofte et al. 2016)."""

import numpy as np

WAYS = [(turns, mirrored) for turns in range(4) for mirrored in (False, True)]
RUNS = len(WAYS)


def mean_of_eight(model, image, conditions=(), progress=None):
    """Run a model on all rotations and mirrorings of an image and take the mean of what comes back.

    A network errs differently on each, so the mean is nearer to the truth: a little better, eight times as slow
    (arXiv:1511.02228).

    Parameters
    ----------
    model : Model
    image, conditions, progress
        As `Model.__call__` takes them; the progress is that of all runs.

    Returns
    -------
    ndarray of shape (scale * H, scale * W, C), float32 in [0, 1]
    """
    mean, count = None, len(model.grid(*image.shape[:2]))
    for index, (turns, mirrored) in enumerate(WAYS):
        turned = np.ascontiguousarray(np.rot90(image[:, ::-1] if mirrored else image, turns))
        result = np.rot90(model(turned, conditions, part(progress, index * count, RUNS * count)), -turns)
        result = result[:, ::-1] if mirrored else result
        mean = result / RUNS if mean is None else mean + result / RUNS
    return mean


def part(progress, before, total):
    """Report the progress of a part of the tiles as that of the whole; None stays None."""
    return progress and (lambda done, _: progress(before + done, total))
