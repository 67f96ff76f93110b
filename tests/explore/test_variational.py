"""The KL term and the sampled code of variational autoencoders."""

import numpy as np
import pytest
from keras import ops

from restoration.explore import datasets
from restoration.explore.small_autoencoders import build
from restoration.explore.variational import kl_divergence


@pytest.fixture(scope="module")
def few():
    return datasets.load("digits8").train.images[:256]


def test_kl_is_the_closed_form():
    """Against the definition, integrated numerically, and the value that is known by heart."""
    mean, log_variance = np.array([[0.7, -1.2]]), np.array([[0.3, -0.8]])
    x = np.linspace(-12, 12, 20_001)
    expected = 0.0
    for m, v in zip(mean[0], np.exp(log_variance[0]), strict=True):
        q = np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
        log_ratio = (-((x - m) ** 2) / v - np.log(v) + x**2) / 2
        expected += np.trapezoid(q * log_ratio, x)
    assert float(kl_divergence(mean, log_variance)[0]) == pytest.approx(expected, abs=1e-5)
    assert float(kl_divergence(np.zeros((1, 4)), np.zeros((1, 4)))[0]) == 0


def test_the_variational_loss_is_cross_entropy_plus_kl(few):
    autoencoder = build("variational", (8, 8, 1), 2, hidden=(4,), kl_weight=0.5)
    network = autoencoder.network
    reconstructed = np.clip(autoencoder.reconstruct(few), 1e-7, 1 - 1e-7)
    entropy = -(few * np.log(reconstructed) + (1 - few) * np.log(1 - reconstructed)).mean()
    inner = network.get_layer("draw")
    network(few, training=False)
    posterior = [ops.convert_to_numpy(tensor) for tensor in _posterior(network, few)]
    kl = 0.5 * ops.convert_to_numpy(kl_divergence(*posterior)).mean() / 64
    assert float(inner.losses[0]) == pytest.approx(kl, rel=1e-4)
    network.compile(loss=autoencoder.loss, jit_compile=False)
    assert network.evaluate(few, few, batch_size=len(few), verbose=0) == pytest.approx(entropy + kl, rel=1e-4)


def _posterior(network, images):
    import keras

    return keras.Model(network.input, network.get_layer("draw").input)(images)


def test_draws_differ_while_training_only(few):
    network = build("variational", (8, 8, 1), 2, hidden=(4,)).network
    assert np.allclose(network(few, training=False), network(few, training=False))
    assert not np.allclose(network(few, training=True), network(few, training=True), atol=1e-4)
