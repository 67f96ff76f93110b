"""Cost, stride and receptive field of a network, measured on the network itself."""

import keras
import numpy as np
from keras import layers, ops


def gflop_per_megapixel(network: keras.Model, side: int = 256) -> float:
    """Count what the convolutions cost for one megapixel of input.

    Parameters
    ----------
    network : keras.Model
        With one input and convolutions of any kind. Of several outputs the largest is counted.
    side : int
        Height and width used for the count; a multiple of the network's stride.

    Returns
    -------
    float
        Billions of operations (a multiplication and an addition are two) per 10^6 pixels.
    """
    multiplications = 0
    fixed = _at(network, side)
    largest = max(fixed.outputs, key=lambda output: output.shape[1])
    for layer in keras.Model(fixed.input, largest).layers:
        if isinstance(layer, layers.Dense):
            multiplications += int(np.prod(layer.kernel.shape))
        if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose | layers.DepthwiseConv2D):
            # Each weight meets each pixel once: of the output, or of the input where the convolution is transposed.
            met = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            multiplications += int(np.prod(met.shape[1:3])) * int(np.prod(layer.kernel.shape))
    return 2 * multiplications / fixed.input.shape[1] ** 2 / 1e3


def stride(network: keras.Model, largest: int = 64) -> int:
    """Return the number that height and width must be multiples of: two to the power of the halvings."""
    shapes = [layer.output.shape for layer in _at(network, largest).layers if len(layer.output.shape) == 4]
    return shapes[0][1] // min(shape[1] for shape in shapes)


def receptive_radius(network: keras.Model, side: int = 256) -> int:
    """Measure how far a pixel's influence reaches: the least halo that makes tiled equal to whole.

    A copy of the network with positive weights throughout is shown one bright pixel, at every position relative to
    the strides: nothing can cancel, so all that changed is all that could.

    Parameters
    ----------
    network : keras.Model
    side : int
        Height and width of the image it is measured on; doubled until the influence ends inside it.

    Returns
    -------
    int
        Pixels, the larger of the two axes' and directions' reaches.
    """
    step = stride(network)
    copy = keras.models.clone_model(network, clone_function=_without_differences)
    for layer, original in zip(copy.layers, network.layers, strict=True):
        weights = [np.full(value.shape, 1.0 / np.prod(value.shape[:-1])) for value in original.get_weights()]
        layer.set_weights([value if value.ndim > 1 else 0 * value for value in weights])
    # Before the final squashing, which would hide small changes.
    last = copy.layers[-1]
    outputs = [last.input] if isinstance(last, layers.Activation) else copy.outputs
    linear = keras.Model(copy.input, outputs)
    radius = 0
    for offset in range(step):
        position = side // 2 + offset
        image = np.zeros((1, side, side, network.input.shape[-1]), np.float32)
        image[0, position, position] = 1e6
        for result in keras.tree.flatten(linear(image)):
            reached = np.argwhere(ops.convert_to_numpy(result)[0].any(axis=-1)) // (result.shape[1] // side)
            radius = max(radius, int(np.abs(reached - position).max()))
    return radius if radius + step < side // 2 else receptive_radius(network, 2 * side)


def _without_differences(layer):
    """Copy a layer; a difference or a product becomes a sum, in which nothing can cancel."""
    kind = layers.Add if isinstance(layer, layers.Subtract | layers.Multiply) else type(layer)
    return kind.from_config(layer.get_config())


def _at(network, side):
    """Copy the network for one fixed size (its own where it has one), so that every layer's shape is known."""
    given = keras.Input(tuple(length or side for length in network.input.shape[1:]))
    return keras.models.clone_model(network, input_tensors=given)
