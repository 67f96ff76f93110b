"""The images that are measured on: a folder's, or one repeated to a wanted size."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from restoration.image.types import Image
from restoration.photo import Photo
from restoration.photo.formats import IMAGE_SUFFIXES


def image_paths(folder: str | Path, limit: int | None = None) -> list[Path]:
    """Return the paths of the images in a folder, in name order; SystemExit with a sentence if there is none."""
    paths = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)[:limit]
    if not paths:
        raise SystemExit(f"No image lies in {folder}; give a folder of {', '.join(sorted(IMAGE_SUFFIXES))} files.")
    return paths


def read_images(folder: str | Path, limit: int | None = None) -> list[Image]:
    """Return the images (H, W, C) float32 of a folder, in name order."""
    return [Photo.open(path).pixels for path in image_paths(folder, limit)]


def repeated(image: NDArray, megapixels: float) -> NDArray:
    """Return an image of so many megapixels, made of a smaller one (H, W, C) beside itself."""
    repeats = int(np.ceil((megapixels * 1e6 / image[..., 0].size) ** 0.5))
    large = np.tile(image, (repeats, repeats, 1))
    return large[: round(megapixels * 1e6 / large.shape[1])]
