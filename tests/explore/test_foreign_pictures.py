"""Foreign pictures: a code that keeps its place, and what networks make of pictures that they never saw."""

import numpy as np
import pytest

from restoration.explore import datasets
from restoration.explore.foreign_pictures import (
    KINDS,
    UPSCALINGS,
    checkerboard,
    fitted,
    meet_foreign,
    spatial_autoencoder,
)
from restoration.image.checks import ImageError


@pytest.mark.parametrize("upscaling", UPSCALINGS)
@pytest.mark.parametrize("shape", [(28, 28, 1), (25, 13, 3)])
def test_a_spatial_code_takes_every_shape(upscaling, shape):
    network = spatial_autoencoder(shape, upscaling)
    images = np.random.default_rng(0).random((3, *shape), np.float32)
    assert network.reconstruct(images).shape == images.shape
    assert network.code_size == -(-shape[0] // 4) * -(-shape[1] // 4) * 4


def test_a_spatial_code_moves_with_the_picture():
    image = np.zeros((1, 32, 32, 1), np.float32)
    image[0, 12:16, 12:16] = 1
    network = spatial_autoencoder((32, 32, 1), "upsample")
    code, moved = (network.encode(one).reshape(8, 8, 4) for one in (image, np.roll(image, 4, axis=2)))
    np.testing.assert_allclose(code[1:-1, 1:-2], moved[1:-1, 2:-1], atol=1e-6)


def test_only_a_kernel_that_is_no_multiple_of_the_stride_draws_a_checkerboard():
    """Of a flat code, away from the border; random weights of three seeds."""
    boards = {}
    for upscaling in UPSCALINGS:
        drawn = []
        for seed in range(3):
            network = spatial_autoencoder((32, 32, 1), upscaling, seed=seed)
            drawn.append(network.decode(np.ones((1, network.code_size), np.float32))[:, 8:24, 8:24])
        boards[upscaling] = checkerboard(np.concatenate(drawn))
    assert boards["upsample"] < 1e-6
    assert boards["transpose 3"] > 0.01


def test_wrong_shapes_are_sentences():
    with pytest.raises(ImageError, match="Convolutions need"):
        spatial_autoencoder((30,), "upsample")
    with pytest.raises(ImageError, match="upscaling"):
        spatial_autoencoder((8, 8, 1), "stretch")


def test_fitting_keeps_what_fits():
    images = np.random.default_rng(0).random((2, 8, 8, 1), np.float32)
    assert np.array_equal(fitted(images, (8, 8, 1)), images)
    assert fitted(images, (16, 12, 3)).shape == (2, 16, 12, 3)


def test_convolutions_draw_what_they_never_saw():
    faces = datasets.load("faces").images
    *_, last = (one for one in meet_foreign(datasets.load("digits"), faces, points=640, epochs=6) if one is not None)
    assert set(last.found) == set(KINDS)
    dense, convolutional = last.found["dense"], last.found["transpose 4"]
    assert convolutional.foreign_psnr > dense.foreign_psnr + 3
    assert convolutional.foreign_psnr == pytest.approx(
        -10 * np.log10(np.mean((last.foreign - convolutional.foreign) ** 2)), abs=1e-3
    )
    assert last.code_size == 196
