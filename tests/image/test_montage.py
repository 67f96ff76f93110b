"""Many images laid out as one."""

import numpy as np

from restoration.image.montage import montage


def test_images_run_from_the_top_left_and_the_rest_is_filled():
    images = np.arange(5, dtype=np.float32).reshape(5, 1, 1, 1) * np.ones((1, 2, 3, 1), np.float32)
    laid_out = montage(images, 3)
    assert laid_out.shape == (4, 9, 1)
    assert laid_out[::2, ::3, 0].tolist() == [[0, 1, 2], [3, 4, 0]]


def test_gaps_lie_between_images_and_not_around_them():
    rows = np.random.default_rng(0).random((14, 5, 6, 1), np.float32)
    laid_out = montage(rows, 7, gap=2, fill=1.0)
    assert laid_out.shape == (2 * 5 + 2, 7 * 6 + 6 * 2, 1)
    assert np.array_equal(laid_out[-5:, -6:], rows[13])
    assert (laid_out[5:7] == 1).all()
    assert (laid_out[:, 6:8] == 1).all()
