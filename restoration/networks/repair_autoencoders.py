"""Autoencoders that find damage and that complete an image."""

from collections.abc import Sequence

import keras
from keras import layers

from restoration.networks.blocks import kernel_initializer, upsample_by_two


def damage_autoencoder(
    *,
    widths: Sequence[int],
    encoder_blocks: Sequence[int],
    decoder_blocks: Sequence[int],
    decoder: str = "transpose",
    channels: int = 3,
) -> keras.Model:
    """Build a U-shaped autoencoder that tells damage from image at each pixel.

    Parameters
    ----------
    widths : sequence of int
        Channels at 1/2, 1/4, ... of the resolution; the last is the width of the code.
    encoder_blocks : sequence of int
        Residual blocks per width; the last number is the code's.
    decoder_blocks : sequence of int
        Residual blocks per width but the code's.
    decoder : {"transpose", "upsample"}
        `Conv2DTranspose`, or `UpSampling2D` followed by a convolution.
    channels : int
        Channels of the image.

    Returns
    -------
    keras.Model
        (n, h, w, channels) float32 -> (n, h, w, 1) float32, the logits of damage; h and w multiples of
        ``2 ** len(widths)``.
    """
    given = keras.Input((None, None, channels), name="given")
    features = _u_shape(given, widths, encoder_blocks, decoder_blocks, decoder)
    # (n, h/2, w/2, c) -> (n, h, w, 1)
    features = upsample_by_two(features, 1, decoder=decoder, name="full", size=4, gain=0.1)
    logits = layers.Conv2D(1, 3, padding="same", dtype="float32", name="logits")(features)
    return keras.Model(given, logits, name="damage_autoencoder")


def completion_autoencoder(
    *,
    widths: Sequence[int],
    encoder_blocks: Sequence[int],
    decoder_blocks: Sequence[int],
    decoder: str = "transpose",
    channels: int = 3,
) -> keras.Model:
    """Build a U-shaped autoencoder that fills the holes of an image and returns the rest bit for bit.

    Parameters
    ----------
    widths, encoder_blocks, decoder_blocks, decoder, channels
        As in `damage_autoencoder`. With five widths the code lies at 1/32 of the resolution, where a few convolutions
        see hundreds of pixels: what fills a large hole has to come from far away.

    Returns
    -------
    keras.Model
        (n, h, w, channels + 1) float32 -> (n, h, w, channels) float32; h and w multiples of ``2 ** len(widths)``. The
        input is the image, 0 in its holes, and the mask, 1 in the holes and 0 elsewhere.
    """
    given = keras.Input((None, None, channels + 1), name="given")
    image, mask = given[..., :channels], given[..., channels:]
    features = _u_shape(given, widths, encoder_blocks, decoder_blocks, decoder)
    predicted = upsample_by_two(features, channels, decoder=decoder, name="full", size=4, gain=0.5)
    # The image is 0 where the mask is 1, and the product is 0 elsewhere: neither changes the other, in float32.
    filling = layers.Multiply(name="filling", dtype="float32")([predicted, mask])
    restored = layers.Add(name="restored", dtype="float32")([image, filling])
    return keras.Model(given, restored, name="completion_autoencoder")


def _u_shape(given, widths, encoder_blocks, decoder_blocks, decoder):
    """Encode to a code and decode, with skips added: (n, h, w, c) -> (n, h/2, w/2, widths[0])."""
    features, skips = given, []
    for level, (width, count) in enumerate(zip(widths, encoder_blocks, strict=True)):
        # (n, h, w, c) -> (n, h/2, w/2, width)
        features = _convolution(width, 2 if level else 4, 2, name=f"down{level}")(features)
        name = "code" if level == len(widths) - 1 else f"encode{level}"
        for index in range(count):
            features = _block(features, width, f"{name}_{index}")
        skips.append(features)
    for level in range(len(widths) - 2, -1, -1):
        # (n, h, w, c) -> (n, 2h, 2w, width)
        features = upsample_by_two(features, widths[level], decoder=decoder, name=f"up{level}")
        features = layers.Add(name=f"skip{level}")([features, skips[level]])
        for index in range(decoder_blocks[level]):
            features = _block(features, widths[level], f"decode{level}_{index}")
    return features


def _convolution(width, size=3, stride=1, gain=1.0, **options):
    """Make a convolution with a bias: what is damage, and what fills a hole, depends on the brightness itself."""
    return layers.Conv2D(width, size, stride, padding="same", kernel_initializer=kernel_initializer(gain), **options)


def _block(features, width, name):
    """Return x + conv(relu(conv(x)))."""
    inner = _convolution(width, name=f"{name}_a", activation="relu")(features)
    return layers.Add(name=name)([features, _convolution(width, gain=0.1, name=f"{name}_b")(inner)])
