"""Camera noise has the level, the colour and the softness of a camera's, and the mosaic lies where it is put."""

import numpy as np
import pytest

from restoration.degrade.camera import add_camera_noise, photographed
from restoration.degrade.noise import add_noise
from restoration.image import metrics
from restoration.photo.sample_photos import sample


def test_camera_noise_has_its_level_its_colour_and_its_tones():
    gray = np.full((128, 128, 3), 0.5, np.float32)
    cameras = [add_noise(gray, "camera", 20 / 255, seed=seed) - gray for seed in range(12)]
    assert np.mean([noise.std() for noise in cameras]) == pytest.approx(20 / 255, rel=0.15)
    red, green, blue = np.mean([noise.std(axis=(0, 1)) for noise in cameras], axis=0)
    assert min(red, blue) > 1.1 * green  # white balance makes them louder
    neighbours = [np.corrcoef(noise[:, 1:, 0].ravel(), noise[:, :-1, 0].ravel())[0, 1] for noise in cameras]
    assert min(neighbours) > 0.2  # demosaicing smooths
    assert not (add_noise(gray, "camera", 0.0) - gray).any()


def test_a_camera_that_processes_its_image_leaves_soft_colour_noise():
    gray = np.full((128, 128, 3), 0.5, np.float32)
    plain, processed = (
        [add_camera_noise(gray, 20 / 255, seed=seed, processed=kind) - gray for seed in range(12)]
        for kind in (False, True)
    )

    def chroma_correlation(noise):
        colour = noise[..., 0] - noise[..., 1]
        return np.corrcoef(colour[:, 2:].ravel(), colour[:, :-2].ravel())[0, 1]

    assert np.median([chroma_correlation(noise) for noise in processed]) > 0.3
    assert np.median([chroma_correlation(noise) for noise in plain]) < 0.2
    photo = sample("Cat").pixels[:64, :64]
    np.testing.assert_array_equal(add_camera_noise(photo, 0.0, processed=True), photo)


def test_a_camera_develops_one_image_with_and_without_noise():
    photo = sample("Cat").pixels[:65, :64]
    for processed in (False, True):
        noisy, clean = photographed(photo, 20 / 255, seed=3, processed=processed)
        assert noisy.shape == clean.shape == photo.shape
        assert 15 < metrics.psnr(noisy, clean) < 30
        assert metrics.psnr(noisy, photo) < metrics.psnr(clean, photo)
        silent, same = photographed(photo, 0.0, seed=3, processed=processed)
        np.testing.assert_array_equal(silent, same)
        np.testing.assert_array_equal(same, clean)


@pytest.mark.parametrize("processed", [False, True])
@pytest.mark.parametrize("phase", [(0, 1), (1, 0), (1, 1)])
def test_the_phase_moves_the_mosaic(processed, phase):
    photo = sample("Cat").pixels[:64, :64]
    wider = np.pad(photo, ((phase[0], 0), (phase[1], 0), (0, 0)), mode="symmetric")
    inside = slice(16, -16)
    for level in (0.0, 0.1):
        moved, _ = photographed(photo, level, seed=3, processed=processed, phase=phase)
        shifted, _ = photographed(wider, level, seed=3, processed=processed)
        shifted = shifted[phase[0] :, phase[1] :]
        np.testing.assert_allclose(moved[inside, inside], shifted[inside, inside], atol=1e-5)
        still, _ = photographed(photo, level, seed=3, processed=processed)
        assert np.abs(moved - still)[inside, inside].max() > 0.01


def test_without_a_phase_the_noise_is_that_of_the_benchmarks():
    photo = sample("Cat").pixels[:65, :64]
    noisy, clean = photographed(photo, 20 / 255, seed=3, phase=(0, 0))
    np.testing.assert_array_equal(noisy, photographed(photo, 20 / 255, seed=3)[0])
    stored = [
        [-0.0622, 0.0351, 0.0535],
        [0.0087, 0.0905, 0.0378],
        [0.0127, 0.0347, 0.0879],
        [-0.0506, -0.0307, -0.0487],
    ]
    np.testing.assert_allclose((noisy - clean)[10::18, 10::18, 1], stored, atol=2e-4)
