"""Batches depend on the seed and the step alone."""

from functools import partial

import numpy as np

from restoration.train.denoise_pairs import denoising_pair
from restoration.train.patches import Patches
from restoration.train.photographs import load_photos


def test_batches_depend_on_seed_and_step_alone(photos):
    training, _ = load_photos(photos)
    patches = Patches(training, partial(denoising_pair, shares={"white": 1}), seed=1)
    again = Patches(training, patches.pair, seed=1)
    np.testing.assert_array_equal(patches.batch(5, 32, 2)[0], again.batch(5, 32, 2)[0])
    assert not np.array_equal(patches.batch(5, 32, 2)[0], patches.batch(6, 32, 2)[0])
    assert not np.array_equal(patches.batch(5, 32, 2)[0], Patches(training, patches.pair, seed=2).batch(5, 32, 2)[0])
