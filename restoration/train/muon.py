"""Muon for convolutions: the update of each kernel is orthogonalised."""

import keras
from keras import ops

from restoration.train.losses import Tensor


class ConvolutionalMuon(keras.optimizers.Muon):
    """Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon) with each kernel flattened to a matrix.

    Keras's own leaves four-dimensional kernels to Adam. Kernels at the input and the output, with few channels on one
    side, stay with Adam here too.
    """

    def _should_use_adamw(self, variable):
        return len(variable.shape) != 4 or min(variable.shape[2:]) < 16

    def zeropower_via_newtonschulz5(self, x: Tensor, steps: int) -> Tensor:
        """Return the nearest orthogonal matrix of a gradient, in the gradient's shape (h, w, c, d)."""
        flat = ops.cast(ops.reshape(x, (-1, x.shape[-1])), keras.config.dtype_policy().compute_dtype)
        return ops.cast(ops.reshape(super().zeropower_via_newtonschulz5(flat, steps), x.shape), x.dtype)

    def lr_adjust(self, x: Tensor) -> Tensor:
        """Scale an update so that it is as long as one of Adam's (Liu et al. 2025, arXiv:2502.16982)."""
        height, width, inner, outer = x.shape
        return x * (max(height * width * inner, outer) ** 0.5 * self.rms_rate)
