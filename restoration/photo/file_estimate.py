"""How large a file will be and how long it takes to write, from a small part of the photograph."""

import time
from typing import NamedTuple

import numpy as np

from restoration.image.types import Array
from restoration.photo.photo import Photo

TILE_SIDE, TILES_A_SIDE = 128, 4  # pixels, and tiles a row and a column


class FileEstimate(NamedTuple):
    """The expected size of a file in bytes, and the seconds it takes to write."""

    size: int
    seconds: float


def estimate_file(photo: Photo, file_format: str, quality: int = 95) -> FileEstimate:
    """Estimate the file of a large photograph by writing tiles from all over it.

    Parameters
    ----------
    photo : Photo
        Smaller than the tiles are together, it is written as a whole.
    file_format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}
    quality : int in [1, 100]
        For JPEG, WebP and AVIF.

    Returns
    -------
    FileEstimate
        Without metadata, which is small beside the pixels of a large photograph.
    """
    pixels = _tiles(photo.pixels)
    alpha = None if photo.alpha is None else _tiles(photo.alpha)
    start = time.perf_counter()
    data = Photo(pixels, alpha=alpha, bits=photo.bits).to_bytes(file_format, quality=quality)
    times = photo.pixels.size / pixels.size
    return FileEstimate(round(times * len(data)), times * (time.perf_counter() - start))


def _tiles(image: Array) -> Array:
    """Return the tiles of an evenly spaced grid side by side: (512, 512, ...), less where the image is smaller."""
    for axis in (0, 1):
        length = image.shape[axis]
        if length > TILES_A_SIDE * TILE_SIDE:
            starts = np.linspace(0, length - TILE_SIDE, TILES_A_SIDE).round().astype(int)
            image = np.take(image, (starts[:, None] + np.arange(TILE_SIDE)).ravel(), axis)
    return image
