"""Camera noise: RAW-domain shot and read noise in linear light, developed to sRGB together with the image.

What reaches a file is therefore nothing like white noise: stronger in some channels and tones than in others, smooth
over neighbouring pixels and coloured. After Brooks et al. 2019 (Unprocessing, arXiv:1811.11127) and Guo et al. 2019
(CBDNet, arXiv:1807.04686); the ranges of gains and of read noise are the former's.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from restoration.image.srgb import LUMA, linear_light, srgb_values
from restoration.image.types import Array, Image, Seed

MID_GRAY = 0.214  # linear light of 0.5 in sRGB
WHITE_LEVEL, BLACK_LEVEL = 60000, 4096  # of the 16-bit sensor values; the foot keeps negative noise
DEMOSAICING = (cv2.COLOR_BayerBG2RGB, cv2.COLOR_BayerBG2RGB_EA)


def add_camera_noise(image: Image, level: float, *, seed: Seed = 0, processed: bool = False) -> Image:
    """Add noise as a camera makes it: shot and read noise on the raw mosaic, developed to sRGB.

    The difference that the noise makes to what the camera develops is added to the image itself: its sharpness and
    tones stay as they are, so it remains the truth.

    Parameters
    ----------
    image, level, seed, processed
        As in `photographed`.

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]
    """
    noisy, clean = photographed(image, level, seed=seed, processed=processed)
    return np.clip(np.clip(image, 0, 1) + (noisy - clean), 0, 1)


def photographed(
    image: Image, level: float, *, seed: Seed = 0, processed: bool = False, phase: tuple[int, int] = (0, 0)
) -> tuple[Image, Image]:
    """Photograph an image: taken back to the light on a sensor, and developed with and without noise.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    level : float in [0, 1]
        About the standard deviation that a mid-gray surface ends with.
    seed : int or numpy.random.Generator
        Also draws the camera: white balance, colour matrix, share of read noise, way of demosaicing.
    processed : bool
        The camera also processes its image, as most do by default: a tone curve, noise reduction that smooths colour
        most, sharpening. What it leaves of the noise is soft, blotched and edged, and below the level.
    phase : (int, int)
        Row and column, 0 or 1, of the image's first pixel in the sensor's 2 x 2 mosaic.

    Returns
    -------
    noisy, clean : ndarrays of the same shape, float32 in [0, 1]
        Both with the camera's tones and sharpness, and with the effect of its demosaicing on fine detail.
    """
    generator = np.random.default_rng(seed)
    height, width, channels = image.shape
    color = np.broadcast_to(np.clip(image, 0, 1), (height, width, 3))
    top, left = 2 + phase[0], 2 + phase[1]
    padded = np.pad(color, ((top, 2 + (height + top) % 2), (left, 2 + (width + left) % 2), (0, 0)), mode="symmetric")
    camera = (_ProcessingCamera if processed else _Camera)(generator)
    raw = camera.raw(padded)
    shot, read = _noise_variances(generator, level)
    noise = generator.standard_normal(raw.shape, np.float32)
    noisy_raw = raw + np.sqrt(shot * np.maximum(raw, 0) + read) * noise
    noisy, clean = (camera.developed(mosaic)[top : top + height, left : left + width] for mosaic in (noisy_raw, raw))
    return (noisy @ LUMA[:, None], clean @ LUMA[:, None]) if channels == 1 else (noisy, clean)


class _Camera:
    """One camera under one light: from sRGB (h, w, 3) to the raw mosaic (h, w) and back."""

    def __init__(self, generator: np.random.Generator):
        red, blue = generator.uniform(1.5, 2.4), generator.uniform(1.4, 2.0)
        self.balance = np.array([red, 1, blue], np.float32)
        # Camera to sRGB: a sensor's filters overlap, so each row subtracts the others; white stays white.
        mixing = -generator.uniform(0.05, 0.45, (3, 3)) * (1 - np.eye(3))
        self.to_srgb = (mixing + np.diag(1 - mixing.sum(axis=1))).astype(np.float32)
        self.demosaicing = DEMOSAICING[generator.integers(len(DEMOSAICING))]

    def raw(self, srgb: Array) -> Array:
        """(h, w, 3) sRGB -> (h, w) sensor values; h and w even, blue first."""
        to_camera = np.linalg.inv(self.to_srgb).T.astype(np.float32)
        light = np.clip(linear_light(srgb) @ to_camera, 0, 1) / self.balance
        mosaic = light[..., 1].copy()
        mosaic[0::2, 0::2] = light[0::2, 0::2, 0]
        mosaic[1::2, 1::2] = light[1::2, 1::2, 2]
        return mosaic

    def developed(self, mosaic: Array) -> Array:
        """(h, w) sensor values -> (h, w, 3) sRGB in [0, 1]."""
        values = np.clip(mosaic * (WHITE_LEVEL - BLACK_LEVEL) + BLACK_LEVEL, 0, 65535).astype(np.uint16)
        light = (cv2.cvtColor(values, self.demosaicing).astype(np.float32) - BLACK_LEVEL) / (WHITE_LEVEL - BLACK_LEVEL)
        return srgb_values(np.clip((light * self.balance) @ self.to_srgb.T, 0, 1))


class _ProcessingCamera(_Camera):
    """A camera that processes its image after developing it."""

    def __init__(self, generator: np.random.Generator):
        super().__init__(generator)
        self.contrast = generator.uniform(0, 0.12)
        self.color_smoothing = generator.uniform(0.5, 2.5)  # pixels
        # Noise reduction of the luminance: how far it looks, what it takes for noise, how much of its result is kept.
        self.reach, self.tolerance = generator.uniform(0.6, 1.6), generator.uniform(0.02, 0.15)
        self.reduction = generator.uniform(0, 0.9)
        self.sharpening, self.sharpened = generator.uniform(0, 1.2), generator.uniform(0.6, 1.4)  # amount, pixels

    def developed(self, mosaic: Array) -> Array:
        """As before, then a tone curve, smoother colours, smoother and sharpened luminance."""
        srgb = super().developed(mosaic)
        srgb -= self.contrast * np.sin(2 * np.pi * srgb) / 2
        planes: Sequence[Any] = cv2.split(cv2.cvtColor(srgb, cv2.COLOR_RGB2YCrCb))
        luminance, *colors = planes
        colors = [cv2.GaussianBlur(color, (0, 0), self.color_smoothing) for color in colors]
        smooth = cv2.bilateralFilter(luminance, 5, self.tolerance, self.reach)
        luminance += self.reduction * (smooth - luminance)
        luminance += self.sharpening * (luminance - cv2.GaussianBlur(luminance, (0, 0), self.sharpened))
        return np.clip(cv2.cvtColor(cv2.merge([luminance, *colors]), cv2.COLOR_YCrCb2RGB), 0, 1)


def _noise_variances(generator, level):
    """Return what multiplies the light and what is added, so that mid-gray ends near the level."""
    variance = (0.52 * level) ** 2  # gamma, white balance and colour matrix raise it to the level again
    share = generator.beta(1.2, 4)  # of the read noise: more in the dark and at high ISO
    return np.float32((1 - share) * variance / MID_GRAY), np.float32(share * variance)
