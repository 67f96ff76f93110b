"""The camera that no network was trained with takes the photographs it should, and the networks hold on it."""

import json

import numpy as np
import pytest

from restoration.benchmark import unseen_camera
from restoration.benchmark.report import gains
from restoration.image import metrics
from restoration.image.srgb import linear_light, srgb_values
from restoration.inference.card import BASELINE, card_for, presets
from restoration.photo.sample_photos import sample


def test_light_and_srgb_are_inverse():
    values = np.linspace(0, 1, 1000, dtype=np.float32)
    np.testing.assert_allclose(srgb_values(linear_light(values)), values, atol=1e-5)


def test_demosaicing_is_exact_where_colours_change_evenly():
    rows, columns = np.indices((24, 30)) / 100
    light = np.stack([0.1 + rows, 0.2 + rows, 0.3 + rows], axis=-1) + columns[..., None] / 2
    np.testing.assert_allclose(
        unseen_camera._demosaiced(unseen_camera._mosaic(light))[4:-4, 4:-4], light[4:-4, 4:-4], atol=1e-12
    )


@pytest.mark.parametrize("processing", unseen_camera.PROCESSING)
@pytest.mark.parametrize("size", unseen_camera.SIZES.values())
def test_without_noise_only_the_file_differs_from_the_truth(processing, size):
    light = unseen_camera._light(sample("Cat").pixels[:64, :64])
    develop = unseen_camera.PROCESSING[processing]
    saved, truth = unseen_camera.noisy_and_clean_photo(light, 0.0, develop, size, seed=0)
    noisy, same = unseen_camera.noisy_and_clean_photo(light, 0.008, develop, size, seed=0)
    assert saved.shape == truth.shape == (128 // size, 128 // size, 3)
    np.testing.assert_array_equal(truth, same)
    assert metrics.psnr(saved, truth) > 33 > metrics.psnr(noisy, truth)


def test_networks_are_half_a_decibel_ahead_of_non_local_means(repo):
    measured = gains(json.loads((repo / "weights" / "benchmark-unseen.json").read_text()))
    networks = {card_for("denoise", preset).name for preset in presets("denoise") if preset != BASELINE}
    assert networks < measured.keys()
    wanted = {unseen_camera.NOTHING, unseen_camera.ORACLE, *networks}
    compared = {name: method for name, method in unseen_camera.compared_denoisers().items() if name in wanted}
    rows = unseen_camera.benchmark_unseen([sample(name).pixels[:280, :280] for name in ("Cat", "Coffee cup")], compared)
    gained = gains({"rows": [vars(row) for row in rows]})
    for name in networks:
        assert min(gained[name]) > 0
        assert np.mean(gained[name]) > np.mean(gained[unseen_camera.ORACLE]) + 0.5
