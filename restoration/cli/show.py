"""`latent-darkroom plan|models`: what photographs need, and the networks that are installed."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from restoration.batch.errors import FILE_FAILURES
from restoration.batch.restore_file import shortened, shown
from restoration.cli.console import Console, warn
from restoration.cli.file_arguments import SOURCES_HELP, AnyPath, each_source
from restoration.cli.options import console_options
from restoration.inference.card import models
from restoration.photo import Photo
from restoration.pipeline import plan


def plan_command() -> click.Command:
    """Return the command `plan`."""
    return click.Command(
        "plan",
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar="SOURCE...", type=AnyPath()),
            click.Option(["--max-megapixels"], type=float, default=50.0, help="larger ones are refused (default 50)"),
            console_options()[0],
        ],
        callback=_plan,
        help=f"Say what was found in photographs, and what `restore` would do.\n\n{SOURCES_HELP}",
        short_help="say what a photograph needs, and do nothing",
    )


def _plan(paths: Sequence[str], max_megapixels: float, as_json: bool) -> int:
    console, failed = Console(as_json=as_json), False
    for source in each_source(paths):
        name = shown(source)
        try:
            found = plan(Photo.open(source, max_megapixels=max_megapixels))
        except FILE_FAILURES as error:
            warn(f"{shortened(name)}: {error}")
            failed = True
            continue
        lines = [f"{name}: {str(found.pipeline) or 'nothing to do'}", *(f"  {reason}" for reason in found.why)]
        document = {
            "source": name,
            "findings": [asdict(finding) for finding in found.findings],
            "pipeline": str(found.pipeline),
            "why": list(found.why),
        }
        console.result(document, "\n".join(lines))
    return int(failed)


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
