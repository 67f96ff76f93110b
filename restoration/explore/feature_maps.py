"""Look inside a network: what its layers make of a picture, and how one number among them comes about."""

from dataclasses import dataclass

import numpy as np

from restoration.image.checks import ImageError
from restoration.image.srgb import LUMINANCE
from restoration.inference import keras_runtime


@dataclass(frozen=True)
class Stage:
    """What the last layer of one resolution gives.

    Parameters
    ----------
    layer : str
        The layer's name.
    part : {"encoder", "code", "decoder"}
    maps : ndarray of shape (h, w, c), float32
        One picture per channel; (1, 1, c) of a dense layer.
    """

    layer: str
    part: str
    maps: np.ndarray


@dataclass(frozen=True)
class Arithmetic:
    """How one kernel makes one number of one map.

    Parameters
    ----------
    patch, kernel, products : ndarrays of shape (k, k, c)
        What the kernel lies on (0 beyond the edge), its weights, and the two multiplied.
    bias : float
    total : float
        Sum of the products, and the bias.
    value : float
        What the activation makes of the total: the number in the map.
    """

    patch: np.ndarray
    kernel: np.ndarray
    products: np.ndarray
    bias: float
    total: float
    value: float


def network_of(card):
    """Return a card's network (keras.Model) with its weights, in float32, for looking and not for working."""
    return keras_runtime.trained(card, card.weights())


def fitted(network, image, conditions=()):
    """Make a batch that the network takes out of a piece of a picture.

    Parameters
    ----------
    network : keras.Model
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Mirrored at its ends where it falls short of the network's stride; resized where the network takes one size
        only.
    conditions : sequence of float
        What the network is told beside the picture, one number per extra channel; a network without such channels
        is told nothing.

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
    picture = _with_channels(image, wanted - len(conditions))
    if height is not None and width is not None:
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).reshape(height, width, -1)
    else:
        step = stride(network)
        missing = [(0, -side % step) for side in picture.shape[:2]]
        picture = np.pad(picture, [*missing, (0, 0)], mode="symmetric")
    told = np.broadcast_to(np.asarray(conditions, np.float32), (*picture.shape[:2], len(conditions)))
    return np.concatenate([picture, told], axis=-1, dtype=np.float32)[None]


def _with_channels(image, wanted):
    """(H, W, 1 or 3) -> (H, W, wanted)."""
    if image.shape[-1] == wanted:
        return image
    if (image.shape[-1], wanted) == (1, 3):
        return np.repeat(image, 3, axis=-1)
    if (image.shape[-1], wanted) == (3, 1):
        return (image @ LUMINANCE)[..., None]
    raise ImageError(f"The picture has {image.shape[-1]} channels and the network takes {wanted}.")


def stages(network, batch):
    """Run a network and return what it holds at each resolution, in order.

    Parameters
    ----------
    network : keras.Model
        One input, and layers that keep, halve or double height and width.
    batch : ndarray of shape (1, h, w, c), float32

    Returns
    -------
    list of Stage
        From the picture's resolution down to the code's and up again; what comes before the first weights is left out.
    """
    kept = _shown_layers(network, batch)
    outputs = _outputs(network, batch, [layer for layer, _ in kept])
    return [
        Stage(layer.name, part, output.reshape(*(output.shape[1:3] if output.ndim == 4 else (1, 1)), -1))
        for (layer, part), output in zip(kept, outputs, strict=True)
    ]


def first_convolution(network):
    """Return the name of the first convolution of a network."""
    import keras

    return next(layer.name for layer in network.layers if isinstance(layer, keras.layers.Conv2D))


def map_shape(network, batch, layer):
    """Return height, width and number of a layer's maps for a batch."""
    import keras

    return keras.Model(network.input, network.get_layer(layer).output).compute_output_shape(batch.shape)[1:]


def arithmetic(network, batch, layer, place, channel):
    """Compute one number of one map by hand.

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
    given = _outputs(network, batch, [convolution.input])[0][0]
    kernel = np.asarray(convolution.kernel, np.float32)[..., channel]
    patch = _patch(given, kernel.shape[:2], convolution.strides, place)
    products = patch * kernel
    bias = float(np.asarray(convolution.bias)[channel]) if convolution.use_bias else 0.0
    total = float(products.sum(dtype=np.float64)) + bias
    value = float(convolution.activation(np.float32([total]))[0])
    return Arithmetic(patch, kernel, products, bias, total, value)


def _patch(given, size, strides, place):
    """Cut the pixels (k, k, c) that a kernel lies on, by TensorFlow's rule for the padding "same"."""
    ranges = []
    for side, length, stride, index in zip(given.shape, size, strides, place, strict=False):
        missing = max((-(-side // stride) - 1) * stride + length - side, 0)
        start = index * stride - missing // 2
        ranges.append(np.arange(start, start + length))
    inside = [(places >= 0) & (places < side) for places, side in zip(ranges, given.shape, strict=False)]
    clipped = [np.clip(places, 0, side - 1) for places, side in zip(ranges, given.shape, strict=False)]
    return given[np.ix_(*clipped)] * (inside[0][:, None] & inside[1])[..., None]


def _shown_layers(network, batch):
    """Return (layer, part) for the last layer of each run of layers with one resolution."""
    runs = []
    for layer in _at(network, batch).layers:
        shape = layer.output.shape
        size = tuple(shape[1:3]) if len(shape) == 4 else (1, 1)
        if not runs or runs[-1][0] != size:
            runs.append((size, []))
        runs[-1][1].append(layer)
    runs = [(size, run) for size, run in runs if any(layer.weights for layer in run)]
    code = min(range(len(runs)), key=lambda index: runs[index][0])
    shown = []
    for index, (size, run) in enumerate(runs):
        # Of dense layers the narrowest is the code; those around it lead there and back.
        layer = min(run, key=lambda one: one.output.shape[-1]) if size == (1, 1) else run[-1]
        part = "code" if index == code else "encoder" if index < code else "decoder"
        shown.append((network.get_layer(layer.name), part))
    return shown


def _at(network, batch):
    """Copy the network for the batch's size, so that every layer's shape is known."""
    import keras

    return keras.models.clone_model(network, input_tensors=keras.Input(batch.shape[1:]))


def _outputs(network, batch, layers):
    """Run the network and return what some of its layers (or tensors) give, as ndarrays."""
    import keras

    tensors = [getattr(layer, "output", layer) for layer in layers]
    found = keras.Model(network.input, tensors)(batch, training=False)
    return [keras.ops.convert_to_numpy(output) for output in (found if isinstance(found, list | tuple) else [found])]
