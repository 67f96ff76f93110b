"""Holes to be completed, drawn as masks: free-form strokes, blocks, lines of text."""

from collections.abc import Sequence

import cv2
import numpy as np

from restoration.image.checks import check_one_of, check_within
from restoration.image.types import Mask, Seed

HOLE_KINDS = ("strokes", "blocks", "text")


def draw_holes(
    height: int, width: int, *, share: float = 0.1, kinds: Sequence[str] = HOLE_KINDS, seed: Seed = 0
) -> Mask:
    """Draw the mask of what is to be completed.

    Parameters
    ----------
    height, width : int
    share : float in [0, 1]
        Of the pixels, at least: holes of one kind are drawn until it is reached.
    kinds : sequence of {"strokes", "blocks", "text"}
        One of them is drawn. Free-form strokes (Yu et al. 2019, doi:10.1109/ICCV.2019.00457); rectangles of 16 to 64
        pixels a side; lines of text.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of shape (height, width), bool

    Raises
    ------
    ImageError
        If a kind is unknown or `share` is outside [0, 1].
    """
    check_within("The share of the holes", share)
    for kind in kinds:
        check_one_of("The kind of hole", kind, HOLE_KINDS)
    generator = np.random.default_rng(seed)
    draw = {"strokes": _stroke, "blocks": _block, "text": _text_line}[kinds[int(generator.integers(len(kinds)))]]
    holes = np.zeros((height, width), np.uint8)
    scale = np.exp(generator.uniform(np.log(0.5), np.log(1.5)))
    for _ in range(100 + height * width // 100):
        if np.count_nonzero(holes) >= share * holes.size:
            break
        draw(generator, holes, scale)
    return holes > 0


def _stroke(generator, holes, scale):
    """Draw a brush stroke that turns to and fro at its corners (Yu et al. 2019, algorithm 1)."""
    width = max(2, round(scale * generator.uniform(5, 20)))
    height, across = holes.shape
    points = [generator.uniform(0, (across, height))]
    angle = generator.uniform(0, 2 * np.pi)
    for corner in range(generator.integers(2, 9)):
        turned = angle + generator.normal(0, 0.35) + (np.pi if corner % 2 else 0)
        step = scale * generator.uniform(8, 50)
        points.append(np.clip(points[-1] + step * np.array([np.cos(turned), np.sin(turned)]), 0, (across, height)))
    corners = np.rint(points).astype(np.int32)
    cv2.polylines(holes, [corners], False, 1, width)
    for corner in corners:
        cv2.circle(holes, tuple(map(int, corner)), width // 2, 1, -1)


def _block(generator, holes, scale):
    sides = [min(int(generator.integers(16, 65)), length // 2 + 1) for length in holes.shape]
    row, column = (generator.integers(length - side + 1) for length, side in zip(holes.shape, sides, strict=True))
    holes[row : row + sides[0], column : column + sides[1]] = 1


def _text_line(generator, holes, scale):
    letters = "".join(chr(code) for code in generator.integers(33, 123, generator.integers(3, 30)))
    place = tuple(int(value) for value in generator.uniform((-20, 0), (holes.shape[1], holes.shape[0] + 10)))
    font, thickness = int(generator.integers(0, 8)), int(generator.integers(1, 4))
    cv2.putText(holes, letters, place, font, 0.9 * scale * generator.uniform(0.5, 1.4), 1, thickness)
