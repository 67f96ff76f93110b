"""`latent-darkroom models`: the networks that are installed."""

from dataclasses import asdict

import click

from restoration.cli.console import Console
from restoration.cli.options import console_options
from restoration.inference.card import models


def models_command() -> click.Command:
    """Return the command `models`."""
    return click.Command(
        "models",
        params=[console_options()[0]],
        callback=_list_models,
        help="List the networks that are installed: name, task, preset, size, cost.\n\n"
        "GFLOP is what a network computes for a megapixel. --json prints their whole cards.",
        short_help="list the networks that are installed",
    )


def _list_models(as_json: bool) -> int:
    cards = models()
    lines = [f"{'name':32}{'task':18}{'preset':12}{'MB':>6}{'GFLOP':>8}"]
    for card in cards:
        size, cost = f"{card.bytes / 1e6:.1f}", f"{card.gflop_per_megapixel:.0f}"
        lines.append(f"{card.name:32}{card.task:18}{card.preset:12}{size:>6}{cost:>8}")
    Console(as_json=as_json).result([asdict(card) for card in cards], "\n".join(lines))
    return 0
