"""Parts of the networks: convolutions without biases, residual blocks, upsampling by two."""

from typing import Any

import keras
from keras import layers


def kernel_initializer(gain: float = 1.0) -> keras.initializers.Initializer:
    """Return the He initialisation times a gain.

    Small where a block ends, so that a deep stack of residual blocks starts close to the identity and trains
    without normalisation (Zhang et al. 2019, arXiv:1901.09321).
    """
    return keras.initializers.VarianceScaling(scale=2.0 * gain**2, mode="fan_in", distribution="truncated_normal")


def conv(width: int, size: int = 3, stride: int = 1, gain: float = 1.0, **options: Any) -> layers.Layer:
    """Make a convolution without a bias."""
    return layers.Conv2D(
        width, size, stride, padding="same", use_bias=False, kernel_initializer=kernel_initializer(gain), **options
    )


def residual_block(features: Any, width: int, name: str, closing: int = 3) -> Any:
    """Return x + conv(relu(conv(x))); the second convolution has kernels of side `closing`."""
    inner = conv(width, name=f"{name}_a", activation="relu")(features)
    return layers.Add(name=name)([features, conv(width, closing, gain=0.1, name=f"{name}_b")(inner)])


def upsample_by_two(features: Any, width: int, *, decoder: str, name: str, size: int = 2, gain: float = 0.5) -> Any:
    """Double height and width, by `Conv2DTranspose` ("transpose") or `UpSampling2D` and a convolution ("upsample")."""
    if decoder == "transpose":
        # The kernel is a multiple of the stride: every output pixel gets the same number of taps, so no checkerboard
        # (Odena et al. 2016, doi:10.23915/distill.00003).
        return layers.Conv2DTranspose(
            width, size, 2, padding="same", use_bias=False, kernel_initializer=kernel_initializer(gain), name=name
        )(features)
    if decoder == "upsample":
        features = layers.UpSampling2D(2, interpolation="nearest", name=f"{name}_up")(features)
        return conv(width, 3, gain=gain, name=name)(features)
    raise ValueError(f'decoder is {decoder!r}; choose "transpose" or "upsample".')
