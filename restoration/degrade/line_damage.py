"""Damage along a line: creases, cracks, scratches, hairs.

`room` is the number of pixels that are still to be damaged.
"""

import numpy as np

from restoration.degrade.curves import (
    coverage,
    normals,
    random_walk,
    ribbon,
    rough_outline,
    smooth_noise,
    varying_widths,
    window,
)
from restoration.degrade.damaged_print import DamagedPrint
from restoration.image.types import Array


def draw_crease(print_: DamagedPrint, room: float) -> None:
    """Draw a fold: emulsion lost in patches along a nearly straight line, with a shadow, fading and branches."""
    generator, scale = print_.generator, print_.scale
    width = scale * generator.uniform(0.6, 2.4)
    longest = np.hypot(print_.height, print_.width) * generator.uniform(0.4, 1.2)
    length = max(min(longest, 2 * room / width), min(60 * scale, longest))
    if generator.random() < 0.6:
        start, angle = print_.border_place()
    else:
        start, angle = print_.place(), generator.uniform(0, 2 * np.pi)
    jitter = scale * generator.choice([0.2, 0.6])
    path = random_walk(generator, start, angle, length, bend=generator.choice([0.01, 0.04, 0.1]), jitter=jitter)
    bright = generator.random() < 0.25 + 0.6 * print_.bright_share
    core, shadow = print_.shade(bright), print_.shade(not bright)
    side = normals(path) * np.float32(generator.choice([-1, 1]) * width)
    if generator.random() < 0.6:
        around = ribbon(path + 2 * side, width * generator.uniform(4, 10))
        print_.lay(
            [around], print_.shade(), opacity=generator.uniform(0.03, 0.12), softness=3 * width, texture=0, mark=False
        )
    if generator.random() < 0.75:  # the raised rim
        rim = ribbon(path + side * generator.uniform(0.6, 1.1), width)
        print_.lay([rim], shadow, opacity=generator.uniform(0.1, 0.5), softness=0.4 * width + 0.3, texture=0)
    lines = [ribbon(path, varying_widths(generator, width, len(path)))]
    for _ in range(generator.integers(0, 4)):
        knot = path[generator.integers(len(path))]
        turn = angle + generator.choice([-1, 1]) * generator.uniform(0.3, 1.3)
        branch = random_walk(generator, knot, turn, scale * generator.uniform(6, 40), bend=0.15, jitter=jitter)
        lines.append(ribbon(branch, width * np.linspace(0.8, 0.2, len(branch))))
    opacity, patchy = generator.uniform(0.35, 1), generator.choice([0, 0.25, 0.5])
    print_.lay(lines, core, opacity=opacity, softness=generator.uniform(0.35, 0.8), patchy=patchy, texture=0.06)


def draw_cracks(print_: DamagedPrint, room: float) -> None:
    """Draw thin cracks of the emulsion: one that branches again and again, or a net of them."""
    generator, scale = print_.generator, print_.scale
    shade = print_.shade()
    if generator.random() < 0.3:
        _craquelure(print_, room, shade)
        return
    width = scale * generator.uniform(0.3, 1.1)
    lines: list[Array] = []
    ends = [(print_.place(), generator.uniform(0, 2 * np.pi), scale * generator.uniform(25, 110), 0)]
    while ends and len(lines) < 14:
        start, angle, length, depth = ends.pop(0)
        path = random_walk(generator, start, angle, length, bend=0.22, jitter=0.4 * scale)
        lines.append(ribbon(path, np.linspace(width, 0.4 * width, len(path))))
        for _ in range(generator.integers(1, 4) if depth < 3 else 0):
            turn = angle + generator.choice([-1, 1]) * generator.uniform(0.4, 1.4)
            ends.append((path[generator.integers(len(path))], turn, length * generator.uniform(0.3, 0.7), depth + 1))
    print_.lay(lines, shade, opacity=generator.uniform(0.4, 1), softness=0.45, patchy=generator.choice([0, 0.3]))


def _craquelure(print_, room, shade):
    """Draw a net of cracks: the borders between the cells of scattered points, fading out at the rim of its area."""
    generator, scale = print_.generator, print_.scale
    radius = min(np.sqrt(6 * room / np.pi) + 8, scale * generator.uniform(18, 55))
    area = rough_outline(generator, print_.place(), radius, 0.2)
    found = window([area], 2, print_.height, print_.width)
    if found is None:
        return
    rows, columns, origin = found
    height, width = rows.stop - rows.start, columns.stop - columns.start
    points = generator.uniform(0, (width, height), (int(np.clip(height * width / (90 * scale**2), 4, 60)), 2))
    x, y = (
        axis + scale * smooth_noise(generator, height, width, 4)
        for axis in (np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None])
    )
    distances = np.sqrt((x[..., None] - points[:, 0]) ** 2 + (y[..., None] - points[:, 1]) ** 2)
    nearest = np.partition(distances, 1, axis=-1)
    line = np.clip(scale * generator.uniform(0.7, 1.4) + 0.5 - (nearest[..., 1] - nearest[..., 0]), 0, 1)
    cover = np.float32(line) * coverage([area], height, width, origin, softness=0.15 * radius)
    print_.blend(rows, columns, cover * np.float32(generator.uniform(0.4, 1)), shade)


def draw_scratches(print_: DamagedPrint, room: float) -> None:
    """Draw one to six scratches side by side, long, thin and interrupted, through one or all layers of the film."""
    generator, scale = print_.generator, print_.scale
    upright = generator.random() < 0.4
    angle = np.pi / 2 + generator.normal(0, 0.03) if upright else generator.uniform(0, 2 * np.pi)
    bend = 0.002 if upright else generator.choice([0.005, 0.03])
    longest = scale * np.exp(generator.normal(np.log(110), 0.8))
    start, shade = print_.place(), print_.shade()
    if len(shade) == 3 and generator.random() < 0.2 and np.ptp(print_.image, axis=-1).mean() > 0.03:
        shade = np.clip(shade + np.float32(generator.uniform(-0.7, 0.7, 3)), 0, 1)  # one layer of colour film
    lines = []
    for _ in range(min(6, generator.geometric(0.5))):
        width = scale * generator.uniform(0.2, 1.3)
        length = longest * generator.uniform(0.5, 1)
        away = generator.normal(0, 7 * scale, 2)
        own_angle = angle + generator.normal(0, 0.02)
        offset = np.array([np.cos(own_angle), np.sin(own_angle)]) * length / 2
        path = random_walk(generator, start + away - offset, own_angle, length, bend=bend)
        lines.append(ribbon(path, width * np.sin(np.linspace(0.3, np.pi - 0.3, len(path))) ** 0.5))
    patchy = generator.choice([0, 0.2, 0.45])
    print_.lay(lines, shade, opacity=generator.uniform(0.3, 1), softness=generator.uniform(0.2, 0.5), patchy=patchy)


def draw_hair(print_: DamagedPrint, room: float) -> None:
    """Draw a hair or a fibre: thin, curled, as wide at its end as at its start."""
    generator, scale = print_.generator, print_.scale
    long = generator.random() < 0.3
    length = scale * np.exp(generator.normal(np.log(70 if long else 24), 0.4))
    path = random_walk(generator, print_.place(), generator.uniform(0, 7), length, bend=generator.uniform(0.05, 0.4))
    # A curled outline that crosses itself would be left bare there, so each piece is a polygon.
    width = scale * generator.uniform(0.2, 0.9)
    pieces = [ribbon(path[start : start + 4], width) for start in range(0, len(path) - 1, 3)]
    soft = generator.uniform(0.3, 0.9)
    print_.lay(
        [piece for piece in pieces if len(piece) > 3], print_.shade(), opacity=generator.uniform(0.4, 1), softness=soft
    )
