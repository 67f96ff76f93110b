"""What a photograph may need: each finding a number and a threshold, tried by `python -m restoration.benchmark plan`.

They are set so that nine in ten degraded photographs are told by them, and that nothing is proposed for 95 of 100 clean
ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restoration.image.crop import middle
from restoration.image.jpeg_grid import blockiness
from restoration.image.lab import LEAST_CHROMA, toning_measures
from restoration.image.noise_level import least_sigma
from restoration.image.types import Image
from restoration.pipeline import measures
from restoration.pipeline.registry import STEPS

# Megapixels below which a photograph is small: a modern one, and an old print, whose scan should hold more.
SMALL, SMALL_PRINT = 0.085, 0.5
NOISE = 3.0  # of 255
NOISE_SUSPECTED = 2.0  # of 255; above it the network says what of that is noise, and what texture
NOISE_SIDE = 256  # pixels of the middle that it is asked about
BLOCKS = 0.52  # levels of 255 at the borders of JPEG's blocks
SOFT = 0.6  # share of the size that holds all of the detail
SCREEN = 0.35  # share of the detail that lies in a few lines of the spectrum
DRAWN = 0.55  # share of the area that is of equal neighbours, or of one tone with sharp edges in it
FADED_RANGE = 48.5  # units of lightness, from 0.5 to 99.5 %
FADED_BLACK, FADED_WHITE = 14.0, 84.0  # what the dark end is lighter, and the light end darker than, in a faded print
CAST = 12.0  # chroma of the lightest parts, where faded paper shows its own colour
DAMAGED = 0.015  # share of the area
DAMAGE_SIDE = 768  # damage is looked for at this size


@dataclass(frozen=True)
class Finding:
    """One thing that was measured.

    Attributes
    ----------
    name : str
        A key of `FINDINGS`.
    words : str
        What it means, in a short sentence without terms of the field.
    number, threshold : float
    measure : str
        What the number is, and its unit.
    found : bool
        Whether the number lies on the far side of the threshold.
    """

    name: str
    words: str
    number: float
    threshold: float
    measure: str
    found: bool


@dataclass(frozen=True)
class FindingKind:
    """How one finding is measured: `number(image)`, its threshold, and its words, ``words(image, number)``."""

    name: str
    number: Callable[[Image], float]
    threshold: float
    measure: str
    words: Callable[[Image, float], str]
    below: bool = False

    def __call__(self, image: Image, threshold: float | None = None) -> Finding:
        """Measure an image (H, W, C)."""
        threshold = self.threshold if threshold is None else threshold
        number = float(self.number(image))
        found = number < threshold if self.below else number > threshold
        return Finding(self.name, self.words(image, number), number, threshold, self.measure, found)


def chroma(image: Image) -> float:
    """Return the chroma that nearly all of an image stays below, in units of CIELAB."""
    return toning_measures(image)[0]


def toning_spread(image: Image) -> float:
    """Return how far the colours stray from those of a toned print; below 1 is toned. Gray pictures count as 9."""
    whole, spread, _ = toning_measures(image)
    return spread if whole >= LEAST_CHROMA else 9.0


def noise(image: Image) -> float:
    """Return the standard deviation of what the network takes out of the middle of an image, of 255.

    Where even the stillest places are clean, what they have is returned, and no network is run.
    """
    from restoration.tasks.denoise import denoise

    suspected = 255 * least_sigma(image)
    if suspected < NOISE_SUSPECTED:
        return suspected
    part = middle(image, NOISE_SIDE)
    return 255 * float((part - denoise(part, preset="fast")).std())


def softness(image: Image) -> float:
    """Return the share of the size that would hold all of the detail, 0 to 1."""
    from restoration.tasks.upscale import detail_limit

    return detail_limit(image)


def megapixels(image: Image) -> float:
    """Return the size in millions of pixels."""
    return image.shape[0] * image.shape[1] / 1e6


def tonal_range(image: Image) -> float:
    """Return the range of lightness, 0 to 100; 100 where an end of it is as dark or as light as in clean pictures."""
    dark, light = np.percentile(measures.small_lab(image)[:, 0], (0.5, 99.5))
    return float(light - dark) if dark > FADED_BLACK and light < FADED_WHITE else 100.0


def damaged_share(image: Image) -> float:
    """Return the share of the area that is damaged, 0 to 1."""
    from restoration.tasks.repair import find_damage

    return float(find_damage(measures.at_most(image, DAMAGE_SIDE)).mean())


def _faded_words(image, number):
    lightest = measures.small_lab(image)[-max(1, image[..., 0].size // 1000) :, 1:].mean(axis=0)
    return "Faded, with a colour cast" if np.hypot(*lightest) > CAST and image.shape[-1] == 3 else "Faded"


_KINDS = (
    FindingKind(
        "page",
        measures.drawn_share,
        DRAWN,
        "share of the area that is flat or paper",
        lambda image, number: "A page, drawing or screenshot, no photograph",
    ),
    FindingKind(
        "damaged",
        damaged_share,
        DAMAGED,
        "share of the area",
        lambda image, number: f"Scratches, dust or creases, {100 * number:.1f} % of the picture",
    ),
    FindingKind(
        "screen",
        measures.screen_share,
        SCREEN,
        "share of the detail in a regular grid of dots",
        lambda image, number: "A printed screen: a grid of dots, which no step here takes out",
    ),
    FindingKind(
        "noise",
        noise,
        NOISE,
        "standard deviation of what the network would take out, of 255",
        lambda image, number: f"Noise, about {number:.0f} of 255",
    ),
    FindingKind(
        "jpeg",
        blockiness,
        BLOCKS,
        "levels of 255 at the borders of blocks",
        lambda image, number: "Blocks of strong JPEG compression",
    ),
    FindingKind(
        "blur",
        softness,
        SOFT,
        "share of the size that holds all of the detail",
        lambda image, number: f"Soft: {100 * number:.0f} % of the size would hold all of its detail",
        below=True,
    ),
    FindingKind("faded", tonal_range, FADED_RANGE, "range of lightness, 0 to 100", _faded_words, below=True),
    FindingKind(
        "gray", chroma, LEAST_CHROMA, "most chroma, in units of CIELAB", lambda image, number: "Gray", below=True
    ),
    FindingKind(
        "toned",
        toning_spread,
        1.0,
        "spread of the colours, 1 being the most of a toned print",
        lambda image, number: "Sepia" if toning_measures(image)[2] else "Toned in one colour",
        below=True,
    ),
    FindingKind(
        "small",
        megapixels,
        SMALL,
        "megapixels",
        lambda image, number: f"Small, {image.shape[1]} x {image.shape[0]}",
        below=True,
    ),
)
# Damage is looked for where the networks for it are installed.
FINDINGS = {kind.name: kind for kind in _KINDS if kind.name != "damaged" or "repair" in STEPS}
