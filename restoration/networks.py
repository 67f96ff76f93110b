"""The networks: one family of convolutional autoencoders, built from plain Keras layers.

Every builder returns an uncompiled `keras.Model` from its card's config alone, for any height and width that
are multiples of the network's stride. Nothing here knows files, tiles or tasks.
"""

import keras
import numpy as np
from keras import layers


def _kernel(gain=1.0):
    """He initialisation times a gain.

    Small where a block ends, so that a deep stack of residual blocks starts close to the identity and trains
    without normalisation (Zhang et al. 2019, arXiv:1901.09321).
    """
    return keras.initializers.VarianceScaling(scale=2.0 * gain**2, mode="fan_in", distribution="truncated_normal")


def _conv(width, size=3, stride=1, gain=1.0, **options):
    return layers.Conv2D(
        width, size, stride, padding="same", use_bias=False, kernel_initializer=_kernel(gain), **options
    )


def _block(features, width, name):
    """Add a correction made by two convolutions: x + conv(relu(conv(x)))."""
    inner = _conv(width, name=f"{name}_a", activation="relu")(features)
    return layers.Add(name=name)([features, _conv(width, gain=0.1, name=f"{name}_b")(inner)])


def _double(features, width, *, decoder, name, size=2, gain=0.5):
    """Double height and width, by the decoder's way of doing it."""
    if decoder == "transpose":
        # The kernel is a multiple of the stride: every output pixel gets the same number of taps, so no checkerboard
        # (Odena et al. 2016, doi:10.23915/distill.00003).
        return layers.Conv2DTranspose(
            width, size, 2, padding="same", use_bias=False, kernel_initializer=_kernel(gain), name=name
        )(features)
    if decoder == "upsample":
        features = layers.UpSampling2D(2, interpolation="nearest", name=f"{name}_up")(features)
        return _conv(width, 3, gain=gain, name=name)(features)
    raise ValueError(f'decoder is {decoder!r}; choose "transpose" or "upsample".')


def residual_autoencoder(*, widths, blocks, decoder="transpose", channels=3, extra=2):
    """Build a U-shaped residual autoencoder: what to add to the picture so that it becomes clean.

    The first convolution already halves the picture, for a processor does 3x3 convolutions best on few pixels
    with many channels. Skips carry the detail past the code by addition (as in DRUNet, Zhang et al. 2021,
    doi:10.1109/TPAMI.2021.3088914). There are no biases: what is learned at one contrast or noise level
    carries over to others (Mohan et al. 2020, arXiv:1906.05478).

    Parameters
    ----------
    widths : sequence of int
        Channels at 1/2, 1/4, ... of the resolution; the last is the width of the code.
    blocks : sequence of int
        Residual blocks per width, on each side; the code has its number once.
    decoder : {"transpose", "upsample"}
        `Conv2DTranspose`, or `UpSampling2D` followed by a convolution.
    channels : int
        Channels of the picture.
    extra : int
        Channels beside the picture (the noise level and whether it is known).

    Returns
    -------
    keras.Model
        (n, h, w, channels + extra) float32 -> (n, h, w, channels) float32; h and w multiples of
        ``2 ** len(widths)``.
    """
    depth = len(widths)
    given = keras.Input((None, None, channels + extra), name="given")
    picture = given[..., :channels]

    features, skips = given, []
    for level, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        # (n, h, w, c) -> (n, h/2, w/2, width)
        size = 4 if level == 0 else 2
        features = _conv(width, size, 2, name=f"down{level}")(features)
        for index in range(count):
            features = _block(features, width, f"{'code' if level == depth - 1 else f'encode{level}'}_{index}")
        skips.append(features)

    for level in range(depth - 2, -1, -1):
        # (n, h, w, c) -> (n, 2h, 2w, width)
        features = _double(features, widths[level], decoder=decoder, name=f"up{level}")
        features = layers.Add(name=f"skip{level}")([features, skips[level]])
        for index in range(blocks[level]):
            features = _block(features, widths[level], f"decode{level}_{index}")

    correction = _double(features, channels, decoder=decoder, name="correction", size=4, gain=0.05)
    # The sum stays in float32 whatever the layers compute in, so the picture itself is never rounded.
    restored = layers.Add(name="restored", dtype="float32")([picture, correction])
    return keras.Model(given, restored, name="residual_autoencoder")


def bottleneck_autoencoder(*, widths, decoder="transpose", channels=3, extra=2):
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
        features = layers.Activation("relu")(_double(features, width, decoder=decoder, name=f"decode{level}"))
    restored = _double(features, channels, decoder=decoder, name="picture")
    restored = layers.Activation("sigmoid", dtype="float32", name="restored")(restored)
    return keras.Model(given, restored, name="bottleneck_autoencoder")


BUILDERS = {"residual_autoencoder": residual_autoencoder, "bottleneck_autoencoder": bottleneck_autoencoder}


def gflop_per_megapixel(network, side=256):
    """Count what the convolutions cost for one megapixel of input.

    Parameters
    ----------
    network : keras.Model
        Of the family above: one input, convolutions of any kind.
    side : int
        Height and width used for the count; a multiple of the network's stride.

    Returns
    -------
    float
        Billions of operations (a multiplication and an addition are two) per 10^6 pixels.
    """
    multiplications = 0
    for layer in _at(network, side).layers:
        if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose):
            # Each weight meets each pixel once: of the output, or of the input where the convolution is transposed.
            met = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            multiplications += int(np.prod(met.shape[1:3])) * int(np.prod(layer.kernel.shape))
    return 2 * multiplications / side**2 / 1e3


def stride(network, largest=64):
    """Return the number that height and width must be multiples of (the halvings between picture and code)."""
    code = min(
        (layer.output.shape for layer in _at(network, largest).layers if len(layer.output.shape) == 4),
        key=lambda shape: shape[1],
    )
    return largest // code[1]


def receptive_radius(network, side=256):
    """Measure how far a pixel's influence reaches: the least halo that makes tiled equal to whole.

    A copy of the network with positive weights throughout is shown one bright pixel, at every position relative to
    the strides: nothing can cancel, so all that changed is all that could.

    Parameters
    ----------
    network : keras.Model
    side : int
        Height and width of the picture it is measured on; doubled until the influence ends inside it.

    Returns
    -------
    int
        Pixels, the larger of the two axes' and directions' reaches.
    """
    step = stride(network)
    copy = keras.models.clone_model(network)
    for layer, original in zip(copy.layers, network.layers, strict=True):
        weights = [np.full(value.shape, 1.0 / np.prod(value.shape[:-1])) for value in original.get_weights()]
        layer.set_weights([value if value.ndim > 1 else 0 * value for value in weights])
    # Before the final squashing, which would hide small changes.
    last = copy.layers[-1]
    output = last.input if isinstance(last, layers.Activation) else copy.output
    linear = keras.Model(copy.input, output)
    radius = 0
    for offset in range(step):
        position = side // 2 + offset
        picture = np.zeros((1, side, side, network.input.shape[-1]), np.float32)
        picture[0, position, position] = 1e6
        reached = np.argwhere(keras.ops.convert_to_numpy(linear(picture))[0].any(axis=-1))
        radius = max(radius, int(np.abs(reached - position).max()))
    return radius if radius + step < side // 2 else receptive_radius(network, 2 * side)


def _at(network, side):
    """Copy the network for one fixed size, so that every layer's shape is known."""
    given = keras.Input((side, side, network.input.shape[-1]))
    return keras.models.clone_model(network, input_tensors=given)
