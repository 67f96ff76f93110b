"""Builders of the networks: convolutional autoencoders of plain Keras layers.

Every builder returns an uncompiled `keras.Model` from its card's config alone, for any height and width that
are multiples of the network's stride. The names of the layers are part of the weights files, so they stay.
"""

from collections.abc import Callable

import keras

from restoration.networks.autoencoders import bottleneck_autoencoder, residual_autoencoder
from restoration.networks.color_autoencoder import (
    LITE_STAGES,
    NORMALIZED,
    color_autoencoder,
    dense_color_autoencoder,
    efficientnet_lite,
)
from restoration.networks.compression_autoencoder import codec_part, compression_autoencoder, fill_tables
from restoration.networks.measures import gflop_per_megapixel, receptive_radius, stride
from restoration.networks.repair_autoencoders import completion_autoencoder, damage_autoencoder
from restoration.networks.transposed_convolution import WideTranspose, as_convolutions
from restoration.networks.upscaling_autoencoder import Bicubic, head, one_input_per_output, upscaling_autoencoder

BUILDERS: dict[str, Callable[..., keras.Model]] = {
    "residual_autoencoder": residual_autoencoder,
    "bottleneck_autoencoder": bottleneck_autoencoder,
    "upscaling_autoencoder": upscaling_autoencoder,
    "color_autoencoder": color_autoencoder,
    "dense_color_autoencoder": dense_color_autoencoder,
    "damage_autoencoder": damage_autoencoder,
    "completion_autoencoder": completion_autoencoder,
    "compression_autoencoder": compression_autoencoder,
}

__all__ = [
    "BUILDERS",
    "LITE_STAGES",
    "NORMALIZED",
    "Bicubic",
    "WideTranspose",
    "as_convolutions",
    "bottleneck_autoencoder",
    "codec_part",
    "color_autoencoder",
    "completion_autoencoder",
    "compression_autoencoder",
    "damage_autoencoder",
    "dense_color_autoencoder",
    "efficientnet_lite",
    "fill_tables",
    "gflop_per_megapixel",
    "head",
    "one_input_per_output",
    "receptive_radius",
    "residual_autoencoder",
    "stride",
    "upscaling_autoencoder",
]
