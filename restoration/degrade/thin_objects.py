"""Thin things that photographs show and that are no damage: wires, branches, hair, text, bars, nets, rain.

A network that finds damage learns from them what to leave alone.
"""

import cv2
import numpy as np

from restoration.degrade.curves import coverage, random_walk, ribbon
from restoration.degrade.graphics import draw_graphics
from restoration.image.checks import check_one_of, checked
from restoration.image.types import Array, Image, Seed

THIN_KINDS = ("wires", "branches", "hair", "text", "bars", "net", "rain")


def draw_thin_objects(image: Image, *, kind: str | None = None, seed: Seed = 0) -> Image:
    """Draw thin objects into a clean image, as sharp and as bright as an object of the scene could be.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    kind : {"wires", "branches", "hair", "text", "bars", "net", "rain"}, optional
        Drawn at random when omitted.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]

    Raises
    ------
    ImageError
        If `image` is none or `kind` is unknown.
    """
    image = checked(image)
    generator = np.random.default_rng(seed)
    if kind is None:
        kind = THIN_KINDS[generator.integers(len(THIN_KINDS))]
    check_one_of("The kind of thin objects", kind, THIN_KINDS)
    height, width, channels = image.shape
    if kind == "text":
        return _with_text(generator, image)
    shade = image[generator.integers(height), generator.integers(width)]  # a colour of the scene, lighter or darker
    shade = np.clip(shade * generator.uniform(0.1, 1.6) + generator.normal(0, 0.05, channels), 0, 1).astype(np.float32)
    draw = {"wires": _wires, "branches": _branches, "hair": _hairs, "bars": _bars, "net": _net, "rain": _rain}[kind]
    polygons = draw(generator, height, width)
    cover = coverage(polygons, height, width, softness=generator.uniform(0.3, 1.2))
    opacity = np.float32(generator.uniform(0.15, 0.6) if kind == "rain" else generator.uniform(0.7, 1))
    lit = shade + np.float32(0.08) * _light(generator, height, width)[..., None]
    return np.clip(image + opacity * cover[..., None] * (lit - image), 0, 1)


def _light(generator, height, width):
    """Return a slope of light over the image, from -1 to 1."""
    corners = generator.uniform(-1, 1, (2, 2)).astype(np.float32)
    return np.asarray(cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR))


def _with_text(generator, image):
    """Write text over the image or a part of it."""
    page = draw_graphics(*image.shape[:2], kind="text", seed=generator)
    paper = page[0, 0]
    written: Array = np.clip(2 * np.abs(page - paper).max(axis=-1, keepdims=True), 0, 1)
    if generator.random() < 0.5:  # one or two lines
        top = generator.integers(image.shape[0])
        written[:top] = 0
        written[top + generator.integers(12, 50) :] = 0
    ink = np.float32(generator.choice([0.05, 0.95]) + generator.normal(0, 0.04))
    return np.clip(image + np.float32(generator.uniform(0.6, 1)) * written * (ink - image), 0, 1)


def _across(generator, height, width, angle):
    """Return the start of a way at an angle that crosses the image, and its length."""
    length = 2.2 * np.hypot(height, width)
    middle = generator.uniform(0.1, 0.9, 2) * (width, height)
    return middle - np.array([np.cos(angle), np.sin(angle)]) * length / 2, length


def _wires(generator, height, width):
    """Lay sagging lines, all along one way and of one width."""
    angle, thick = generator.uniform(0, np.pi), generator.uniform(0.7, 3)
    sag = generator.uniform(-0.1, 0.1)
    lines = []
    for _ in range(generator.integers(1, 7)):
        start, length = _across(generator, height, width, angle + generator.normal(0, 0.03))
        share = np.linspace(0, 1, 40)[:, None]
        along = np.array([np.cos(angle), np.sin(angle)])
        below = np.array([-along[1], along[0]])
        lines.append(
            ribbon(np.float32(start + length * (share * along + sag * 4 * share * (1 - share) * below)), thick)
        )
    return lines


def _branches(generator, height, width):
    """Grow a tree of branches that taper into twigs."""
    lines, ends = [], []
    for _ in range(generator.integers(1, 4)):
        start = generator.uniform(0, (width, height))
        ends.append((start, generator.uniform(0, 2 * np.pi), generator.uniform(40, 120), generator.uniform(2, 6)))
    while ends and len(lines) < 60:
        start, angle, length, thick = ends.pop(0)
        path = random_walk(generator, start, angle, length, bend=0.12)
        lines.append(ribbon(path, np.linspace(thick, 0.5 * thick, len(path))))
        if thick > 0.8:
            for _ in range(generator.integers(2, 5)):
                turn = angle + generator.choice([-1, 1]) * generator.uniform(0.3, 0.9)
                knot = path[generator.integers(len(path) // 3, len(path))]
                ends.append((knot, turn, length * generator.uniform(0.4, 0.8), 0.55 * thick))
    return lines


def _hairs(generator, height, width):
    """Lay strands of hair, fur or grass side by side."""
    start = generator.uniform(0, (width, height))
    angle, bend, spread = generator.uniform(0, 2 * np.pi), generator.uniform(0.01, 0.08), generator.uniform(5, 40)
    length = generator.uniform(40, 160)
    return [
        ribbon(
            random_walk(
                generator, start + generator.normal(0, spread, 2), angle + generator.normal(0, 0.15), length, bend=bend
            ),
            generator.uniform(0.5, 1.6),
        )
        for _ in range(generator.integers(6, 45))
    ]


def _bars(generator, height, width):
    """Lay the bars of a window, a fence or a railing: straight, parallel, evenly spaced, mostly in two directions."""
    angle, thick, step = generator.normal(0, 0.1), generator.uniform(1, 6), generator.uniform(14, 60)
    lines = []
    for turn in (0.0, np.pi / 2)[: generator.integers(1, 3)]:
        along = np.array([np.cos(angle + turn), np.sin(angle + turn)])
        below = np.array([-along[1], along[0]])
        reach = np.hypot(height, width)
        center = np.array([width, height]) / 2
        for offset in np.arange(-reach, reach, step * (1 + (turn > 0))):
            middle = center + offset * below
            ends = np.stack([middle - reach * along, middle, middle + reach * along])
            lines.append(ribbon(np.float32(ends), thick))
    return lines


def _net(generator, height, width):
    """Lay two families of curves across each other, with even meshes, as a net or a wire fence."""
    angle, thick, step = generator.uniform(0, np.pi), generator.uniform(0.6, 2.2), generator.uniform(7, 30)
    wave, period = generator.uniform(0, 0.25) * step, generator.uniform(1, 4) * step
    reach, center = np.hypot(height, width), np.array([width, height]) / 2
    share = np.linspace(-reach, reach, int(reach / 3))[:, None]
    lines = []
    for turn in (0.0, generator.uniform(1.0, 2.1)):
        along = np.array([np.cos(angle + turn), np.sin(angle + turn)])
        below = np.array([-along[1], along[0]])
        for offset in np.arange(-reach, reach, step):
            swing = offset + wave * np.sin(2 * np.pi * share / period)
            lines.append(ribbon(np.float32(center + share * along + swing * below), thick))
    return lines


def _rain(generator, height, width):
    """Draw short streaks, all along one way, over the whole image."""
    angle, length = np.pi / 2 + generator.normal(0, 0.2), generator.uniform(6, 30)
    count = int(height * width / generator.uniform(300, 1500))
    return [
        ribbon(random_walk(generator, generator.uniform(0, (width, height)), angle, length, bend=0.0), 0.8)
        for _ in range(count)
    ]
