"""Transposed convolutions computed as convolutions: the same weights, the same numbers, in a fraction of the time."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops


class WideTranspose(layers.Conv2DTranspose):
    """A transposed convolution whose kernel is one, two or three strides wide, computed as a convolution.

    Each result depends on at most 3 x 3 inputs, so a convolution makes the results of each pixel as channels, and these
    go to their places. Runtimes are fast at convolutions: several times as fast for few channels, and faster still in
    half precision, where they compute transposed ones in full.
    """

    def call(self, features: Any) -> Any:
        """(n, h, w, c) -> (n, stride * h, stride * w, filters)."""
        scale, reach = self.strides[0], self.kernel_size[0] // self.strides[0]
        kernel = self.kernel  # (rows, columns, filters, c)
        if reach == 2:  # each result sees its own pixel and one neighbour: half a stride of zeros around makes it three
            kernel = ops.pad(kernel, [(scale // 2, scale - scale // 2)] * 2 + [(0, 0)] * 2)
            reach = 3
        kernel = ops.reshape(kernel, (reach, scale, reach, scale, self.filters, features.shape[-1]))
        # Reversed by taking, which OpenVINO does once at loading; what flips it would be done for each image again.
        reversed_order = np.arange(reach)[::-1]
        kernel = ops.take(ops.take(kernel, reversed_order, 0), reversed_order, 2)
        kernel = ops.transpose(kernel, (0, 2, 5, 1, 3, 4))
        kernel = ops.reshape(kernel, (reach, reach, features.shape[-1], scale**2 * self.filters))
        results = ops.conv(features, kernel, padding="same")  # (n, h, w, stride * stride * filters)
        results = ops.depth_to_space(results, scale, data_format="channels_last")
        return self.activation(results + self.bias if self.use_bias else results)


def as_convolutions(network: keras.Model) -> keras.Model:
    """Return a copy of a network that computes its transposed convolutions as convolutions.

    Parameters
    ----------
    network : keras.Model

    Returns
    -------
    keras.Model
        With the same weights and the same results.
    """
    copy = keras.models.clone_model(network, clone_function=_as_convolution)
    copy.set_weights(network.get_weights())
    return copy


def _as_convolution(layer):
    config = layer.get_config()
    if type(layer) is not layers.Conv2DTranspose or not _is_wide(layer):
        return type(layer).from_config(config)
    return WideTranspose.from_config(config)


def _is_wide(layer):
    """Tell whether `WideTranspose` can stand for a transposed convolution."""
    (rows, columns), (stride, across) = layer.kernel_size, layer.strides
    square = rows == columns and stride == across and layer.padding == "same"
    reaches = (1, 3) if stride % 2 else (1, 2, 3)
    return square and stride > 1 and rows in [reach * stride for reach in reaches]
