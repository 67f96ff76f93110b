"""The nearest image of a set."""

import numpy as np

from restoration.explore.nearest_neighbor import NearestNeighbor


def test_nearest_is_the_brute_force():
    generator = np.random.default_rng(0)
    known, asked = (generator.random((count, 5, 4, 1), np.float32) for count in (50, 7))
    index, distance = NearestNeighbor(known)(asked)
    every = np.sqrt(np.mean((asked[:, None] - known[None]) ** 2, axis=(2, 3, 4)))
    assert np.array_equal(index, every.argmin(axis=1))
    assert np.allclose(distance, every.min(axis=1))
    assert NearestNeighbor(known)(known[3:4])[1][0] == 0
