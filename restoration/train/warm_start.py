"""What a network had learned, put into another one of its family, to go on from there."""

import keras
import numpy as np

from restoration.inference import keras_runtime
from restoration.inference.card import Card

ENDS = "_b"  # how the last convolution of a residual block is called (`restoration.networks.blocks.block`)
BLOCKS = ("_a", ENDS)


def begin(network, weights):
    """Fill a network with the weights of one that has fewer or more blocks, channels or rims of kernels, or as many.

    Kernels get a rim of zeros, blocks that are new end in zeros, and what was there gives the channels that are new a
    weight of zero, so that none of them adds anything yet: the result is the same as before (the function-preserving
    growth of Chen et al. 2016, arXiv:1511.05641; channels that are new keep the random weights of what they are made
    from, so they can learn at once). Where the new network lacks blocks, what these added is missing, and where its
    kernels are narrower, their middle is what is left: the result is another.

    Parameters
    ----------
    network : keras.Model
        Its layers are found by their names.
    weights : path
        Of the other network, beside its card.

    Raises
    ------
    ValueError
        If the network lacks a layer of the other one that belongs to no block, or has one with fewer channels.
    """
    before = keras_runtime.load_network(Card.read(_card(weights)), weights)
    known = {layer.name: layer for layer in before.layers if layer.weights}
    unknown = known.keys() - {layer.name for layer in network.layers}
    if missing := [name for name in unknown if not name.endswith(BLOCKS)]:
        raise ValueError(f"{weights} has layers that the network to begin lacks: {', '.join(sorted(missing))}.")
    for layer in network.layers:
        if layer.name in known:
            pairs = zip(known[layer.name].get_weights(), layer.get_weights(), strict=True)
            layer.set_weights([_grown(layer, small, fresh) for small, fresh in pairs])
        elif layer.name.endswith(ENDS):
            layer.set_weights([np.zeros_like(value) for value in layer.get_weights()])


def _card(weights):
    return str(weights).removesuffix(".weights.h5") + ".json"


def _grown(layer, kernel, fresh):
    """Put a kernel into the middle of a fresh one, or take the middle of it where that one is narrower."""
    if fresh.shape == kernel.shape:  # biases too
        return kernel
    if kernel.ndim != 4 or np.less(fresh.shape[2:], kernel.shape[2:]).any():
        raise ValueError(f"{layer.name} has the shape {fresh.shape}, which one of {kernel.shape} cannot grow to.")
    grown = fresh.copy()
    # (side, side, in, out), and (side, side, out, in) where it is transposed.
    axis = 2 if isinstance(layer, keras.layers.Conv2DTranspose) else 3
    np.moveaxis(grown, axis, 0)[: kernel.shape[axis]] = 0
    target, source = zip(*map(_middles, grown.shape[:2], kernel.shape[:2]), strict=True)
    grown[target][:, :, : kernel.shape[2], : kernel.shape[3]] = kernel[source]
    return grown


def _middles(new, old):
    """Return the slices of two lengths that lie on each other when their middles do."""
    length = min(new, old)
    return tuple(slice(start, start + length) for start in ((new - length) // 2, (old - length) // 2))
