"""The check without truth tells noise from detail, and a careful denoiser from a careless one."""

import numpy as np
import pytest

from restoration.degrade import noise
from restoration.photo.sample_photos import sample
from restoration.tasks import baselines
from restoration.tasks.denoise import denoise
from restoration.tasks.residual_check import removed


@pytest.fixture(scope="module")
def cat():
    return sample("Cat").pixels[:256, :256]


def test_pure_noise_is_told_as_such(cat):
    found = removed(noise.add_noise(cat, level=25 / 255, clip=False), cat)
    assert abs(found.correlation) < 0.02
    assert abs(found.neighbours) < 0.05
    assert found.is_white
    assert found.suspicious < 0.01
    assert found.excess.shape == cat.shape[:2]


def test_smooth_noise_is_not_white(cat):
    assert not removed(noise.add_correlated_noise(cat, 20 / 255), cat).is_white


def test_detail_that_was_taken_along_is_found(cat):
    noisy = noise.add_noise(cat, level=25 / 255)
    careless = removed(noisy, baselines.DENOISERS["Total variation"](noisy, 25 / 255))
    lecture = removed(noisy, denoise(noisy, preset="lecture"))
    best = removed(noisy, denoise(noisy))
    assert best.correlation < careless.correlation - 0.1
    assert best.suspicious < 0.7 * min(careless.suspicious, lecture.suspicious)


def test_the_suspicion_is_where_the_detail_went(cat):
    noisy = noise.add_noise(cat, level=10 / 255)
    erased = cat.copy()
    erased[96:160, 96:160] = cat[96:160, 96:160].mean(axis=(0, 1))
    excess = removed(noisy, erased).excess
    assert np.median(excess[104:152, 104:152]) > 3 * np.median(excess[:80])


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 40, 1), (2, 2, 3)])
def test_nothing_removed_and_tiny_pictures_are_no_cause_for_alarm(shape):
    image = np.full(shape, 0.5, np.float32)
    found = removed(image, image)
    assert (found.correlation, found.suspicious) == (0, 0)
