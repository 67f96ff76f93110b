"""The networks of repair: sizes, cost, sight, and what they must leave alone."""

import numpy as np
import pytest

from restoration import networks
from restoration.inference.openvino_export import export, openvino
from restoration.train.recipes import RECIPES

SMALL = {"widths": [8, 8, 8], "encoder_blocks": [0, 1, 1], "decoder_blocks": [1, 0]}
DECODERS = ("transpose", "upsample")


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize(
    ("name", "extra", "channels"), [("damage_autoencoder", 0, 1), ("completion_autoencoder", 1, 3)]
)
def test_any_multiple_of_the_stride_comes_back_in_its_size(name, extra, channels, decoder):
    network = networks.BUILDERS[name](**SMALL, decoder=decoder)
    assert networks.stride(network) == 8
    for height, width in ((8, 8), (24, 40), (16, 72)):
        given = np.zeros((2, height, width, 3 + extra), np.float32)
        assert network(given).shape == (2, height, width, channels)


@pytest.mark.parametrize(("name", "limit"), [("repair-damage-3", 60), ("repair-complete-2", 250)])
def test_cost_and_size_are_within_their_limits(name, limit):
    recipe = RECIPES[name]
    network = networks.BUILDERS[recipe.builder](**recipe.config)
    assert 0.8 * limit < networks.gflop_per_megapixel(network) <= limit
    assert 4 * network.count_params() < 25e6


def test_what_lies_outside_the_mask_is_returned_bit_for_bit():
    network = networks.completion_autoencoder(**SMALL)
    generator = np.random.default_rng(0)
    image = generator.random((1, 32, 48, 3), np.float32)
    holes = generator.random((1, 32, 48, 1)) < 0.3
    given = np.concatenate([np.where(holes, 0, image), holes], axis=-1).astype(np.float32)
    restored = np.array(network(given))
    outside = ~holes[..., 0]
    np.testing.assert_array_equal(restored[outside], image[outside])
    assert (restored[~outside] != 0).mean() > 0.9


def test_a_deeper_code_sees_farther_through_the_product_with_the_mask():
    reaches = [
        networks.receptive_radius(
            networks.completion_autoencoder(
                widths=[4] * depth, encoder_blocks=[0] * (depth - 1) + [1], decoder_blocks=[0] * (depth - 1)
            )
        )
        for depth in (2, 3)
    ]
    # Two 3 x 3 kernels at a quarter, and at an eighth, of the resolution.
    assert reaches[0] >= 2 * 4
    assert reaches[1] >= 2 * 8
    assert reaches[1] > 1.5 * reaches[0]


@pytest.mark.parametrize(("name", "channels"), [("damage_autoencoder", 3), ("completion_autoencoder", 4)])
def test_openvino_gives_the_same(name, channels):
    network = networks.BUILDERS[name](**SMALL)
    graph, constants = export(network)
    core = openvino().Core()
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = core.compile_model(core.read_model(graph, constants), "CPU", exact)
    given = np.random.default_rng(0).random((1, 24, 32, channels), np.float32)
    np.testing.assert_allclose(compiled(given)[0], network(given), atol=1e-4)
