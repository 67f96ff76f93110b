"""Blending by pixels and by codes: exact ends, checked arguments, and codes nearer to real images than pixels."""

import numpy as np
import pytest

import restoration
from restoration.explore import datasets, interpolation, pretrained
from restoration.explore.center_crop import center_crop
from restoration.explore.pretrained_card import cards
from restoration.image.checks import ImageError
from restoration.tasks.blend import NETWORKS, blends

WEIGHTS = [0.0, 0.3, 1.0]


@pytest.mark.parametrize("data", NETWORKS)
def test_content_ends_are_the_pictures_themselves(data):
    first, second = datasets.load(data).images[[0, 50]]
    for weight, end in ((0, first), (1, second)):
        assert np.array_equal(restoration.blend(first, second, weight, space="content", data=data), end)
    middle = restoration.blend(first, second, 0.5, space="content", data=data)
    assert np.allclose(middle, (first + second) / 2, atol=1e-6)


@pytest.mark.parametrize("data", NETWORKS)
@pytest.mark.parametrize("path", interpolation.PATHS)
def test_representation_ends_are_the_reconstructions(data, path):
    pictures = datasets.load(data).images[[0, 50]]
    network = pretrained.load_autoencoder(NETWORKS[data])
    made = blends(*pictures, WEIGHTS, data=data, path=path)
    assert made.shape == (3, *pictures.shape[1:])
    assert made.min() >= 0
    assert made.max() <= 1
    assert np.allclose(made[[0, -1]], network.reconstruct(pictures), atol=1e-5)


def test_larger_pictures_are_cropped_and_reduced_and_smaller_ones_refused():
    large = np.zeros((90, 200, 3), np.float32)
    large[:, 55:145] = 0.5
    fitted = center_crop(large, (28, 28, 1))
    assert fitted.shape == (28, 28, 1)
    assert np.allclose(fitted, 0.5, atol=1e-6)
    assert restoration.blend(large, large, 0.3, data="photos").shape == (64, 64, 3)
    assert center_crop(np.full((80, 70, 1), 0.25, np.float32), (64, 64, 3)).shape == (64, 64, 3)
    with pytest.raises(ImageError, match=r"20 x 40 pixels and at least 28 x 28"):
        restoration.blend(large[:40, :20], large, 0.5, data="digits")


@pytest.mark.parametrize(
    "wrong", [{"weight": 1.2}, {"space": "latent"}, {"data": "cats"}, {"path": "zigzag"}, {"first": np.zeros((4, 4))}]
)
def test_bad_settings_are_sentences(wrong):
    picture = datasets.load("digits").images[0]
    with pytest.raises(ImageError, match=r"^[A-Za-z].*"):
        restoration.blend(**{"first": picture, "second": picture, "weight": 0.5, "data": "digits"} | wrong)


@pytest.mark.parametrize("weight", [2, -0.5, np.nan])
def test_each_of_several_weights_is_checked(weight):
    picture = np.zeros((28, 28, 1), np.float32)
    with pytest.raises(ImageError, match="weight is"):
        blends(picture, picture, np.array([0.5, weight]), data="digits")


def test_a_mixture_of_noisy_pixels_is_a_picture():
    noisy = np.full((28, 28, 1), 1.5, np.float32)
    mixed = restoration.blend(noisy, -noisy, 0, space="content", data="digits")
    assert mixed.max() == 1
    assert restoration.blend(-noisy, noisy, 0, space="content", data="digits").min() == 0


@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_half_way_codes_are_nearer_to_real_pictures_than_half_way_pixels(data):
    tested = cards()[NETWORKS[data]].tested
    pixels, codes = (tested[f"half way to the nearest, {space}"] for space in ("content", "representation"))
    assert codes < 0.9 * pixels
