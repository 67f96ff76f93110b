"""Damage of an area: dust, abrasion, stains, tape.

`room` is the number of pixels that are still to be damaged.
"""

import numpy as np

from restoration.degrade.curves import coverage, normals, random_walk, ribbon, rough_outline, smooth_noise, window
from restoration.degrade.damaged_print import DamagedPrint


def draw_dust(print_: DamagedPrint, room: float) -> None:
    """Draw specks, most of them 2 to 6 pixels across, each bright or dark."""
    generator, scale = print_.generator, print_.scale
    for bright in (True, False):
        share = print_.bright_share if bright else 1 - print_.bright_share
        count = min(generator.poisson(7 * share), int(room / 8) + 1)
        if not count:
            continue
        shade, softness = print_.shade(bright), generator.uniform(0.3, 0.8)
        for _ in range(count):
            radius = scale * np.exp(generator.normal(np.log(1.3), 0.45))
            speck = rough_outline(generator, print_.place(), radius, 0.15)
            print_.lay([speck], shade, opacity=generator.uniform(0.4, 1), softness=softness, texture=0)


def draw_abrasion(print_: DamagedPrint, room: float) -> None:
    """Draw an area where the emulsion is rubbed off in many small flakes."""
    generator, scale = print_.generator, print_.scale
    radius = min(np.sqrt(6 * room / np.pi) + 5, scale * generator.uniform(8, 40))
    area = rough_outline(generator, print_.place(), radius, 0.25)
    found = window([area], radius / 2, print_.height, print_.width)
    if found is None:
        return
    rows, columns, origin = found
    size = rows.stop - rows.start, columns.stop - columns.start
    flakes = smooth_noise(generator, *size, scale * generator.uniform(1.2, 2.5))
    near = coverage([area], *size, origin, softness=0.25 * radius)
    cover = np.clip(3 * (flakes - 3.2 + 2.4 * near), 0, 1)
    print_.blend(rows, columns, cover * np.float32(generator.uniform(0.5, 1)), print_.shade())


def draw_stain(print_: DamagedPrint, room: float) -> None:
    """Draw a drop or a blot: what lies below shows through, darker and browner, and darkest along its edge."""
    generator, scale = print_.generator, print_.scale
    radius = min(np.sqrt(room / np.pi) + 3, scale * generator.uniform(5, 45))
    outline = rough_outline(generator, print_.place(), radius, 0.15)
    softness = generator.uniform(0.6, 0.1 * radius + 1)
    found = window([outline], 3 * softness + 2, print_.height, print_.width)
    if found is None:
        return
    rows, columns, origin = found
    size = rows.stop - rows.start, columns.stop - columns.start
    inside = coverage([outline], *size, origin, softness)
    edge = np.clip(inside - coverage([outline], *size, origin, softness + 0.12 * radius), 0, 1)
    strength = generator.uniform(0.15, 0.6)
    rough = 1 + 0.15 * smooth_noise(generator, *size, max(2, radius / 4))
    cover = np.clip(strength * inside * rough + generator.uniform(0, 1) * edge, 0, 1)
    light = generator.random() < 0.3  # bleached in place of darkened
    shade = print_.paper if light else print_.dirt + 0.15 * print_.paper
    print_.blend(rows, columns, cover.astype(np.float32), shade, whole=True)


def draw_tape(print_: DamagedPrint, room: float) -> None:
    """Draw a strip of old adhesive tape: yellow, half transparent, cut straight or torn at its ends."""
    generator, scale = print_.generator, print_.scale
    width = scale * generator.uniform(10, 26)
    length = max(width, min(room / width, scale * generator.uniform(30, 200)))
    angle = (
        generator.choice([0, np.pi / 2]) + generator.normal(0, 0.15)
        if generator.random() < 0.6
        else generator.uniform(0, 7)
    )
    path = random_walk(generator, print_.place(), angle, length, bend=0.0)
    strip = ribbon(path, width)
    strip = strip + generator.normal(0, 0.3, strip.shape).astype(np.float32)
    shade = np.clip(print_.paper * generator.uniform(0.55, 1), 0, 1)
    if len(shade) == 3:
        shade = shade * np.array([1, generator.uniform(0.8, 0.97), generator.uniform(0.5, 0.85)], np.float32)
    print_.lay([strip], shade, opacity=generator.uniform(0.3, 0.9), softness=0.4, texture=0.05, whole=True)
    for edge in (-0.5, 0.5):
        border = ribbon(path + normals(path) * np.float32(edge * width), 0.6 * scale)
        print_.lay([border], print_.shade(), opacity=generator.uniform(0, 0.5), softness=0.5, patchy=0.3)
