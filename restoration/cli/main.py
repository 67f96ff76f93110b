"""`latent-darkroom [COMMAND]`: open the app, restore photographs, look at what there is."""

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence

import click
from click.shell_completion import shell_complete

import restoration
from restoration.batch.errors import BatchError
from restoration.cli.batch_command import batch_command
from restoration.cli.command_group import CommandGroup
from restoration.cli.compress_files import compress_command, decompress_command
from restoration.cli.console import discard_closed, warn
from restoration.cli.develop import COMPLETE, PROGRAM, completion_command, develop_commands
from restoration.cli.open_app import app_command
from restoration.cli.restore_files import replay_command, restore_command, step_commands
from restoration.cli.show import models_command, plan_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; open the app when none is named.

    Parameters
    ----------
    arguments
        Those of the process when omitted.

    Returns
    -------
    int
        The exit code: 0, 1 where something failed, 2 for wrong usage, 130 (stopped by Ctrl-C) or 143 (by SIGTERM).
        Each but 0 comes with a sentence on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the console cannot show is no failure
    given = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None and COMPLETE in os.environ:
        return shell_complete(group(), {}, PROGRAM, COMPLETE, os.environ[COMPLETE])
    try:
        with _sigterm_raises():
            code = _run(given or ["app"])
            sys.stdout.flush()
            return code
    except BrokenPipeError:  # whoever read the output has seen enough
        discard_closed(sys.stdout)
        return 0
    except KeyboardInterrupt as stop:
        warn("Stopped before the end.")
        return 128 + (signal.SIGTERM if isinstance(stop, _Terminated) else signal.SIGINT)


def group() -> CommandGroup:
    """Return all commands."""
    program = CommandGroup(
        PROGRAM,
        help="Restore photographs. Without a command, the app opens in your browser.\n\n"
        f"`{PROGRAM} COMMAND --help` says what a command can do.",
        params=[
            click.Option(
                ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show it."
            )
        ],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        subcommand_metavar="COMMAND ...",
    )
    program.add_section("open the app", [app_command()])
    program.add_section("restore photographs", [restore_command(), *step_commands(), replay_command()])
    program.add_section("restore many", [batch_command()])
    program.add_section("store in few bytes", [compress_command(), decompress_command()])
    program.add_section("look and measure", [plan_command(), models_command(), *develop_commands()])
    program.add_section("set up", [completion_command()])
    return program


def _run(arguments: list[str]) -> int:
    """Run a command without click's own handling of Ctrl-C and closed pipes."""
    try:
        with group().make_context(PROGRAM, arguments) as context:
            return context.command.invoke(context) or 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else PROGRAM
        warn(f"{error.format_message()} Try `{command} --help`.")
        return error.exit_code
    except click.ClickException as error:
        warn(error.format_message())
        return error.exit_code
    except BatchError as error:
        warn(str(error))
        return 1


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"{PROGRAM} {restoration.__version__}")
        context.exit()


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
