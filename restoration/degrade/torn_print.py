"""What is gone of a print: torn edges and corners, missing pieces.

`room` is the number of pixels that are still to be damaged.
"""

import numpy as np

from restoration.degrade.curves import ribbon, rough_outline, wandering
from restoration.degrade.damaged_print import DamagedPrint


def _tear(print_, outline, border):
    """Lay what is below the print over an outline, and the white fibres of its paper along the torn border."""
    generator, scale = print_.generator, print_.scale
    fibres = scale * generator.uniform(0, 4)
    if generator.random() < 0.4:  # the print's shadow, or its lifted edge
        print_.lay(
            [ribbon(border, 5 * scale)], print_.dirt, opacity=generator.uniform(0.1, 0.4), softness=2 * scale, texture=0
        )
    if fibres > 0.5:
        torn = ribbon(border, fibres * (1 + 0.5 * np.abs(generator.normal(size=len(border)))))
        print_.lay([torn], np.clip(print_.paper + 0.1, 0, 1), softness=0.5, texture=0.05, whole=True)
    background = generator.choice(3, p=[0.4, 0.3, 0.3])
    below = (print_.paper, print_.dirt, np.float32(generator.uniform(0, 1)) + 0 * print_.paper)[background]
    print_.lay([outline], below, softness=0.45, texture=generator.choice([0, 0.01, 0.025]), whole=True)


def draw_torn_edge(print_: DamagedPrint, room: float) -> None:
    """Tear a side of the print off, along a rough line."""
    generator, scale = print_.generator, print_.scale
    side = generator.integers(4)
    length, depth = (print_.width, print_.height) if side % 2 == 0 else (print_.height, print_.width)
    reach = min(room / length + 1, 0.3 * depth) * generator.uniform(0.4, 1)
    along = np.arange(-6, length + 6, 3.0)
    rough = wandering(generator, len(along)) * min(reach, 8 * scale) + generator.normal(0, 0.5 * scale, len(along))
    inward = reach + rough
    border = np.stack([along, inward], axis=1)
    closed = np.concatenate([border, [[length + 6, -9], [-6, -9]]])
    _tear(print_, *(_turned(points, side, print_) for points in (closed, border)))


def draw_torn_corner(print_: DamagedPrint, room: float) -> None:
    """Tear a corner off."""
    generator, scale = print_.generator, print_.scale
    reach = max(4, min(np.sqrt(2 * room), 0.45 * min(print_.height, print_.width)))
    first, second = reach * generator.uniform(0.5, 1, 2)
    count = max(4, int((first + second) / 4))
    share = np.linspace(-0.1, 1.1, count)[:, None]
    border = (1 - share) * [first, 0] + share * [0, second]
    border = border + (wandering(generator, count) * min(0.1 * reach, 6 * scale))[:, None]
    border += generator.normal(0, 0.4 * scale, border.shape)
    closed = np.concatenate([border, [[-9, second * 1.2], [-9, -9], [first * 1.2, -9]]])
    side = generator.integers(4)
    _tear(print_, *(_turned(points, side, print_) for points in (closed, border)))


def draw_missing_piece(print_: DamagedPrint, room: float) -> None:
    """Draw where a piece of the image has come off."""
    generator, scale = print_.generator, print_.scale
    radius = max(3, min(np.sqrt(room / np.pi), scale * generator.uniform(4, 40)))
    outline = rough_outline(generator, print_.place(), radius, generator.uniform(0.1, 0.3))
    _tear(print_, outline, np.concatenate([outline, outline[:1]]))


def _turned(points, side, print_):
    """Turn points (column, row) that are counted from the top left corner to another side of the image."""
    column, row = points.T
    if side % 2:
        column, row = row, column
    if side in (2, 3):
        column, row = print_.width - 1 - column, print_.height - 1 - row
    if side == 1:
        column = print_.width - 1 - column
    return np.float32(np.stack([column, row], axis=1))
