"""The sampled code and the KL term of a variational autoencoder (Kingma and Welling 2014, arXiv:1312.6114)."""

from typing import Any

import keras
from keras import layers, ops


def kl_divergence(mean: Any, log_variance: Any) -> Any:
    """Return the divergence of the normal posterior from the standard normal prior, summed over the code.

    -1/2 sum(1 + log s^2 - m^2 - s^2): Kingma and Welling 2014, arXiv:1312.6114, appendix B.

    Parameters
    ----------
    mean, log_variance : tensors of shape (n, code_size)

    Returns
    -------
    tensor of shape (n,), in nats
        0 where mean and log-variance are 0.

    Examples
    --------
    >>> import numpy as np
    >>> float(kl_divergence(np.array([[3.0, 0.0]]), np.zeros((1, 2)))[0])
    4.5
    """
    return -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1)


class GaussianSampling(layers.Layer):
    """Sample the code from its posterior while training, pass on the mean otherwise; add the KL term to the loss.

    Parameters
    ----------
    weight : float
        Factor of the mean KL divergence.
    seed : int
        Of the samples.
    """

    def __init__(self, weight: float, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.weight, self.random = float(weight), keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """(mean, log-variance), each (n, code_size) -> code (n, code_size)."""
        mean, log_variance = inputs
        self.add_loss(self.weight * ops.mean(kl_divergence(mean, log_variance)))
        if not training:
            return mean
        return mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.random)

    def compute_output_shape(self, input_shapes: Any) -> Any:
        """Return the code's shape."""
        return input_shapes[0]
