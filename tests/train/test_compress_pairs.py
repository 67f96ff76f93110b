"""Patches with a quality and a price, and the loss that weighs bits against error."""

import numpy as np
import pytest

from restoration.train.compress_pairs import PRICES, at_quality, compress_pair
from restoration.train.losses import rate_distortion_loss


def test_the_price_rises_with_the_quality():
    patch = np.full((4, 4, 3), 0.5, np.float32)
    prices = [at_quality(patch, quality)[1][0, 0, 3] for quality in np.linspace(0, 5, 11)]
    assert prices == sorted(prices)
    np.testing.assert_allclose(prices[::2], PRICES, rtol=1e-6)


def test_a_pair_is_the_patch_twice():
    patch = np.random.default_rng(0).random((8, 8, 3), np.float32)
    given, truth = compress_pair(np.random.default_rng(1), patch)
    np.testing.assert_array_equal(given[..., :3], truth[..., :3])
    assert given.dtype == truth.dtype == np.float32
    assert 0 <= given[0, 0, 3] <= 5


def test_the_loss_is_the_log_of_bits_and_priced_error():
    truth = np.zeros((1, 2, 2, 4), np.float32)
    truth[..., 3] = 0.01
    decoded = np.zeros((1, 2, 2, 4), np.float32)
    decoded[..., :3], decoded[..., 3] = 10 / 255, 0.5
    assert float(rate_distortion_loss(truth, decoded)) == pytest.approx(np.log(0.5 + 0.01 * 100 + 0.05), abs=1e-4)
