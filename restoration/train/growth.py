"""What a network had learned, put into another one of its family, to go on from there."""

import numpy as np

from restoration import built
from restoration.card import Card

ENDS = "_b"  # how the last convolution of a residual block is called (`restoration.networks.parts.block`)


def begin(network, weights):
    """Fill a network with the weights of one that it is, or that lacks some of its blocks or some rim of its kernels.

    Kernels get a rim of zeros, and blocks that are new end in zeros, so that they add nothing yet: the result is the
    same as before (the function-preserving growth of Chen et al. 2016, arXiv:1511.05641). Only where the new network's
    kernels are narrower, their middle is what is left, and the result is another.

    Parameters
    ----------
    network : keras.Model
        Its layers are found by their names.
    weights : path
        Of the smaller network, beside its card.

    Raises
    ------
    ValueError
        If the network lacks a layer of the smaller one, or has it with other channels.
    """
    before = built.trained(Card.read(_card(weights)), weights)
    known = {layer.name: layer for layer in before.layers if layer.weights}
    if missing := known.keys() - {layer.name for layer in network.layers}:
        raise ValueError(f"{weights} has layers that the network to begin lacks: {', '.join(sorted(missing))}.")
    for layer in network.layers:
        if layer.name in known:
            pairs = zip(known[layer.name].get_weights(), layer.get_weights(), strict=True)
            layer.set_weights([_fitted(layer.name, small, large.shape) for small, large in pairs])
        elif layer.name.endswith(ENDS):
            layer.set_weights([np.zeros_like(value) for value in layer.get_weights()])


def _card(weights):
    return str(weights).removesuffix(".weights.h5") + ".json"


def _fitted(name, kernel, shape):
    """Put a kernel into the middle of one of zeros, or take the middle of it where the new one is narrower."""
    more = np.subtract(shape, kernel.shape)
    if more[2:].any():
        raise ValueError(f"{name} has the shape {shape}, which one of {kernel.shape} cannot grow to.")
    kernel = np.pad(kernel, [(one // 2, one - one // 2) for one in np.maximum(more, 0)])
    starts = np.subtract(kernel.shape, shape) // 2
    return kernel[tuple(slice(start, start + length) for start, length in zip(starts, shape, strict=True))]
