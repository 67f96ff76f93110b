"""Second-order degradation: small photographs that were blurred, reduced, noisy and compressed, and then once more."""

import numpy as np

from restoration.degrade.noise import add_noise, compress
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.resample import resize
from restoration.image.types import Image, Seed

MOST_NOISE, LEAST_QUALITY = 25, 30
DEGRADATION_IN_WORDS = (
    f"twice over: blur of up to 1 pixel, reduction by a random kernel, noise of sigma 0 to {MOST_NOISE} of 255, mostly "
    f"little (white or photon), JPEG of quality {LEAST_QUALITY} to 98, its blocks anywhere; each left out now and then"
)
_KERNELS = ("bilinear", "bicubic", "lanczos")


def reduce_by_any_kernel(image: Image, height: int, width: int, *, seed: Seed = 0) -> Image:
    """Reduce an image as programs do: with or without antialiasing, by averages, by dropping pixels.

    Parameters
    ----------
    image : of shape (H, W, 1 or 3), in [0, 1]
    height, width : int
        At most H and W.
    seed

    Returns
    -------
    ndarray of shape (height, width, C), float32 in [0, 1]
    """
    import cv2

    generator = np.random.default_rng(seed)
    kind = generator.choice(["antialiased", "averages", "aliased", "nearest"], p=[0.5, 0.25, 0.17, 0.08])
    if kind == "antialiased":
        return np.clip(resize(image, height, width, kernel=_KERNELS[generator.integers(3)]), 0, 1)
    if kind == "nearest":  # programs differ in which pixel of each group they keep
        method = (cv2.INTER_NEAREST, cv2.INTER_NEAREST_EXACT)[generator.integers(2)]
    else:
        method = cv2.INTER_AREA if kind == "averages" else (cv2.INTER_CUBIC, cv2.INTER_LINEAR)[generator.integers(2)]
    return cv2.resize(image, (width, height), interpolation=method).reshape(height, width, -1).clip(0, 1)


def degrade_and_reduce(image: Image, scale: int, *, seed: Seed = 0) -> Image:
    """Reduce an image and degrade it on the way: blur, reduction, noise and JPEG, twice over.

    A milder form of the second-order degradation of Real-ESRGAN (Wang et al. 2021, arXiv:2107.10833).

    Parameters
    ----------
    image : of shape (H, W, 1 or 3), in [0, 1]
    scale
        Pixels of the image per pixel of the result, along one side.
    seed

    Returns
    -------
    ndarray of shape (H // scale, W // scale, C), float32 in [0, 1]
    """
    generator = np.random.default_rng(seed)
    height, width = (max(1, length // scale) for length in image.shape[:2])
    image = image[: height * scale, : width * scale]
    between = scale ** generator.uniform(0.3, 1.0)  # how much of the reduction happens the first time
    first = (max(1, round(image.shape[0] / between)), max(1, round(image.shape[1] / between)))
    once = _degrade(generator, image, first, share=0.8)
    twice = _degrade(generator, once, (height, width), share=0.6)
    return round_to_8_bits(twice)


def _degrade(generator, image, size, share):
    """Blur, resize, add noise and compress, all but the resizing with the probability `share`."""
    import cv2

    reduction = image.shape[0] / size[0]
    if generator.random() < share:
        deviations = generator.uniform(0.2, 0.5 + 0.5 * reduction, 2)
        image = cv2.GaussianBlur(image, (0, 0), deviations[0], sigmaY=deviations[1]).reshape(image.shape)
    image = reduce_by_any_kernel(image, *size, seed=generator)
    if generator.random() < share:
        kind = "gaussian" if generator.random() < 0.5 else "poisson"
        image = add_noise(image, kind, MOST_NOISE / 255 * generator.random() ** 2, seed=generator)
    if generator.random() < share:
        corner = tuple(generator.integers(16, size=2))
        image = compress(image, int(generator.integers(LEAST_QUALITY, 99)), corner=corner)
    return image
