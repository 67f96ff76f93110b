"""The images of one epoch for the small networks of the exploration pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from restoration.image.types import Array
from restoration.train.photographs import Pixels, load_photos

if TYPE_CHECKING:
    from restoration.explore.datasets import DataSet

Generator: TypeAlias = np.random.Generator
SHORT_SIDE = 480


def training_images(data: "DataSet", generator: Generator, photos: Sequence[Pixels]) -> Array:
    """Return the training part of the set as it is."""
    return data.train.images


def varied_faces(data: "DataSet", generator: Generator, photos: Sequence[Pixels], repeats: int = 40) -> Array:
    """Return the training faces again and again: mirrored, moved by up to two pixels, lighter and darker."""
    faces = np.repeat(data.train.images, repeats, axis=0)
    mirrored = generator.random(len(faces)) < 0.5
    faces[mirrored] = faces[mirrored, :, ::-1]
    padded = np.pad(faces, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="edge")
    height, width = data.shape[:2]
    moves = generator.integers(0, 5, (len(faces), 2))
    moved = [one[row : row + height, column : column + width] for one, (row, column) in zip(padded, moves, strict=True)]
    contrast, light = generator.uniform(0.85, 1.15, len(faces)), generator.uniform(-0.06, 0.06, len(faces))
    varied = (np.stack(moved) - 0.5) * contrast[:, None, None, None] + 0.5 + light[:, None, None, None]
    return np.clip(varied, 0, 1).astype(np.float32)


def photo_crops(data: "DataSet", generator: Generator, photos: Sequence[Pixels], count: int = 6400) -> Array:
    """Return crops of photographs: anywhere, a fifth of the short side or all of it, reduced to the set's size."""
    side = data.shape[0]
    crops = np.empty((count, *data.shape), np.float32)
    for crop in crops:
        photo = photos[int(generator.integers(len(photos)))]
        most = min(photo.shape[:2])
        size = round(np.exp(generator.uniform(np.log(max(side, most / 5)), np.log(most))))
        row, column = (int(generator.integers(0, length - size + 1)) for length in photo.shape[:2])
        cut = photo[row : row + size, column : column + size]
        cut = cut[:, ::-1] if generator.random() < 0.5 else cut
        crop[...] = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA) / np.float32(255)
    return crops


def reduced_photos(folder: str | Path) -> list[Pixels]:
    """Return every photograph below a folder that is not held back, the large ones reduced to a short side of 480."""
    training, _ = load_photos(folder, least_side=64)
    return [_reduced(photo) for photo in training]


def _reduced(photo):
    factor = SHORT_SIDE / min(photo.shape[:2])
    return cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else photo
