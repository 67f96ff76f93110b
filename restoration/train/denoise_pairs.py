"""Pairs of noisy and clean patches, drawn at random: what a denoising network sees in training."""

from collections.abc import Mapping

import cv2
import numpy as np

from restoration.degrade import noise
from restoration.degrade.camera import photographed
from restoration.degrade.noise import MAX_SIGMA
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.srgb import LUMA
from restoration.image.types import Array, Image
from restoration.train.drawn_patches import drawn_in_words, photographed_or_drawn

PROCESSED_SHARE = 0.7  # of the cameras that may process their image, how many do


def denoising_pair(
    generator: np.random.Generator, patch: Image, shares: Mapping[str, float], drawn: float = 0.0
) -> tuple[Array, Image]:
    """Draw a kind and a level of noise for one clean patch.

    Parameters
    ----------
    generator
    patch : of shape (H, W, 3), in [0, 1]
    shares
        Of the kinds of noise, keys of `KINDS`; 1 in all.
    drawn
        Share of the patches that a drawing takes the place of: text, lines, dots, windows.

    Returns
    -------
    given : ndarray of shape (H, W, 5), float32
        The noisy patch and its conditioning: the noise level in [0, 1] (0 if unknown), and 1 where that is known.
    truth : ndarray of shape (H, W, 3), float32
    """
    gray = generator.random() < 0.08
    patch = photographed_or_drawn(generator, patch, drawn)
    clean = patch @ LUMA[:, None] if gray else patch
    sigma = MAX_SIGMA * generator.random() ** 1.2  # somewhat more of the low levels that photographs have
    kinds = list(KINDS.values())
    degrade, _ = kinds[generator.choice(len(kinds), p=[shares.get(kind, 0.0) for kind in KINDS])]
    noisy, truth = degrade(generator, clean, sigma)

    known = generator.random() < 0.3
    level = float((noisy - truth).std()) * np.exp(generator.normal(0, 0.2)) if known else 0.0
    given = np.empty((*patch.shape[:2], 5), np.float32)
    given[..., :3] = noisy
    given[..., 3] = level
    given[..., 4] = known
    return given, np.broadcast_to(truth, patch.shape)


def denoising_validation_pair(generator: np.random.Generator, patch: Image) -> tuple[Array, Image]:
    """Return the pair that denoising networks are compared on: white noise of sigma 25 of 255, its level unknown.

    Parameters and results as in `denoising_pair`.
    """
    given = np.zeros((*patch.shape[:2], 5), np.float32)
    given[..., :3] = patch + generator.normal(0, 25 / 255, patch.shape)
    return given, patch


def _as_it_is(_generator, clean):
    return clean


def _soft(generator, clean):
    """Make a patch as soft as a sensor's pixels are: a part of it, enlarged."""
    height, width = clean.shape[:2]
    factor = generator.uniform(1.2, 2.5)
    part = clean[: round(height / factor), : round(width / factor)]
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC).reshape(clean.shape).clip(0, 1)


def _sharp(generator, clean):
    """Sharpen a patch as editors and cameras do."""
    blurred = cv2.GaussianBlur(clean, (0, 0), generator.uniform(0.6, 1.4)).reshape(clean.shape)
    return (clean + generator.uniform(0, 1) * (clean - blurred)).clip(0, 1)


def _rendered(generator, clean):
    """Develop what a sensor sees of a patch, without noise."""
    return _developed_pair(generator, _soft(generator, clean), 0, processed=generator.random() < PROCESSED_SHARE)[1]


# Kinds of noise, each a function (generator, clean, sigma) -> (noisy, truth). The truth is the clean patch where its
# content is not changed first.


def _white(generator, clean, sigma):
    return noise.add_noise(clean, "gaussian", sigma, seed=generator, clip=False), clean


def _white_in_a_file(generator, clean, sigma):
    return round_to_8_bits(_white(generator, clean, sigma)[0]), clean


def _photographed(generator, clean, _sigma, processed=False):
    """Noise as a camera leaves it in a file: developed, perhaps scaled down, saved."""
    noisy, developed = _developed_pair(generator, clean, 2 / 255, processed)
    return _saved(generator, clean + (noisy - developed)), clean


def _processed(generator, clean, sigma):
    """Camera noise of cameras that may process their image; half of the patches as soft as a sensor's pixels."""
    clean = clean if generator.random() < 0.5 else _soft(generator, clean)
    return _photographed(generator, clean, sigma, processed=generator.random() < PROCESSED_SHARE)


def _developed(generator, clean, _sigma):
    """Camera noise on an image that the camera itself developed without noise, which is the truth."""
    noisy, truth = _developed_pair(
        generator, _soft(generator, clean), 1 / 255, processed=generator.random() < PROCESSED_SHARE
    )
    return _saved(generator, noisy), truth


def _without_noise(generator, clean, _sigma):
    """No noise: an image as it is, soft, sharpened or developed, and saved."""
    content = (_as_it_is, _soft, _sharp, _rendered)[generator.integers(4)]
    truth = content(generator, clean)
    return _saved(generator, truth, worst=88), truth


def _developed_pair(generator, clean, least, processed):
    """Return a patch as a camera develops it with noise, of at least a level, and without; half of it scaled down."""
    level = np.exp(generator.uniform(np.log(least), np.log(60 / 255))) if least else 0.0
    if generator.random() < 0.5:
        pair = photographed(
            _at_size(clean, generator.uniform(1, 2.2)),
            1.4 * level,
            seed=generator,
            processed=processed,
            phase=generator.integers(2, size=2),
        )
        return tuple(_to_shape(image, clean) for image in pair)
    return photographed(clean, level, seed=generator, processed=processed, phase=generator.integers(2, size=2))


def _saved(generator, noisy, worst=70, share=0.7):
    """Save a share as JPEG of at least a quality, the rest as 8 bits."""
    if generator.random() < share:
        return _as_jpeg(generator, noisy, generator.integers(worst, 100))
    return round_to_8_bits(noisy)


def _correlated(generator, clean, sigma):
    softness = generator.uniform(0.35, 1.2)
    noisy = noise.add_correlated_noise(clean, sigma * 0.7, softness=softness, seed=generator)
    if clean.shape[-1] == 3 and generator.random() < 0.5:  # camera files: colour noise coarser than luminance noise
        mixed = noise.add_correlated_noise(clean, sigma * 0.7, softness=2 * softness, seed=generator) - clean
        noisy += mixed - mixed.mean(axis=-1, keepdims=True)
    return round_to_8_bits(noisy), clean


def _scanned(generator, clean, sigma):
    """Film grain on a print, with dust on half of them, perhaps saved as JPEG."""
    softness, color = generator.uniform(0.4, 1.5), 0.4 * generator.random()
    noisy = noise.add_film_grain(clean, 0.7 * sigma, softness=softness, color=color, seed=generator)
    if generator.random() < 0.5:
        noisy = noise.add_dust(noisy, 1 + int(generator.integers(4)), seed=generator)
    return _saved(generator, noisy, worst=60, share=0.5), clean


def _photons(generator, clean, sigma):
    noisy = noise.add_noise(clean, "poisson", sigma, seed=generator, clip=False)
    return round_to_8_bits(noise.add_noise(noisy, "gaussian", generator.random() * sigma / 2, seed=generator)), clean


def _compressed(generator, clean, sigma):
    before = sigma / 2 if generator.random() < 0.5 else 0
    noisy = noise.add_noise(clean, "gaussian", before, seed=generator)
    return _as_jpeg(generator, noisy, generator.integers(8, 96)), clean


def _compressed_and_reduced(generator, clean, sigma):
    """Compress an image at a larger size, then reduce it, as web sites do."""
    before = sigma / 2 if generator.random() < 0.5 else 0
    larger = noise.add_noise(_at_size(clean, generator.uniform(1.05, 2.2)), "gaussian", before, seed=generator)
    saved = _to_shape(_as_jpeg(generator, larger, generator.integers(8, 90)), clean)
    if generator.random() < 0.5:
        return _as_jpeg(generator, saved, generator.integers(50, 96)), clean
    return round_to_8_bits(saved), clean


def _banded(generator, clean, sigma):
    """Offsets of whole rows or columns, with some fine noise."""
    axis, softness = int(generator.integers(2)), generator.choice([0.0, 0.0, 0.7, 1.5])
    noisy = noise.add_banding(
        clean, 0.6 * sigma, axis=axis, softness=softness, color=0.6 * generator.random(), seed=generator
    )
    fine = generator.random() * sigma / 2
    return _saved(generator, noise.add_noise(noisy, "gaussian", fine, seed=generator), worst=70, share=0.3), clean


def _as_jpeg(generator, image, quality):
    """Save as JPEG, the blocks anywhere, a quarter of the files with colours at full resolution."""
    corner = generator.integers(16, size=2)
    return noise.compress(image, quality, corner=corner, subsampling=generator.random() < 0.75)


def _salted(generator, clean, _sigma):
    return noise.add_noise(clean, "salt and pepper", 0.3 * generator.random() ** 2, seed=generator), clean


CAMERA_IN_WORDS = (
    "a camera's (shot and read noise in linear light, demosaicing, white balance, colour matrix, half of it scaled "
    "down, most of it saved as JPEG)"
)
# Name -> (function, the words of the card).
KINDS = {
    "white": (_white, "white Gaussian"),
    "white, 8 bits": (_white_in_a_file, "clipped and rounded to 8 bits"),
    "camera": (_photographed, CAMERA_IN_WORDS),
    "correlated": (_correlated, "correlated over neighbouring pixels or channels"),
    "scan": (_scanned, "film grain, half of it with dust"),
    "photons": (_photons, "photon and read noise"),
    "JPEG": (_compressed, "JPEG, half of it after noise"),
    "salt and pepper": (_salted, "salt and pepper"),
    "processing camera": (
        _processed,
        "a camera's, most of which reduce noise, sharpen and bend tones, half of it on pictures as soft as a sensor's",
    ),
    "developed": (_developed, "such a camera's on its own picture, demosaiced and as soft as a sensor's"),
    "none": (_without_noise, "no noise: pictures as they are, soft, sharpened or developed by a camera, saved"),
    "reduced JPEG": (
        _compressed_and_reduced,
        "JPEG of a larger picture, half of it after noise, reduced, half of it JPEG again",
    ),
    "banding": (_banded, "offsets of whole rows or columns with white noise of up to half their strength"),
}


def noise_in_words(shares: Mapping[str, float], drawn: float = 0.0) -> str:
    """Say what `denoising_pair` does for these shares, for the card."""
    kinds = [f"{100 * share:.0f} % {KINDS[kind][1]}" for kind, share in shares.items()]
    return (
        f"sigma 0 to 75 of 255: {', '.join(kinds)}; 8 % of the patches gray; the level given in 30 % of the patches, "
        "20 % wrong on average" + (f"; {drawn_in_words(drawn)}" if drawn else "")
    )


def _at_size(image, factor):
    """Enlarge by a factor, bicubic."""
    size = (round(image.shape[1] * factor), round(image.shape[0] * factor))
    return cv2.resize(image, size, interpolation=cv2.INTER_CUBIC).reshape(size[1], size[0], -1)


def _to_shape(image, like):
    """Shrink to another image's shape, by area."""
    return cv2.resize(image, like.shape[1::-1], interpolation=cv2.INTER_AREA).reshape(like.shape)
