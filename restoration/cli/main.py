"""`latent-darkroom [COMMAND]`: open the app, or restore one file."""

import argparse
import io
import sys
from collections.abc import Sequence

from restoration.cli import open_app, restore_file

COMMANDS = (open_app, restore_file)  # each adds its commands, and names the function that runs them


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; open the app when none is named.

    Parameters
    ----------
    arguments
        Those of the process when omitted.

    Returns
    -------
    int
        The exit code: 0, or 1 after one sentence on standard error.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the console cannot show is no failure
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(given or ["app"])
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="latent-darkroom", description="Restore photographs. Without a command, the app opens in your browser."
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for commands in COMMANDS:
        commands.add_commands(subparsers)
    return parser
