"""The seeded degradations on which the findings of `restoration.plan` are tried, each with the one that is right."""

from collections.abc import Callable

import cv2
import numpy as np

from restoration.degrade.graphics import draw_graphics
from restoration.degrade.noise import add_film_grain, add_noise, compress
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.lab import to_gray
from restoration.image.resample import resize
from restoration.image.types import Image

Degradation = Callable[[Image, np.random.Generator], Image]
SEPIA_FILTER = np.array(
    [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]], np.float32
)  # of photo editors
SCREEN_ANGLES = (15, 45, 75)  # degrees, as printers turn the screens of their inks
ENLARGED = 3  # a screen is drawn at so many times the size, and reduced


def white_noise(image: Image, generator: np.random.Generator) -> Image:
    """Add white noise of sigma 8 to 40 of 255."""
    return add_noise(image, level=generator.uniform(8, 40) / 255, seed=generator)


def film_grain(image: Image, generator: np.random.Generator) -> Image:
    """Add film grain of 15 to 40 of 255 at mid-gray."""
    level, softness = generator.uniform(15, 40) / 255, generator.uniform(0.4, 0.9)
    return add_film_grain(image, level, softness=softness, seed=generator)


def camera_noise(image: Image, generator: np.random.Generator) -> Image:
    """Add the noise of a camera at high sensitivity."""
    return add_noise(image, "camera", generator.uniform(15, 40) / 255, seed=generator)


def strong_jpeg(image: Image, generator: np.random.Generator) -> Image:
    """Compress by JPEG of quality 10 to 50, cropped anywhere in its grid."""
    row, column = (int(one) for one in generator.integers(0, 8, 2))
    return compress(image, int(generator.integers(10, 51)), corner=(row, column))


def blurred(image: Image, generator: np.random.Generator) -> Image:
    """Blur by 1.5 to 3.5 pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), generator.uniform(1.5, 3.5)), np.float32).reshape(image.shape)


def reduced(image: Image, generator: np.random.Generator) -> Image:
    """Reduce to a longer side of 120 to 300 pixels."""
    scale = generator.uniform(120, 300) / max(image.shape[:2])
    return resize(image, *(max(1, round(length * scale)) for length in image.shape[:2]))


def gray(image: Image, generator: np.random.Generator) -> Image:
    """Take the colour out; in half of them as three equal channels."""
    one = to_gray(image)
    return np.repeat(one, 3, axis=-1) if generator.random() < 0.5 else one


def deep_sepia(image: Image, generator: np.random.Generator) -> Image:
    """Tone from dark brown to cream as old prints are, with grain, yellowed unevenly, a scan's JPEG on top."""
    black = generator.uniform((0.08, 0.03, 0), (0.25, 0.12, 0.06)).astype(np.float32)
    white = generator.uniform((0.9, 0.65, 0.3), (1, 0.85, 0.55)).astype(np.float32)
    toned = black + to_gray(image) ** np.array([0.8, 1, generator.uniform(1.1, 1.6)], np.float32) * (white - black)
    across = np.linspace(0, 1, image.shape[1], dtype=np.float32)[None, :, None]
    toned = add_film_grain(toned * (1 - across * np.array([0.03, 0.08, 0.18], np.float32)), 8 / 255, seed=generator)
    return compress(toned, int(generator.integers(70, 96)))


def sepia_filter(image: Image, generator: np.random.Generator) -> Image:
    """Tone by the sepia filter of photo editors, or by powers of gray."""
    if generator.random() < 0.5:
        return image @ SEPIA_FILTER.T
    return to_gray(image) ** np.array([1, generator.uniform(1.1, 1.6), generator.uniform(1.5, 2.8)], np.float32)


def faded_colour(image: Image, generator: np.random.Generator) -> Image:
    """Fade the dyes of a colour print: black and white come together, in each channel by another amount."""
    black = generator.uniform(0.15, 0.3) + generator.uniform(-0.05, 0.05, 3)
    white = generator.uniform(0.55, 0.72) + generator.uniform(-0.1, 0.1, 3)
    return (black + image * (white - black)).astype(np.float32)


def faded_gray(image: Image, generator: np.random.Generator) -> Image:
    """Fade a gray print."""
    black, white = generator.uniform(0.18, 0.3), generator.uniform(0.55, 0.72)
    return np.float32(black) + to_gray(image) * np.float32(white - black)


def printed_screen(image: Image, generator: np.random.Generator) -> Image:
    """Print by dots 3.5 to 8 pixels apart, and scan."""
    period, angles = generator.uniform(3.5, 8), np.deg2rad(generator.permutation(SCREEN_ANGLES))
    height, width = image.shape[:2]
    large = cv2.resize(image, (width * ENLARGED, height * ENLARGED)).reshape(height * ENLARGED, width * ENLARGED, -1)
    rows, columns = np.mgrid[: height * ENLARGED, : width * ENLARGED].astype(np.float32) / ENLARGED
    printed = np.empty_like(large)
    for channel in range(image.shape[-1]):
        turn = 2 * np.pi / period * np.exp(1j * angles[channel])
        wave = np.cos(columns * turn.real + rows * turn.imag) + np.cos(rows * turn.real - columns * turn.imag)
        printed[..., channel] = np.clip((large[..., channel] - 0.5 - wave / 4) * 4 + 0.5, 0, 1)
    scanned = cv2.resize(printed, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(scanned, (0, 0), generator.uniform(0.3, 0.8)), np.float32).reshape(image.shape)


def drawn_page(image: Image, generator: np.random.Generator) -> Image:
    """Draw a page of text, windows or lines of the image's size instead, at times compressed a little."""
    kind = ("text", "windows", "line art")[int(generator.integers(3))]
    drawn = draw_graphics(*image.shape[:2], kind=kind, seed=generator)
    return compress(drawn, int(generator.integers(80, 98))) if generator.random() < 0.5 else drawn


# Degradation -> the finding that it must give.
DEGRADATIONS: dict[Degradation, str] = {
    white_noise: "noise",
    film_grain: "noise",
    camera_noise: "noise",
    strong_jpeg: "jpeg",
    blurred: "blur",
    reduced: "small",
    gray: "gray",
    deep_sepia: "toned",
    sepia_filter: "toned",
    faded_colour: "faded",
    faded_gray: "faded",
    printed_screen: "screen",
    drawn_page: "page",
}


def degraded(image: Image, degradation: Degradation, seed: int) -> Image:
    """Degrade an image (H, W, 3) by a seed, and round it to 8 bits as a file would."""
    return round_to_8_bits(degradation(image, np.random.default_rng(seed)))
