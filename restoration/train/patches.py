"""Photographs in memory, and batches of random patches of them."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from restoration.photo.formats import IMAGE_SUFFIXES

HELD_BACK_EVERY = 100  # of the photographs in name order, one in so many is never trained on


def load_photos(folder, least_side=128, often=None):
    """Read every photograph below a folder.

    Parameters
    ----------
    folder : path
    least_side : int
        Smaller pictures are left out.
    often : dict, optional
        How many times the photographs in a folder of a name are listed for training, so that they are drawn more.

    Returns
    -------
    training, held_back : lists of ndarray of shape (H, W, 3), uint8
        The second, one in a hundred, is for choosing between networks.

    Raises
    ------
    FileNotFoundError
        If there are none.
    """
    photos, times = [], []
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix.lower() in IMAGE_SUFFIXES:
            with Image.open(path) as file:
                if min(file.size) >= least_side:
                    photos.append(np.asarray(file.convert("RGB")))
                    times.append((often or {}).get(path.parent.name, 1))
    if not photos:
        raise FileNotFoundError(f"No photograph of at least {least_side} pixels a side lies below {folder}.")
    held_back = photos[::HELD_BACK_EVERY]
    training = []
    for index, (photo, count) in enumerate(zip(photos, times, strict=True)):
        if index % HELD_BACK_EVERY:
            training += [photo] * count
    return training or photos, held_back


class Patches:
    """Batches of random patches, each a function of the seed and the step alone, so that a run can be resumed.

    Parameters
    ----------
    photos : list of ndarray of shape (H, W, 3), uint8
    pair : callable
        As in `Recipe`.
    seed : int
    """

    def __init__(self, photos, pair, seed):
        self.photos, self.pair, self.seed = photos, pair, seed
        areas = np.array([photo.shape[0] * photo.shape[1] for photo in photos], float)
        self.chance = areas / areas.sum()

    def batch(self, step, side, count):
        """Return (given, truth) of shape (count, side, side, channels), float32, for a step."""
        generator = np.random.default_rng([self.seed, step])
        pairs = [self.pair(generator, self._patch(generator, side)) for _ in range(count)]
        return tuple(_stacked(side) for side in zip(*pairs, strict=True))

    def _patch(self, generator, side):
        photo = self.photos[generator.choice(len(self.photos), p=self.chance)]
        row = generator.integers(photo.shape[0] - side + 1)
        column = generator.integers(photo.shape[1] - side + 1)
        patch = photo[row : row + side, column : column + side]
        patch = np.rot90(patch, generator.integers(4))
        if generator.random() < 0.5:
            patch = patch[:, ::-1]
        return patch.astype(np.float32) / 255


def _stacked(images):
    """Make one array of equal images; of lists of images, a list of arrays."""
    if isinstance(images[0], list):
        return [np.stack(kind) for kind in zip(*images, strict=True)]
    return np.stack(images)


def prefetch(make, steps, ahead=3):
    """Yield ``make(step)`` for each step, made in a thread while the one before is in use."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque()
        for step in steps:
            waiting.append(pool.submit(make, step))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
