"""What a network that colours sees in training: parts of photographs, degraded as old prints are, and hints."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np

from restoration.image.lab import lightness, to_lab
from restoration.image.srgb import LUMA, LUMINANCE
from restoration.image.types import Array
from restoration.train.photographs import Pixels, content_fraction, held_back, read_photographs

SHORT_SIDE = 144
CELL = 8  # pixels along each side that share one predicted colour
MEAN_HINTS = 8  # in the third of the views that have any

Place: TypeAlias = tuple[int, int, int]  # height, width, and where its first byte lies


class PhotographCache:
    """Every photograph below a folder, reduced and kept in one file that is read as memory.

    Parameters
    ----------
    folder
        Searched with its subfolders.
    cache
        A folder for the file; made if missing, used again if not.

    Attributes
    ----------
    large, small, held_back : list of Place
        The photographs to train on, those of sheets apart, and those that choose the snapshot.

    Raises
    ------
    FileNotFoundError
        If there are fewer than two that are on no sheet.
    """

    def __init__(self, folder: str | Path, cache: str | Path):
        cache = Path(cache)
        if not (cache / "photographs.json").exists():
            _write(folder, cache)
        index = json.loads((cache / "photographs.json").read_text())
        self._pixels = np.memmap(cache / "photographs.bin", np.uint8, "r")
        large, self.held_back = _split(index["large"])
        self.large, (self.small, _) = large, _split(index["small"])
        if not self.large:
            raise FileNotFoundError(f"{folder} has {len(self.held_back)} photographs besides sheets; give two or more.")

    def pixels(self, place: Place) -> Pixels:
        """Return one photograph, (H, W, 3) uint8, of a place in `large`, `small` or `held_back`."""
        height, width, offset = place
        return self._pixels[offset : offset + height * width * 3].reshape(height, width, 3)

    def batch(self, pair: Callable[..., tuple[Array, Array]], seed: int, side: int, size: int) -> tuple[Array, Array]:
        """Draw pairs, half of them of the photographs of sheets.

        Parameters
        ----------
        pair
            ``pair(pixels, side, generator, number) -> (given, truth)``.
        seed, side, size

        Returns
        -------
        given, truth : ndarrays of `size` of what `pair` makes
        """
        generator = np.random.default_rng([7, seed])
        pairs = []
        for number in range(size):
            places = self.small if number % 2 and self.small else self.large
            pairs.append(pair(self.pixels(places[generator.integers(len(places))]), side, generator, number))
        given, truth = zip(*pairs, strict=True)
        return np.stack(given), np.stack(truth)


def color_pair(pixels: Pixels, side: int, generator: np.random.Generator, number: int) -> tuple[Array, Array]:
    """Return the input of `restoration.networks.color_autoencoder`, with hints in every third pair, and a and b."""
    gray, ab, _ = view(pixels, side, generator)
    hints = draw_hints(ab, generator.geometric(1 / MEAN_HINTS) if number % 6 < 2 else 0, generator)
    return np.concatenate([gray, hints], axis=-1), ab


def lecture_pair(pixels: Pixels, side: int, generator: np.random.Generator, number: int) -> tuple[Array, Array]:
    """Return the input of `restoration.networks.dense_color_autoencoder`, and the image in RGB."""
    gray, _, square = view(pixels, side, generator)
    return gray, square


def _split(entries):
    """Return the places to train on and those that are held back, of (fraction, height, width, offset) entries."""
    out = held_back([fraction for fraction, *_ in entries])
    places = [tuple(place) for _, *place in entries]
    return tuple([place for place, is_out in zip(places, out, strict=True) if is_out is side] for side in (False, True))


def _write(folder, cache):
    cache.mkdir(parents=True, exist_ok=True)
    index, offset = {"large": [], "small": []}, 0
    with (cache / "photographs.bin").open("wb") as file:
        for photograph in read_photographs(folder):
            pixels = np.ascontiguousarray(photograph.pixels if photograph.on_sheet else _reduced(photograph.pixels))
            pixels.tofile(file)
            entry = [content_fraction(photograph.pixels), *pixels.shape[:2], offset]
            index["small" if photograph.on_sheet else "large"].append(entry)
            offset += pixels.size
    (cache / "photographs.json").write_text(json.dumps(index))


def _reduced(pixels):
    """Reduce a photograph to a short side of `SHORT_SIDE`, without the ends of a panorama."""
    import cv2

    scale = SHORT_SIDE / min(pixels.shape[:2])
    if scale < 1:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    excess = max(0, max(pixels.shape[:2]) - 3 * min(pixels.shape[:2]) // 2) // 2
    if pixels.shape[0] > pixels.shape[1]:
        return pixels[excess : pixels.shape[0] - excess]
    return pixels[:, excess : pixels.shape[1] - excess]


def view(pixels: Pixels, side: int, generator: np.random.Generator | None = None) -> tuple[Array, Array, Array]:
    """Return a square part of a photograph: degraded gray values, a and b, and the part in colour.

    Parameters
    ----------
    pixels : of shape (H, W, 3)
    side
        Of the result; a multiple of 32.
    generator
        The middle as it is when omitted: no zoom, no flip, no degradation.

    Returns
    -------
    gray : ndarray of shape (side, side, 1), float32 in [0, 1]
    ab : ndarray of shape (side / 8, side / 8, 2), float32
    square : ndarray of shape (side, side, 3), float32 in [0, 1]
        The part in colour.
    """
    import cv2

    height, width = pixels.shape[:2]
    zoom = 1.0 if generator is None or generator.random() < 0.5 else generator.uniform(0.6, 1.0)
    length = round(min(height, width) * zoom)
    row, column = (
        (whole - length) // 2 if generator is None else generator.integers(0, whole - length + 1)
        for whole in (height, width)
    )
    part = pixels[row : row + length, column : column + length]
    if generator is not None and generator.random() < 0.5:
        part = part[:, ::-1]
    kind = cv2.INTER_AREA if length > side else cv2.INTER_CUBIC
    eight_bit = np.asarray(cv2.resize(np.ascontiguousarray(part), (side, side), interpolation=kind), np.uint8)
    gray = np.take(_encoded(), np.rint(np.take(_linear(), eight_bit) @ LUMINANCE).astype(np.int32))
    square = eight_bit.astype(np.float32) / np.float32(255)
    cells = np.asarray(cv2.resize(square, (side // CELL, side // CELL), interpolation=cv2.INTER_AREA), np.float32)
    ab = to_lab(cells)[..., 1:]
    if generator is not None:
        gray = _degraded(square @ LUMA if generator.random() < 0.3 else gray, generator)  # as files were before CIELAB
    return np.clip(gray, 0, 1)[..., None], ab, square


# Tables in place of powers: a view takes a third of a millisecond; by the powers of `restoration.image.lab`, three.
@cache
def _linear():
    """Return 255 * 16 times the linear light of each value of a byte."""
    values = np.arange(256, dtype=np.float32)[None, :, None] / 255
    light = lightness(values)[0]
    return (255 * 16 * np.where(light > 8, ((light + 16) / 116) ** 3, light / 903.3)).astype(np.float32)


@cache
def _encoded():
    """Return the gray value of each step of `_linear`."""
    steps = np.linspace(0, 1, 255 * 16 + 1, dtype=np.float32)
    return np.interp(steps, _linear() / (255 * 16), np.linspace(0, 1, 256)).astype(np.float32)


def _degraded(gray, generator):
    """Change tone, sharpness and grain of some images a little."""
    import cv2

    if generator.random() < 0.5:
        low, high = generator.uniform(0, 0.12), generator.uniform(0.88, 1)
        gray = low + (high - low) * np.clip(gray, 0, 1) ** np.exp(generator.normal(0, 0.2))
    if generator.random() < 0.2:
        gray = cv2.GaussianBlur(gray, (0, 0), generator.uniform(0.4, 1.2))
    if generator.random() < 0.4:
        gray = gray + generator.uniform(0, 0.04) * generator.standard_normal(gray.shape, np.float32)
    return gray


def draw_hints(ab: Array, count: int, generator: np.random.Generator) -> Array:
    """Draw true hints at random places, 1 to 5 pixels wide.

    Parameters
    ----------
    ab : of shape (h, w, 2)
        The true colours at an eighth of the resolution.
    count
    generator

    Returns
    -------
    ndarray of shape (8h, 8w, 3), float32
        a and b over 100, and 1, where there is a hint.
    """
    height, width = CELL * ab.shape[0], CELL * ab.shape[1]
    hints = np.zeros((height, width, 3), np.float32)
    for _ in range(count):
        size = generator.integers(1, 6)
        row, column = generator.integers(height - size + 1), generator.integers(width - size + 1)
        color = ab[(row + size // 2) // CELL, (column + size // 2) // CELL]
        hints[row : row + size, column : column + size] = (*color / 100, 1)
    return hints
