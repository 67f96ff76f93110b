"""The feature maps of a network, resolution by resolution, and the arithmetic of one kernel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restoration.image.checks import ImageError
from restoration.image.srgb import LUMINANCE
from restoration.image.types import Array, Image
from restoration.inference import keras_runtime
from restoration.inference.card import Card

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class FeatureMaps:
    """The output of the last layer of one resolution.

    Parameters
    ----------
    layer : str
        The layer's name.
    part : {"encoder", "code", "decoder"}
    maps : ndarray of shape (h, w, c), float32
        One map per channel; (1, 1, c) of a dense layer.
    """

    layer: str
    part: str
    maps: Array


@dataclass(frozen=True)
class Arithmetic:
    """How one kernel computes one value of one map.

    Parameters
    ----------
    patch, kernel, products : ndarrays of shape (k, k, c)
        The input under the kernel (0 beyond the edge), the kernel's weights, and their products.
    bias : float
    total : float
        Sum of the products, and the bias.
    value : float
        The activation of the total: the value in the map.
    """

    patch: Array
    kernel: Array
    products: Array
    bias: float
    total: float
    value: float


def load_network(card: Card) -> "keras.Model":
    """Return a card's network with its weights, in float32, as a Keras model whose layers can be inspected."""
    return keras_runtime.load_network(card, card.weights())


def to_batch(network: "keras.Model", image: Image, conditions: Sequence[float] = ()) -> Array:
    """Make a batch of one image that fits the network.

    Parameters
    ----------
    network : keras.Model
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Padded by mirroring to a multiple of the network's stride; resized where the network takes one size only.
    conditions : sequence of float
        Conditioning, one number per extra channel; left out where the network has no such channels.

    Returns
    -------
    ndarray of shape (1, h, w, c), float32

    Raises
    ------
    ImageError
        If the network takes another number of channels.
    """
    import cv2

    from restoration.networks import stride

    height, width, wanted = network.input.shape[1:]
    conditions = conditions if wanted > len(conditions) else ()
    image = _with_channels(image, wanted - len(conditions))
    if height is not None and width is not None:
        resized = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        image = np.float32(resized).reshape(height, width, -1)
    else:
        step = stride(network)
        missing = [(0, -side % step) for side in image.shape[:2]]
        image = np.pad(image, [*missing, (0, 0)], mode="symmetric")
    planes = np.broadcast_to(np.asarray(conditions, np.float32), (*image.shape[:2], len(conditions)))
    return np.concatenate([image, planes], axis=-1, dtype=np.float32)[None]


def _with_channels(image, wanted):
    """(H, W, 1 or 3) -> (H, W, wanted)."""
    if image.shape[-1] == wanted:
        return image
    if (image.shape[-1], wanted) == (1, 3):
        return np.repeat(image, 3, axis=-1)
    if (image.shape[-1], wanted) == (3, 1):
        return image @ LUMINANCE[:, None]
    raise ImageError(f"The picture has {image.shape[-1]} channels and the network takes {wanted}.")


def by_resolution(network: "keras.Model", batch: Array) -> list[FeatureMaps]:
    """Run a network and return its feature maps at each resolution, in order.

    Parameters
    ----------
    network : keras.Model
        One input, and layers that keep, halve or double height and width.
    batch : ndarray of shape (1, h, w, c), float32

    Returns
    -------
    list of FeatureMaps
        From the image's resolution down to the code's and up again; layers before the first weights are left out.
    """
    last_layers = _last_layers(network, batch)
    outputs = _outputs(network, batch, [layer for layer, _ in last_layers])
    return [
        FeatureMaps(layer.name, part, output.reshape(*(output.shape[1:3] if output.ndim == 4 else (1, 1)), -1))
        for (layer, part), output in zip(last_layers, outputs, strict=True)
    ]


def first_convolution(network: "keras.Model") -> str:
    """Return the name of the first convolution of a network."""
    import keras

    return next(layer.name for layer in network.layers if isinstance(layer, keras.layers.Conv2D))


def map_shape(network: "keras.Model", batch: Array, layer: str) -> tuple[int, int, int]:
    """Return height, width and number of a layer's maps for a batch."""
    import keras

    return keras.Model(network.input, network.get_layer(layer).output).compute_output_shape(batch.shape)[1:]


def arithmetic(network: "keras.Model", batch: Array, layer: str, place: tuple[int, int], channel: int) -> Arithmetic:
    """Compute one value of one map step by step.

    Parameters
    ----------
    network : keras.Model
    batch : ndarray of shape (1, h, w, c), float32
    layer : str
        Name of a convolution with padding "same".
    place : (int, int)
        Row and column in the layer's output.
    channel : int
        Which of its maps.

    Returns
    -------
    Arithmetic
    """
    convolution = network.get_layer(layer)
    features = _outputs(network, batch, [convolution.input])[0][0]
    kernel = np.asarray(convolution.kernel, np.float32)[..., channel]
    patch = _patch(features, kernel.shape[:2], convolution.strides, place)
    products = patch * kernel
    bias = float(np.asarray(convolution.bias)[channel]) if convolution.use_bias else 0.0
    total = float(products.sum(dtype=np.float64)) + bias
    value = float(convolution.activation(np.array([total], np.float32))[0])
    return Arithmetic(patch, kernel, products, bias, total, value)


def _patch(features, size, strides, place):
    """Cut the pixels (k, k, c) under a kernel, by TensorFlow's rule for the padding "same"."""
    ranges = []
    for side, length, stride, index in zip(features.shape, size, strides, place, strict=False):
        missing = max((-(-side // stride) - 1) * stride + length - side, 0)
        start = index * stride - missing // 2
        ranges.append(np.arange(start, start + length))
    inside = [(places >= 0) & (places < side) for places, side in zip(ranges, features.shape, strict=False)]
    clipped = [np.clip(places, 0, side - 1) for places, side in zip(ranges, features.shape, strict=False)]
    return features[np.ix_(*clipped)] * (inside[0][:, None] & inside[1])[..., None]


def _last_layers(network, batch):
    """Return (layer, part) for the last layer of each run of layers with one resolution."""
    runs = []
    for layer in _with_size(network, batch).layers:
        shape = layer.output.shape
        size = tuple(shape[1:3]) if len(shape) == 4 else (1, 1)
        if not runs or runs[-1][0] != size:
            runs.append((size, []))
        runs[-1][1].append(layer)
    runs = [(size, run) for size, run in runs if any(layer.weights for layer in run)]
    code = min(range(len(runs)), key=lambda index: runs[index][0])
    last_layers = []
    for index, (size, run) in enumerate(runs):
        # Of dense layers the narrowest is the code.
        layer = min(run, key=lambda one: one.output.shape[-1]) if size == (1, 1) else run[-1]
        part = "code" if index == code else "encoder" if index < code else "decoder"
        last_layers.append((network.get_layer(layer.name), part))
    return last_layers


def _with_size(network, batch):
    """Copy the network for the batch's size, so that the shape of every layer is known."""
    import keras

    return keras.models.clone_model(network, input_tensors=keras.Input(batch.shape[1:]))


def _outputs(network, batch, layers):
    """Run the network and return the outputs of some of its layers (or tensors) as ndarrays."""
    import keras

    tensors = [getattr(layer, "output", layer) for layer in layers]
    outputs = keras.Model(network.input, tensors)(batch, training=False)
    outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
    return [keras.ops.convert_to_numpy(output) for output in outputs]
