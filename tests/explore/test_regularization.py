"""Regularized autoencoders: the Jacobian against finite differences, each penalty against its definition."""

import keras
import numpy as np
import pytest
from keras import layers

from restoration import explore
from restoration.explore.regularization import PROBE, STRENGTHS, ContractivePenalty, jacobian_norm, regularized
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((40, 4, 5, 1), np.float32)


def differences(encoder, image, step=1e-2):
    """The Jacobian (code, pixels) of one image by central differences."""
    moves = step * np.eye(image.size, dtype=np.float32).reshape(-1, *image.shape)
    return (np.array(encoder(image + moves)) - np.array(encoder(image - moves))).T / (2 * step)


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "elu"])
def test_the_norm_of_the_jacobian_is_that_of_finite_differences(images, activation):
    encoder = explore.regularized("plain", (4, 5, 1), 6, activation=activation).encoder
    found = explore.jacobian_norm(encoder, images)
    expected = [np.linalg.norm(differences(encoder, image)) for image in images]
    np.testing.assert_allclose(found, expected, rtol=2e-3)


def test_the_norm_of_the_jacobian_through_several_layers(images):
    image = keras.Input((4, 5, 1))
    hidden = layers.Dense(9, "tanh")(layers.Flatten()(image))
    encoder = keras.Model(image, layers.Dense(3, "sigmoid")(hidden))
    expected = [np.linalg.norm(differences(encoder, one)) for one in images]
    np.testing.assert_allclose(jacobian_norm(encoder, images), expected, rtol=2e-3)


def test_of_rectified_units_only_the_active_ones_count(images):
    encoder = regularized("plain", (4, 5, 1), 6).encoder
    kernel = encoder.get_weights()[0]
    active = np.array(encoder(images)) > 0
    np.testing.assert_allclose(jacobian_norm(encoder, images), np.sqrt(active @ (kernel**2).sum(axis=0)), rtol=1e-5)


def test_an_encoder_with_convolutions_has_no_such_jacobian(images):
    with pytest.raises(ImageError, match="dense layers"):
        jacobian_norm(explore.build("convolutional", (4, 5, 1), 2).encoder, images)


def test_the_kinds_begin_alike_and_encode_alike(images):
    codes = [regularized(kind, (4, 5, 1), 6, seed=3).encode(images) for kind in STRENGTHS]
    assert all(np.array_equal(codes[0], one) for one in codes)
    assert not np.allclose(codes[0], regularized("plain", (4, 5, 1), 6, seed=4).encode(images))


def test_the_sparse_penalty_is_the_mean_of_l1(images):
    sparse = regularized("sparse", (4, 5, 1), 6, strength=0.5)
    sparse.network(images, training=True)
    assert float(sum(sparse.network.losses)) == pytest.approx(0.5 * sparse.encode(images).sum(axis=1).mean(), rel=1e-5)


def test_the_contractive_penalty_is_the_squared_norm_over_the_variance(images):
    """An estimate by random moves, here of many copies of each image; a code of half the length has the same."""
    many = np.repeat(images, 200, axis=0)
    encoder = regularized("plain", (4, 5, 1), 6, activation="tanh").encoder
    layer = ContractivePenalty(encoder, 1.0, seed=0)
    layer([many, encoder(many)], training=True)
    expected = np.square(jacobian_norm(encoder, images)).mean() / np.array(encoder(images)).var(axis=0).sum()
    assert float(layer.losses[0]) == pytest.approx(expected, rel=0.03)
    assert PROBE < 0.1


def test_only_the_training_is_noisy(images):
    for kind in ("denoising", "dropout", "contractive"):
        network = regularized(kind, (4, 5, 1), 6, strength=0.3).network
        quiet = [np.array(network(images, training=False)) for _ in range(2)]
        assert np.array_equal(*quiet)
        assert (kind == "contractive") == np.allclose(quiet[0], network(images, training=True))


@pytest.mark.parametrize("wrong", [{"kind": "odd"}, {"activation": "gelu"}, {"strength": -1.0}, {"code_size": 0}])
def test_unknown_choices_are_refused(wrong):
    with pytest.raises(ImageError):
        regularized(**{"kind": "plain", "shape": (4, 5, 1)} | wrong)


def test_all_of_dropout_is_refused():
    with pytest.raises(ImageError, match="below 1"):
        regularized("dropout", (4, 5, 1), strength=1.0)
