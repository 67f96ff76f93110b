"""Pairs of spoiled and clean patches, drawn at random: what a network sees in training."""

import numpy as np

from restoration import degrade

MAX_SIGMA = 75 / 255

NOISE_IN_WORDS = (
    "sigma 0 to 75 of 255: 60 % white Gaussian, 12 % clipped and rounded to 8 bits, 10 % correlated over "
    "neighbouring pixels or channels, 8 % photon and read noise, 6 % JPEG, half of it after noise, 4 % salt and "
    "pepper; 8 % of the patches gray; the level told in 30 % of the patches, 20 % wrong on average"
)


def denoising_pair(generator, patch):
    """Draw a kind and a level of noise for one clean patch.

    Parameters
    ----------
    generator : numpy.random.Generator
    patch : ndarray of shape (H, W, 3), float32 in [0, 1]

    Returns
    -------
    given : ndarray of shape (H, W, 5), float32
        The noisy patch, the told noise level (0 if untold) and whether it is told.
    truth : ndarray of shape (H, W, 3), float32
    """
    gray = generator.random() < 0.08
    truth = _luminance(patch) if gray else patch
    noisy = _spoil(generator, truth)

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


def _spoil(generator, truth):
    kind = generator.random()
    sigma = MAX_SIGMA * generator.random() ** 1.2  # somewhat more of the low levels that photographs have
    if kind < 0.60:
        return degrade.add_noise(truth, "gaussian", sigma, seed=generator, clip=False)
    if kind < 0.72:
        return _as_file(degrade.add_noise(truth, "gaussian", sigma, seed=generator))
    if kind < 0.82:
        return _as_file(_correlated(generator, truth, sigma))
    if kind < 0.90:
        photons = degrade.add_noise(truth, "poisson", sigma, seed=generator, clip=False)
        read = generator.random() * sigma / 2
        return _as_file(degrade.add_noise(photons, "gaussian", read, seed=generator))
    if kind < 0.96:
        before = sigma / 2 if generator.random() < 0.5 else 0
        return degrade.compress(degrade.add_noise(truth, "gaussian", before, seed=generator), generator.integers(8, 96))
    return degrade.add_noise(truth, "salt and pepper", 0.3 * generator.random() ** 2, seed=generator)


def _correlated(generator, truth, sigma):
    softness = generator.uniform(0.35, 1.2)
    noisy = degrade.add_correlated_noise(truth, sigma * 0.7, softness=softness, seed=generator)
    if truth.shape[-1] == 3 and generator.random() < 0.5:  # camera files: colour noise coarser than luminance noise
        mixed = degrade.add_correlated_noise(truth, sigma * 0.7, softness=2 * softness, seed=generator) - truth
        noisy += mixed - mixed.mean(axis=-1, keepdims=True)
    return noisy


def _as_file(noisy):
    """Clip and round, as saving to 8 bits does."""
    return np.rint(np.clip(noisy, 0, 1) * 255).astype(np.float32) / 255
