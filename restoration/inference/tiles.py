"""Cutting a picture into overlapping tiles of one shape, and which part of each result to keep. Pure NumPy."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np


@dataclass(frozen=True)
class Span:
    """Along one axis: what a tile reads, and what of its result is kept, in pixels of the padded picture."""

    start: int
    stop: int
    keep_from: int
    keep_to: int


def spans(length, tile, halo, multiple):
    """Cover an axis with equally long spans that overlap by two halos.

    Parameters
    ----------
    length : int
        Pixels along the axis, at least 1.
    tile : int
        The most pixels that a span may read (rounded up where less than one block fits between its halos).
    halo : int
        Pixels at an inner end of a span whose result is not kept.
    multiple : int
        Spans begin and end at multiples of this; the last may reach past `length`.

    Returns
    -------
    list of Span
        Kept parts meet without gap or overlap and cover exactly 0 to `length`. All read the same number of
        pixels, so that the runtime sees one shape.
    """
    halo, padded = _round_up(halo, multiple), _round_up(length, multiple)
    if padded <= tile:
        return [Span(0, padded, 0, length)]
    core = max(tile - 2 * halo, multiple) // multiple * multiple
    count = -(-(padded - 2 * halo) // core)
    if count <= 1:
        return [Span(0, padded, 0, length)]
    core = _round_up(-(-(padded - 2 * halo) // count), multiple)  # as even as they can be
    read = core + 2 * halo
    starts = [min(index * core, padded - read) for index in range(count)]
    edges = [0, *(start + halo for start in starts[1:]), length]
    return [
        Span(start, start + read, keep_from, keep_to)
        for start, (keep_from, keep_to) in zip(starts, pairwise(edges), strict=True)
    ]


def grid(height, width, tile, halo, multiple):
    """Return the (rows, columns) pairs of spans that cover a picture, in reading order."""
    return list(product(spans(height, tile, halo, multiple), spans(width, tile, halo, multiple)))


def cut(image, rows, columns):
    """Read a tile; past the picture's edge it is mirrored.

    Parameters
    ----------
    image : ndarray of shape (H, W, C)
    rows, columns : Span

    Returns
    -------
    ndarray of shape (rows read, columns read, C)
        A view of the picture where it needs no more than that.
    """
    inside = image[rows.start : rows.stop, columns.start : columns.stop]
    spans = zip((rows, columns), inside.shape[:2], strict=True)
    missing = [(0, span.stop - span.start - there) for span, there in spans]
    if missing == [(0, 0)] * 2:
        return inside
    return np.pad(inside, [*missing, (0, 0)], mode="symmetric")


def stitch(canvas, restored, rows, columns, scale=1):
    """Write the kept part of a tile's result into the canvas.

    Parameters
    ----------
    canvas : ndarray of shape (scale * H, scale * W, C)
    restored : ndarray of shape (scale * rows read, scale * columns read, C)
    rows, columns : Span
        In pixels of the picture that was cut.
    scale : int
        Pixels of the result per pixel of that picture, along one side.
    """
    target, result = (
        tuple(slice(scale * (span.keep_from - origin), scale * (span.keep_to - origin)) for span, origin in spans)
        for spans in (((rows, 0), (columns, 0)), ((rows, rows.start), (columns, columns.start)))
    )
    canvas[target] = restored[result]


def _round_up(number, multiple):
    return -(-number // multiple) * multiple
