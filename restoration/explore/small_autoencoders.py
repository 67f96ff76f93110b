"""The autoencoders that the exploration pages train and show, in plain Keras 3, small enough for any processor.

Each is an encoder (image -> code) and a decoder (code -> image), which can also be called alone: linear, deep (dense
layers), convolutional (strided convolutions down, transposed ones up), or variational.
"""

import itertools
from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops

from restoration.explore.variational import GaussianSampling
from restoration.image.checks import check_one_of, check_whole
from restoration.image.types import Array
from restoration.inference import hardware

KINDS = ("linear", "deep", "convolutional", "variational")

# Units of the dense layers, or channels after each halving, from the image to the code.
HIDDEN = {"dense": (256, 64), "convolutional": (32, 64)}

CHUNK = 1024  # images encoded or decoded at once


class Autoencoder:
    """An encoder and a decoder, and the network of both.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    encoder, decoder : keras.Model
        (n, *shape) -> (n, code_size), of a variational one the posterior's mean; (n, code_size) -> (n, *shape).
    network : keras.Model
        (n, *shape) -> (n, *shape), what is trained; a variational one samples its code and adds its KL term
        to the loss.
    loss : str
        Keras's name of what is minimised per pixel.
    """

    def __init__(self, kind: str, encoder: keras.Model, decoder: keras.Model, network: keras.Model, loss: str) -> None:
        self.kind, self.encoder, self.decoder, self.network, self.loss = kind, encoder, decoder, network, loss

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image."""
        return self.decoder.output.shape[1:]

    @property
    def code_size(self) -> int:
        """Numbers in a code."""
        return self.encoder.output.shape[-1]

    def encode(self, images: Array) -> Array:
        """Return the codes (n, code_size) of images (n, *shape), float32."""
        return _by_chunks(self.encoder, images)

    def decode(self, codes: Array) -> Array:
        """Return the images (n, *shape) of codes (n, code_size), float32."""
        return _by_chunks(self.decoder, codes)

    def reconstruct(self, images: Array) -> Array:
        """Encode and decode images (n, *shape)."""
        return self.decode(self.encode(images))


def _by_chunks(network, values):
    # Called as a function, not through `predict`: a click needs one code decoded at once.
    parts = [network(values[start : start + CHUNK], training=False) for start in range(0, len(values), CHUNK)]
    if not parts:
        return np.empty((0, *network.output.shape[1:]), np.float32)
    return np.concatenate([ops.convert_to_numpy(part) for part in parts])


def build(
    kind: str,
    shape: Sequence[int],
    code_size: int,
    *,
    hidden: Sequence[int] | None = None,
    decoder_hidden: Sequence[int] | None = None,
    activation: str = "relu",
    body: str | None = None,
    dense: Sequence[int] = (),
    downscaling: str = "stride",
    upscaling: str = "transpose",
    output: str | None = None,
    loss: str | None = None,
    kl_weight: float = 1.0,
    seed: int = 0,
) -> Autoencoder:
    """Build an autoencoder with random weights.

    Parameters
    ----------
    kind : {"linear", "deep", "convolutional", "variational"}
        Linear: one dense layer each way, without activation; spans the plane of PCA when trained (Baldi and Hornik
        1989, doi:10.1016/0893-6080(89)90014-2). Variational: Kingma and Welling 2014, arXiv:1312.6114.
    shape : tuple of int
        Of one image, (h, w, c), any height and width; (columns,) of a table, for which there are no convolutions.
    code_size : int
        Numbers in the code.
    hidden : sequence of int, optional
        Units of each dense layer, or channels after each halving, from the image to the code; `HIDDEN` when
        omitted.
    decoder_hidden : sequence of int, optional
        Of a dense decoder, in the same order; as `hidden` when omitted. A convolutional one mirrors its encoder.
    activation : str
        Keras's name of the hidden layers' activation.
    body : {"dense", "convolutional"}, optional
        Layers of a variational one; convolutional when omitted and `shape` is an image's.
    dense : sequence of int
        Units of dense layers between the convolutions and the code.
    downscaling : {"stride", "pool"}
        How convolutional encoders halve: convolutions of stride 2, or of stride 1 and the largest of 2 x 2.
    upscaling : {"transpose", "upsample"}
        How convolutional decoders double: `Conv2DTranspose`, or `UpSampling2D` and a convolution.
    output : {"sigmoid", "linear"}, optional
        The last activation; linear when omitted for the linear kind and for tables.
    loss : {"mean_squared_error", "mean_absolute_error", "binary_crossentropy"}, optional
        Per pixel. When omitted the squared error; cross entropy for a variational one with sigmoid output.
    kl_weight : float
        Factor of the variational KL term (the beta of Higgins et al. 2017). With the squared error it is twice the
        variance of the noise that the pixels are assumed to have.
    seed : int
        Of the random weights, and of a variational one's samples.

    Returns
    -------
    Autoencoder

    Raises
    ------
    ValueError
        If a choice is unknown, a size is no whole number of at least 1, or convolutions are asked for a table.

    Examples
    --------
    >>> small = build("convolutional", (28, 28, 1), 8, hidden=(8, 16))
    >>> codes = small.encode(np.zeros((3, 28, 28, 1), np.float32))
    >>> codes.shape, small.decode(codes).shape
    ((3, 8), (3, 28, 28, 1))
    """
    hardware.spare_loaded()  # Keras is loaded by now
    check_one_of("The kind", kind, KINDS)
    shape = tuple(np.atleast_1d(np.asarray(shape)).tolist())
    check_whole("The code size", code_size, 1)
    for side in shape:
        check_whole(f"A side of the shape {shape}", side, 1)
    body = _body(kind, body, shape)
    hidden = () if kind == "linear" else tuple(HIDDEN[body] if hidden is None else hidden)
    output = output or ("linear" if kind == "linear" or len(shape) == 1 else "sigmoid")
    if loss is None:
        loss = "binary_crossentropy" if kind == "variational" and output == "sigmoid" else "mean_squared_error"
    style = _Style(activation, output, dense, seed, downscaling=downscaling, upscaling=upscaling)

    image = keras.Input(shape, name="image")
    if body == "dense":
        features, folded = _dense_down(image, hidden, style), None
    else:
        features, folded = _convolutions_down(image, hidden, style)

    code = keras.Input((code_size,), name="given_code")
    if body == "dense":
        flat = _dense_up(code, hidden if decoder_hidden is None else decoder_hidden, int(np.prod(shape)), style)
        decoded = layers.Reshape(shape, name="picture")(flat)
    else:
        decoded = _convolutions_up(code, folded, shape, hidden, style)
    decoder = keras.Model(code, decoded, name="decoder")

    mean = style.dense(code_size, name="code")(features)
    encoder = keras.Model(image, mean, name="encoder")
    if kind == "variational":
        log_variance = style.dense(code_size, name="log_variance")(features)
        mean = GaussianSampling(kl_weight / np.prod(shape), seed, name="draw")([mean, log_variance])
    return Autoencoder(kind, encoder, decoder, keras.Model(image, decoder(mean), name=kind), loss)


def _body(kind, body, shape):
    of_kind = {"linear": "dense", "deep": "dense", "convolutional": "convolutional"}
    body = of_kind.get(kind) or body or ("convolutional" if len(shape) == 3 else "dense")
    check_one_of("The body", body, HIDDEN)
    if body == "convolutional" and len(shape) != 3:
        raise ValueError(f"Convolutions need pictures of shape (h, w, c), not {shape}; choose a dense body.")
    return body


# ---- layers


class _Style:
    """Settings that all layers share, and a seed for each layer that follows from the network's seed."""

    def __init__(self, activation, output, middle, seed, *, downscaling, upscaling):
        if downscaling not in ("stride", "pool"):
            raise ValueError(f'downscaling is {downscaling!r}; choose "stride" or "pool".')
        if upscaling not in ("transpose", "upsample"):
            raise ValueError(f'upscaling is {upscaling!r}; choose "transpose" or "upsample".')
        self.activation, self.output, self.middle = activation, output, middle
        self.downscaling, self.upscaling = downscaling, upscaling
        self._seeds = itertools.count(1000 * seed)

    def initializer(self):
        return keras.initializers.GlorotUniform(next(self._seeds))

    def dense(self, units, activation=None, **options):
        return layers.Dense(units, activation, kernel_initializer=self.initializer(), **options)

    def down(self, features, width, name):
        """Halve height and width, rounded up."""
        pools = self.downscaling == "pool"
        options = {"activation": self.activation, "kernel_initializer": self.initializer(), "name": name}
        features = layers.Conv2D(width, 3, 1 if pools else 2, "same", **options)(features)
        return layers.MaxPooling2D(2, padding="same", name=f"{name}_halve")(features) if pools else features

    def up(self, features, width, activation, name):
        """Double height and width."""
        options = {"padding": "same", "activation": activation, "kernel_initializer": self.initializer(), "name": name}
        if self.upscaling == "transpose":
            # The kernel is a multiple of the stride, so that every pixel gets the same number of taps, and none
            # stands out (Odena et al. 2016, doi:10.23915/distill.00003).
            return layers.Conv2DTranspose(width, 4, 2, **options)(features)
        return layers.Conv2D(width, 3, **options)(layers.UpSampling2D(2, name=f"{name}_double")(features))


def _dense_down(image, hidden, style):
    features = layers.Flatten(name="flat")(image)
    for level, units in enumerate(hidden):
        features = style.dense(units, style.activation, name=f"encode{level}")(features)
    return features


def _dense_up(code, hidden, pixels, style):
    features = code
    for level, units in reversed(list(enumerate(hidden))):
        features = style.dense(units, style.activation, name=f"decode{level}")(features)
    return style.dense(pixels, style.output, name="pixels")(features)


def _convolutions_down(image, hidden, style):
    """Return the features (n, k), and the shape that they had before they were flattened."""
    features = image
    for level, width in enumerate(hidden):
        features = style.down(features, width, f"encode{level}")  # (n, h, w, c) -> (n, h/2, w/2, width)
    folded = features.shape[1:]
    features = layers.Flatten(name="flat")(features)
    for level, units in enumerate(style.middle):
        features = style.dense(units, style.activation, name=f"encode_dense{level}")(features)
    return features, folded


def _convolutions_up(code, folded, shape, hidden, style):
    features = code
    for level, units in reversed(list(enumerate(style.middle))):
        features = style.dense(units, style.activation, name=f"decode_dense{level}")(features)
    features = style.dense(int(np.prod(folded)), style.activation, name="unflat")(features)
    features = layers.Reshape(folded, name="unfolded")(features)
    for level in range(len(hidden) - 1, -1, -1):
        last = level == 0
        width, activation = (shape[-1], style.output) if last else (hidden[level - 1], style.activation)
        features = style.up(features, width, activation, f"decode{level}")  # (n, h, w, c) -> (n, 2h, 2w, width)
        features = _cut(features, _halved(shape, level), name=f"cut{level}")
    return features


def _halved(shape, times):
    """Height and width after so many halvings, each rounded up."""
    return tuple(-(-side // 2**times) for side in shape[:2])


def _cut(features, size, name):
    """Drop the last row and column where a doubled odd side is one too long."""
    extra = tuple((0, features.shape[1 + axis] - size[axis]) for axis in range(2))
    return layers.Cropping2D(extra, name=name)(features) if extra != ((0, 0), (0, 0)) else features
