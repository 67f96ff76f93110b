"""The gain at each place of JPEG's grid: a denoiser that knows the grid's place is found out."""

import numpy as np

from restoration.benchmark.jpeg_grid import gains_by_corner
from restoration.degrade.noise import compress
from restoration.photo.sample_photos import sample

CROP = sample("Cat").pixels[100:148, 150:214]


def test_doing_nothing_gains_nothing():
    np.testing.assert_array_equal(gains_by_corner([CROP], lambda noisy, _sigma: noisy), np.zeros((8, 8)))


def test_what_helps_at_one_corner_only_is_seen_there():
    file = compress(CROP, 15, corner=(3, 5))

    def restore_one(noisy, _sigma):
        return CROP * 0.5 + noisy * 0.5 if np.array_equal(noisy, file) else noisy

    gains = gains_by_corner([CROP], restore_one)
    assert np.argwhere(gains > 1).tolist() == [[3, 5]]
    assert np.count_nonzero(gains) == 1
