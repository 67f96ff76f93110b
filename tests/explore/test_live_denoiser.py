"""A denoiser that learns: its noises, and what is measured of it."""

import numpy as np
import pytest

from restoration.explore import datasets
from restoration.explore.live_denoiser import METHODS, DenoiserSettings, corrupt, learn_to_denoise, median_filtered
from restoration.image.checks import ImageError


def test_each_noise_is_what_it_says():
    random = np.random.default_rng(0)
    gray = np.full((50, 20, 30, 1), 0.5, np.float32)
    assert corrupt(gray, "normal", 0.1, random).std() == pytest.approx(0.1, rel=0.02)
    spoiled = corrupt(gray, "salt and pepper", 0.2, random)
    assert [(spoiled == value).mean() for value in (0, 1)] == pytest.approx([0.1, 0.1], abs=0.01)
    holes = corrupt(gray, "holes", 0.24, random) == 0
    assert set(holes.sum(axis=(1, 2, 3)).tolist()) == {144}
    assert len(np.unique(holes, axis=0)) > 10  # not all in one place
    assert corrupt(gray, "none", 0.5, random) is gray
    assert all(
        corrupt(gray, noise, 1.0, random).dtype == np.float32 for noise in ("normal", "salt and pepper", "holes")
    )
    for wrong in ({"noise": "rain"}, {"level": 2.0}):
        with pytest.raises(ImageError):
            corrupt(gray, **{"noise": "normal", "level": 0.1, "random": random} | wrong)


def test_a_median_takes_single_points_away():
    image = np.zeros((1, 9, 9, 1), np.float32)
    image[0, 4, 4] = 1
    assert median_filtered(image).max() == 0


def test_the_denoiser_learns_and_its_numbers_are_those_of_its_pictures():
    data = datasets.load("digits8")
    first, *_, last = (
        found
        for found in learn_to_denoise(data, DenoiserSettings(code_size=16, points=1200), epochs=8)
        if found is not None
    )
    assert last.losses[-1] < last.losses[0]
    assert last.psnr["normal"]["autoencoder"] > first.psnr["normal"]["autoencoder"]
    for noise, results in last.results.items():
        for method in METHODS:
            error = np.mean((results[method].astype(float) - last.images) ** 2)
            assert last.psnr[noise][method] == pytest.approx(-10 * np.log10(max(error, 1e-12)), abs=1e-3)
    assert np.array_equal(last.results["none"]["given"], data.test.images[:300])
