"""Damage of old prints and films, drawn: creases, cracks, scratches, dust, stains, tape, tears, missing pieces.

The sizes follow 12 137 outlines that people drew on ten scans of 35 mm film (5 000 pixels wide; about 90 a megapixel):
dust 63 % (8 to 16 pixels across), dirt 22 % (9 to 30, up to 2.3 times as long as wide), short hairs 11 % (14 to 90
pixels long), long hairs 3 % (60 to 250), scratches 0.5 % (50 to 700, now and then the whole frame). The outlines are
2 to 4 pixels wider than what they enclose; the ranges here are that much narrower. Creases, cracks, tape, tears and
missing pieces are what prints have in addition.
"""

from collections.abc import Sequence

import numpy as np

from restoration.degrade.area_damage import draw_abrasion, draw_dust, draw_stain, draw_tape
from restoration.degrade.damaged_print import DamagedPrint
from restoration.degrade.line_damage import draw_cracks, draw_crease, draw_hair, draw_scratches
from restoration.degrade.torn_print import draw_missing_piece, draw_torn_corner, draw_torn_edge
from restoration.image.checks import check_one_of, check_within, checked
from restoration.image.types import Image, Mask, Seed

# How many times a damaged pixel counts in training, there being some twenty others for each; what a network then calls
# probable is corrected by it.
DAMAGE_WEIGHT = 3.0

# Name -> (function of the print and the number of pixels that are still to be damaged, share).
DAMAGE_KINDS = {
    "crease": (draw_crease, 0.22),
    "cracks": (draw_cracks, 0.12),
    "scratches": (draw_scratches, 0.20),
    "dust": (draw_dust, 0.14),
    "hair": (draw_hair, 0.12),
    "abrasion": (draw_abrasion, 0.05),
    "stain": (draw_stain, 0.04),
    "tape": (draw_tape, 0.02),
    "torn edge": (draw_torn_edge, 0.025),
    "torn corner": (draw_torn_corner, 0.025),
    "missing piece": (draw_missing_piece, 0.04),
}


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
    print_ = DamagedPrint(checked(image).copy(), generator)
    shares = np.array([DAMAGE_KINDS[kind][1] for kind in chosen])
    wanted = amount * print_.mask.size
    for _ in range(100 + print_.mask.size // 50):
        if print_.damaged >= wanted:
            break
        draw, _ = DAMAGE_KINDS[chosen[generator.choice(len(chosen), p=shares / shares.sum())]]
        draw(print_, wanted - print_.damaged)
    return print_.image, print_.mask
