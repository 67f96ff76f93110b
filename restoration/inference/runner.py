"""What every runtime gives: a network that is ready to run."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restoration.image.types import Array


class InferenceError(RuntimeError):
    """A runtime that is unknown, missing or unable to run a network, said in one sentence."""


@dataclass(frozen=True)
class Runner:
    """A network that is ready to run: call it with a batch, holding `fair_lock.inference_lock`.

    Images go in and come out in NCHW order, (n, c, h, w), in which OpenVINO computes; vectors as (n, length).

    Parameters
    ----------
    run
        From a batch to the result, both float32. The result may lie in a buffer of the runtime that its next run
        fills again.
    input_shape
        Of a batch; None where any length will do.
    runtime, precision
        What executes it, and what its convolutions compute in.
    """

    run: Callable[[Array], Array]
    input_shape: tuple[int | None, ...]
    runtime: str
    precision: str

    def __call__(self, batch: Array) -> Array:
        """Run the network on a batch."""
        return self.run(batch)


def to_nchw(batch: Array) -> Array:
    """Return images (n, h, w, c) as (n, c, h, w), contiguous; vectors (n, length) as they are."""
    return np.ascontiguousarray(batch.transpose(0, 3, 1, 2)) if batch.ndim == 4 else batch


def to_nhwc(batch: Array) -> Array:
    """Return images (n, c, h, w) as (n, h, w, c), a view; vectors (n, length) as they are."""
    return batch.transpose(0, 2, 3, 1) if batch.ndim == 4 else batch
