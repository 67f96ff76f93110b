"""What a network of colours sees in training: parts of photographs, spoiled as old prints are, and hints."""

import json
import zlib
from functools import cache
from pathlib import Path

import numpy as np

from restoration.image.lab import lightness, to_lab
from restoration.image.srgb import LUMA, LUMINANCE
from restoration.photo.formats import IMAGE_SUFFIXES

HELD_BACK = 100  # one photograph in so many chooses the snapshot and is never trained on
SHEET, TILE = 16, 64  # an AVIF file is a sheet of 16 x 16 photographs of 64 x 64 pixels
SHORT_SIDE = 144
CELL = 8  # pixels along a place that the network colours
MEAN_HINTS = 8  # in the third of the views that have any


class Photographs:
    """Every photograph below a folder, reduced and kept in one file that is read as memory.

    Parameters
    ----------
    folder : path
        Searched with its subfolders.
    cache : path
        A folder for the file; made if missing, used again if not.
    """

    def __init__(self, folder, cache):
        cache = Path(cache)
        if not (cache / "photographs.json").exists():
            _write(folder, cache)
        index = json.loads((cache / "photographs.json").read_text())
        self._pixels = np.memmap(cache / "photographs.bin", np.uint8, "r")
        self.large, self.small, self.held_back = [], [], []
        for name, *place in index:
            of_sheet = ".avif/" in name
            if zlib.crc32(name.encode()) % HELD_BACK:
                (self.small if of_sheet else self.large).append(place)
            elif not of_sheet:
                self.held_back.append(place)

    def pixels(self, place):
        """Return one photograph, (H, W, 3) uint8, of a place in `large`, `small` or `held_back`."""
        height, width, offset = place
        return self._pixels[offset : offset + height * width * 3].reshape(height, width, 3)

    def batch(self, pair, seed, side, size):
        """Draw pairs, half of them of the small photographs.

        Parameters
        ----------
        pair : callable
            ``pair(pixels, side, generator, number) -> (given, truth)``.
        seed, side, size : int

        Returns
        -------
        given, truth : ndarrays of `size` of what `pair` makes
        """
        generator = np.random.default_rng([7, seed])
        pairs = []
        for number in range(size):
            places = self.small if number % 2 and self.small else self.large
            pairs.append(pair(self.pixels(places[generator.integers(len(places))]), side, generator, number))
        return tuple(np.stack(part) for part in zip(*pairs, strict=True))


def color_pair(pixels, side, generator, number):
    """Make what `restoration.networks.color_autoencoder` is given, with hints in every third pair, and a and b."""
    gray, ab, _ = view(pixels, side, generator)
    hints = draw_hints(ab, generator.geometric(1 / MEAN_HINTS) if number % 6 < 2 else 0, generator)
    return np.concatenate([gray, hints], axis=-1), ab


def lecture_pair(pixels, side, generator, number):
    """Make what `restoration.networks.dense_color_autoencoder` is given, and the picture in RGB."""
    gray, _, square = view(pixels, side, generator)
    return gray, square


def _write(folder, cache):
    cache.mkdir(parents=True, exist_ok=True)
    index, offset = [], 0
    with (cache / "photographs.bin").open("wb") as file:
        for name, pixels in _read(Path(folder)):
            pixels.tofile(file)
            index.append([name, *pixels.shape[:2], offset])
            offset += pixels.size
    (cache / "photographs.json").write_text(json.dumps(index))


def _read(folder):
    """Yield name and pixels (H, W, 3) uint8 of every photograph, in the order of names."""
    import cv2
    from PIL import Image

    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            continue
        name = path.relative_to(folder).as_posix()
        with Image.open(path) as file:
            pixels = np.asarray(file.convert("RGB"))
        if path.suffix == ".avif":
            for index in range(SHEET**2):
                row, column = (TILE * place for place in divmod(index, SHEET))
                yield f"{name}/{index}", np.ascontiguousarray(pixels[row : row + TILE, column : column + TILE])
            continue
        scale = SHORT_SIDE / min(pixels.shape[:2])
        if scale < 1:
            pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        excess = max(0, max(pixels.shape[:2]) - 3 * min(pixels.shape[:2]) // 2) // 2  # ends of panoramas
        if pixels.shape[0] > pixels.shape[1]:
            pixels = pixels[excess : pixels.shape[0] - excess]
        else:
            pixels = pixels[:, excess : pixels.shape[1] - excess]
        yield name, np.ascontiguousarray(pixels)


def view(pixels, side, generator=None):
    """Draw a square part of a photograph, spoil its light as old prints are, and tell its colours.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
    side : int
        Of the result; a multiple of 32.
    generator : numpy.random.Generator, optional
        The middle as it is when omitted: no zoom, no flip, nothing spoiled.

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
    square = pixels[row : row + length, column : column + length]
    if generator is not None and generator.random() < 0.5:
        square = square[:, ::-1]
    kind = cv2.INTER_AREA if length > side else cv2.INTER_CUBIC
    square = cv2.resize(np.ascontiguousarray(square), (side, side), interpolation=kind)
    gray = np.take(_encoded(), np.rint(np.take(_linear(), square) @ LUMINANCE).astype(np.int32))
    square = square.astype(np.float32) / 255
    ab = to_lab(cv2.resize(square, (side // CELL, side // CELL), interpolation=cv2.INTER_AREA))[..., 1:]
    if generator is not None:
        gray = _spoiled(square @ LUMA if generator.random() < 0.3 else gray, generator)  # as files were before CIELAB
    return np.clip(gray, 0, 1)[..., None], ab, square


# Tables in place of powers: a view in a third of a millisecond, where the powers of `restoration.image.lab` take three.
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


def _spoiled(gray, generator):
    """Change tone, sharpness and grain of some pictures a little."""
    import cv2

    if generator.random() < 0.5:
        low, high = generator.uniform(0, 0.12), generator.uniform(0.88, 1)
        gray = low + (high - low) * np.clip(gray, 0, 1) ** np.exp(generator.normal(0, 0.2))
    if generator.random() < 0.2:
        gray = cv2.GaussianBlur(gray, (0, 0), generator.uniform(0.4, 1.2))
    if generator.random() < 0.4:
        gray = gray + generator.uniform(0, 0.04) * generator.standard_normal(gray.shape, np.float32)
    return gray


def draw_hints(ab, count, generator):
    """Draw true hints at random places, 1 to 5 pixels wide.

    Parameters
    ----------
    ab : ndarray of shape (h, w, 2), float32
        The true colours at an eighth of the resolution.
    count : int
    generator : numpy.random.Generator

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
