"""The builders make what their arguments say."""

import numpy as np
import pytest

from restoration import networks


def test_networks_of_both_decoders_are_whole():
    for decoder in ("transpose", "upsample"):
        network = networks.residual_autoencoder(widths=[8, 16], blocks=[1, 1], decoder=decoder)
        assert network(np.zeros((1, 8, 12, 5), np.float32)).shape == (1, 8, 12, 3)
        assert networks.stride(network) == 4
    late = networks.residual_autoencoder(widths=[8, 16], blocks=[0, 1], decoder_blocks=[2, 0])
    assert [layer.name for layer in late.layers if layer.name.endswith("_a")] == [
        "code_0_a",
        "decode0_0_a",
        "decode0_1_a",
    ]
    with pytest.raises(ValueError, match="transpose"):
        networks.residual_autoencoder(widths=[8], blocks=[1], decoder="magic")


def test_blocks_that_close_with_a_point_cost_little_more_than_half():
    plain, pointed = (networks.residual_autoencoder(widths=[8], blocks=[8], closing=closing) for closing in (3, 1))
    outside = networks.residual_autoencoder(widths=[8], blocks=[0])
    cost, half, rest = (networks.gflop_per_megapixel(network) for network in (plain, pointed, outside))
    assert (half - rest) / (cost - rest) == pytest.approx((9 + 1) / (9 + 9))
    # A block's 3 x 3 kernels at half the resolution reach two pixels each, its points none.
    reach, less = (networks.receptive_radius(network) for network in (plain, pointed))
    assert reach - less == 8 * 2
