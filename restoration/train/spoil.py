"""Pairs of spoiled and clean patches, drawn at random: what a network sees in training."""

import cv2
import numpy as np

from restoration import degrade
from restoration.camera import add_camera_noise

MAX_SIGMA = 75 / 255


def denoising_pair(generator, patch, shares=None):
    """Draw a kind and a level of noise for one clean patch.

    Parameters
    ----------
    generator : numpy.random.Generator
    patch : ndarray of shape (H, W, 3), float32 in [0, 1]
    shares : sequence of float, optional
        Of each of `KINDS`; `MIXED` when omitted.

    Returns
    -------
    given : ndarray of shape (H, W, 5), float32
        The noisy patch, the told noise level (0 if untold) and whether it is told.
    truth : ndarray of shape (H, W, 3), float32
    """
    gray = generator.random() < 0.08
    truth = _luminance(patch) if gray else patch
    sigma = MAX_SIGMA * generator.random() ** 1.2  # somewhat more of the low levels that photographs have
    spoil, _ = KINDS[generator.choice(len(KINDS), p=shares or MIXED)]
    if spoil is _processed:
        truth = _softened(generator, truth)
    noisy = spoil(generator, truth, sigma)

    told = generator.random() < 0.3
    level = float((noisy - truth).std()) * np.exp(generator.normal(0, 0.2)) if told else 0.0
    given = np.empty((*patch.shape[:2], 5), np.float32)
    given[..., :3] = noisy
    given[..., 3] = level
    given[..., 4] = told
    return given, np.broadcast_to(truth, patch.shape)


def judged_denoising(generator, patch):
    """Return the pair that networks are compared on: white noise of sigma 25 of 255, the level untold.

    Parameters and results as in `denoising_pair`.
    """
    given = np.zeros((*patch.shape[:2], 5), np.float32)
    given[..., :3] = patch + generator.normal(0, 25 / 255, patch.shape)
    return given, patch


def _luminance(patch):
    return patch @ np.array([[0.299], [0.587], [0.114]], np.float32)


def _softened(generator, truth):
    """Make half of the patches as soft as a sensor's pixels are: a part of them, enlarged."""
    if generator.random() < 0.5:
        return truth
    height, width = truth.shape[:2]
    factor = generator.uniform(1.2, 2.5)
    part = truth[: round(height / factor), : round(width / factor)]
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC).reshape(truth.shape).clip(0, 1)


def _white(generator, truth, sigma):
    return degrade.add_noise(truth, "gaussian", sigma, seed=generator, clip=False)


def _white_in_a_file(generator, truth, sigma):
    return _as_file(_white(generator, truth, sigma))


def _photographed(generator, truth, _sigma, processed=False):
    """Noise as a camera leaves it in a file: developed, perhaps scaled down, saved."""
    level = np.exp(generator.uniform(np.log(2 / 255), np.log(60 / 255)))
    if generator.random() < 0.5:
        large = _at_size(truth, generator.uniform(1, 2.2))
        noisy = add_camera_noise(large, 1.4 * level, seed=generator, processed=processed)
        # What scaling there and back does to the picture itself is no noise.
        noisy = truth + _to_shape(noisy, truth) - _to_shape(large, truth)
    else:
        noisy = add_camera_noise(truth, level, seed=generator, processed=processed)
    if generator.random() < 0.7:
        return degrade.compress(noisy, generator.integers(70, 100))
    return _as_file(noisy)


def _processed(generator, truth, sigma):
    return _photographed(generator, truth, sigma, processed=generator.random() < 0.7)


def _correlated(generator, truth, sigma):
    softness = generator.uniform(0.35, 1.2)
    noisy = degrade.add_correlated_noise(truth, sigma * 0.7, softness=softness, seed=generator)
    if truth.shape[-1] == 3 and generator.random() < 0.5:  # camera files: colour noise coarser than luminance noise
        mixed = degrade.add_correlated_noise(truth, sigma * 0.7, softness=2 * softness, seed=generator) - truth
        noisy += mixed - mixed.mean(axis=-1, keepdims=True)
    return _as_file(noisy)


def _scanned(generator, truth, sigma):
    """Film grain on a print, with dust on half of them, perhaps saved as JPEG."""
    softness, color = generator.uniform(0.4, 1.5), 0.4 * generator.random()
    noisy = degrade.add_film_grain(truth, 0.7 * sigma, softness=softness, color=color, seed=generator)
    if generator.random() < 0.5:
        noisy = degrade.add_dust(noisy, 1 + int(generator.integers(4)), seed=generator)
    return degrade.compress(noisy, generator.integers(60, 100)) if generator.random() < 0.5 else _as_file(noisy)


def _photons(generator, truth, sigma):
    noisy = degrade.add_noise(truth, "poisson", sigma, seed=generator, clip=False)
    return _as_file(degrade.add_noise(noisy, "gaussian", generator.random() * sigma / 2, seed=generator))


def _compressed(generator, truth, sigma):
    before = sigma / 2 if generator.random() < 0.5 else 0
    return degrade.compress(degrade.add_noise(truth, "gaussian", before, seed=generator), generator.integers(8, 96))


def _salted(generator, truth, _sigma):
    return degrade.add_noise(truth, "salt and pepper", 0.3 * generator.random() ** 2, seed=generator)


CAMERA_IN_WORDS = (
    "a camera's (shot and read noise in linear light, demosaicing, white balance, colour matrix, half of it scaled "
    "down, most of it saved as JPEG)"
)
KINDS = (
    (_white, "white Gaussian"),
    (_white_in_a_file, "clipped and rounded to 8 bits"),
    (_photographed, CAMERA_IN_WORDS),
    (_correlated, "correlated over neighbouring pixels or channels"),
    (_scanned, "film grain, half of it with dust"),
    (_photons, "photon and read noise"),
    (_compressed, "JPEG, half of it after noise"),
    (_salted, "salt and pepper"),
    (
        _processed,
        "a camera's, most of which reduce noise, sharpen and bend tones, half of it on pictures as soft as a sensor's",
    ),
)
# Shares of these kinds among the patches.
MIXED = (0.46, 0.06, 0.30, 0.04, 0.04, 0.02, 0.06, 0.02, 0.0)
PROCESSED = (0.55, 0.04, 0.10, 0.03, 0.04, 0.02, 0.05, 0.01, 0.16)


def noise_in_words(shares):
    """Say what `denoising_pair` does for a mix of `KINDS`, for the card."""
    kinds = [f"{100 * share:.0f} % {words}" for share, (_, words) in zip(shares, KINDS, strict=True) if share]
    return (
        f"sigma 0 to 75 of 255: {', '.join(kinds)}; 8 % of the patches gray; the level told in 30 % of the patches, "
        "20 % wrong on average"
    )


def _at_size(image, factor):
    """Enlarge by a factor, bicubic."""
    size = (round(image.shape[1] * factor), round(image.shape[0] * factor))
    return cv2.resize(image, size, interpolation=cv2.INTER_CUBIC).reshape(size[1], size[0], -1)


def _to_shape(image, like):
    """Shrink to another image's shape, by area."""
    return cv2.resize(image, like.shape[1::-1], interpolation=cv2.INTER_AREA).reshape(like.shape)


def _as_file(noisy):
    """Clip and round, as saving to 8 bits does."""
    return np.rint(np.clip(noisy, 0, 1) * 255).astype(np.float32) / 255
