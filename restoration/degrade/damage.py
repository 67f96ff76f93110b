"""Damage of old prints and films, drawn: creases, cracks, scratches, dust, stains, tape, tears, missing pieces.

The sizes follow 12 137 outlines that people drew on ten scans of 35 mm film (5 000 pixels wide; about 90 a megapixel):
dust 63 % (8 to 16 pixels across), dirt 22 % (9 to 30, up to 2.3 times as long as wide), short hairs 11 % (14 to 90
pixels long), long hairs 3 % (60 to 250), scratches 0.5 % (50 to 700, now and then the whole frame). The outlines are
2 to 4 pixels wider than what they enclose; the ranges here are that much narrower. Creases, cracks, tape, tears and
missing pieces are what prints have in addition.
"""

from collections.abc import Sequence

import numpy as np

from restoration.degrade.curves import (
    coverage,
    normals,
    random_walk,
    ribbon,
    rough_outline,
    smooth_noise,
    varying_widths,
    wandering,
    window,
)
from restoration.image.checks import check_one_of, check_within, checked
from restoration.image.types import Image, Mask, Seed

VISIBLE = 6 / 255  # a smaller change is no damage
# How many times a damaged pixel counts in training, there being some twenty others for each; what a network then calls
# probable is corrected by it.
DAMAGE_WEIGHT = 3.0


def draw_damage(
    image: Image, *, amount: float = 0.05, kinds: Sequence[str] | None = None, seed: Seed = 0
) -> tuple[Image, Mask]:
    """Damage an image as time damages prints and films.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    amount : float in [0, 1]
        Share of the pixels to damage: kinds are drawn at random until it is reached, so the last one may exceed it.
    kinds : sequence of str, optional
        Keys of `DAMAGE_KINDS`; all, in the shares given there, when omitted.
    seed : int or numpy.random.Generator

    Returns
    -------
    damaged : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    mask : ndarray of shape (H, W), bool
        The damaged pixels. The wide, faint fading beside creases and stains is outside it.

    Raises
    ------
    ImageError
        If `image` is none, a kind is unknown or `amount` is outside [0, 1].
    """
    check_within("The amount of damage", amount)
    chosen = tuple(DAMAGE_KINDS if kinds is None else kinds)
    for kind in chosen:
        check_one_of("The kind of damage", kind, tuple(DAMAGE_KINDS))
    generator = np.random.default_rng(seed)
    print_ = _Print(checked(image).copy(), generator)
    shares = np.array([DAMAGE_KINDS[kind][1] for kind in chosen])
    wanted = amount * print_.mask.size
    for _ in range(100 + print_.mask.size // 50):
        if print_.damaged >= wanted:
            break
        draw, _ = DAMAGE_KINDS[chosen[generator.choice(len(chosen), p=shares / shares.sum())]]
        draw(print_, wanted - print_.damaged)
    return print_.image, print_.mask


class _Print:
    """An image that is being damaged, its mask, and what its damage has in common: size, paper and dirt."""

    def __init__(self, image, generator):
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
        self.paper, self.dirt = np.float32(paper), np.float32(dirt)

    def place(self, margin=0.0):
        """Return a point (column, row) in the image or up to `margin` pixels outside."""
        size = np.array([self.width, self.height])
        return self.generator.uniform(-margin, size + margin)

    def border_place(self):
        """Return a point on the border and the angle of a way inside from there."""
        side, along = self.generator.integers(4), self.generator.random()
        point = [(along, 0), (1, along), (along, 1), (0, along)][side] * np.array([self.width, self.height])
        return point, np.pi / 2 * (1 + side) + self.generator.normal(0, 0.5)

    def shade(self, bright=None):
        """Return a colour of lost emulsion or of dirt."""
        bright = self.generator.random() < self.bright_share if bright is None else bright
        return np.clip((self.paper if bright else self.dirt) + np.float32(self.generator.normal(0, 0.04)), 0, 1)

    def lay(self, polygons, shade, *, opacity=1.0, softness=0.5, patchy=0.0, texture=0.03, whole=False, mark=True):
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

    def blend(self, rows, columns, cover, shade, *, texture=0.0, whole=False, mark=True):
        """Mix a colour, (C,) or (h, w, C), into a part of the image by its share `cover` (h, w)."""
        if texture:
            rough = smooth_noise(self.generator, *cover.shape, self.generator.uniform(1, 9))
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


def _crease(print_, room):
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


def _cracks(print_, room):
    """Draw thin cracks of the emulsion: one that branches again and again, or a net of them."""
    generator, scale = print_.generator, print_.scale
    shade = print_.shade()
    if generator.random() < 0.3:
        _craquelure(print_, room, shade)
        return
    width, lines = scale * generator.uniform(0.3, 1.1), []
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


def _scratches(print_, room):
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


def _dust(print_, room):
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


def _hair(print_, room):
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


def _abrasion(print_, room):
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


def _stain(print_, room):
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
    print_.blend(rows, columns, np.float32(cover), shade, whole=True)


def _tape(print_, room):
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
        shade = shade * np.float32([1, generator.uniform(0.8, 0.97), generator.uniform(0.5, 0.85)])
    print_.lay([strip], shade, opacity=generator.uniform(0.3, 0.9), softness=0.4, texture=0.05, whole=True)
    for edge in (-0.5, 0.5):
        border = ribbon(path + normals(path) * np.float32(edge * width), 0.6 * scale)
        print_.lay([border], print_.shade(), opacity=generator.uniform(0, 0.5), softness=0.5, patchy=0.3)


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


def _torn_edge(print_, room):
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


def _torn_corner(print_, room):
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


def _missing(print_, room):
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


# Name -> (function of the print and the number of pixels that are still to be damaged, share).
DAMAGE_KINDS = {
    "crease": (_crease, 0.22),
    "cracks": (_cracks, 0.12),
    "scratches": (_scratches, 0.20),
    "dust": (_dust, 0.14),
    "hair": (_hair, 0.12),
    "abrasion": (_abrasion, 0.05),
    "stain": (_stain, 0.04),
    "tape": (_tape, 0.02),
    "torn edge": (_torn_edge, 0.025),
    "torn corner": (_torn_corner, 0.025),
    "missing piece": (_missing, 0.04),
}
