"""`latent-darkroom [COMMAND]`: open the app, or restore one file."""

import argparse
import contextlib
import io
import signal
import sys
import threading
from collections.abc import Iterator, Sequence

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
        The exit code: 0, or after one sentence on standard error 1, 130 (stopped by Ctrl-C) or 143 (by SIGTERM).
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the console cannot show is no failure
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with _sigterm_raises():
            options = _parser().parse_args(given or ["app"])
            return options.run(options)
    except KeyboardInterrupt as stop:
        print("Stopped before the end.", file=sys.stderr)
        return 128 + (signal.SIGTERM if isinstance(stop, _Terminated) else signal.SIGINT)


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which ends a command as Ctrl-C does: what it has half written is removed."""


@contextlib.contextmanager
def _sigterm_raises() -> Iterator[None]:
    def terminate(*_: object) -> None:
        raise _Terminated

    if threading.current_thread() is not threading.main_thread():  # only the main one may handle signals
        yield
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="latent-darkroom", description="Restore photographs. Without a command, the app opens in your browser."
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for commands in COMMANDS:
        commands.add_commands(subparsers)
    return parser
