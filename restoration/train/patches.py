"""Batches of random patches of photographs, prepared ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from restoration.train.photographs import Pixels
from restoration.train.recipe import Pair


class Patches:
    """Batches of random patches, each a function of the seed and the step alone, so that a run can be resumed.

    Parameters
    ----------
    photos : of shape (H, W, 3), uint8
    pair
        As in `restoration.train.recipe.RestorationRecipe`.
    seed
    """

    def __init__(self, photos: Sequence[Pixels], pair: Pair, seed: int):
        self.photos, self.pair, self.seed = photos, pair, seed
        areas = np.array([photo.shape[0] * photo.shape[1] for photo in photos], float)
        self.probabilities = areas / areas.sum()

    def batch(self, step: int, side: int, count: int) -> tuple[Any, Any]:
        """Return (given, truth) of shape (count, side, side, channels), float32, for a step."""
        generator = np.random.default_rng([self.seed, step])
        pairs = [self.pair(generator, self._patch(generator, side)) for _ in range(count)]
        given, truth = zip(*pairs, strict=True)
        return _stacked(given), _stacked(truth)

    def _patch(self, generator, side):
        photo = self.photos[generator.choice(len(self.photos), p=self.probabilities)]
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


def prefetch(make: Callable[[int], Any], steps: Iterable[int], ahead: int = 3) -> Iterator[Any]:
    """Yield ``make(step)`` for each step, made in a thread while the one before is in use."""
    with ThreadPoolExecutor(1) as pool:
        waiting: deque = deque()
        for step in steps:
            waiting.append(pool.submit(make, step))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
