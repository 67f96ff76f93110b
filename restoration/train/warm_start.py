"""Warm start: the weights of a trained network, transferred to another one of its family."""

from pathlib import Path

import keras
import numpy as np

from restoration.inference import keras_runtime
from restoration.inference.card import Card

ENDS = "_b"  # how the last convolution of a residual block is called (`restoration.networks.blocks.block`)
BLOCKS = ("_a", ENDS)
ENTRANCES, EXITS = ("down0",), ("correction",)  # the layers that the image goes into and comes out of


def transfer_weights(network: keras.Model, weights: str | Path) -> None:
    """Fill a network with the weights of one that may have other numbers of levels, blocks, channels or kernel widths.

    Wider kernels are padded with zeros, new blocks and new levels below the code end in zeros, and the weights from new
    to old channels are zero, so that the output is the same as before (the function-preserving transformations of
    Net2Net, Chen et al. 2016, arXiv:1511.05641; the weights into new channels stay random, so that they can learn at
    once). Where the new network lacks blocks, or has narrower kernels, of which the middle is taken, the output
    changes. A network for one channel starts with what one for three makes of a gray image: their mean.

    Parameters
    ----------
    network
        Its layers are matched by their names.
    weights
        File of the other network, beside its card.

    Raises
    ------
    ValueError
        If the network lacks a layer of the other one that belongs to no block, or has one with fewer channels.
    """
    before = keras_runtime.load_network(Card.read(_card(weights)), weights)
    known = {_name_within(network, layer.name, _levels(before)): layer for layer in before.layers if layer.weights}
    unknown = known.keys() - {layer.name for layer in network.layers}
    if missing := [name for name in unknown if not name.endswith(BLOCKS)]:
        raise ValueError(f"{weights} has layers that this network lacks: {', '.join(sorted(missing))}.")
    new_ups = {f"up{level}" for level in range(_levels(before) - 1, _levels(network) - 1)}
    for layer in network.layers:
        if layer.name in known:
            pairs = zip(known[layer.name].get_weights(), layer.get_weights(), strict=True)
            layer.set_weights([_transferred(layer, _gray(layer, small, fresh), fresh) for small, fresh in pairs])
        elif layer.name.endswith(ENDS) or layer.name in new_ups:
            layer.set_weights([np.zeros_like(value) for value in layer.get_weights()])


def _levels(network):
    """Return how many widths a U-shaped network has."""
    return 1 + sum(layer.name.startswith("up") and layer.name[2:].isdigit() for layer in network.layers)


def _name_within(network, name, levels):
    """Return how a layer of a network of so many levels is called in one that may have more: its code lies inside."""
    return name.replace("code_", f"encode{levels - 1}_", 1) if _levels(network) > levels else name


def _card(weights):
    return str(weights).removesuffix(".weights.h5") + ".json"


def _gray(layer, kernel, fresh):
    """Make a kernel of a colour image that of a gray one, where the fresh one has two channels less for that reason."""
    if kernel.ndim == 4 and layer.name in ENTRANCES and kernel.shape[2] == fresh.shape[2] + 2:
        return np.concatenate([kernel[:, :, :3].sum(axis=2, keepdims=True), kernel[:, :, 3:]], axis=2)
    if kernel.ndim == 4 and layer.name in EXITS and (kernel.shape[2], fresh.shape[2]) == (3, 1):
        return kernel.mean(axis=2, keepdims=True)  # transposed kernels are (side, side, out, in)
    return kernel


def _transferred(layer, kernel, fresh):
    """Put a kernel into the middle of a fresh one, or take the middle of it where that one is narrower."""
    if fresh.shape == kernel.shape:  # biases too
        return kernel
    if kernel.ndim != 4 or np.less(fresh.shape[2:], kernel.shape[2:]).any():
        raise ValueError(
            f"{layer.name} has the shape {fresh.shape}, which one of {kernel.shape} cannot be transferred to."
        )
    result = fresh.copy()
    # (side, side, in, out), and (side, side, out, in) where it is transposed.
    axis = 2 if isinstance(layer, keras.layers.Conv2DTranspose) else 3
    np.moveaxis(result, axis, 0)[: kernel.shape[axis]] = 0
    target, source = zip(*map(_middles, result.shape[:2], kernel.shape[:2]), strict=True)
    result[target][:, :, : kernel.shape[2], : kernel.shape[3]] = kernel[source]
    return result


def _middles(new, old):
    """Return the slices of two lengths that lie on each other when their middles do."""
    length = min(new, old)
    return tuple(slice(start, start + length) for start in ((new - length) // 2, (old - length) // 2))
