"""Noise is what it says, and repeatable."""

import numpy as np
import pytest

from restoration.degrade.camera import add_camera_noise, photographed
from restoration.degrade.noise import NOISE_KINDS, add_correlated_noise, add_dust, add_film_grain, add_noise
from restoration.image import metrics
from restoration.photo.sample_photos import sample
from restoration.tasks import baselines


@pytest.mark.parametrize("kind", NOISE_KINDS)
@pytest.mark.parametrize("channels", [1, 3])
def test_noise_is_repeatable_and_keeps_the_shape(kind, channels):
    image = np.full((33, 40, channels), 0.5, np.float32)
    noisy = add_noise(image, kind, 0.2, seed=7)
    assert noisy.shape == image.shape
    assert noisy.dtype == np.float32
    np.testing.assert_array_equal(noisy, add_noise(image, kind, 0.2, seed=7))
    assert (image == 0.5).all()


def test_level_is_the_standard_deviation():
    gray = np.full((400, 400, 1), 0.5, np.float32)
    for kind in ("gaussian", "poisson"):
        assert add_noise(gray, kind, 0.1, clip=False).std() == pytest.approx(0.1, rel=0.02)
    dark = add_noise(gray / 10, "poisson", 0.1, clip=False)
    assert dark.std() == pytest.approx(0.1 / np.sqrt(10), rel=0.02)
    spoiled = add_noise(gray, "salt and pepper", 0.3)
    assert (spoiled != 0.5).mean() == pytest.approx(0.3, abs=0.01)


def test_correlated_noise_is_smooth():
    noise = add_correlated_noise(np.zeros((300, 300, 1), np.float32), 0.1, softness=1.0)[..., 0]
    assert noise.std() == pytest.approx(0.1, rel=0.01)
    assert np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1] > 0.5


def test_camera_noise_has_its_level_its_colour_and_its_tones():
    gray = np.full((128, 128, 3), 0.5, np.float32)
    cameras = [add_noise(gray, "camera", 20 / 255, seed=seed) - gray for seed in range(12)]
    assert np.mean([noise.std() for noise in cameras]) == pytest.approx(20 / 255, rel=0.15)
    red, green, blue = np.mean([noise.std(axis=(0, 1)) for noise in cameras], axis=0)
    assert min(red, blue) > 1.1 * green  # white balance makes them louder
    neighbours = [np.corrcoef(noise[:, 1:, 0].ravel(), noise[:, :-1, 0].ravel())[0, 1] for noise in cameras]
    assert min(neighbours) > 0.2  # demosaicing smooths
    assert not (add_noise(gray, "camera", 0.0) - gray).any()


def test_a_camera_that_works_on_its_picture_leaves_soft_colour_noise():
    gray = np.full((128, 128, 3), 0.5, np.float32)
    plain, processed = (
        [add_camera_noise(gray, 20 / 255, seed=seed, processed=kind) - gray for seed in range(12)]
        for kind in (False, True)
    )

    def colour_is_smooth(noise):
        colour = noise[..., 0] - noise[..., 1]
        return np.corrcoef(colour[:, 2:].ravel(), colour[:, :-2].ravel())[0, 1]

    assert np.median([colour_is_smooth(noise) for noise in processed]) > 0.3
    assert np.median([colour_is_smooth(noise) for noise in plain]) < 0.2
    photo = sample("Cat").pixels[:64, :64]
    np.testing.assert_array_equal(add_camera_noise(photo, 0.0, processed=True), photo)


def test_a_camera_shows_one_picture_with_and_without_noise():
    photo = sample("Cat").pixels[:65, :64]
    for processed in (False, True):
        noisy, clean = photographed(photo, 20 / 255, seed=3, processed=processed)
        assert noisy.shape == clean.shape == photo.shape
        assert 15 < metrics.psnr(noisy, clean) < 30
        assert metrics.psnr(noisy, photo) < metrics.psnr(clean, photo)
        silent, same = photographed(photo, 0.0, seed=3, processed=processed)
        np.testing.assert_array_equal(silent, same)
        np.testing.assert_array_equal(same, clean)


def test_grain_lives_in_the_middle_tones_and_dust_is_rare():
    tones = np.repeat(np.linspace(0, 1, 5, dtype=np.float32), 60)[None, :, None].repeat(200, 0)
    grain = (add_film_grain(tones, 0.05, seed=1) - tones).reshape(200, 5, 60).std(axis=(0, 2))
    assert grain[0] == grain[4] == 0
    assert grain[2] == max(grain) == pytest.approx(0.05, rel=0.25)
    flat = np.full((200, 200, 3), 0.5, np.float32)
    covered = (np.abs(add_dust(flat, 10, seed=1) - flat) > 0.05).any(axis=-1).mean()
    assert 0.0005 < covered < 0.05


@pytest.mark.parametrize(("kind", "level"), [("rain", 0.1), ("gaussian", -1), ("gaussian", 25)])
def test_wrong_settings_are_told(kind, level):
    with pytest.raises(ValueError, match=r"choose one of|between"):
        add_noise(np.zeros((2, 2, 1), np.float32), kind, level)


@pytest.mark.parametrize("name", baselines.DENOISERS)
@pytest.mark.parametrize("channels", [1, 3])
def test_classical_methods_help(name, channels):
    truth = sample("Cat").pixels[60:188, 100:260, :channels]
    noisy = add_noise(truth, "gaussian", 30 / 255)
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
