"""Drawn images: pages of text, line art, star fields, gradients and windows, seeded, for training and tests."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from restoration.image.types import Image, Seed

GRAPHICS_KINDS = ("text", "line art", "dots", "gradient", "windows")
FONT_FOLDERS = ("/usr/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
_LETTERS = "etaoinshrdlucmfwypvbgkjqxzETAOINSHRDLUCMFWYP0123456789.,:;-+/()%&?!"


def draw_graphics(height: int, width: int, *, kind: str | None = None, seed: Seed = 0) -> Image:
    """Draw a clean image as computers make them: sharp edges, even areas, no noise.

    Parameters
    ----------
    height, width : int
        Pixels.
    kind : {"text", "line art", "dots", "gradient", "windows"}, optional
        Drawn at random when omitted.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of shape (height, width, 3), float32 in [0, 1], multiples of 1 / 255
    """
    generator = np.random.default_rng(seed)
    kind = kind or GRAPHICS_KINDS[generator.choice(5, p=(0.45, 0.2, 0.12, 0.08, 0.15))]
    paper, ink = _paper_and_ink(generator)
    if kind == "dots":
        image = _dots(generator, height, width, paper, ink)
    elif kind == "gradient":
        image = _gradient(generator, height, width)
    elif kind == "line art":
        image = _line_art(generator, height, width, paper, ink)
    else:
        page = PillowImage.new("RGB", (width, height), paper)
        if kind == "windows":
            _draw_windows(generator, page)
        _draw_text(generator, page, ink)
        image = np.asarray(page)
    return image.astype(np.float32) / np.float32(255)


def _paper_and_ink(generator):
    """Return two colours, tuples of 0 to 255: black and white as often as not, either way round."""
    if generator.random() < 0.5:
        paper, ink = (255, 255, 255), (0, 0, 0)
    else:
        light = tuple(int(value) for value in 255 - generator.integers(0, 70, 3))
        dark = tuple(int(value) for value in generator.integers(0, 120, 3))
        paper, ink = light, dark
    return (ink, paper) if generator.random() < 0.35 else (paper, ink)


@cache
def _font_files():
    found = (str(path) for folder in FONT_FOLDERS for path in sorted(Path(folder).rglob("*.tt[fc]")))
    return tuple(path for path in found if _is_scalable(path))


def _is_scalable(path):
    """Tell whether a font has outlines; one of emoji may have pictures of one size alone."""
    try:
        ImageFont.truetype(path, 11)
    except OSError:
        return False
    return True


@cache
def _font(number, size):
    files = _font_files()
    if number >= len(files):
        return ImageFont.load_default(size)
    return ImageFont.truetype(files[number], size)


def _draw_text(generator, page, ink):
    """Write lines of random letters over the page."""
    draw = ImageDraw.Draw(page)
    if generator.random() < 0.15:
        draw.fontmode = "1"  # no antialiasing
    size = int(generator.integers(8, 15) if generator.random() < 0.65 else generator.integers(15, 49))
    font = _font(int(generator.integers(len(_font_files()) + 2)), size)
    letters = _LETTERS[26:] if generator.random() < 0.3 else _LETTERS
    row = int(generator.integers(-size, size))
    while row < page.height:
        words = [
            "".join(generator.choice(list(letters), generator.integers(1, 9))) for _ in range(page.width // size + 2)
        ]
        draw.text((int(generator.integers(-size, size)), row), " ".join(words), font=font, fill=ink)
        row += round(size * generator.uniform(1.1, 1.7))


def _draw_windows(generator, page):
    """Draw frames, bars and buttons as on a screen."""
    draw = ImageDraw.Draw(page)
    for _ in range(int(generator.integers(2, 8))):
        left, top = (int(generator.integers(-10, length)) for length in page.size)
        right, bottom = left + int(generator.integers(4, 90)), top + int(generator.integers(4, 60))
        fill, line = (tuple(int(value) for value in generator.integers(0, 256, 3)) for _ in range(2))
        draw.rectangle((left, top, right, bottom), fill=fill, outline=line, width=int(generator.integers(0, 3)))


def _line_art(generator, height, width, paper, ink):
    """Draw straight lines, circles, curves and grids, one to three pixels wide."""
    image = np.full((height, width, 3), paper, np.uint8)
    kind = cv2.LINE_AA if generator.random() < 0.7 else cv2.LINE_8
    if generator.random() < 0.3:  # hatching or a grid
        step, slope = int(generator.integers(3, 16)), int(generator.choice([0, height, -height]))
        for column in range(-2 * width, 2 * width, step):
            cv2.line(image, (column, 0), (column + slope, height), ink, 1, kind)
    for _ in range(int(generator.integers(4, 16))):
        thickness = int(generator.choice([1, 1, 1, 2, 3]))
        start = tuple(int(value) for value in generator.integers(-10, (width + 10, height + 10)))
        shape = generator.integers(3)
        if shape == 0:
            end = tuple(int(value) for value in generator.integers(-10, (width + 10, height + 10)))
            cv2.line(image, start, end, ink, thickness, kind)
        elif shape == 1:
            cv2.circle(image, start, int(generator.integers(2, 60)), ink, thickness, kind)
        else:
            steps = np.cumsum(generator.normal(generator.normal(0, 4, 2), 4, (12, 2)), axis=0)
            cv2.polylines(image, [np.rint(steps + start).astype(np.int32)], False, ink, thickness, kind)
    return image


def _dots(generator, height, width, paper, ink):
    """Scatter dots of one to three pixels: stars, or marks on paper."""
    image = np.full((height, width, 3), paper, np.float32)
    count = int(height * width * generator.uniform(0.0005, 0.01))
    for row, column in generator.integers(0, (height, width), (count, 2)):
        side = generator.choice([1, 1, 1, 2, 3])
        place = image[row : row + side, column : column + side]
        place += generator.uniform(0.3, 1) * (np.float32(ink) - place)
    return np.rint(image)


def _gradient(generator, height, width):
    """Blend four corner colours, in one to all of 256 steps."""
    corners = np.float32(generator.integers(0, 256, (2, 2, 3)))
    smooth = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    steps = generator.choice([4, 16, 64, 255])
    return np.rint(np.rint(smooth / 255 * steps) * 255 / steps)
