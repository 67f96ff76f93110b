"""A map of codes that keeps neighbours together (t-SNE)."""

import numpy as np

from restoration.image.checks import ImageError
from restoration.image.types import Array

LEAST_CODES = 4


def t_sne(codes: Array, *, seed: int = 0) -> Array:
    """Lay codes of any size out in a plane, so that near ones stay near.

    Van der Maaten and Hinton 2008 (jmlr.org/papers/v9/vandermaaten08a.html), by scikit-learn. Distances between
    far groups mean nothing in it.

    Parameters
    ----------
    codes : ndarray of shape (n, k)
        At least 4.
    seed : int

    Returns
    -------
    ndarray of shape (n, 2), float32

    Raises
    ------
    ImageError
        If these are no codes, fewer than 4, or not finite.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    codes = np.asarray(codes, np.float32)
    if codes.ndim != 2 or len(codes) < LEAST_CODES:
        raise ImageError(f"Give at least {LEAST_CODES} codes, an array of shape (n, k); this one has {codes.shape}.")
    if not np.isfinite(codes).all():
        raise ImageError("The codes hold values that are not finite numbers; a training that diverged gives such.")
    perplexity = min(30.0, (len(codes) - 1) / 3)
    # One thread: several spin while they wait for each other, which takes minutes on a busy machine.
    with threadpool_limits(1):
        places = TSNE(2, perplexity=perplexity, init="random", random_state=seed).fit_transform(codes)
    return places.astype(np.float32)
