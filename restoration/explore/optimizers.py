"""Keras's optimizers for live trainings, of which a server runs many and must forget each."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras


class _OnOneMachine:
    """Leaves out the sum of the gradients over machines.

    TensorFlow registers the gradient of that sum for good, and with it the whole graph of every compiled training step.
    Keras has this method on TensorFlow alone.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars):
        return grads_and_vars


class Adam(_OnOneMachine, keras.optimizers.Adam):
    """Adam (Kingma and Ba 2015, arXiv:1412.6980)."""


class RMSprop(_OnOneMachine, keras.optimizers.RMSprop):
    """RMSprop."""


class SGD(_OnOneMachine, keras.optimizers.SGD):
    """Gradient descent."""


# Name -> what makes it of a learning rate.
OPTIMIZERS: dict[str, Callable[[float], Any]] = {
    "adam": Adam,
    "rmsprop": RMSprop,
    "sgd": partial(SGD, momentum=0.9, nesterov=True),
}
