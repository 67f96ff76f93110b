"""The networks: one family of convolutional autoencoders, built from plain Keras layers.

Every builder returns an uncompiled `keras.Model` from its card's config alone, for any height and width that
are multiples of the network's stride. Nothing here knows files, tiles or tasks.
"""

from restoration.networks.autoencoders import bottleneck_autoencoder, residual_autoencoder
from restoration.networks.color_autoencoder import (
    EVENED,
    LITE_STAGES,
    color_autoencoder,
    dense_color_autoencoder,
    efficientnet_lite,
)
from restoration.networks.measures import gflop_per_megapixel, receptive_radius, stride
from restoration.networks.transposed_convolution import WideTranspose, as_convolutions
from restoration.networks.upscaling_autoencoder import Bicubic, head, side_by_side, upscaling_autoencoder

BUILDERS = {
    "residual_autoencoder": residual_autoencoder,
    "bottleneck_autoencoder": bottleneck_autoencoder,
    "upscaling_autoencoder": upscaling_autoencoder,
    "color_autoencoder": color_autoencoder,
    "dense_color_autoencoder": dense_color_autoencoder,
}

__all__ = [
    "BUILDERS",
    "EVENED",
    "LITE_STAGES",
    "Bicubic",
    "WideTranspose",
    "as_convolutions",
    "bottleneck_autoencoder",
    "color_autoencoder",
    "dense_color_autoencoder",
    "efficientnet_lite",
    "gflop_per_megapixel",
    "head",
    "receptive_radius",
    "residual_autoencoder",
    "side_by_side",
    "stride",
    "upscaling_autoencoder",
]
