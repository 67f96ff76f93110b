"""`latent-darkroom batch IN OUT`: a folder of photographs into another, interrupted and gone on with at will."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from restoration.batch.batch import Batch, Runner
from restoration.batch.errors import BatchError
from restoration.batch.estimate import Estimate
from restoration.batch.local_runner import run_local
from restoration.batch.remote_path import RemotePath, place_at
from restoration.batch.restore_file import shortened
from restoration.batch.summary import Summary, check_reports, duration, write_report
from restoration.batch.task import FileTask
from restoration.cli.console import Console, progress_bars
from restoration.cli.file_arguments import AnyPath
from restoration.cli.options import checked, console_options, output_of, output_options, pipeline_of, pipeline_options
from restoration.pipeline import Step

if TYPE_CHECKING:
    from rich.progress import Progress

EXAMPLES = """\b
Examples:
  latent-darkroom batch scans/ restored/ --steps "denoise; tone"
  latent-darkroom batch scans/ restored/ --plan --processes 2
  latent-darkroom batch scans/ restored/ --pipeline steps.json --report sheet.html"""


def batch_command() -> click.Command:
    """Return the command `batch`."""
    report = click.Option(
        ["--report", "reports"],
        type=click.Path(dir_okay=False, path_type=Path),
        multiple=True,
        callback=checked(check_reports),
        metavar="FILE",
        help="write what was done: FILE.txt, FILE.json, or FILE.html with each photograph before and after",
    )
    processes = click.Option(
        ["--processes"],
        type=click.IntRange(1, 256),
        help="of this machine, which share its cores and do a file each; the same results bit for bit",
    )
    address = click.Option(
        ["--dask"],
        metavar="ADDRESS",
        help="of a scheduler of Dask, such as tcp://10.0.0.5:8786, whose workers see the same folders or addresses",
    )
    by_plan = click.Option(["--plan"], is_flag=True, help="give each photograph what it needs, as `restore` does")
    folders = [click.Argument([name], metavar=metavar, type=AnyPath()) for name, metavar in _FOLDERS.items()]
    return click.Command(
        "batch",
        params=[
            *folders,
            *pipeline_options(),
            by_plan,
            report,
            processes,
            address,
            *output_options(),
            *console_options(),
        ],
        callback=run_batch,
        help="Restore a folder of photographs, and those below it, into another folder.\n\n"
        "IN and OUT may be addresses that fsspec reads, such as s3://bucket/prints. What is no photograph is skipped, "
        "a broken file is one line, and neither stops anything. A ledger among the results (on this computer where "
        "they go to an address) knows what is done: the same command, run again after a Ctrl-C, a crash or a power "
        "cut, goes on where it was, and does again only what has changed, the file or the settings. A photograph that "
        "needs nothing is copied: its pixels are not encoded again, and where no metadata has to go, it is the same "
        "file.",
        epilog=EXAMPLES,
        short_help="restore a whole folder, with a ledger: goes on where it was",
    )


_FOLDERS = {"source": "IN", "target": "OUT"}


def run_batch(
    *, source: str, target: str, name: str, reports: list[Path], as_json: bool, quiet: bool, **given: Any
) -> int:
    """Run a batch until its end, or until it is asked to pause.

    Returns
    -------
    int
        The exit code.
    """
    pipeline = pipeline_of(given)
    if given.pop("plan") == (pipeline is not None):
        raise click.UsageError("Say what is done by one of --steps, --pipeline and --plan.")
    runner = _runner(given.pop("processes"), given.pop("dask"))
    console = Console(as_json=as_json, quiet=quiet, tells_each=False)
    batch = Batch(place_at(source), place_at(target), pipeline, options=output_of(given), name=name)
    if isinstance(batch.target, RemotePath):
        console.note(f"The ledger is {batch.ledger.file}.")
    summary, began = Summary(), time.monotonic()
    try:
        with _pausing(console) as pause, _live(batch.estimate, console) as live:
            for report in batch.run(live, pause.event, runner):
                summary.add(report)
                console.report(report)
        summary.seconds, summary.is_paused = time.monotonic() - began, pause.signal is not None
        for path in reports:
            write_report(path, summary, batch.ledger)
    finally:
        batch.close()
    for line in summary.lines():
        console.note(line)
    if pause.signal is not None:
        console.note("The same command goes on where it was.")
        return 128 + pause.signal
    return int(summary.failed > 0)


def _runner(processes: int | None, address: str | None) -> Runner:
    if processes is not None and address is not None:
        raise click.UsageError("--processes and --dask both say where the work is done; give one of them.")
    if processes is None and address is None:
        return run_local
    try:
        from restoration.batch.dask_runner import DaskRunner
    except ImportError as error:
        raise BatchError("Several processes need one more package: run `pip install distributed`.") from error
    return DaskRunner(processes=processes or 1, address=address)


class _Pause:
    """Whether a run was asked to pause, and by which signal."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.signal: int | None = None


@contextlib.contextmanager
def _pausing(console: Console) -> Iterator[_Pause]:
    """Take Ctrl-C and SIGTERM as the wish to pause behind the tile in work; the second one stops at once."""
    pause = _Pause()

    def ask(number: int, _frame: object) -> None:
        if pause.signal is not None:
            raise KeyboardInterrupt
        pause.signal = number
        pause.event.set()
        console.note("Pausing behind the part in work; Ctrl-C again stops at once.")

    if threading.current_thread() is not threading.main_thread():  # only the main one may handle signals
        yield pause
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield pause
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class BatchProgress:
    """A bar on standard error for all of a batch, by megapixels; it is told how the run gets on.

    Parameters
    ----------
    bars
        None where there is no terminal.
    estimate
    """

    def __init__(self, bars: "Progress | None", estimate: Estimate) -> None:
        self._bars = bars
        self._estimate = estimate
        self._task = None if bars is None else bars.add_task("", total=None, left="")
        self._name = self._words = ""
        self._megapixels = 0.0
        self._begun = 0

    def begin(self, task: FileTask, megapixels: float) -> None:
        """Go on to the next file."""
        self._begun += 1
        self._name, self._words, self._megapixels = shortened(task.path.name), "", megapixels
        self.progress(0, 1)

    def on_step(self, step: Step) -> None:
        """Name the step that begins."""
        self._words = step.kind.doing

    def progress(self, done: int, total: int) -> None:
        """Show how far the whole run is."""
        if self._bars is None or self._task is None:
            return
        estimate, in_work = self._estimate, self._megapixels * done / max(total, 1)
        number = max(self._begun, estimate.done_files)  # of files in several processes the beginning is not told
        files = f"{number} of {estimate.files}{'' if estimate.counted else '+'}"
        left = estimate.seconds_left(in_work)
        self._bars.update(
            self._task,
            description=f"{files}  {self._name}  {self._words}",
            completed=estimate.done_megapixels + in_work,
            total=estimate.megapixels if estimate.counted else None,
            left="" if left is None else f"about {duration(left)} left",
        )


@contextlib.contextmanager
def _live(estimate: Estimate, console: Console) -> Iterator[BatchProgress]:
    if not console.shows_progress:
        yield BatchProgress(None, estimate)
        return
    with progress_bars("{task.fields[left]}") as bars:
        yield BatchProgress(bars, estimate)
