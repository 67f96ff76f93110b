"""What a network had learned, put into a larger one of its family that computes the same, to go on from there."""

import numpy as np

from restoration import built
from restoration.card import Card

ENDS = "_b"  # how the last convolution of a residual block is called (`restoration.networks.parts.block`)


def begin(network, weights):
    """Fill a network with the weights of one that it is, or that lacks some of its blocks or some rim of its kernels.

    Kernels get a rim of zeros, and blocks that are new end in zeros, so that they add nothing yet: the result is the
    same as before (the function-preserving growth of Chen et al. 2016, arXiv:1511.05641).

    Parameters
    ----------
    network : keras.Model
        Its layers are found by their names.
    weights : path
        Of the smaller network, beside its card.

    Raises
    ------
    ValueError
        If the network lacks a layer of the smaller one, or has it with other channels or a smaller kernel.
    """
    before = built.trained(Card.read(_card(weights)), weights)
    known = {layer.name: layer for layer in before.layers if layer.weights}
    if missing := known.keys() - {layer.name for layer in network.layers}:
        raise ValueError(f"{weights} has layers that the network to begin lacks: {', '.join(sorted(missing))}.")
    for layer in network.layers:
        if layer.name in known:
            pairs = zip(known[layer.name].get_weights(), layer.get_weights(), strict=True)
            layer.set_weights([_rimmed(layer.name, small, large.shape) for small, large in pairs])
        elif layer.name.endswith(ENDS):
            layer.set_weights([np.zeros_like(value) for value in layer.get_weights()])


def _card(weights):
    return str(weights).removesuffix(".weights.h5") + ".json"


def _rimmed(name, small, shape):
    """Put a kernel into the middle of one of zeros that is at least as wide."""
    more = np.subtract(shape, small.shape)
    if more.min() < 0 or more[2:].any():
        raise ValueError(f"{name} has the shape {shape}, which one of {small.shape} cannot grow to.")
    return np.pad(small, [(one // 2, one - one // 2) for one in more])
