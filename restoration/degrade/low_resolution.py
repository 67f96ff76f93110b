"""Second-order degradation: small photographs that were blurred, reduced, noisy and compressed, and then once more."""

import numpy as np

from restoration.degrade.noise import add_noise, compress
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.resample import resize
from restoration.image.types import Image, Seed

DEGRADATION_IN_WORDS = (
    "twice over: blur of up to 1 pixel, reduction by a random kernel, noise of sigma 0 to 8 of 255 (white or photon), "
    "JPEG of quality 40 to 98; each left out now and then"
)
_KERNELS = ("bilinear", "bicubic", "lanczos")


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
    image = np.clip(resize(image, *size, kernel=_KERNELS[generator.integers(3)]), 0, 1)
    if generator.random() < share:
        kind = "gaussian" if generator.random() < 0.5 else "poisson"
        image = add_noise(image, kind, generator.uniform(0, 8) / 255, seed=generator)
    if generator.random() < share:
        image = compress(image, int(generator.integers(40, 99)))
    return image
