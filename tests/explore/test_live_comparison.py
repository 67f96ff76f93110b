"""Losses and shapes: each setting changes what it names; what a loss is content with."""

import numpy as np
import pytest

from restoration.explore import datasets
from restoration.explore.live_comparison import compare
from restoration.explore.live_training import LOSSES, Settings, autoencoder_and_trainer
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def data():
    return datasets.load("digits8")


def test_two_settings_side_by_side_and_their_errors(data):
    both = [Settings("deep", 8, 1), Settings("deep", 2, 1, optimizer="rmsprop")]
    *_, last = (one for one in compare(data, both, points=1400, epochs=10) if one is not None)
    assert last.found[0].errors.squared[-1] < last.found[1].errors.squared[-1]  # a code of 8 numbers holds more
    for one in last.found:
        assert len(one.losses) == len(one.errors.squared) == 10
        difference = last.tested.images - one.restored
        assert one.errors.squared[-1] == pytest.approx(np.mean(difference**2), rel=1e-5)
        assert one.errors.absolute[-1] == pytest.approx(np.mean(np.abs(difference)), rel=1e-5)
    assert last.pca_codes.shape == (len(last.tested), 8)


def test_the_absolute_error_of_digits_is_content_with_black():
    both = [Settings("deep", 16, 2, learning_rate=0.002, loss=loss) for loss in LOSSES[:2]]
    *_, last = (one for one in compare(datasets.load("digits"), both, epochs=8) if one is not None)
    light = [one.restored.mean() / last.tested.images.mean() for one in last.found]
    assert light[0] > 0.5
    assert light[1] < 0.25


def test_width_and_symmetry_change_the_layers(data):
    def parameters(**settings):
        network, _ = autoencoder_and_trainer(data.images[:50], Settings("deep", 2, 1, **settings))
        return network.encoder.count_params(), network.decoder.count_params()

    assert parameters() == ((64 + 1) * 128 + (128 + 1) * 2, (2 + 1) * 128 + (128 + 1) * 64)
    assert parameters(width=0.5) == ((64 + 1) * 64 + (64 + 1) * 2, (2 + 1) * 64 + (64 + 1) * 64)
    assert parameters(symmetric=False) == ((64 + 1) * 128 + (128 + 1) * 2, (2 + 1) * 64)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_every_optimizer_learns(data, optimizer):
    settings = Settings("deep", 4, 1, optimizer=optimizer, learning_rate=0.5 if optimizer == "sgd" else 0.002)
    _, trainer = autoencoder_and_trainer(data.images[:512], settings)
    first = trainer.epoch()
    assert [trainer.epoch() for _ in range(4)][-1] < first


def test_what_does_not_fit_is_a_sentence(data):
    for wrong in (
        {"loss": "hinge"},
        {"optimizer": "luck"},
        {"width": 0.0},
        {"kind": "convolutional", "symmetric": False},
    ):
        with pytest.raises(ImageError):
            Settings(**wrong)
    with pytest.raises(ImageError, match="below 0"):
        autoencoder_and_trainer(data.images[:50], Settings("linear", loss="binary_crossentropy"))
    with pytest.raises(ImageError, match="a table"):
        autoencoder_and_trainer(datasets.load("cancer").images, Settings("deep", loss="binary_crossentropy"))
