"""Patches of photographs that a drawing takes the place of, so that text and lines are learned beside them."""

import numpy as np

from restoration.degrade.graphics import draw_graphics
from restoration.image.types import Image


def photographed_or_drawn(generator: np.random.Generator, patch: Image, drawn: float) -> Image:
    """Return a patch (H, W, 3), in [0, 1], or, in a share `drawn` of the calls, a drawing of its size."""
    return draw_graphics(*patch.shape[:2], seed=generator) if generator.random() < drawn else patch


def drawn_in_words(drawn: float) -> str:
    """Say what `photographed_or_drawn` does, for the card."""
    return f"{100 * drawn:.0f} % of the patches drawn (text, lines, dots, windows)"
