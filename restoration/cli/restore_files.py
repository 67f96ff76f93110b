"""`latent-darkroom STEP|restore|replay SOURCE... TARGET`: files in, files out, by the functions of the app."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from restoration.batch.errors import FILE_FAILURES
from restoration.batch.names import result_name
from restoration.batch.restore_file import FileReport, restore_file, shortened, shown
from restoration.cli.console import Console
from restoration.cli.file_arguments import SOURCES_HELP, STANDARD, TARGET_HELP, AnyPath, pair_up, split_paths
from restoration.cli.options import (
    console_options,
    output_of,
    output_options,
    pipeline_of,
    pipeline_options,
    step_of,
    step_options,
)
from restoration.pipeline import STEPS, Pipeline, StepKind

PATHS = "SOURCE... TARGET"
EXAMPLES = """\b
Examples:
  latent-darkroom restore old.jpg better.png
  latent-darkroom restore *.jpg restored/ --steps "denoise strength=0.8; tone; upscale scale=2"
  latent-darkroom restore - - --steps denoise --format png < old.jpg > better.png"""


def step_commands() -> list[click.Command]:
    """Return a command for each step that the registry of the pipeline has."""
    return [_step_command(kind) for kind in STEPS.values()]


def restore_command() -> click.Command:
    """Return the command `restore`: what each photograph needs, or several steps in a row."""
    return click.Command(
        "restore",
        params=[_paths(), *pipeline_options(), *output_options(), *console_options()],
        callback=lambda **given: restore_files(pipeline=pipeline_of(given), **given),
        help="Do what each photograph needs, or several steps in a row.\n\n"
        "Without --steps or --pipeline each photograph is measured and gets what it needs; "
        "`latent-darkroom plan` says what that would be. One that needs nothing is copied: its pixels are not encoded "
        f"again, and where no metadata has to go, it is the same file. {SOURCES_HELP} {TARGET_HELP}",
        epilog=EXAMPLES,
        short_help="do what a photograph needs, or several steps in a row",
    )


def replay_command() -> click.Command:
    """Return the command `replay`: what was done to one photograph, on others."""
    return click.Command(
        "replay",
        params=[
            click.Argument(["recorded"], metavar="RESULT", type=AnyPath()),
            _paths(),
            *output_options(),
            *console_options(),
        ],
        callback=_replay,
        help="Do to photographs what was done to RESULT, a file that this program has written.\n\n"
        "The same photograph and the same networks give the same pixels; where the networks are others now, "
        f"it is said. {SOURCES_HELP} {TARGET_HELP}",
        short_help="do to a photograph what was done to another",
    )


def restore_files(
    *, paths: Sequence[str], pipeline: Pipeline | None, name: str, as_json: bool, quiet: bool, **given: Any
) -> int:
    """Restore files one after the other; a failure is one line and stops nothing.

    Returns
    -------
    int
        The exit code: 0, or 1 if one of them failed.
    """
    options = output_of(given)
    if as_json and split_paths(paths)[1] == STANDARD:
        raise click.UsageError("Both --json and the photograph, -, would go to standard output; name a file.")
    console = Console(as_json=as_json, quiet=quiet)
    failed = found = 0
    with console.progress() as progress:
        name_of = partial(result_name, pattern=name, pipeline=pipeline, format=options.format)
        for pair in pair_up(paths, name_of):
            if isinstance(pair, FileReport):
                console.report(pair)
                continue
            found += 1
            progress.begin(shortened(shown(pair.source)))
            report = restore_file(
                pair.source, pair.target, pipeline, options, progress=progress, on_step=progress.on_step
            )
            console.report(report)
            failed += report.state == "failed"
    if not found:
        raise click.ClickException(f"{shortened(paths[0])}: No photograph lies in this folder.")
    return int(failed > 0)


def _step_command(kind: StepKind) -> click.Command:
    common = [*output_options(), *console_options()]
    taken = [flag for option in common for flag in option.opts]
    help_line = kind.help[0].upper() + kind.help[1:]
    return click.Command(
        kind.name,
        params=[_paths(), *step_options(kind, taken).values(), *common],
        callback=lambda **given: restore_files(pipeline=Pipeline([step_of(kind, given)]), **given),
        help=f"{help_line}.\n\n{SOURCES_HELP} {TARGET_HELP}",
        short_help=kind.help,
    )


def _paths() -> click.Argument:
    return click.Argument(["paths"], nargs=-1, metavar=PATHS, type=AnyPath())


def _replay(recorded: str, **given: Any) -> int:
    try:
        pipeline = Pipeline.from_photo(recorded)
    except FILE_FAILURES as error:
        raise click.ClickException(f"{shortened(recorded)}: {error}") from error
    return restore_files(pipeline=pipeline, **given)
