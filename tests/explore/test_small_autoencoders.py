"""The autoencoders: shapes, layers, seeds."""

import numpy as np
import pytest

from restoration.explore import datasets, small_autoencoders
from restoration.explore.small_autoencoders import build


@pytest.fixture(scope="module")
def few():
    return datasets.load("digits8").train.images[:256]


@pytest.mark.parametrize("kind", small_autoencoders.KINDS)
@pytest.mark.parametrize("shape", [(8, 8, 1), (25, 13, 3), (1, 5, 1)])
def test_every_kind_takes_every_shape(kind, shape):
    autoencoder = build(kind, shape, 3, hidden=(6, 5))
    images = np.random.default_rng(0).random((4, *shape), np.float32)
    codes = autoencoder.encode(images)
    assert codes.shape == (4, 3)
    assert autoencoder.decode(codes).shape == images.shape
    assert (autoencoder.shape, autoencoder.code_size) == (shape, 3)
    assert np.allclose(autoencoder.network(images, training=False), autoencoder.decode(codes), atol=1e-5)
    assert autoencoder.encode(images[:0]).shape == (0, 3)


@pytest.mark.parametrize("upscaling", ["transpose", "upsample"])
def test_decoders_double_by_the_chosen_layers(upscaling):
    decoder = build("convolutional", (28, 28, 1), 4, upscaling=upscaling).decoder
    kinds = [type(layer).__name__ for layer in decoder.layers]
    assert kinds.count({"transpose": "Conv2DTranspose", "upsample": "UpSampling2D"}[upscaling]) == 2


@pytest.mark.parametrize("shape", [(28, 28, 1), (25, 13, 3)])
def test_encoders_halve_by_stride_or_by_pooling(shape):
    networks = [build("convolutional", shape, 4, downscaling=how) for how in ("stride", "pool")]
    assert sum(type(layer).__name__ == "MaxPooling2D" for layer in networks[1].encoder.layers) == 2
    assert networks[0].encoder.count_params() == networks[1].encoder.count_params()
    assert networks[1].reconstruct(np.zeros((2, *shape), np.float32)).shape == (2, *shape)
    with pytest.raises(ValueError, match="downscaling is"):
        build("convolutional", shape, 4, downscaling="half")


def test_the_linear_one_is_linear():
    autoencoder = build("linear", (6, 6, 1), 2)
    one, other = np.random.default_rng(0).random((2, 1, 6, 6, 1), np.float32)
    middle = (autoencoder.encode(one) + autoencoder.encode(other)) / 2
    assert np.allclose(autoencoder.encode((one + other) / 2), middle, atol=1e-6)


def test_a_table_gets_dense_layers_and_a_linear_output():
    rows = np.random.default_rng(0).normal(size=(20, 49)).astype(np.float32)
    for kind in ("linear", "deep", "variational"):
        assert build(kind, (49,), 2).reconstruct(rows).shape == rows.shape
    assert build("deep", (49,), 2).reconstruct(10 * rows).min() < 0
    with pytest.raises(ValueError, match="Convolutions need pictures"):
        build("convolutional", (49,), 2)


def test_unknown_choices_are_refused():
    for wrong in ({"kind": "sparse"}, {"kind": "variational", "body": "wood"}, {"kind": "deep", "upscaling": "magic"}):
        with pytest.raises(ValueError, match="choose"):
            build(**{"shape": (8, 8, 1), "code_size": 2} | wrong)


def test_a_seed_gives_the_same_network_and_another_does_not(few):
    codes = [build("convolutional", (8, 8, 1), 2, seed=seed).encode(few[:5]) for seed in (1, 1, 2)]
    assert np.array_equal(codes[0], codes[1])
    assert not np.allclose(codes[0], codes[2])
