"""A print that is being damaged: its image, its mask, and what all of its damage has in common."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from restoration.degrade.curves import coverage, smooth_noise, window
from restoration.image.types import Array, Image

VISIBLE = 6 / 255  # a smaller change is no damage


class DamagedPrint:
    """An image that is being damaged, its mask, and what its damage has in common: size, paper and dirt.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Changed in place.
    generator : numpy.random.Generator

    Attributes
    ----------
    mask : ndarray of shape (H, W), bool
        The damaged pixels.
    damaged : int
        How many they are.
    scale : float
        Resolution of the scan, 1 for the sizes that each kind of damage names in pixels.
    bright_share : float in [0, 1]
        Of the damage that is bright as paper; the rest is dark as dirt.
    paper, dirt : ndarray of shape (C,), float32 in [0, 1]
    """

    def __init__(self, image: Image, generator: np.random.Generator) -> None:
        self.image, self.generator = image, generator
        self.height, self.width, channels = image.shape
        self.mask = np.zeros(image.shape[:2], bool)
        self.damaged = 0
        self.scale = np.exp(generator.uniform(np.log(0.7), np.log(2.2)))  # resolution of the scan
        self.bright_share = generator.choice([0.1, 0.5, 0.9], p=[0.25, 0.3, 0.45])
        tone = image[:: max(1, self.height // 32), :: max(1, self.width // 32)].mean(axis=(0, 1))
        tint = (tone + 0.2) / (tone.max() + 0.2)  # paper and dirt have the colour of a sepia print
        paper = np.clip(generator.uniform(0.72, 1.0) * tint ** generator.uniform(0, 1), 0, 1)
        dirt = generator.uniform(0, 0.22) * tint
        if channels == 3 and generator.random() < 0.3:
            paper = np.clip(paper * (1 + generator.normal(0, 0.05, 3)), 0, 1)
            dirt = np.clip(dirt + generator.uniform(0, 0.12, 3), 0, 1)
        self.paper, self.dirt = paper.astype(np.float32), dirt.astype(np.float32)

    def place(self, margin: float = 0.0) -> NDArray[Any]:
        """Return a point (column, row) in the image or up to `margin` pixels outside."""
        size = np.array([self.width, self.height])
        return self.generator.uniform(-margin, size + margin)

    def border_place(self) -> tuple[NDArray[Any], float]:
        """Return a point on the border and the angle of a way inside from there."""
        side, along = self.generator.integers(4), self.generator.random()
        point = np.array([(along, 0), (1, along), (along, 1), (0, along)][side]) * (self.width, self.height)
        return point, np.pi / 2 * (1 + side) + self.generator.normal(0, 0.5)

    def shade(self, bright: bool | None = None) -> Array:
        """Return a colour of lost emulsion or of dirt."""
        bright = self.generator.random() < self.bright_share if bright is None else bright
        return np.clip((self.paper if bright else self.dirt) + np.float32(self.generator.normal(0, 0.04)), 0, 1)

    def lay(
        self,
        polygons: Sequence[Array],
        shade: Array,
        *,
        opacity: float = 1.0,
        softness: float = 0.5,
        patchy: float = 0.0,
        texture: float = 0.03,
        whole: bool = False,
        mark: bool = True,
    ) -> None:
        """Cover polygons with a colour.

        `patchy` is the share that stays bare, in patches; `whole` marks all of it as damaged, not only what changed;
        `mark` False leaves the mask as it is.
        """
        found = window(polygons, 3 * softness + 1, self.height, self.width)
        if found is None:
            return
        rows, columns, origin = found
        size = rows.stop - rows.start, columns.stop - columns.start
        cover = coverage(polygons, *size, origin, softness)
        if patchy:
            bare = smooth_noise(self.generator, *size, self.generator.uniform(2, 7) * self.scale)
            cover = cover * np.clip(0.5 + 1.8 * (bare + 2.5 * (0.5 - patchy)), 0, 1)
        self.blend(rows, columns, cover * np.float32(opacity), shade, texture=texture, whole=whole, mark=mark)

    def blend(
        self,
        rows: slice,
        columns: slice,
        cover: Array,
        shade: Array,
        *,
        texture: float = 0.0,
        whole: bool = False,
        mark: bool = True,
    ) -> None:
        """Mix a colour, (C,) or (h, w, C), into a part of the image by its share `cover` (h, w)."""
        if texture:
            height, width = cover.shape
            rough = smooth_noise(self.generator, height, width, self.generator.uniform(1, 9))
            shade = shade + np.float32(texture) * rough[..., None]
        part = self.image[rows, columns]
        changed = np.clip(part + cover[..., None] * (shade - part), 0, 1)
        if mark:
            new = np.abs(changed - part).max(axis=-1) > VISIBLE
            if whole:
                new |= cover > 0.5 * cover.max()
            mask = self.mask[rows, columns]
            self.damaged += int(np.count_nonzero(new & ~mask))
            mask |= new
        self.image[rows, columns] = changed
