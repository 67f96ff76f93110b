"""The drawings without noise: the same at each call, in 8 bits, and scored as they are left or changed."""

import numpy as np
import pytest

from restoration.benchmark.clean_graphics import (
    GRAPHICS,
    HEIGHT,
    MAX_PSNR,
    WIDTH,
    benchmark_clean_graphics,
    noisy_text_psnr,
)
from restoration.benchmark.network_choice import denoising_networks
from restoration.tasks.baselines import median


@pytest.mark.parametrize("kind", GRAPHICS)
def test_a_drawing_is_repeatable_and_fills_the_image(kind):
    image = GRAPHICS[kind]()
    np.testing.assert_array_equal(image, GRAPHICS[kind]())
    assert (image.shape, image.dtype) == ((HEIGHT, WIDTH, 3), np.float32)
    np.testing.assert_allclose(image * 255, np.rint(image * 255), atol=1e-4)
    quarters = (image[:96, :128], image[:96, 128:], image[96:, :128], image[96:, 128:])
    assert min(quarter.std() for quarter in quarters) > 0.02


def test_what_leaves_graphics_alone_scores_best_and_what_smooths_them_does_not():
    denoisers = {"nothing": lambda noisy, _sigma: noisy, "median": lambda noisy, _sigma: median(noisy, 1.0)}
    for score in benchmark_clean_graphics(denoisers):
        if score.network == "nothing":
            assert score.blind == score.sigma_zero == MAX_PSNR
        elif "gradient" not in score.kind:
            assert score.blind < 35


def test_the_networks_keep_graphics_and_clean_noisy_text():
    denoisers = denoising_networks()
    for score in benchmark_clean_graphics(denoisers):
        assert min(score.blind, score.sigma_zero) > 33, score
    scores = noisy_text_psnr(denoisers)
    assert all(scores[name] > scores["NLM (OpenCV), sigma given"] + 2 for name in denoisers)
