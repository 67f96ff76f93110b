"""`repair`: holes filled beside three classical methods, damage found, and both in one, each on photographs."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from restoration.benchmark.network_choice import add_photograph_arguments, named_cards, photographs
from restoration.benchmark.part_scores import PartScore, printed, write_report
from restoration.degrade.damage import DAMAGE_KINDS, draw_damage
from restoration.degrade.holes import draw_holes
from restoration.degrade.noise import add_film_grain, compress
from restoration.degrade.thin_objects import draw_thin_objects
from restoration.image.crop import middle
from restoration.image.mask_metrics import mask_psnr, mask_scores
from restoration.image.metrics import psnr
from restoration.image.types import Image, Mask
from restoration.inference.card import Card, models
from restoration.inference.model import Model
from restoration.tasks.baselines import INPAINTERS
from restoration.tasks.repair import completed_by, mask_of, probability_by
from restoration.tasks.repair_presets import DAMAGE, TASK

CROP_SIDE, CARD_SIDE = 320, 192  # pixels of the middle of each photograph that are measured on
FIRST_SEED = 10_000  # far from the seeds of the trainings
LINES = ("crease", "scratches")
BLOCK, BLOCK_SHARE, TEXT_SHARE = 32, 0.10, 0.06
AMOUNT, GRAIN, QUALITY = 0.05, 0.03, 90  # of the damage to be found, and of the print and scan that it lies on
REAL_THINGS = ("wires", "branches", "text", "net")
TOP_HAT_SIDE, TOP_HAT_FLOOR = 9, 0.12  # of the classical detector


class Networks(NamedTuple):
    """What is measured: networks that complete by name, and the one that finds damage."""

    completing: dict[str, Model]
    finding: Model


def scratched(image: Image, seed: int) -> Mask:
    """Return a mask of scratches and creases over 3 to 8 % of an image."""
    generator = np.random.default_rng(seed)
    return draw_damage(image, amount=generator.uniform(0.03, 0.07), kinds=LINES, seed=generator)[1]


def blocked(image: Image, seed: int) -> Mask:
    """Return a mask of blocks of 32 x 32 pixels over 10 % of an image."""
    generator, mask = np.random.default_rng(seed), np.zeros(image.shape[:2], bool)
    while mask.mean() < BLOCK_SHARE:
        row, column = (generator.integers(max(1, side - BLOCK + 1)) for side in image.shape[:2])
        mask[row : row + BLOCK, column : column + BLOCK] = True
    return mask


def overlaid(image: Image, seed: int) -> Mask:
    """Return a mask of lines of text over 6 % of an image."""
    return draw_holes(*image.shape[:2], share=TEXT_SHARE, kinds=("text",), seed=seed)


HOLES: dict[str, Callable[[Image, int], Mask]] = {
    "scratches and creases, 3 to 8 %": scratched,
    "blocks of 32 x 32, 10 %": blocked,
    "text overlay, 6 %": overlaid,
}


def top_hat(image: Image) -> Mask:
    """Return what is much lighter or darker than its surroundings and thin: the classical detector of scratches.

    The two top-hat transforms (Serra 1982), thresholded.
    """
    gray = np.ascontiguousarray(image.mean(axis=-1))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (TOP_HAT_SIDE,) * 2)
    light, dark = (cv2.morphologyEx(gray, kind, kernel) for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT))
    return np.maximum(light, dark) > TOP_HAT_FLOOR


def scan(image: Image, seed: int) -> Image:
    """Return the scan of an undamaged print: film grain, and JPEG."""
    return compress(add_film_grain(image, GRAIN, seed=seed), QUALITY)


def damaged_scan(image: Image, seed: int, kinds: Sequence[str] | None = None) -> tuple[Image, Mask]:
    """Return the scan of a damaged print and its mask: 5 % damaged, over film grain, saved as JPEG."""
    damaged, mask = draw_damage(add_film_grain(image, GRAIN, seed=seed), amount=AMOUNT, kinds=kinds, seed=seed)
    return compress(damaged, QUALITY), mask


def benchmark_completion(images: Sequence[Image], completing: dict[str, Model]) -> Iterator[PartScore]:
    """Yield the mean PSNR within the holes by each method, and the seconds per megapixel."""
    for condition, draw in HOLES.items():
        masks = [draw(image, FIRST_SEED + index) for index, image in enumerate(images)]
        methods: dict[str, Callable[[Image, Mask], Image]] = dict(INPAINTERS)
        for name, model in completing.items():
            methods[name] = lambda image, mask, model=model: completed_by(model, image, mask)  # type: ignore[misc]
        for name, fill in methods.items():
            began = time.perf_counter()
            filled = [fill(_emptied(image, mask), mask) for image, mask in zip(images, masks, strict=True)]
            seconds = (time.perf_counter() - began) / sum(mask.size for mask in masks) * 1e6
            scores = [mask_psnr(*of_one) for of_one in zip(filled, images, masks, strict=True)]
            yield PartScore("completion", condition, name, float(np.mean(scores)), "dB in the holes")
            yield PartScore("completion", condition, name, seconds, "s / MP")


def _emptied(image, mask):
    return np.where(mask[..., None], np.float32(0.5), image)


def benchmark_detection(images: Sequence[Image], finding: Model) -> Iterator[PartScore]:
    """Yield F1 of the damage found and the shares flagged by mistake, beside the classical detector."""
    detectors: dict[str, Callable[[Image], Mask]] = {
        "top-hat": top_hat,
        finding.card.name: lambda image: mask_of(probability_by(finding, image)),
    }
    seeds = range(FIRST_SEED, FIRST_SEED + len(images))
    damaged = [damaged_scan(image, seed) for image, seed in zip(images, seeds, strict=True)]
    clean = {"clean photographs": [scan(image, seed) for image, seed in zip(images, seeds, strict=True)]}
    for kind in REAL_THINGS:
        clean[f"with {kind}"] = [
            scan(draw_thin_objects(image, kind=kind, seed=seed), seed)
            for image, seed in zip(images, seeds, strict=True)
        ]
    for name, find in detectors.items():
        for what, value in mask_scores([(find(image), mask) for image, mask in damaged]).items():
            yield PartScore("detection", f"{what} at 2 pixels' tolerance", name, value, "")
        for condition, undamaged in clean.items():
            flagged = 100 * float(np.mean([find(image).mean() for image in undamaged]))
            yield PartScore("detection", condition, name, flagged, "% flagged")


def benchmark_whole(images: Sequence[Image], networks: Networks) -> Iterator[PartScore]:
    """Yield what `repair` gains in PSNR over a damaged scan, by kind of damage, and what it costs a clean one."""
    complete = next(iter(networks.completing.values()))

    def repaired(image: Image) -> Image:
        return completed_by(complete, image, mask_of(probability_by(networks.finding, image)))

    conditions: dict[str, Sequence[str] | None] = {"all kinds": None, **{kind: (kind,) for kind in DAMAGE_KINDS}}
    for condition, kinds in conditions.items():
        gains = []
        for seed, image in enumerate(images, FIRST_SEED):
            given, _ = damaged_scan(image, seed, kinds)
            gains.append(psnr(repaired(given), image) - psnr(given, image))
        yield PartScore("repair", condition, "mean", float(np.mean(gains)), "dB gained")
        if kinds is None:
            yield PartScore("repair", condition, "least", float(np.min(gains)), "dB gained")
    losses = []
    for seed, image in enumerate(images, FIRST_SEED):
        given = scan(image, seed)
        losses.append(psnr(repaired(given), image) - psnr(given, image))
    yield PartScore("repair", "undamaged", "mean", float(np.mean(losses)), "dB gained")
    yield PartScore("repair", "undamaged", "least", float(np.min(losses)), "dB gained")


def score_card(card: Card, folder: str | Path | None = None) -> dict[str, list[float]]:
    """Return {condition: [by the best classical method, by the network]} on a folder's images, or the samples."""
    images = [
        middle(image, CARD_SIDE) for image in photographs(argparse.Namespace(images=folder, limit=None), CROP_SIDE)
    ]
    model = Model(card, "float32")
    if card.preset == DAMAGE:
        rows = [row for row in benchmark_detection(images, model) if "precision" not in row.condition]
        better = {row.condition: min if "%" in row.unit else max for row in rows}
    else:
        rows = [row for row in benchmark_completion(images, {card.name: model}) if row.unit != "s / MP"]
        better = {row.condition: max for row in rows}
    scores = {}
    for condition in better:
        own = [row for row in rows if row.condition == condition]
        classical = better[condition](row.value for row in own if row.method != card.name)
        (network,) = (row.value for row in own if row.method == card.name)
        unit = f", {own[0].unit}" if own[0].unit else ""
        scores[condition + unit] = [round(classical, 3), round(network, 3)]
    return scores


def choose_networks(names: Sequence[str] | None = None) -> Networks:
    """Return the networks to measure: the newest of each preset, or those of names or paths of weights files.

    Raises
    ------
    SystemExit
        With one sentence, if one cannot be read, is none to repair, or one of the two kinds is missing.
    """
    newest = {card.preset: card.name for card in models() if card.task == TASK}
    found = named_cards(names or newest.values())
    finding = [card for card in found if card.preset == DAMAGE]
    completing = sorted((card for card in found if card.preset != DAMAGE), key=lambda card: card.preset)
    if any(card.task != TASK for card in found) or len(finding) != 1 or not completing:
        raise SystemExit(
            f"The networks are {', '.join(card.name for card in found) or 'none'}; give one that finds damage and one "
            "or more that complete, for example repair-damage-3 and repair-complete-2."
        )
    return Networks({card.name: Model(card, "float32") for card in completing}, Model(finding[0], "float32"))


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("repair", help="holes filled and damage found, beside classical methods")
    add_photograph_arguments(parser)
    parser.add_argument("--networks", nargs="+", metavar="NAME", help="names of cards, or paths of weights files")
    parser.add_argument("--side", type=int, default=CROP_SIDE, help="pixels of the middle of each image")
    parser.add_argument("--json", type=Path, help="write the scores here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    networks, images = choose_networks(chosen.networks), photographs(chosen, chosen.side)
    rows = printed(
        chain(
            benchmark_completion(images, networks.completing),
            benchmark_detection(images, networks.finding),
            benchmark_whole(images, networks),
        )
    )
    if chosen.json:
        name = chosen.images.name if chosen.images else "the built-in samples"
        measured = f"the middle {chosen.side} x {chosen.side} pixels of {len(images)} images, {name}"
        write_report(chosen.json, measured, [*networks.completing, networks.finding.card.name], rows)
