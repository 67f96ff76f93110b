"""Autoencoders that keep the image's size: a U-shaped residual one, and the lecture's bottleneck."""

from collections.abc import Sequence

import keras
from keras import layers

from restoration.networks.blocks import conv, residual_block, upsample_by_two


def residual_autoencoder(
    *,
    widths: Sequence[int],
    blocks: Sequence[int],
    decoder_blocks: Sequence[int] | None = None,
    closing: int = 3,
    decoder: str = "transpose",
    last_size: int = 4,
    channels: int = 3,
    extra: int = 2,
) -> keras.Model:
    """Build a U-shaped autoencoder that predicts the residual and adds it to the image.

    The first convolution already halves the image, because a processor does 3x3 convolutions best on few pixels
    with many channels. Skips carry the detail past the code by addition (as in DRUNet, Zhang et al. 2021,
    doi:10.1109/TPAMI.2021.3088914). There are no biases: what is learned at one contrast or noise level
    carries over to others (Mohan et al. 2020, arXiv:1906.05478).

    Parameters
    ----------
    widths : sequence of int
        Channels at 1/2, 1/4, ... of the resolution; the last is the width of the code.
    blocks : sequence of int
        Residual blocks per width, on each side; the code has its number once.
    decoder_blocks : sequence of int, optional
        Those of the decoder, per width but the code's, where they are not as many.
    closing : int
        Side of the kernels that end a block. With 1 a block costs little more than half of one with 3, so that twice as
        many, each with a rectifier of its own, cost about the same.
    decoder : {"transpose", "upsample"}
        `Conv2DTranspose`, or `UpSampling2D` followed by a convolution.
    last_size : int
        Side of the last transposed kernel, 4 or 6: computed as a convolution (`WideTranspose`), both cost the same.
    channels : int
        Channels of the image.
    extra : int
        Conditioning channels (the noise level, and whether it is given).

    Returns
    -------
    keras.Model
        (n, h, w, channels + extra) float32 -> (n, h, w, channels) float32; h and w multiples of
        ``2 ** len(widths)``.
    """
    depth = len(widths)
    given = keras.Input((None, None, channels + extra), name="given")
    image = given[..., :channels]

    features, skips = given, []
    for level, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        # (n, h, w, c) -> (n, h/2, w/2, width)
        size = 4 if level == 0 else 2
        features = conv(width, size, 2, name=f"down{level}")(features)
        for index in range(count):
            name = f"{'code' if level == depth - 1 else f'encode{level}'}_{index}"
            features = residual_block(features, width, name, closing)
        skips.append(features)

    for level in range(depth - 2, -1, -1):
        # (n, h, w, c) -> (n, 2h, 2w, width)
        features = upsample_by_two(features, widths[level], decoder=decoder, name=f"up{level}")
        features = layers.Add(name=f"skip{level}")([features, skips[level]])
        for index in range((decoder_blocks or blocks)[level]):
            features = residual_block(features, widths[level], f"decode{level}_{index}", closing)

    residual = upsample_by_two(features, channels, decoder=decoder, name="correction", size=last_size, gain=0.05)
    # The sum stays in float32 whatever the layers compute in, so the image itself is never rounded.
    restored = layers.Add(name="restored", dtype="float32")([image, residual])
    return keras.Model(given, restored, name="residual_autoencoder")


def bottleneck_autoencoder(
    *, widths: Sequence[int], decoder: str = "transpose", channels: int = 3, extra: int = 2
) -> keras.Model:
    """Build the lecture's autoencoder: everything must pass through the code, nothing goes around it.

    Strided convolutions down, `Conv2DTranspose` (or `UpSampling2D`) up, no skips, no residual.

    Parameters
    ----------
    widths : sequence of int
        Channels after each halving; the last is the code's.
    decoder, channels, extra
        As in `residual_autoencoder`; the extra channels are accepted and ignored.

    Returns
    -------
    keras.Model
        (n, h, w, channels + extra) float32 -> (n, h, w, channels) float32 in [0, 1]; h and w multiples of
        ``2 ** len(widths)``.
    """
    given = keras.Input((None, None, channels + extra), name="given")
    features = given[..., :channels]
    for level, width in enumerate(widths):
        name = "code" if level == len(widths) - 1 else f"encode{level}"
        features = layers.Conv2D(width, 3, 2, padding="same", activation="relu", name=name)(features)
    for level, width in reversed(list(enumerate(widths[:-1]))):
        features = layers.Activation("relu")(upsample_by_two(features, width, decoder=decoder, name=f"decode{level}"))
    restored = upsample_by_two(features, channels, decoder=decoder, name="picture")
    restored = layers.Activation("sigmoid", dtype="float32", name="restored")(restored)
    return keras.Model(given, restored, name="bottleneck_autoencoder")
