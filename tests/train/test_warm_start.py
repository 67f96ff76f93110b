"""A warm start keeps what a network computes, or as much of it as fits."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from restoration import networks
from restoration.inference.card import Card, card_for
from restoration.train.photographs import load_photos
from restoration.train.publish import publish
from restoration.train.recipes import RECIPES
from restoration.train.train_restore import RestorationTraining
from restoration.train.warm_start import transfer_weights


def started(recipe, photos, folder):
    """Return a network with random weights, and where these lie with their card."""
    recipe = replace(recipe, name="denoise-fast-1", start="")
    training = RestorationTraining(recipe, *load_photos(photos), folder / "before", hours=1)
    start = publish(training, folder).weights(folder)
    training.network.save_weights(start)
    return training.network, start


def test_a_larger_network_starts_with_what_the_smaller_one_computes(photos, tmp_path):
    small = {"widths": [8, 16], "blocks": [1, 1]}
    recipe = replace(RECIPES["denoise-best-13"], config=small)
    smaller, start = started(recipe, photos, tmp_path)
    given = np.random.default_rng(0).random((1, 16, 16, 5), np.float32)
    larger = networks.residual_autoencoder(**small, decoder_blocks=[2], last_size=6)
    assert not np.allclose(larger(given), smaller(given), atol=1e-3)
    transfer_weights(larger, start)
    np.testing.assert_allclose(larger(given), smaller(given), atol=1e-6)
    assert np.any(larger.get_layer("decode0_1_a").get_weights()[0])  # zeros here too would never learn
    narrowed = networks.residual_autoencoder(**small, closing=1)
    transfer_weights(narrowed, start)
    ends = [network.get_layer("code_0_b").get_weights()[0] for network in (narrowed, smaller)]
    np.testing.assert_array_equal(ends[0], ends[1][1:2, 1:2])
    shortened = networks.residual_autoencoder(**small, decoder_blocks=[0])
    transfer_weights(shortened, start)
    smaller.get_layer("decode0_0_b").set_weights([np.zeros_like(smaller.get_layer("decode0_0_b").get_weights()[0])])
    np.testing.assert_allclose(shortened(given), smaller(given), atol=1e-6)
    with pytest.raises(ValueError, match="down1, up0"):
        transfer_weights(networks.residual_autoencoder(widths=[8], blocks=[1]), start)
    with pytest.raises(ValueError, match="cannot be transferred"):
        transfer_weights(networks.residual_autoencoder(widths=[8, 12], blocks=[1, 1]), start)


@pytest.mark.parametrize("decoder", ["transpose", "upsample"])
def test_channels_that_are_new_add_nothing_at_first_and_can_learn(decoder, photos, tmp_path):
    recipe = replace(RECIPES["denoise-best-13"], config={"widths": [8, 16], "blocks": [1, 1], "decoder": decoder})
    before, start = started(recipe, photos, tmp_path)
    given = np.random.default_rng(0).random((1, 16, 16, 5), np.float32)
    wide = networks.residual_autoencoder(widths=[12, 24], blocks=[1, 1], decoder=decoder)
    transfer_weights(wide, start)
    np.testing.assert_allclose(wide(given), before(given), atol=1e-6)
    first = keras.Model(wide.input, wide.get_layer("code_0_a").output)
    assert np.any(first(given)[..., 16:])


def test_the_published_weights_are_interpolated_with_the_start(photos, tmp_path):
    recipe = replace(RECIPES["denoise-lecture-1"], start="denoise-fast-1", start_share=0.25)
    before, _ = started(recipe, photos, tmp_path)
    training = RestorationTraining(recipe, *load_photos(photos), tmp_path / "run", weights=tmp_path)
    averages = training.optimizer._model_variables_moving_average
    for variable, average in zip(training.network.trainable_variables, averages, strict=True):
        average.assign(variable + 1)
    for published, began in zip(training.published_network().get_weights(), before.get_weights(), strict=True):
        np.testing.assert_allclose(published, began + 0.75, rtol=1e-5)
    assert training.trained()["start_share"] == 0.25


def test_a_network_for_one_channel_starts_with_what_one_for_three_makes_of_gray(photos, tmp_path):
    small = {"widths": [8, 16], "blocks": [1, 1]}
    colored, start = started(replace(RECIPES["denoise-best-13"], config=small), photos, tmp_path)
    gray = networks.residual_autoencoder(**small, channels=1)
    transfer_weights(gray, start)
    given = np.random.default_rng(0).random((1, 16, 16, 3), np.float32)
    expected = np.mean(colored(given[..., [0, 0, 0, 1, 2]]), axis=-1, keepdims=True)
    np.testing.assert_allclose(gray(given), expected, atol=1e-6)
    assert np.abs(gray(given) - given[..., :1]).max() > 1e-3


def test_a_network_with_a_level_more_starts_with_what_the_one_without_computes(tmp_path):
    small = {"widths": [8, 12], "blocks": [1, 2], "scales": [2]}
    before = networks.upscaling_autoencoder(**small)
    before.save_weights(tmp_path / "upscale-photo-1.weights.h5")
    card = vars(card_for("upscale", "photo")) | {"name": "upscale-photo-1", "config": small, "scale": 2}
    Card(**card).write(tmp_path)
    deeper = networks.upscaling_autoencoder(widths=[8, 12, 16], blocks=[1, 3, 1], scales=[2])
    given = np.random.default_rng(0).random((1, 16, 16, 3), np.float32)
    transfer_weights(deeper, tmp_path / "upscale-photo-1.weights.h5")
    np.testing.assert_allclose(deeper(given), before(given), atol=1e-6)
    assert np.any(deeper.get_layer("down2").get_weights()[0])  # zeros here too would never learn
