"""What a network in training makes of pairs that it does not learn from."""

from collections.abc import Sequence

import keras
import numpy as np

from restoration.image.metrics import psnr
from restoration.image.types import Array


def output_of(network: keras.Model, given: Array) -> Array:
    """Return what a network makes of one input (H, W, C)."""
    return keras.ops.convert_to_numpy(network(given[None], training=False))[0]


def mean_psnr(network: keras.Model, pairs: Sequence[tuple[Array, Array]]) -> float:
    """Return a network's mean PSNR in dB on pairs (given, truth), both cut off at 0 and 1."""
    scores = [psnr(np.clip(output_of(network, given), 0, 1), np.clip(truth, 0, 1)) for given, truth in pairs]
    return float(np.mean(scores))
