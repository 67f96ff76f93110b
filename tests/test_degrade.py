"""Noise is what it says, and repeatable."""

import numpy as np
import pytest

from restoration import baselines, degrade, metrics
from restoration.samples import sample


@pytest.mark.parametrize("kind", degrade.NOISE_KINDS)
@pytest.mark.parametrize("channels", [1, 3])
def test_noise_is_repeatable_and_keeps_the_shape(kind, channels):
    image = np.full((33, 40, channels), 0.5, np.float32)
    noisy = degrade.add_noise(image, kind, 0.2, seed=7)
    assert noisy.shape == image.shape
    assert noisy.dtype == np.float32
    np.testing.assert_array_equal(noisy, degrade.add_noise(image, kind, 0.2, seed=7))
    assert (image == 0.5).all()


def test_level_is_the_standard_deviation():
    gray = np.full((400, 400, 1), 0.5, np.float32)
    for kind in ("gaussian", "poisson"):
        assert degrade.add_noise(gray, kind, 0.1, clip=False).std() == pytest.approx(0.1, rel=0.02)
    dark = degrade.add_noise(gray / 10, "poisson", 0.1, clip=False)
    assert dark.std() == pytest.approx(0.1 / np.sqrt(10), rel=0.02)
    spoiled = degrade.add_noise(gray, "salt and pepper", 0.3)
    assert (spoiled != 0.5).mean() == pytest.approx(0.3, abs=0.01)


def test_correlated_noise_is_smooth():
    noise = degrade.add_correlated_noise(np.zeros((300, 300, 1), np.float32), 0.1, softness=1.0)[..., 0]
    assert noise.std() == pytest.approx(0.1, rel=0.01)
    assert np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1] > 0.5


@pytest.mark.parametrize(("kind", "level"), [("rain", 0.1), ("gaussian", -1), ("gaussian", 25)])
def test_wrong_settings_are_told(kind, level):
    with pytest.raises(ValueError, match=r"unknown|between"):
        degrade.add_noise(np.zeros((2, 2, 1), np.float32), kind, level)


@pytest.mark.parametrize("name", baselines.DENOISERS)
@pytest.mark.parametrize("channels", [1, 3])
def test_classical_methods_help(name, channels):
    truth = sample("Cat").pixels[60:188, 100:260, :channels]
    noisy = degrade.add_noise(truth, "gaussian", 30 / 255)
    restored = baselines.DENOISERS[name](noisy, 30 / 255)
    assert restored.shape == truth.shape
    assert restored.dtype == np.float32
    assert metrics.psnr(restored, truth) > metrics.psnr(noisy, truth) + 1


def test_metrics_against_known_answers():
    truth = np.zeros((16, 16, 3))
    assert metrics.psnr(truth, truth) == np.inf
    assert metrics.psnr(truth + 0.1, truth) == pytest.approx(20)
    assert metrics.ssim(truth, truth) == pytest.approx(1)
    assert metrics.ssim(np.random.default_rng(0).random((3, 5, 1)), np.zeros((3, 5, 1))) < 0.5
