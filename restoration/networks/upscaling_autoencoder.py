"""The autoencoder that enlarges, and the layers that it ends in."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from restoration.image.resample import bicubic_weights
from restoration.networks.blocks import conv, kernel_initializer, residual_block, upsample_by_two
from restoration.networks.transposed_convolution import WideTranspose


@keras.saving.register_keras_serializable("restoration")
class _SameForEveryPixel(keras.initializers.Initializer):
    """The same small kernel for every output pixel of a transposed convolution, so that training starts without a grid.

    Independent values would print a grid of the stride's period on everything (Aitken et al. 2017,
    arXiv:1707.02937, for sub-pixel convolutions).
    """

    def __init__(self, scale, gain):
        self.scale, self.gain = scale, gain

    def __call__(self, shape, dtype=None):
        rows, columns, outputs, inputs = shape
        small = (rows // self.scale, columns // self.scale, inputs, outputs)
        kernel = ops.transpose(kernel_initializer(self.gain)(small, dtype), (0, 1, 3, 2))
        return ops.repeat(ops.repeat(kernel, self.scale, axis=0), self.scale, axis=1)

    def get_config(self):
        return {"scale": self.scale, "gain": self.gain}


class Bicubic(layers.Layer):
    """Enlarge by a whole number, by bicubic interpolation (Keys 1981, a = -0.5), the image mirrored past its edges.

    The same numbers as `restoration.image.resample.resize`, in sums and products alone: a runtime that rounds the
    inputs of convolutions to bfloat16 does not round the image.
    """

    def __init__(self, scale, **options):
        super().__init__(**options)
        self.scale = scale

    def call(self, image: Any) -> Any:
        """(n, h, w, c) -> (n, scale * h, scale * w, c)."""
        count, height, width, channels = ops.shape(image)
        padded = ops.pad(image, [(0, 0), (2, 2), (2, 2), (0, 0)], mode="symmetric")
        columns = ops.stack(self._interpolated(lambda part: padded[:, :, part]), axis=3)
        # Rows last: each is one piece of memory, and most of the work is left for them.
        columns = ops.reshape(columns, (count, height + 4, width * self.scale * channels))
        both = ops.stack(self._interpolated(lambda part: columns[:, part]), axis=2)
        return ops.reshape(both, (count, height * self.scale, width * self.scale, channels))

    def _interpolated(self, shifted):
        """Return the values at each of the `scale` positions within a pixel, along one axis."""
        parts = [slice(first, first - 4 or None) for first in range(5)]
        return [
            sum(float(tap) * shifted(part) for tap, part in zip(of_place, parts, strict=True) if tap)
            for of_place in bicubic_weights(self.scale)
        ]

    def compute_output_shape(self, shape: Sequence[int | None]) -> tuple[int | None, ...]:
        """Return the shape of the result for the shape of an image."""
        count, height, width, channels = shape
        return count, *(length and self.scale * length for length in (height, width)), channels

    def get_config(self) -> dict[str, Any]:
        """Return what the layer is made from."""
        return {**super().get_config(), "scale": self.scale}


def upscaling_autoencoder(
    *,
    widths: Sequence[int],
    blocks: Sequence[int],
    scales: Sequence[int],
    decoder: str = "transpose",
    channels: int = 3,
    mean: int = 9,
) -> keras.Model:
    """Build a U-shaped autoencoder that predicts the residual of the bicubic enlargement and adds it.

    All the work is done at the small size and below; one trunk serves every scale, and each scale ends in a
    `Conv2DTranspose` of its own (as MDSR does with sub-pixel convolutions, Lim et al. 2017, arXiv:1707.02921). The
    trunk sees how the image differs from its local mean, and nothing has a bias: what is learned at one brightness
    and contrast holds at all, and a plain surface stays exactly as it is.

    Parameters
    ----------
    widths : sequence of int
        Channels at 1, 1/2, 1/4, ... of the small size; the last is the width of the code.
    blocks : sequence of int
        Residual blocks per width, on each side; the code has its number once.
    scales : sequence of int
        Output pixels per input pixel along one side; one output each.
    decoder : {"transpose", "upsample"}
        How the code gets back to the small size.
    channels : int
        Channels of the image.
    mean : int
        Side of the window of the local mean, in pixels.

    Returns
    -------
    keras.Model
        (n, h, w, channels) float32 -> list of (n, scale * h, scale * w, channels) float32, one per scale; h and w
        multiples of ``2 ** (len(widths) - 1)``. `head` takes one of them.
    """
    given = keras.Input((None, None, channels), name="given")
    local = layers.AveragePooling2D(mean, 1, padding="same", dtype="float32", name="local_mean")(given)
    details = layers.Subtract(dtype="float32", name="details")([given, local])

    features, skips = conv(widths[0], name="enter")(details), []
    for level, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        if level:
            # (n, h, w, c) -> (n, h/2, w/2, width)
            features = conv(width, 2, 2, name=f"down{level}")(features)
        for index in range(count):
            name = f"{'code' if level == len(widths) - 1 else f'encode{level}'}_{index}"
            features = residual_block(features, width, name)
        skips.append(features)

    for level in range(len(widths) - 2, -1, -1):
        # (n, h, w, c) -> (n, 2h, 2w, width)
        features = upsample_by_two(features, widths[level], decoder=decoder, name=f"up{level}")
        features = layers.Add(name=f"skip{level}")([features, skips[level]])
        for index in range(blocks[level]):
            features = residual_block(features, widths[level], f"decode{level}_{index}")

    enlarged = [_enlarged(given, features, scale, widths[0], channels) for scale in scales]
    return keras.Model(given, enlarged, name="upscaling_autoencoder")


def _enlarged(given, features, scale, width, channels):
    """(n, h, w, channels) and its features -> (n, scale * h, scale * w, channels)."""
    features = conv(width, activation="relu", name=f"x{scale}_features")(features)
    # Three strides wide: every output pixel sees 3 x 3 features, as many as any other.
    residual = WideTranspose(
        channels,
        3 * scale,
        scale,
        padding="same",
        use_bias=False,
        kernel_initializer=_SameForEveryPixel(scale, gain=0.05),
        name=f"x{scale}_correction",
    )(features)
    plain = Bicubic(scale, dtype="float32", name=f"x{scale}_plain")(given)
    return layers.Add(name=f"x{scale}", dtype="float32")([plain, residual])


def head(network: keras.Model, scale: int) -> keras.Model:
    """Return the part of a network that enlarges by `scale`; a network with a single output is that already."""
    if len(network.outputs) == 1:
        return network
    return keras.Model(network.input, network.get_layer(f"x{scale}").output)


def one_input_per_output(network: keras.Model) -> keras.Model:
    """Give each output of a network an input of its own, so that one step trains all of them, each on its own images.

    Returns
    -------
    keras.Model
        With the same weights; a list of inputs to a list of outputs. A network with a single output is that already.
    """
    if len(network.outputs) == 1:
        return network
    inputs = [keras.Input(network.input.shape[1:]) for _ in network.outputs]
    outputs = [keras.Model(network.input, output)(given) for output, given in zip(network.outputs, inputs, strict=True)]
    return keras.Model(inputs, outputs)
