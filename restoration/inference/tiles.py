"""Cutting an image into overlapping tiles of one shape, and which part of each result to keep. Pure NumPy."""

from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from restoration.image.types import Array


@dataclass(frozen=True)
class Span:
    """Along one axis: what a tile reads, and what of its result is kept, in pixels of the padded image."""

    start: int
    stop: int
    keep_from: int
    keep_to: int

    def kept(self, scale: int, origin: int = 0) -> slice:
        """Return the kept part in pixels of a result `scale` times as large that begins at `origin`."""
        return slice(scale * (self.keep_from - origin), scale * (self.keep_to - origin))


@dataclass(frozen=True)
class Tile:
    """A rectangle of an image."""

    rows: Span
    columns: Span

    @property
    def pixels(self) -> int:
        """Number of pixels that the tile reads."""
        return (self.rows.stop - self.rows.start) * (self.columns.stop - self.columns.start)


def spans(length: int, tile: int, halo: int, multiple: int, lead: int = 0) -> list[Span]:
    """Cover an axis with equally long spans that overlap by two halos.

    Parameters
    ----------
    length
        Pixels along the axis, at least 1.
    tile
        The most pixels that a span may read (rounded up where less than one block fits between its halos).
    halo
        Pixels at an inner end of a span whose result is not kept.
    multiple
        Spans begin and end at multiples of this less the lead; the last may reach past `length`.
    lead
        Pixels that the first span reads before 0.

    Returns
    -------
    list of Span
        Kept parts meet without gap or overlap and cover exactly 0 to `length`. All read the same number of
        pixels, so that the runtime sees one shape.
    """
    halo, padded = round_up(halo, multiple), round_up(lead + length, multiple)
    core = max(tile - 2 * halo, multiple) // multiple * multiple
    count = 1 if padded <= tile else -(-(padded - 2 * halo) // core)
    if count <= 1:
        return [Span(-lead, padded - lead, 0, length)]
    core = round_up(-(-(padded - 2 * halo) // count), multiple)  # as even as they can be
    read = core + 2 * halo
    starts = [min(index * core, padded - read) - lead for index in range(count)]
    edges = [0, *(start + halo for start in starts[1:]), length]
    return [
        Span(start, start + read, keep_from, keep_to)
        for start, (keep_from, keep_to) in zip(starts, pairwise(edges), strict=True)
    ]


def tile_grid(
    height: int, width: int, tile: int, halo: int, multiple: int, *, lead: tuple[int, int] = (0, 0)
) -> list[Tile]:
    """Return the tiles that cover an image, in reading order; parameters as of `spans`, the lead of each axis."""
    rows, columns = spans(height, tile, halo, multiple, lead[0]), spans(width, tile, halo, multiple, lead[1])
    return [Tile(*pair) for pair in product(rows, columns)]


def cut(image: NDArray[Any], tile: Tile) -> NDArray[Any]:
    """Read a tile of an image (H, W, C); past the image's edge it is mirrored. A view where it can be one."""
    rows, columns = tile.rows, tile.columns
    above, before = max(0, -rows.start), max(0, -columns.start)
    inside = image[rows.start + above : rows.stop, columns.start + before : columns.stop]
    below = rows.stop - rows.start - above - inside.shape[0]
    behind = columns.stop - columns.start - before - inside.shape[1]
    if not (above or below or before or behind):
        return inside
    return np.pad(inside, [(above, below), (before, behind), (0, 0)], mode="symmetric")


def stitch(canvas: Array, result: Array, tile: Tile, scale: int = 1) -> None:
    """Write the kept part of a tile's result into the canvas.

    Parameters
    ----------
    canvas : ndarray of shape (scale * H, scale * W, C)
    result : ndarray of shape (scale * rows read, scale * columns read, C)
    tile
        In pixels of the image that was cut.
    scale
        Pixels of the result per pixel of that image, along one side.
    """
    rows, columns = tile.rows, tile.columns
    kept = result[rows.kept(scale, rows.start), columns.kept(scale, columns.start)]
    canvas[rows.kept(scale), columns.kept(scale)] = kept


def round_up(number: int, multiple: int) -> int:
    """Return the least multiple that is not below a number.

    Examples
    --------
    >>> round_up(17, 8), round_up(16, 8)
    (24, 16)
    """
    return -(-number // multiple) * multiple
