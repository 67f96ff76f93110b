"""A simulated low dose scan has the noise that physics gives it."""

import cv2
import numpy as np
import pytest
from skimage.transform import iradon, radon

from restoration.degrade.low_dose import WATER_PER_MM, detect, low_dose, project, reconstruct
from restoration.degrade.phantoms import (
    DISC_CONTRASTS,
    DISC_RADII,
    disc_contrast,
    disc_phantom,
    paint_disc,
    random_phantom,
)
from restoration.image.checks import ImageError

PIXEL_MM = 2.8  # 36 cm in 128 pixels
PHANTOM = random_phantom(128, seed=3)
SINOGRAM = project(PHANTOM, pixel_mm=PIXEL_MM)
FREE_OF_NOISE = reconstruct(SINOGRAM, PHANTOM.shape, pixel_mm=PIXEL_MM)
INSIDE = PHANTOM > -150


def noise(dose, seed=0):
    return reconstruct(detect(SINOGRAM, dose, seed=seed), PHANTOM.shape, pixel_mm=PIXEL_MM) - FREE_OF_NOISE


def test_projection_and_reconstruction_are_those_of_scikit_image():
    part = PHANTOM[:90]  # the sides may differ
    square = np.pad(part, ((19, 19), (0, 0)), constant_values=-1000)
    angles = np.arange(720) * 180 / 720
    expected = radon(np.maximum(square / 1000 + 1, 0) * WATER_PER_MM * 0.7, angles, circle=False)
    sinogram = project(square)
    np.testing.assert_allclose(sinogram.T, expected, atol=1e-4)
    back = 1000 * (iradon(expected, angles, circle=False, output_size=128) / (WATER_PER_MM * 0.7) - 1)
    np.testing.assert_allclose(reconstruct(sinogram, square.shape), back, atol=5)
    assert reconstruct(project(part), part.shape).shape == part.shape


def test_noise_power_falls_as_one_over_the_dose():
    power = {dose: noise(dose)[INSIDE].var() for dose in (1, 0.5, 0.25, 0.1)}
    for dose, variance in power.items():
        assert variance * dose == pytest.approx(power[1], rel=0.2)


def test_the_full_dose_returns_the_slice_within_the_reconstruction_error():
    inside = INSIDE & (np.hypot(*np.gradient(PHANTOM)) < 1)  # away from edges, which the reconstruction softens
    reconstruction = (FREE_OF_NOISE - PHANTOM)[inside]
    error = (low_dose(PHANTOM, 1, seed=0, pixel_mm=PIXEL_MM) - PHANTOM)[inside]
    assert abs(reconstruction.mean()) < 2
    assert reconstruction.std() < 10
    assert error.std() == pytest.approx(np.hypot(reconstruction.std(), noise(1)[INSIDE].std()), rel=0.1)


def test_the_noise_is_correlated_and_follows_what_absorbs():
    ellipse = np.full((128, 128), -1000.0, np.float32)
    y, x = np.mgrid[-64:64, -64:64]
    ellipse[(x / 58) ** 2 + (y / 20) ** 2 < 1] = 0  # wide: most is absorbed along the rows
    found = low_dose(ellipse, 0.1, seed=1, pixel_mm=PIXEL_MM)[54:74, 24:104]
    found = found - found.mean()
    along, across = (np.mean(found * np.roll(found, 1, axis)) / found.var() for axis in (1, 0))
    assert along - across > 0.2  # streaks along the rows


def test_it_is_repeatable_and_keeps_its_input():
    before = PHANTOM.copy()
    first, second = (low_dose(PHANTOM, 0.3, seed=7, pixel_mm=PIXEL_MM) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(PHANTOM, before)
    assert first.dtype == np.float32


def test_no_photon_at_all_is_still_a_finite_value():
    assert np.isfinite(detect(np.full((2, 2), 60.0, np.float32), 0.01, seed=0)).all()


@pytest.mark.parametrize("dose", [0, 1.5, float("nan"), "a quarter"])
def test_a_dose_out_of_range_is_told(dose):
    with pytest.raises(ImageError, match=r"dose is .* between 0.01 and 1"):
        low_dose(PHANTOM, dose, seed=0)


def test_a_phantom_is_repeatable_and_its_discs_have_their_contrast():
    np.testing.assert_array_equal(random_phantom(96, seed=1), random_phantom(96, seed=1))
    assert PHANTOM.min() == -1000
    flat = np.zeros((32, 32), np.float32)
    paint_disc(flat, np.array([15.0, 14.0]), radius=4, contrast=-25)
    assert flat[14, 15] == -25
    assert flat.sum() == pytest.approx(-25 * np.pi * 16, rel=0.03)
    paint_disc(flat, np.array([200.0, 200.0]), radius=4, contrast=-25)  # outside: nothing
    assert np.count_nonzero(flat) < 80


def test_the_discs_of_the_phantom_are_measured_as_they_were_drawn_and_less_when_smoothed():
    phantom, discs = disc_phantom()
    assert len(discs) == len(DISC_RADII) * len(DISC_CONTRASTS)
    for disc in discs:
        assert disc_contrast(phantom, disc) == pytest.approx(disc.contrast)
        smoothed = cv2.GaussianBlur(phantom, (0, 0), disc.radius)
        assert abs(disc_contrast(smoothed, disc)) < 0.7 * abs(disc.contrast)
