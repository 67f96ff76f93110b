"""Patches at a random quality, with the price of their error: what a network that compresses sees."""

import numpy as np

from restoration.image.srgb import LUMA
from restoration.image.types import Array, Image

GRAY_SHARE = 0.1
# Bits per pixel that an error of one squared step of 255 may cost, at each quality (as in CompressAI,
# Bégaint et al. 2020, arXiv:2011.03029).
PRICES = (0.0009, 0.0018, 0.0035, 0.0067, 0.013, 0.025)
PATCHES_IN_WORDS = "none; a tenth of the patches in gray, each at a random quality"


def compress_pair(generator: np.random.Generator, patch: Image) -> tuple[Array, Array]:
    """Give a patch (H, W, 3) a random quality.

    Returns
    -------
    given : ndarray of shape (H, W, 4), float32
        The patch and its quality, 0 to 5.
    truth : ndarray of shape (H, W, 4), float32
        The patch and the price of its error, in bits per pixel and squared step of 255.
    """
    if generator.random() < GRAY_SHARE:
        patch = np.repeat(patch @ LUMA[:, None], 3, axis=-1)
    return at_quality(patch, generator.uniform(0, len(PRICES) - 1))


def compress_validation_pair(_: np.random.Generator, patch: Image) -> tuple[Array, Array]:
    """Return the pair that networks are compared on: of a middling quality."""
    return at_quality(patch, 3.0)


def at_quality(patch: Image, quality: float) -> tuple[Array, Array]:
    """Return the pair of `compress_pair` at a quality; between two, the logarithm of the price is interpolated."""
    price = np.exp(np.interp(quality, np.arange(len(PRICES)), np.log(PRICES)))
    patch = patch.astype(np.float32)
    given, truth = (
        np.concatenate([patch, np.full((*patch.shape[:2], 1), value, np.float32)], axis=-1)
        for value in (quality, price)
    )
    return given, truth
