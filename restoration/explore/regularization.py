"""The same autoencoder trained in five ways: plain, sparse, contractive, denoising, and with dropout and L2."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from restoration.explore.small_autoencoders import Autoencoder
from restoration.image.checks import ImageError, check_one_of, check_whole
from restoration.image.types import Array
from restoration.inference import hardware

# What is done -> how strongly, unless told otherwise: the factor of a penalty, the largest spread of the noise, the
# share of units that are dropped.
STRENGTHS = {"plain": 0.0, "sparse": 4e-5, "contractive": 0.01, "denoising": 0.6, "dropout": 0.2}
WEIGHT_DECAY = 1e-5  # L2 on the weights, beside dropout
PROBE = 0.03  # length in each direction of the small moves that the contractive penalty is estimated with
JACOBIANS = 32  # images at once

# Derivative of an activation, from its output.
SLOPES: dict[str, Callable[[Array], Array]] = {
    "linear": np.ones_like,
    "relu": lambda output: (output > 0).astype(output.dtype),
    "sigmoid": lambda output: output * (1 - output),
    "tanh": lambda output: 1 - output**2,
    "elu": lambda output: np.where(output > 0, 1, output + 1),
}


def regularized(
    kind: str,
    shape: Sequence[int],
    code_size: int = 256,
    *,
    strength: float | None = None,
    activation: str = "relu",
    seed: int = 0,
) -> Autoencoder:
    """Build an autoencoder with one dense layer each way that is regularized while it is trained.

    Parameters
    ----------
    kind : {"plain", "sparse", "contractive", "denoising", "dropout"}
        Sparse: the sum of the code's absolute values (L1) is added to the loss (Ng 2011, *Sparse autoencoder*).
        Contractive: the squared norm of the code's Jacobian (Rifai et al. 2011, ICML), divided by the variance of the
        code, since otherwise a smaller code with a larger decoder would lower it for nothing. Denoising: the input is
        noisy, the target is not (Vincent et al. 2008, doi:10.1145/1390156.1390294). Dropout: units of the code are left
        out at random (Srivastava et al. 2014), with L2 on the weights.
    shape : tuple of int
        Of one image, (h, w, c), or (columns,) of a table.
    code_size : int
        Units of the code.
    strength : float, optional
        Factor of the penalty; for denoising the largest spread of the noise; for dropout the share that is left out,
        below 1. That of `STRENGTHS` when omitted.
    activation : {"relu", "sigmoid", "tanh", "elu", "linear"}
        Of the code.
    seed : int
        Of the initial weights, which are the same for every kind, and of all that is random while training.

    Returns
    -------
    Autoencoder
        Its encoder and decoder add nothing: what regularizes belongs to `network`, which is trained.

    Raises
    ------
    ImageError
        If a choice is unknown or out of range.

    Examples
    --------
    >>> sparse = regularized("sparse", (8, 8, 1), 32)
    >>> sparse.encode(np.zeros((3, 8, 8, 1), np.float32)).shape
    (3, 32)
    """
    hardware.spare_loaded()  # Keras is loaded by now
    check_one_of("The kind", kind, STRENGTHS)
    check_one_of("The activation", activation, SLOPES)
    check_whole("The code size", code_size, 1)
    strength = STRENGTHS[kind] if strength is None else strength
    if not (0 <= strength < (1 if kind == "dropout" else np.inf)):
        raise ImageError(f"The strength of {kind} is {strength}; it must be at least 0, of dropout below 1.")
    shape = tuple(shape)

    def dense(units, activation, place, name):
        decay = keras.regularizers.L2(WEIGHT_DECAY) if kind == "dropout" else None
        initializer = keras.initializers.GlorotUniform(1000 * seed + place)
        return layers.Dense(units, activation, kernel_initializer=initializer, kernel_regularizer=decay, name=name)

    image = keras.Input(shape, name="image")
    coded = dense(code_size, activation, 0, "code")(layers.Flatten(name="flat")(image))
    encoder = keras.Model(image, coded, name="encoder")
    code = keras.Input((code_size,), name="given_code")
    output = "linear" if len(shape) == 1 else "sigmoid"
    drawn = dense(int(np.prod(shape)), output, 1, "pixels")(code)
    decoder = keras.Model(code, layers.Reshape(shape, name="picture")(drawn), name="decoder")

    given = TrainingNoise(strength, seed, is_image=len(shape) == 3)(image) if kind == "denoising" else image
    encoded = encoder(given)
    if kind == "sparse":
        encoded = SparsityPenalty(strength)(encoded)
    elif kind == "contractive":
        encoded = ContractivePenalty(encoder, strength, seed)([image, encoded])
    elif kind == "dropout":
        encoded = layers.Dropout(strength, seed=seed)(encoded)
    return Autoencoder(kind, encoder, decoder, keras.Model(image, decoder(encoded), name=kind), "mean_squared_error")


class TrainingNoise(layers.Layer):
    """Add normal noise while training, to each image as strong as chance decides, and keep an image in [0, 1].

    Parameters
    ----------
    largest : float
        Spread of the strongest noise; weaker noise down to none is as frequent.
    seed : int
    is_image : bool
        The rows of a table have no limits.
    """

    def __init__(self, largest: float, seed: int, is_image: bool, **options: Any) -> None:
        super().__init__(**options)
        self.largest, self.is_image = float(largest), is_image
        self.random = keras.random.SeedGenerator(seed)

    def call(self, images: Any, training: bool = False) -> Any:
        """(n, ...) -> the same shape."""
        if not training:
            return images
        each = (ops.shape(images)[0], *[1] * (len(images.shape) - 1))
        spread = self.largest * keras.random.uniform(each, seed=self.random)
        noisy = images + spread * keras.random.normal(ops.shape(images), seed=self.random)
        return ops.clip(noisy, 0, 1) if self.is_image else noisy


class SparsityPenalty(layers.Layer):
    """Add the mean over the images of the code's L1 norm to the loss; pass the code on.

    Parameters
    ----------
    weight : float
    """

    def __init__(self, weight: float, **options: Any) -> None:
        super().__init__(**options)
        self.weight = float(weight)

    def call(self, code: Any) -> Any:
        """(n, code_size) -> the same."""
        self.add_loss(self.weight * ops.mean(ops.sum(ops.abs(code), axis=-1)))
        return code


class ContractivePenalty(layers.Layer):
    """Add the squared norm of the code's Jacobian, over the code's variance, to the loss; pass the code on.

    The norm is estimated by one small random move of each image: the mean of ``|J v|^2`` over standard normal ``v`` is
    the squared Frobenius norm of ``J`` (Hutchinson 1989, doi:10.1080/03610918908812806).

    Parameters
    ----------
    encoder : keras.Model
    weight : float
    seed : int
        Of the moves.
    """

    def __init__(self, encoder: keras.Model, weight: float, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.encoder, self.weight = encoder, float(weight)
        self.random = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """(images, their code (n, code_size)) -> the code."""
        images, code = inputs
        if training:
            move = PROBE * keras.random.normal(ops.shape(images), seed=self.random)
            change = ops.sum(ops.square(self.encoder(images + move) - code), axis=-1) / PROBE**2
            variance = ops.sum(ops.var(code, axis=0))
            self.add_loss(self.weight * ops.mean(change) / (variance + keras.config.epsilon()))
        return code

    def compute_output_shape(self, input_shapes: Any) -> Any:
        """Return the code's shape."""
        return input_shapes[1]


def jacobian_norm(encoder: keras.Model, images: Array) -> Array:
    """Return the Frobenius norm of the code's Jacobian at each image, by the chain rule through the layers.

    Parameters
    ----------
    encoder : keras.Model
        Of dense layers, with activations of `SLOPES`.
    images : ndarray of shape (n, h, w, c) or (n, columns), float32

    Returns
    -------
    ndarray of shape (n,), float32
        How far the code moves for a small move of the image, summed over all directions as a root of squares.

    Raises
    ------
    ImageError
        If the encoder has other layers.

    Examples
    --------
    >>> image = keras.Input((2,))
    >>> encoder = keras.Model(image, layers.Dense(2, use_bias=False)(image))
    >>> encoder.set_weights([np.array([[3.0, 0.0], [0.0, 4.0]])])
    >>> jacobian_norm(encoder, np.zeros((1, 2), np.float32)).tolist()
    [5.0]
    """
    dense = []
    for layer in encoder.layers:
        if isinstance(layer, layers.Dense) and layer.activation.__name__ in SLOPES:
            dense.append(layer)
        elif not isinstance(layer, layers.InputLayer | layers.Flatten):
            raise ImageError(f"The Jacobian is computed through dense layers; this encoder has {layer.name}.")
    norms = []
    for start in range(0, len(images), JACOBIANS):
        values = np.asarray(images[start : start + JACOBIANS], np.float32).reshape(-1, int(np.prod(images.shape[1:])))
        jacobian: Any = None
        for layer in dense:
            kernel = ops.convert_to_numpy(layer.kernel)
            values = ops.convert_to_numpy(layer(values))
            product = kernel if jacobian is None else jacobian @ kernel  # (inputs, units) or (n, inputs, units)
            jacobian = product * SLOPES[layer.activation.__name__](values)[:, None, :]
        norms.append(np.sqrt(np.square(jacobian).sum(axis=(1, 2))))
    return np.concatenate(norms) if norms else np.empty(0, np.float32)
