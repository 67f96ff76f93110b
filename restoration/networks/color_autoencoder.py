"""Autoencoders from luminance to colour: one over an ImageNet encoder, and the lecture's."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from restoration.networks.blocks import conv, kernel_initializer, residual_block, upsample_by_two

NORMALIZED = "_even"  # suffix of the layers by which `color_autoencoder` normalizes its encoder's features
LITE_STAGES = ((1, 3, 1), (6, 3, 2), (6, 5, 2), (6, 3, 2), (6, 5, 1), (6, 5, 2), (6, 3, 1))


def efficientnet_lite(image: Any, *, widths: Sequence[int], repeats: Sequence[int]) -> list[Any]:
    """Add the encoder of EfficientNet-Lite for a gray image, its normalisations folded into the convolutions.

    Parameters
    ----------
    image : tensor of shape (n, h, w, 1)
        (255 g - 127) / 128 of the gray value g in [0, 1]. The first kernel is the sum of the original's over red, green
        and blue, which is the same as showing it the gray value three times.
    widths : sequence of 7 int
        Channels that leave each stage.
    repeats : sequence of 7 int
        Blocks in each stage.

    Returns
    -------
    list of four tensors
        The images' features at 1/4, 1/8, 1/16 and 1/32 of the resolution.
    """
    features = layers.Conv2D(32, 3, 2, padding="same", name="stem")(image)  # (n, h, w, 1) -> (n, h/2, w/2, 32)
    features = layers.ReLU(6, name="stem_relu")(features)
    stages, index = [], 0
    for (expansion, kernel, stride), width, count in zip(LITE_STAGES, widths, repeats, strict=True):
        for repeat in range(count):
            step = stride if repeat == 0 else 1
            features = _lite_block(
                features, width, expansion=expansion, kernel=kernel, stride=step, name=f"block{index}"
            )
            index += 1
        stages.append(features)
    return [stages[1], stages[2], stages[4], stages[6]]


def _lite_block(features, width, *, expansion, kernel, stride, name):
    """Widen, filter each channel alone, narrow: the inverted residual of Sandler et al. 2018, arXiv:1801.04381."""
    inner, channels = features, features.shape[-1]
    if expansion > 1:
        inner = layers.Conv2D(channels * expansion, 1, name=f"{name}_expand")(inner)
        inner = layers.ReLU(6, name=f"{name}_expand_relu")(inner)
    inner = layers.DepthwiseConv2D(kernel, stride, padding="same", name=f"{name}_depthwise")(inner)
    inner = layers.ReLU(6, name=f"{name}_depthwise_relu")(inner)
    inner = layers.Conv2D(width, 1, name=f"{name}_project")(inner)
    return layers.Add(name=name)([features, inner]) if stride == 1 and channels == width else inner


def color_autoencoder(
    *,
    encoder: dict[str, Any],
    widths: Sequence[int],
    hints: Sequence[int],
    colors: int,
    blocks: int = 1,
    dropout: float = 0.2,
) -> keras.Model:
    """Build the colour network: from the luminance, and colour hints if any, to the logits of each colour bin.

    An encoder trained on ImageNet, frozen or nearly so, under a decoder of `Conv2DTranspose` stages with
    skips. The output has a part of the resolution (as in Zhang et al. 2016, arXiv:1603.08511): colour is soft, the
    image's own luminance brings the edges back. The hints (Zhang et al. 2017, arXiv:1705.02999) join at every scale
    by a small encoder without biases, whose output is zero where there is no hint.

    Parameters
    ----------
    encoder : dict
        Arguments of `efficientnet_lite`.
    widths : sequence of 2 to 4 int
        The decoder's channels at 1/32, 1/16, 1/8 and 1/4 of the resolution, as far as it goes up.
    hints : sequence of 4 int
        Channels of the hints' encoder at the same.
    colors : int
        The number of colour bins (`restoration.image.color_bins`).
    blocks : int
        Residual blocks at each of the decoder's resolutions.
    dropout : float in [0, 1]
        Share of the encoder's channels that training leaves out.

    Returns
    -------
    keras.Model
        (n, h, w, 4) float32 -> (n, h/s, w/s, colors) float32, s being 64 / 2 ** len(widths): the logits of
        the colour bins.
        Channels in: the gray value in [0, 1]; a and b of the hint over 100, and 1, where there is a hint; 0 elsewhere.
        h and w are multiples of 32.
    """
    given = keras.Input((None, None, 4), name="given")
    image = layers.Rescaling(255 / 128, -127 / 128, name="picture")(given[..., :1])
    hinted = _hint_encoder(given[..., 1:], hints, widths)
    features = None
    for level, (width, skip) in enumerate(zip(widths, reversed(efficientnet_lite(image, **encoder)), strict=False)):
        parts = [hinted[level], _normalized(skip, width, dropout, f"skip{level}")]
        if level:
            # (n, h, w, c) -> (n, 2h, 2w, width)
            parts.append(upsample_by_two(features, width, decoder="transpose", name=f"up{level}"))
        features = layers.Add(name=f"joined{level}")(parts)
        for index in range(blocks):
            features = residual_block(features, width, f"decode{level}_{index}")
    features = layers.ReLU(name="relu")(features)
    logits = layers.Conv2D(colors, 1, name="colors", dtype="float32")(features)
    return keras.Model(given, logits, name="color_autoencoder")


def _normalized(features, width, dropout, name):
    """Bring an encoder's features to a mean of 0 and a variance of 1, then to `width` channels.

    They are up to 27 times as strong as the decoder's and would drown them. The statistics are measured once, before
    the training, and stay (`NORMALIZED` finds the layers): the network is the same in training and in use.
    """
    norm = layers.BatchNormalization(center=False, scale=False, trainable=False, name=f"{name}{NORMALIZED}")
    features = layers.SpatialDropout2D(dropout, name=f"{name}_dropout")(norm(features))
    return layers.Conv2D(width, 1, kernel_initializer=kernel_initializer(), name=name)(features)


def _hint_encoder(given, channels, widths):
    """(n, h, w, 3) -> the hints' features at 1/32, 1/16, ... of the resolution; zero far from any hint."""
    pooled = layers.AveragePooling2D(4, name="hints")(given)
    # A small hint counts as much as a large one: colour and mask are divided by the share of the cell it fills.
    features = pooled / ops.maximum(pooled[..., 2:], 1 / 16)
    found = []
    for level in (3, 2, 1, 0):
        step = 1 if level == 3 else 2
        features = conv(channels[level], 3, step, name=f"hint{level}", activation="relu")(features)
        if level < len(widths):
            found.append(conv(widths[level], 1, name=f"hint{level}_out")(features))
    return found[::-1]


def dense_color_autoencoder(*, side: int, widths: Sequence[int], code: int) -> keras.Model:
    """Build the lecture's colour autoencoder: everything passes through one dense code.

    Parameters
    ----------
    side : int
        Height and width, fixed by the dense code; a multiple of ``2 ** len(widths)``.
    widths : sequence of int
        Channels after each halving.
    code : int
        Numbers in the code.

    Returns
    -------
    keras.Model
        (n, side, side, 1) float32, gray values in [0, 1] -> (n, side, side, 3) float32, RGB in [0, 1].
    """
    given = keras.Input((side, side, 1), name="given")
    features = given
    for level, width in enumerate(widths):
        # (n, h, w, c) -> (n, h/2, w/2, width)
        features = layers.Conv2D(width, 3, 2, padding="same", activation="relu", name=f"encode{level}")(features)
    small = features.shape[1:]
    numbers = layers.Dense(code, name="code")(layers.Flatten(name="flat")(features))
    features = layers.Dense(int(np.prod(small)), activation="relu", name="unfold")(numbers)
    features = layers.Reshape(small, name="square")(features)
    for level, width in reversed(list(enumerate(widths))):
        features = layers.Conv2DTranspose(width, 3, 2, padding="same", activation="relu", name=f"decode{level}")(
            features
        )
    picture = layers.Conv2DTranspose(3, 3, padding="same", activation="sigmoid", dtype="float32", name="picture")(
        features
    )
    return keras.Model(given, picture, name="dense_color_autoencoder")
