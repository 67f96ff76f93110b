"""Curves and rough outlines as polygons, and how much of each pixel they cover: what damage is drawn with."""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from restoration.image.types import Array

SUBPIXEL_BITS = 4
ANTIALIASED = 0.7  # pixels that OpenCV adds to the width of what it fills
NOISE_SIDE = 512


def random_walk(
    generator: np.random.Generator, start: Array, angle: float, length: float, *, bend: float, jitter: float = 0.0
) -> Array:
    """Walk from a point in steps of 3 pixels, turning at random.

    Parameters
    ----------
    generator
    start : of shape (2,)
        Column and row.
    angle
        Of the first step, in radians.
    length
        In pixels.
    bend
        Standard deviation of the turn at each step, in radians.
    jitter
        Standard deviation of each point's own displacement, in pixels.

    Returns
    -------
    ndarray of shape (n, 2), float32
        Columns and rows, at least three points.
    """
    count = max(2, round(length / 3))
    angles = angle + np.cumsum(generator.normal(0, bend, count)) - bend * generator.normal()
    steps = (length / count) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = start + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    if jitter:
        points = points + generator.normal(0, jitter, points.shape)
    return points.astype(np.float32)


def normals(points: Array) -> Array:
    """Return the unit vectors across a curve at each of its points, (n, 2)."""
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    return along[:, ::-1] * np.array([-1, 1], np.float32)


def ribbon(points: Array, width: float | Array) -> Array:
    """Return the outline (2n, 2) of a curve (n, 2) of a width in pixels, or of a width (n,) at each point."""
    inside = np.maximum(np.float32(width) - np.float32(ANTIALIASED), 0.1)
    across = normals(points) * np.reshape(inside / 2, (-1, 1))
    return np.concatenate([points + across, (points - across)[::-1]])


def rough_outline(generator: np.random.Generator, center: Array, radius: float, roughness: float) -> Array:
    """Return a closed outline (n, 2) around a point, its distance from it varying by a share of the radius."""
    count = int(np.clip(radius * 1.5, 6, 90))
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    waves = sum(
        generator.normal() / order * np.cos(order * turns + generator.uniform(0, 2 * np.pi)) for order in range(2, 8)
    )
    distance = radius * np.exp(roughness * (waves + 0.3 * generator.normal(size=count)))
    stretch = np.exp(generator.normal(0, 0.25))
    spin = generator.uniform(0, 2 * np.pi)
    x, y = distance * np.cos(turns) * stretch, distance * np.sin(turns) / stretch
    turned = np.stack([np.cos(spin) * x - np.sin(spin) * y, np.sin(spin) * x + np.cos(spin) * y], axis=1)
    return np.asarray(center + turned, np.float32)


def window(
    polygons: Sequence[Array], margin: float, height: int, width: int
) -> tuple[slice, slice, tuple[int, int]] | None:
    """Return the rows and columns that polygons and a margin around them take up in an image, and the first of each.

    None where they lie outside it.
    """
    points = np.concatenate(polygons)
    left, top = np.floor(points.min(axis=0) - margin).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + margin).astype(int) + 1
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        return None
    return slice(top, bottom), slice(left, right), (int(left), int(top))


def coverage(
    polygons: Sequence[Array], height: int, width: int, origin: tuple[int, int] = (0, 0), softness: float = 0.0
) -> Array:
    """Return the share (height, width) of each pixel that filled polygons cover, blurred by `softness` pixels.

    `origin` is the column and row of the first pixel in the polygons' coordinates.
    """
    canvas = np.zeros((height, width), np.uint8)
    for polygon in polygons:  # one by one: together, what two of them cover would be left out
        fixed = np.rint((polygon - np.array(origin, np.float32)) * 2**SUBPIXEL_BITS).astype(np.int32)
        cv2.fillPoly(canvas, [fixed], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    cover = canvas.astype(np.float32) / np.float32(255)
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), softness)) if softness else cover


def smooth_noise(generator: np.random.Generator, height: int, width: int, grain: float) -> Array:
    """Return noise (height, width) of standard deviation about 1 that changes over `grain` pixels.

    Up to 512 x 512 pixels it is a part of a field that is made once for each of a few grains.
    """
    if max(height, width) > NOISE_SIDE:
        return _noise_field(generator, height, width, grain)
    step = round(2 * np.log2(max(grain, 1)))
    top, left = generator.integers(0, (NOISE_SIDE - height + 1, NOISE_SIDE - width + 1))
    return _kept_noise(step)[top : top + height, left : left + width]


@cache
def _kept_noise(step):
    return _noise_field(np.random.default_rng(step), NOISE_SIDE, NOISE_SIDE, 2 ** (step / 2))


def _noise_field(generator, height, width, grain):
    small = generator.standard_normal((int(height / grain) + 3, int(width / grain) + 3), np.float32)
    large = np.asarray(cv2.resize(small, None, fx=grain, fy=grain, interpolation=cv2.INTER_CUBIC))[:height, :width]
    return large / max(float(large.std()), 1e-6)


def varying_widths(generator: np.random.Generator, width: float, count: int) -> Array:
    """Return a width for each of `count` points of a curve, varying slowly around `width`."""
    knots = generator.normal(0, 0.45, count // 6 + 2)
    factors = np.exp(np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots))
    return (width * factors).astype(np.float32)


def wandering(generator: np.random.Generator, count: int) -> Array:
    """Return a random walk of `count` steps along a line, without its mean, of standard deviation 1."""
    walk = np.cumsum(generator.normal(size=count))
    walk -= walk.mean()
    return (walk / max(walk.std(), 1e-6)).astype(np.float32)
