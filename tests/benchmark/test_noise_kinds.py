"""The fifteen kinds of noise: each is repeatable and a real loss, and denoisers gain on it."""

import numpy as np
import pytest

from restoration.benchmark.network_choice import denoising_networks
from restoration.benchmark.noise_kinds import ALL_KINDS, NLM_GIVEN_SIGMA, benchmark_noise_kinds, noisy_and_clean
from restoration.image import metrics
from restoration.photo.sample_photos import sample

CROP = sample("Cat").pixels[100:164, 150:230]
# Learned last, and least: what the networks gain here is less than elsewhere.
HARD = ("row banding, sigma 10", "JPEG 15, grid at (4, 4)", "sigma 15 in JPEG 50, grid at (4, 4)")


def test_there_are_fifteen():
    assert len(set(ALL_KINDS)) == 15


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_kind_is_repeatable_and_a_loss(kind):
    noisy, clean = noisy_and_clean(kind, CROP, seed=1)
    np.testing.assert_array_equal(noisy, noisy_and_clean(kind, CROP, seed=1)[0])
    assert noisy.shape == clean.shape
    assert noisy.dtype == clean.dtype == np.float32
    np.testing.assert_allclose(noisy * 255, np.rint(noisy * 255), atol=1e-4)
    assert 15 < metrics.psnr(noisy, clean) < 35


def test_luma_noise_has_no_colour_and_chroma_noise_no_mean():
    noisy, clean = noisy_and_clean("chroma only, sigma 25", np.full((64, 64, 3), 0.5, np.float32), seed=0)
    assert np.abs((noisy - clean).mean(axis=-1)).max() < 1 / 255
    noisy, clean = noisy_and_clean("luma only, sigma 20", np.full((64, 64, 3), 0.5, np.float32), seed=0)
    assert np.ptp(noisy, axis=-1).max() == 0


def test_the_networks_are_ahead_of_non_local_means():
    networks = denoising_networks()
    scores = {(score.kind, score.method): score for score in benchmark_noise_kinds([CROP], networks, ALL_KINDS)}
    for (kind, method), score in scores.items():
        if method != NLM_GIVEN_SIGMA:
            assert score.after > scores[kind, NLM_GIVEN_SIGMA].after, (kind, method)
            assert score.after > score.before + (0.3 if kind in HARD else 1), (kind, method)
