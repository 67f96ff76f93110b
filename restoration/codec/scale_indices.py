"""The scales that a code is coded with, from the second code, in whole numbers: the same on every machine.

A decoder that took another scale than the encoder by a rounding error would decode noise from there on (Ballé et al.
2019, "Integer networks for data compression with latent-variable models"). So the layers ``scales_...`` of
`restoration.networks.compression_autoencoder` are computed here with weights and values of fixed point. Whole numbers
in float64 are exact up to 2 ** 53, in whatever order they are added.
"""

from itertools import product

import numpy as np

from restoration.codec.entropy_coder import Integers
from restoration.image.types import Array

WEIGHT_BITS, VALUE_BITS = 12, 8  # after the point
LARGEST_VALUE = 2**20  # of fixed point
INDICES_PER_UNIT = 10  # the raw scales rise by 0.1 from one row of the tables to the next


class ScaleIndices:
    """From the second code to the rows of the tables.

    Parameters
    ----------
    layers : list of (kernel, bias)
        Of two convolutions of 3 x 3, each after an upsampling by two, and one of 1 x 1; kernels (h, w, c, d), float32.
    rows
        Of the tables.
    """

    def __init__(self, layers: list[tuple[Array, Array]], rows: int) -> None:
        self.rows = rows
        self.layers = []
        for index, (kernel, bias) in enumerate(layers):
            value_bits = 0 if index == 0 else VALUE_BITS  # the second code itself is whole
            self.layers.append((_fixed(kernel, WEIGHT_BITS), _fixed(bias, WEIGHT_BITS + value_bits), value_bits))

    def __call__(self, hyper_code: Integers) -> Integers:
        """Return the rows (4h, 4w, c), uint8, for a second code (h, w, d) of whole numbers."""
        values = hyper_code.astype(np.float64)
        for kernel, bias, value_bits in self.layers[:-1]:
            values = _convolve(values.repeat(2, axis=0).repeat(2, axis=1), kernel) + bias
            spare = WEIGHT_BITS + value_bits - VALUE_BITS
            values = np.floor((np.maximum(values, 0) + 2 ** (spare - 1)) / 2**spare)
            values = np.minimum(values, LARGEST_VALUE)
        kernel, bias, value_bits = self.layers[-1]
        raw = (values @ kernel[0, 0] + bias) * INDICES_PER_UNIT
        bits = WEIGHT_BITS + value_bits
        return np.clip(np.floor((raw + 2 ** (bits - 1)) / 2**bits), 0, self.rows - 1).astype(np.uint8)


def _fixed(weights, bits):
    return np.rint(weights.astype(np.float64) * 2**bits)


def _convolve(values, kernel):
    """Convolve (h, w, c) with a kernel (3, 3, c, d), zeros around."""
    height, width = values.shape[:2]
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)))
    result = np.zeros((height, width, kernel.shape[-1]))
    for row, column in product(range(3), range(3)):
        result += padded[row : row + height, column : column + width] @ kernel[row, column]
    return result
