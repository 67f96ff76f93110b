"""Pairs of reduced and original patches: what a network that enlarges sees in training."""

from typing import TypeAlias

import cv2
import numpy as np

from restoration.degrade.low_resolution import degrade_and_reduce, reduce_by_any_kernel
from restoration.degrade.noise import compress
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.resample import resize, shrink
from restoration.image.types import Image
from restoration.train.drawn_patches import photographed_or_drawn

Generator: TypeAlias = np.random.Generator
SCALES = (2, 3, 4)
DRAWN = 0.08  # of the patches: text, lines, dots, windows
BICUBIC, BLURRED = 0.45, 0.15  # of the pairs that are only reduced


def reduced_pairs(generator: Generator, patch: Image) -> tuple[list[Image], list[Image]]:
    """Reduce a clean patch for each scale of the network: by bicubic with antialiasing, or by any kernel.

    Some are blurred before, so that a soft image comes out sharp, too.

    Parameters
    ----------
    generator
    patch : of shape (H, W, 3), in [0, 1]
        H and W multiples of 12.

    Returns
    -------
    given : list of ndarray of shape (H / 4, W / 4, 3), float32
        For x2, x3 and x4: the reduced patch, rounded to 8 bits.
    truth : list of ndarray of shape (scale * H / 4, scale * W / 4, 3), float32
        What it was reduced from: a part of the patch, or for x2 in 40 % of the pairs the whole patch at half its size,
        in which little is left of its own compression.
    """
    truth = _truth_per_scale(generator, patch)
    return [_reduced(generator, image, scale) for image, scale in zip(truth, SCALES, strict=True)], truth


def second_order_pairs(generator: Generator, patch: Image) -> tuple[list[Image], list[Image]]:
    """Degrade a clean patch for each scale, by `restoration.degrade.low_resolution.degrade_and_reduce`.

    A third is only reduced, by any kernel, and half of that saved as JPEG.

    Parameters and results as in `reduced_pairs`.
    """
    truth = _truth_per_scale(generator, patch)
    return [_degraded(generator, image, scale) for image, scale in zip(truth, SCALES, strict=True)], truth


def enlarged_pair(generator: Generator, patch: Image) -> tuple[Image, Image]:
    """Reduce a clean patch and enlarge it again by bicubic interpolation, for a network that keeps the size.

    Parameters
    ----------
    generator
    patch : of shape (H, W, 3), in [0, 1]
        H and W multiples of 12.

    Returns
    -------
    given, truth : ndarrays of shape (H, W, 3), float32
    """
    return _enlarged(patch, SCALES[generator.integers(3)]), patch


def reduced_validation_pair(_generator: Generator, patch: Image) -> tuple[Image, Image]:
    """Return the pair that upscaling networks are compared on: x4 of a bicubic reduction."""
    return shrink(patch, 4), patch


def second_order_validation_pair(generator: Generator, patch: Image) -> tuple[Image, Image]:
    """Return the pair that networks for degraded photographs are compared on: x4 of a second-order degradation."""
    return degrade_and_reduce(patch, 4, seed=generator), patch


def enlarged_validation_pair(_generator: Generator, patch: Image) -> tuple[Image, Image]:
    """Return the pair that networks that keep the size are compared on: x4 of a bicubic reduction, enlarged."""
    return _enlarged(patch, 4), patch


def _reduced(generator, image, scale):
    draw = generator.random()
    if draw < BICUBIC:
        return shrink(image, scale)
    if draw < BICUBIC + BLURRED:
        return shrink(cv2.GaussianBlur(image, (0, 0), generator.uniform(0.3, 0.5 + 0.5 * scale)), scale)
    return round_to_8_bits(_reduced_by_any_kernel(generator, image, scale))


def _degraded(generator, image, scale):
    if generator.random() < 2 / 3:
        return degrade_and_reduce(image, scale, seed=generator)
    small = _reduced_by_any_kernel(generator, image, scale)
    if generator.random() < 0.5:
        return compress(small, int(generator.integers(70, 99)), corner=tuple(generator.integers(16, size=2)))
    return round_to_8_bits(small)


def _reduced_by_any_kernel(generator, image, scale):
    return reduce_by_any_kernel(image, *(length // scale for length in image.shape[:2]), seed=generator)


def _enlarged(patch, scale):
    return np.clip(resize(shrink(patch, scale), *patch.shape[:2]), 0, 1)


def _truth_per_scale(generator, patch):
    """Choose what is to be restored at each scale, so that all the reduced patches are of one size."""
    patch = photographed_or_drawn(generator, patch, DRAWN)
    truth = [_part(generator, patch, scale) for scale in SCALES[:-1]] + [patch]
    if generator.random() < 0.4:
        truth[0] = shrink(patch, 2)
    return truth


def _part(generator, patch, scale):
    """Cut a rectangle of scale / 4 of the patch's sides out of it, anywhere."""
    sides = [length * scale // 4 for length in patch.shape[:2]]
    row, column = (generator.integers(length - side + 1) for length, side in zip(patch.shape, sides, strict=False))
    return patch[row : row + sides[0], column : column + sides[1]]
