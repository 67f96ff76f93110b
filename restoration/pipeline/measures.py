"""What is measured of a photograph to find what it needs: one number each, from an image of any size.

A large image is measured at a bounded size or at a bounded number of its pixels. `findings` holds the thresholds.
"""

import numpy as np

from restoration.image.crop import middle
from restoration.image.jpeg_grid import BLOCK
from restoration.image.lab import lightness, to_lab
from restoration.image.types import Array, Image

TONES_SIDE = 256  # tones and casts are measured at this size, where noise is averaged away
MIDDLE_SIDE = 1024  # what needs true pixels is measured in the middle
SPECTRUM_SIDE, SPECTRUM_PLACES = 256, 3
LOWEST_SCREEN = 0.06  # cycles per pixel: the coarsest screen that is looked for has dots 16 pixels apart
PEAK = 3.0  # times e that a line of a screen stands out of its neighbourhood in the spectrum
PAPER_TONES, SHARP_EDGE, SHARP_SHARE = 6, 50, 0.08  # levels of 255; share of what is no paper that is an edge
PEAK_REACH = 17  # bins, side of that neighbourhood


def screen_share(image: Image) -> float:
    """Return which share of the detail lies in a few lines of the spectrum, as a printed screen's does, 0 to 1.

    The lines of JPEG's blocks and what runs exactly along rows or columns do not count.
    """
    import cv2

    gray = image.mean(axis=-1)
    side = min(*gray.shape, SPECTRUM_SIDE)
    if side < 64:
        return 0.0
    window = np.outer(*[np.hanning(side)] * 2)
    places = [np.unique(np.linspace(0, length - side, SPECTRUM_PLACES).astype(int)) for length in gray.shape]
    parts = [gray[row : row + side, column : column + side] for row in places[0] for column in places[1]]
    power = np.mean([np.abs(np.fft.fft2((part - part.mean()) * window)) ** 2 for part in parts], axis=0)
    power = np.fft.fftshift(power)
    rows, columns = np.meshgrid(*[np.fft.fftshift(np.fft.fftfreq(side))] * 2, indexing="ij")
    detail = np.hypot(rows, columns) > LOWEST_SCREEN
    logarithm = np.log(power + 1e-9)
    low, high = logarithm.min(), logarithm.max()
    if high - low < 1e-6:
        return 0.0
    eight_bit = ((logarithm - low) / (high - low) * 255).astype(np.uint8)
    around = cv2.medianBlur(eight_bit, PEAK_REACH).astype(np.float32) / 255 * (high - low) + low
    of_jpeg = np.all([np.abs(one * BLOCK - np.rint(one * BLOCK)) < 0.05 for one in (rows, columns)], axis=0)
    slanted = (np.abs(rows) > 0.02) & (np.abs(columns) > 0.02)
    lines = detail & slanted & ~of_jpeg & (logarithm - around > PEAK)
    return float(power[lines].sum() / max(power[detail].sum(), 1e-9))


def drawn_share(image: Image) -> float:
    """Return the share of an image whose neighbours are equal, or which is one tone with sharp edges on it, 0 to 1.

    Text, drawings and screenshots are of equal neighbours; a scanned or compressed page is of one tone, the paper's.
    """
    import cv2

    image = middle(image, MIDDLE_SIDE)
    if min(image.shape[:2]) < 3:
        return 0.0
    levels = np.rint(255 * np.clip(image, 0, 1)).astype(np.int16)
    equal = (levels[:-1, 1:] == levels[:-1, :-1]) & (levels[1:, :-1] == levels[:-1, :-1])
    gray = cv2.medianBlur(np.rint(255 * np.clip(image.mean(axis=-1), 0, 1)).astype(np.uint8), 3)
    counts = np.bincount(gray.ravel(), minlength=256) / gray.size
    around = np.convolve(counts, np.ones(2 * PAPER_TONES + 1), "same")
    tones = gray.astype(np.float32)
    across, down = (np.abs(np.diff(tones, axis=axis)) for axis in (1, 0))
    edges = (across[:-1] > SHARP_EDGE) | (down[:, :-1] > SHARP_EDGE)
    ink = max(float((np.abs(tones - around.argmax()) > 4 * PAPER_TONES).mean()), 1e-3)
    paper = float(around.max()) if edges.mean() / ink > SHARP_SHARE else 0.0
    return max(float(equal.all(axis=-1).mean()), paper)


def small_lab(image: Image) -> Array:
    """Return CIELAB of an image at a bounded size, (n, 3), sorted by lightness: tones and casts without noise."""
    small = at_most(image, TONES_SIDE)
    if small.shape[-1] == 1:
        light = lightness(small).reshape(-1, 1)
        lab = np.concatenate([light, np.zeros((len(light), 2), np.float32)], axis=1)
    else:
        lab = to_lab(small).reshape(-1, 3)
    return lab[np.argsort(lab[:, 0], kind="stable")]


def at_most(image: Image, side: int) -> Image:
    """Return an image (H, W, C), in [0, 1], reduced so that no side is longer than so many pixels."""
    import cv2

    scale = min(1.0, side / max(image.shape[:2]))
    size = [max(1, round(length * scale)) for length in image.shape[1::-1]]
    small = np.clip(cv2.resize(image, size, interpolation=cv2.INTER_AREA), 0, 1)
    return np.asarray(small, np.float32).reshape(size[1], size[0], -1)
