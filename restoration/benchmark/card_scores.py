"""`card`: measure a network's scores and write them on its card."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace

from restoration.benchmark import colorizing, compressing, denoising, repairing, scanning, upscaling
from restoration.inference.card import Card, WeightsError, card_named

SAMPLES_SET = "samples"  # the set on every card whose images are on every machine
# Task -> the function that measures a card on one set: ``score_card(card, folder) -> {condition: [before, after]}``.
SCORES: dict[str, Callable] = {
    "denoise": denoising.score_card,
    "colorize": colorizing.score_card,
    "upscale": upscaling.score_card,
    "repair": repairing.score_card,
    "compress": compressing.score_card,
    "scan": scanning.score_card,
}


def scored(card: Card, folders: Mapping[str, str]) -> Card:
    """Return the card with its scores on the built-in samples and on each named folder (dict of name -> path)."""
    sets: dict[str, str | None] = {SAMPLES_SET: None, **folders}
    return replace(card, tested={**card.tested, **{name: SCORES[card.task](card, sets[name]) for name in sets}})


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("card", help="measure a network's scores and write them on its card")
    parser.add_argument("name")
    parser.add_argument(
        "--images", nargs="*", default=[], metavar="SET=DIR", help="test sets beside the built-in samples"
    )
    parser.set_defaults(run=_run)


def _run(chosen):
    try:
        found = card_named(chosen.name)
    except WeightsError as error:
        raise SystemExit(str(error)) from None
    card = scored(found, dict(pair.split("=", 1) for pair in chosen.images))
    print(card.write(), card.tested)
