"""What a command tells while it works: lines, JSON, and progress where standard error is a terminal."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from restoration.batch.restore_file import WRITTEN, FileReport
from restoration.pipeline import Step

if TYPE_CHECKING:
    from rich.progress import Progress


class Console:
    """Where a command's words go.

    Parameters
    ----------
    as_json
        One line of JSON a file on standard output, in place of words.
    quiet
        Failures alone.
    tells_each
        A line for each file that is done or skipped, not only for those that fail.
    """

    def __init__(self, *, as_json: bool = False, quiet: bool = False, tells_each: bool = True) -> None:
        self._tells_each = tells_each
        self.as_json = as_json
        self.quiet = quiet

    def report(self, report: FileReport) -> None:
        """Tell what became of a file: a line on standard output, failures on standard error as well."""
        if self.as_json:
            say(json.dumps(report.to_dict()))
        if report.state == "failed":
            warn(report.message)
        elif not self._tells_each:
            return
        elif report.state == "skipped":
            self.note(f"{report.source}: skipped, {report.message}")
        elif not self.as_json and not self.quiet and report.target != "-":
            told = "nothing to do, copied" if report.state == "copied" else f"{report.seconds:.1f} s"
            say(f"{report.target}: {told}")
        if report.state in WRITTEN and not self.as_json:
            for note in report.notes:
                self.note(f"{report.target}: {note}")

    def result(self, document: Any, text: str) -> None:
        """Print what a command found: the document as JSON, or the text."""
        say(json.dumps(document) if self.as_json else text)

    def note(self, line: str) -> None:
        """Say a line on standard error unless the command shall be quiet."""
        if not self.quiet:
            warn(line)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody is there to see it."""
        return not self.quiet and sys.stderr.isatty()

    @contextlib.contextmanager
    def progress(self, total: int | None = None) -> Iterator["FileProgress"]:
        """Show a bar on standard error, if that is a terminal, until the block ends."""
        if not self.shows_progress:
            yield FileProgress(None)
            return
        with progress_bars() as bars:
            yield FileProgress(bars, total)


class FileProgress:
    """A bar for the file in work: its name, the step, the share that is done."""

    def __init__(self, bars: "Progress | None", files: int | None = None) -> None:
        self._bars = bars
        self._files = files
        self._done = -1
        self._name = ""
        self._task = None if bars is None else bars.add_task("", total=1)

    def begin(self, name: str) -> None:
        """Go on to the next file."""
        self._done += 1
        count = f"{self._done + 1} of {self._files}  " if self._files and self._files > 1 else ""
        self._name = count + name
        self._show(self._name, 0, 1)

    def on_step(self, step: Step) -> None:
        """Name the step that begins."""
        self._show(f"{self._name}  {step.kind.doing}")

    def __call__(self, done: int, total: int) -> None:
        """Show how far the file in work is."""
        self._show(None, done, total)

    def _show(self, words: str | None, done: int | None = None, total: int | None = None) -> None:
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, description=words, completed=done, total=total)


def progress_bars(left: str = "") -> "Progress":
    """Return bars of rich on standard error; `left` is how a task says what time is left, rich's own way if empty."""
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn(left, markup=False) if left else TimeRemainingColumn(),
        console=RichConsole(stderr=True, highlight=False),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # lines that go to a file shall reach it
    )


def say(line: str) -> None:
    """Print a line on standard output; where nobody reads it any more, the work goes on."""
    _print(line, sys.stdout)


def warn(line: str) -> None:
    """Print a line on standard error."""
    _print(line, sys.stderr)


def discard_closed(stream: TextIO) -> None:
    """Send what is still to be written to a closed pipe nowhere, so that the end of the program does not fail by it."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _print(line: str, stream: TextIO) -> None:
    try:
        print(line, file=stream, flush=True)
    except BrokenPipeError:
        discard_closed(stream)
