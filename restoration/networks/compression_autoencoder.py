"""An autoencoder whose code is rounded and counted in bits: transforms, and the probabilities of what is coded."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from restoration.networks.blocks import kernel_initializer

SCALES = 64  # standard deviations that the code's numbers are coded with
SMALLEST_SCALE, SCALE_STEP = 0.11, 0.1  # the k-th is SMALLEST_SCALE * exp(k * SCALE_STEP)
LARGEST_SYMBOL = 255  # numbers of the code beyond it are clipped
COUNT_BITS = 24  # a table's counts add up to 2 ** COUNT_BITS
LEAST_PROBABILITY = 1e-9
PARTS = ("analysis", "hyper_analysis", "means", "synthesis")


def compression_autoencoder(
    *,
    widths: Sequence[int],
    encoder_blocks: Sequence[int],
    decoder_blocks: Sequence[int],
    hyper_width: int,
    scale_width: int,
    qualities: int,
) -> keras.Model:
    """Build an autoencoder whose code is rounded, with a second, small code that tells how to code the first.

    The mean-scale hyperprior of Minnen et al. (2018, arXiv:1809.02736) without its autoregressive part, and one
    network for all qualities, which scale each channel of the code (gain units, Cui et al. 2021, arXiv:2003.02012).

    Parameters
    ----------
    widths : sequence of int
        Channels at 1/2, 1/4, 1/8 and 1/16 of the resolution; the last is the code's.
    encoder_blocks, decoder_blocks : sequence of int
        Residual blocks per width but the code's.
    hyper_width : int
        Channels of the second code, at a quarter of the first one's resolution.
    scale_width : int
        Channels between the second code and the scales.
    qualities : int
        Number of qualities, 0 to `qualities` - 1; what lies between is interpolated.

    Returns
    -------
    keras.Model
        (n, h, w, 4) float32 -> (n, h, w, 4) float32; h and w multiples of 64. The input is the image and, constant
        over it, the quality; the output is the image as it is decoded and the bits per pixel, each spread over the
        pixels that share them. In training the bits are those of the code with uniform noise in place of rounding
        (Ballé et al. 2017, arXiv:1611.01704).
    """
    given = keras.Input((None, None, 4), name="given")
    quality = given[:, :1, :1, 3:]
    code = _analysis(given[..., :3], widths, encoder_blocks)
    scaled = Gain(qualities, name="gain")([code, quality])

    hyper_code = _hyper_analysis(scaled, hyper_width)
    hyper_rounded = Rounding(name="hyper_code")(hyper_code)
    hyper_bits = LogisticBits(name="hyper_bits")(Noise(name="hyper_noise")(hyper_code))
    means = _means(hyper_rounded, hyper_width, widths[-1])
    scales = _scales(hyper_rounded, scale_width, widths[-1])

    centred = layers.Subtract(name="centred", dtype="float32")([scaled, means])
    bits = NormalBits(name="bits")([Noise(name="noise")(centred), scales])
    decoded = layers.Add(name="decoded", dtype="float32")([Rounding(name="code")(centred), means])
    image = _synthesis(Gain(qualities, name="inverse_gain")([decoded, quality]), widths, decoder_blocks)

    per_pixel = layers.UpSampling2D(16, name="bits_per_pixel", dtype="float32")(bits / 16**2)
    hyper_per_pixel = layers.UpSampling2D(64, name="hyper_bits_per_pixel", dtype="float32")(hyper_bits / 64**2)
    result = layers.Concatenate(name="image_and_bits", dtype="float32")([image, per_pixel + hyper_per_pixel])
    return keras.Model(given, result, name="compression_autoencoder")


def codec_part(network: keras.Model, part: str) -> keras.Model:
    """Return a part of a `compression_autoencoder` for use, without noise and without bits.

    Parameters
    ----------
    network
    part : {"analysis", "hyper_analysis", "means", "synthesis"}
        "analysis" is (n, h, w, 3) -> code (n, h/16, w/16, c), "hyper_analysis" code times gain -> second code
        (n, h/64, w/64, d), "means" second code -> (n, h/16, w/16, c), "synthesis" code over gain -> (n, h, w, 3).
    """
    first = {"analysis": "down0", "hyper_analysis": "hyper_down0", "means": "means_up0", "synthesis": "up0"}[part]
    last = {"analysis": "down3", "hyper_analysis": "hyper_down2", "means": "means", "synthesis": "image"}[part]
    channels = network.get_layer(first).input.shape[-1]
    given = keras.Input((None, None, channels), name=f"{part}_given")
    names = [layer.name for layer in network.layers]
    result = given
    values = {id(network.get_layer(first).input): given}
    for name in names[names.index(first) :]:
        layer = network.get_layer(name)
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        if not all(id(one) in values for one in inputs):
            continue
        known = [values[id(one)] for one in inputs]
        result = layer(known if isinstance(layer.input, list) else known[0])
        values[id(layer.output)] = result
        if name == last:
            return keras.Model(given, result, name=part)
    raise ValueError(f"The network has no part {part!r}; choose one of {', '.join(PARTS)}.")


def fill_tables(network: keras.Model) -> None:
    """Store, beside the weights, the tables of counts that files are coded with.

    They are computed once: another machine's exponential function may differ in the last digit, and a table that
    differs decodes noise.
    """
    for name in ("bits", "hyper_bits"):
        layer = network.get_layer(name)
        layer.tables.assign(counts_of(layer.probabilities()))


def counts_of(probabilities: np.ndarray) -> np.ndarray:
    """Return counts (rows, symbols) that add up to 2 ** COUNT_BITS in each row, each at least 1.

    Parameters
    ----------
    probabilities : ndarray of shape (rows, symbols), float64
        Need not add up to 1.
    """
    rows, symbols = probabilities.shape
    spread = 2**COUNT_BITS - symbols
    counts = 1 + np.floor(probabilities / probabilities.sum(axis=1, keepdims=True) * spread)
    counts[np.arange(rows), probabilities.argmax(axis=1)] += 2**COUNT_BITS - counts.sum(axis=1)
    return counts.astype(np.float32)  # whole numbers below 2 ** 24, so exact


@keras.saving.register_keras_serializable("restoration")
class Gain(layers.Layer):
    """Scale each channel of a code by what a quality asks for: exp of numbers that are interpolated linearly.

    Parameters
    ----------
    qualities : int
    """

    def __init__(self, qualities: int, **options: Any) -> None:
        super().__init__(**{"dtype": "float32"} | options)
        self.qualities = qualities

    def build(self, shapes: Any) -> None:
        """Make the logarithms of the gains, (qualities, channels)."""
        self.log_gains = self.add_weight(
            shape=(self.qualities, shapes[0][-1]), initializer=self._geometric, name="log_gains"
        )

    def _geometric(self, shape, dtype=None):
        """Double the code's resolution with every quality but one half of it: a start near what training finds."""
        sign = -1.0 if self.name.startswith("inverse") else 1.0
        steps = np.linspace(0, 1, shape[0])[:, None] * (shape[0] - 1) * math.log(2) / 2
        return ops.convert_to_tensor(np.broadcast_to(sign * steps, shape).astype(np.float32))

    def call(self, inputs: Any) -> Any:
        """Return the code (n, h, w, c) of a pair of code and quality (n, 1, 1, 1), scaled."""
        code, quality = inputs
        places = ops.reshape(ops.arange(self.qualities, dtype="float32"), (1, 1, 1, -1))
        shares = ops.maximum(0.0, 1.0 - ops.abs(ops.cast(quality, "float32") - places))
        return ops.cast(code, "float32") * ops.exp(ops.matmul(shares, self.log_gains))

    def get_config(self) -> dict[str, Any]:
        """Return what makes an equal layer."""
        return {**super().get_config(), "qualities": self.qualities}


@keras.saving.register_keras_serializable("restoration")
class Rounding(layers.Layer):
    """Round a code, with the gradient of the identity."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"dtype": "float32"} | options)

    def call(self, code: Any) -> Any:
        """Return the code in whole numbers."""
        code = ops.cast(code, "float32")
        return code + ops.stop_gradient(ops.round(code) - code)


@keras.saving.register_keras_serializable("restoration")
class Noise(layers.Layer):
    """Add uniform noise as large as the error of rounding: in training alone; else round."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"dtype": "float32"} | options)
        self.generator = keras.random.SeedGenerator(1)

    def call(self, code: Any, training: bool = False) -> Any:
        """Return the code with noise."""
        code = ops.cast(code, "float32")
        if not training:
            return ops.round(code)
        return code + keras.random.uniform(ops.shape(code), -0.5, 0.5, dtype="float32", seed=self.generator)


@keras.saving.register_keras_serializable("restoration")
class NormalBits(layers.Layer):
    """Bits of numbers of a normal distribution around 0, whose scale is one of `SCALES`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"dtype": "float32"} | options)

    def build(self, _shapes: Any) -> None:
        """Make room for the tables of counts."""
        self.tables = self.add_weight(
            shape=(SCALES, 2 * LARGEST_SYMBOL + 1), initializer="ones", trainable=False, name="tables"
        )

    def call(self, inputs: Any) -> Any:
        """Return the bits of a position, (n, h, w, 1), from numbers and raw scales (n, h, w, c)."""
        numbers, raw = (ops.cast(one, "float32") for one in inputs)
        largest = (SCALES - 1) * SCALE_STEP
        scale = SMALLEST_SCALE * ops.exp(ops.clip(raw, 0.0, largest))
        size = ops.abs(numbers)
        likelihood = _normal_below((0.5 - size) / scale) - _normal_below((-0.5 - size) / scale)
        bits = -ops.log(ops.maximum(likelihood, LEAST_PROBABILITY)) / math.log(2)
        # Outside the range the clipped scale has no gradient; this one leads back into it.
        outside = ops.relu(-raw) + ops.relu(raw - largest)
        return ops.sum(bits + 0.01 * outside, axis=-1, keepdims=True)

    def probabilities(self) -> np.ndarray:
        """Return the probability of each symbol at each scale, (scales, symbols), float64."""
        from scipy.stats import norm

        scales = SMALLEST_SCALE * np.exp(SCALE_STEP * np.arange(SCALES))[:, None]
        size = np.abs(np.arange(-LARGEST_SYMBOL, LARGEST_SYMBOL + 1))[None]
        return norm.cdf((0.5 - size) / scales) - norm.cdf((-0.5 - size) / scales)


@keras.saving.register_keras_serializable("restoration")
class LogisticBits(layers.Layer):
    """Bits of numbers whose distribution, one a channel, is a mixture of logistic ones, and learned.

    Parameters
    ----------
    components : int
    """

    def __init__(self, components: int = 3, **options: Any) -> None:
        super().__init__(**{"dtype": "float32"} | options)
        self.components = components

    def build(self, shape: Any) -> None:
        """Make the mixture's parameters, each (channels, components), and room for the tables of counts."""
        size = (shape[-1], self.components)
        spread = np.linspace(-2, 2, self.components, dtype=np.float32)
        self.centres = self.add_weight(
            shape=size, initializer=lambda shape, dtype=None: ops.broadcast_to(spread, shape), name="centres"
        )
        self.log_widths = self.add_weight(shape=size, initializer="zeros", name="log_widths")
        self.logits = self.add_weight(shape=size, initializer="zeros", name="logits")
        self.tables = self.add_weight(
            shape=(shape[-1], 2 * LARGEST_SYMBOL + 1), initializer="ones", trainable=False, name="tables"
        )

    def call(self, numbers: Any) -> Any:
        """Return the bits of a position, (n, h, w, 1)."""
        apart = ops.cast(numbers, "float32")[..., None] - self.centres
        # Mirrored to the side where a logistic function is small, so that nothing is lost to rounding.
        sign = ops.stop_gradient(ops.where(apart > 0, -1.0, 1.0))
        width = ops.exp(self.log_widths)
        upper, lower = (ops.sigmoid(sign * (apart + half) / width) for half in (0.5, -0.5))
        likelihood = ops.sum(ops.softmax(self.logits) * ops.abs(upper - lower), axis=-1)
        bits = -ops.log(ops.maximum(likelihood, LEAST_PROBABILITY)) / math.log(2)
        return ops.sum(bits, axis=-1, keepdims=True)

    def probabilities(self) -> np.ndarray:
        """Return the probability of each symbol in each channel, (channels, symbols), float64."""
        from scipy.special import expit, softmax

        centres, log_widths, logits = (
            ops.convert_to_numpy(one).astype(float) for one in (self.centres, self.log_widths, self.logits)
        )
        apart = np.arange(-LARGEST_SYMBOL, LARGEST_SYMBOL + 1)[None, :, None] - centres[:, None]
        sign, width = np.where(apart > 0, -1, 1), np.exp(log_widths)[:, None]
        mass = np.abs(expit(sign * (apart + 0.5) / width) - expit(sign * (apart - 0.5) / width))
        return (softmax(logits, axis=-1)[:, None] * mass).sum(axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return what makes an equal layer."""
        return {**super().get_config(), "components": self.components}


def _normal_below(values):
    """Return the normal distribution function."""
    return 0.5 * (1 + ops.erf(values * 0.5**0.5))


def _analysis(image, widths, blocks):
    """(n, h, w, 3) -> (n, h/16, w/16, widths[-1]), float32."""
    features = image
    for level, width in enumerate(widths[:-1]):
        features = _convolution(width, 4, 2, name=f"down{level}")(features)
        for index in range(blocks[level]):
            features = _block(features, width, f"encode{level}_{index}")
    return _convolution(widths[-1], 4, 2, name="down3", dtype="float32")(features)


def _hyper_analysis(scaled, width):
    """(n, h, w, c) -> (n, h/4, w/4, width), float32."""
    features = _convolution(width, activation="relu", name="hyper_down0")(scaled)
    features = _convolution(width, 4, 2, activation="relu", name="hyper_down1")(features)
    return _convolution(width, 4, 2, name="hyper_down2", dtype="float32")(features)


def _means(hyper_code, width, channels):
    """(n, h, w, c) -> (n, 4h, 4w, channels), float32."""
    features = hyper_code
    for index in range(2):
        features = _transposed(width, name=f"means_up{index}", activation="relu")(features)
    return _convolution(channels, gain=0.1, name="means", dtype="float32")(features)


def _scales(hyper_code, width, channels):
    """(n, h, w, c) -> (n, 4h, 4w, channels); layers that `restoration.codec.scale_indices` computes in integers."""
    features = hyper_code
    for index in range(2):
        features = layers.UpSampling2D(2, name=f"scales_up{index}", dtype="float32")(features)
        features = _convolution(width, name=f"scales_conv{index}", activation="relu", dtype="float32")(features)
    start = keras.initializers.Constant(math.log(1 / SMALLEST_SCALE))
    return _convolution(channels, 1, gain=0.1, name="scales", bias_initializer=start, dtype="float32")(features)


def _synthesis(code, widths, blocks):
    """(n, h, w, widths[-1]) -> (n, 16h, 16w, 3), float32."""
    features = code
    for level in range(len(widths) - 2, -1, -1):
        features = _transposed(widths[level], name=f"up{len(widths) - 2 - level}")(features)
        for index in range(blocks[level]):
            features = _block(features, widths[level], f"decode{level}_{index}")
    return _transposed(3, name="image", dtype="float32")(features)


def _convolution(width, size=3, stride=1, gain=1.0, **options):
    return layers.Conv2D(width, size, stride, padding="same", kernel_initializer=kernel_initializer(gain), **options)


def _transposed(width, **options):
    return layers.Conv2DTranspose(width, 4, 2, padding="same", kernel_initializer=kernel_initializer(0.5), **options)


def _block(features, width, name):
    """Return x + conv(relu(conv(x)))."""
    inner = _convolution(width, name=f"{name}_a", activation="relu")(features)
    return layers.Add(name=name)([features, _convolution(width, gain=0.1, name=f"{name}_b")(inner)])
