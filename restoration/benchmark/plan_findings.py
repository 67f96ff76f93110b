"""`plan`: whether `restoration.plan` finds what seeded degradations did to photographs, and nothing in clean ones."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from restoration.benchmark.images import image_paths
from restoration.benchmark.plan_degradations import DEGRADATIONS, Degradation, degraded, faded_colour
from restoration.image import metrics
from restoration.image.crop import middle
from restoration.image.types import Image
from restoration.photo import Photo
from restoration.pipeline.proposal import plan
from restoration.tasks.tone import tone

SIDE = 512  # pixels of the middle square that is measured
CLEAN = "clean"


@dataclass
class PlanScore:
    """How the findings did on one kind of images.

    Parameters
    ----------
    kind : str
        The degradation, or "clean".
    expected : str
        The finding that is right; empty for clean ones.
    images : int
    right : float
        Share of the images where it was found; of clean ones, where no step was proposed.
    least, most : float
        The smallest and largest number that was measured for the expected finding; 0 for clean ones.
    found : dict of str to int
        How often each finding was found.
    """

    kind: str
    expected: str
    images: int
    right: float
    least: float = 0.0
    most: float = 0.0
    found: dict[str, int] = field(default_factory=dict)


def score_clean(images: Iterable[Image]) -> PlanScore:
    """Plan clean photographs: nothing should be proposed."""
    plans = [plan(image) for image in images]
    right = sum(not one.pipeline.steps for one in plans) / len(plans)
    return PlanScore(CLEAN, "", len(plans), right, found=_counts(plans))


def score_degradation(images: Sequence[Image], degradation: Degradation, expected: str) -> PlanScore:
    """Plan degraded photographs, each by its place as the seed."""
    plans = [plan(degraded(image, degradation, seed)) for seed, image in enumerate(images)]
    numbers = [one[expected].number for one in plans]
    right = sum(one[expected].found for one in plans) / len(plans)
    name = degradation.__name__.replace("_", " ")
    return PlanScore(name, expected, len(plans), right, min(numbers), max(numbers), _counts(plans))


def tone_gain(images: Iterable[Image]) -> tuple[float, float]:
    """Return the mean PSNR in dB of faded colour photographs against the clean ones, before and after `tone`."""
    pairs = [(degraded(image, faded_colour, seed), image) for seed, image in enumerate(images)]
    before, after = (
        np.mean([metrics.psnr(change(faded), clean) for faded, clean in pairs]) for change in (_same, tone)
    )
    return float(before), float(after)


def _same(image):
    return image


def _counts(plans):
    return dict(Counter(finding.name for one in plans for finding in one.findings).most_common())


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("plan", help="what `restoration.plan` finds in degraded and in clean photographs")
    parser.add_argument("--images", type=Path, nargs="+", help="folders of clean photographs (default: the samples)")
    parser.add_argument("--limit", type=int, help="use only the first so many of each folder")
    parser.add_argument("--degraded", type=int, default=40, help="degrade only so many of them (default 40)")
    parser.add_argument("--clean", action="store_true", help="measure only the clean ones, and name those that fail")
    parser.add_argument("--json", type=Path, help="write the scores here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    photographs = _photographs(chosen)
    images = list(photographs.values())
    if chosen.clean:
        for name, image in photographs.items():
            planned = plan(image)
            if planned.pipeline.steps:
                print(
                    name, *(f"{one.name} {one.number:.3g}" for one in planned.findings), str(planned.pipeline), sep="; "
                )
    scores = [score_clean(images)]
    _print(scores[0])
    if not chosen.clean:
        every = max(1, len(images) // chosen.degraded)
        for degradation, expected in DEGRADATIONS.items():
            scores.append(score_degradation(images[::every], degradation, expected))
            _print(scores[-1])
        before, after = tone_gain(images[::every])
        print(f"tone on faded colour: {before:.2f} dB before, {after:.2f} dB after")
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(score) for score in scores], indent=1) + "\n")


def _photographs(chosen):
    """Return {name: middle square} of the coloured images."""
    if chosen.images:
        paths = [path for folder in chosen.images for path in image_paths(folder, chosen.limit)]
        opened = {str(path): Photo.open(path).pixels for path in paths}
    else:
        from restoration.photo.sample_photos import SAMPLES, sample

        opened = {name: sample(name).pixels for name in SAMPLES}
    return {name: middle(image, SIDE) for name, image in opened.items() if image.shape[-1] == 3}


def _print(score):
    numbers = f"{score.least:8.3g} to {score.most:6.3g}" if score.expected else " " * 18
    found = ", ".join(f"{name} {count}" for name, count in score.found.items())
    wanted = score.expected or "nothing"
    print(
        f"{score.kind:16} {wanted:8} {score.images:4} images {100 * score.right:6.1f} %  {numbers}  {found}", flush=True
    )
