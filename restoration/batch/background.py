"""Many photographs in a thread of its own: measured, then restored by a `Batch`; a page follows and may stop it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from restoration.batch.batch import Batch
from restoration.batch.errors import FILE_FAILURES, BatchError
from restoration.batch.restore_file import FileReport, OutputOptions, shortened, thumbnail
from restoration.batch.summary import Summary
from restoration.batch.task import FileTask
from restoration.photo import Photo
from restoration.photo.header import megapixels_of
from restoration.pipeline import STEPS, Pipeline, Step, plan

MOST_ROWS = 200  # of a folder, however large, the last ones are remembered


@dataclass(frozen=True)
class PhotoRow:
    """What is known of one photograph.

    Attributes
    ----------
    path : pathlib.Path
        Below the folder of sources.
    state : {"waiting", "in work", "saving", "done", "failed"}
    before, after : bytes
        Thumbnails as JPEG; empty while there are none.
    found : tuple of str or None
        In words; None while it was not measured.
    proposed, own : Pipeline or None
        What it needs, and what was chosen for it alone.
    done : tuple of str
        What was done to it, in words.
    target : pathlib.Path or None
        The result.
    seconds : float
    message : str
        Why it failed, one sentence.
    """

    path: Path
    state: str = "waiting"
    before: bytes = b""
    after: bytes = b""
    found: tuple[str, ...] | None = None
    proposed: Pipeline | None = None
    own: Pipeline | None = None
    done: tuple[str, ...] = ()
    target: Path | None = None
    seconds: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class RunState:
    """How far the thread is.

    Attributes
    ----------
    running : bool
    doing : str
        "Looking at" or "Restoring"; empty before the first run.
    name : str
        Of the photograph in work.
    step : str
        What is done to it, in words.
    share : float in [0, 1]
        Of it that is done.
    finished, total : int
        Photographs; the total of a large folder grows while it is counted.
    seconds_left : float or None
    problem : str
        What ended the run, one sentence.
    summary : Summary or None
        Of a run that has ended.
    """

    running: bool = False
    doing: str = ""
    name: str = ""
    step: str = ""
    share: float = 0.0
    finished: int = 0
    total: int = 0
    seconds_left: float | None = None
    problem: str = ""
    summary: Summary | None = None


class BackgroundBatch:
    """Photographs of a folder that are restored into another in the background, with the ledger of every batch.

    One thread at a time works, and only while there is something to do. `rows` and `state` may be read at any time.

    Parameters
    ----------
    source, target
        As of `Batch`.
    options
    name
        Pattern of the results' names.
    before_each
        ``before_each(megapixels, check)`` is called in the thread before a photograph is worked on: it may wait,
        calling ``check()``, which raises once the run shall stop; and it may raise BatchError, which ends the run.
    is_wanted
        Asked at every tile; the run stops where nobody wants it any more.

    Attributes
    ----------
    rows : dict of Path to PhotoRow
        In the order in which they came.
    state : RunState
    pipeline : Pipeline or None
        What the last `restore` was asked to do.
    """

    def __init__(
        self,
        source: Path,
        target: Path,
        *,
        options: OutputOptions,
        name: str,
        before_each: Callable[[float, Callable[[], None]], None] = lambda megapixels, check: None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.source, self.target = source, target
        self.options, self._name = options, name
        self._before_each, self._is_wanted = before_each, is_wanted
        self.rows: dict[Path, PhotoRow] = {}
        self.state = RunState()
        self.pipeline: Pipeline | None = None
        self._working = threading.Lock()  # held by the thread that works, so that the next one waits for its end
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, path: Path) -> None:
        """Take in a photograph that lies below the folder of sources."""
        self.rows[path] = PhotoRow(path)

    def choose(self, path: Path, pipeline: Pipeline | None) -> None:
        """Choose steps for one photograph alone; None for those of all others."""
        self._change(path, own=pipeline)

    def look(self) -> None:
        """Measure in the background what those need that were not looked at yet, unless something runs."""
        if not self.state.running and any(_is_unknown(row) for row in list(self.rows.values())):
            self._begin("Looking at", self._look)

    def restore(self, pipeline: Pipeline | None) -> None:
        """Restore all in the background; what is done already, and as chosen now, is not done again.

        Parameters
        ----------
        pipeline
            For all that have none of their own; None for what each needs.
        """
        self.pipeline = pipeline
        self._begin("Restoring", lambda stop: self._restore(stop, pipeline))

    def stop(self) -> None:
        """Stop behind the tile in work; `restore` goes on later."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing runs, and return whether that is so."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.state.running

    # ---- in the thread

    def _begin(self, doing: str, work: Callable[[threading.Event], None]) -> None:
        self._stop.set()
        self._stop = stop = threading.Event()
        self.state = RunState(running=True, doing=doing, total=len(self.rows))
        self._thread = threading.Thread(target=self._run, args=(stop, work), name="many-photographs", daemon=True)
        self._thread.start()

    def _run(self, stop: threading.Event, work: Callable[[threading.Event], None]) -> None:
        problem = ""
        with self._working:
            try:
                work(stop)
            except _StoppedError:
                pass
            except BatchError as error:
                problem = str(error)
            except Exception as error:  # shown on the page: nobody sees what a thread raises
                problem = f"The work stopped ({type(error).__name__}: {error}). Try again."
            for path, row in list(self.rows.items()):
                if row.state in ("in work", "saving"):
                    self._change(path, state="waiting")
            self._tell(stop, running=False, problem=problem)

    def _look(self, stop: threading.Event) -> None:
        for number, (path, row) in enumerate(list(self.rows.items())):
            self._tell(stop, name=path.name, finished=number)
            if not _is_unknown(row):
                continue
            self._before_each(megapixels_of(self.source / path), lambda: self._check(stop))
            self._check(stop)
            self._change(path, **self._look_at(path))
        self._tell(stop, finished=len(self.rows))

    def _look_at(self, path: Path) -> dict[str, object]:
        try:
            photo = Photo.open(self.source / path, max_megapixels=self.options.max_megapixels)
            planned = plan(photo)
        except FILE_FAILURES as error:
            return {"state": "failed", "message": str(error)}
        found = tuple(finding.words for finding in planned.findings)
        return {"before": thumbnail(photo), "found": found, "proposed": planned.pipeline}

    def _restore(self, stop: threading.Event, pipeline: Pipeline | None) -> None:
        chosen = {
            path: row.own or (row.proposed if pipeline is None else None) for path, row in list(self.rows.items())
        }
        own = {path: one for path, one in chosen.items() if one is not None}
        batch = Batch(self.source, self.target, pipeline, options=self.options, name=self._name, pipelines=own)
        watcher = _Watcher(self, batch, stop)
        summary, began = Summary(), time.monotonic()
        try:
            for report in batch.run(watcher, stop):
                summary.add(report)
                self._take(report)
                watcher.count(report)
        finally:
            batch.close()
        summary.seconds, summary.is_paused = time.monotonic() - began, stop.is_set()
        self._tell(stop, summary=summary, share=0.0)

    def _take(self, report: FileReport) -> None:
        if report.state == "skipped":
            return
        path = Path(report.source).relative_to(self.source)
        self._remember(path)
        if report.state == "failed":
            message = report.message
            for file in (report.source, report.target):
                message = message.removeprefix(f"{shortened(file)}: ")
            self._change(path, state="failed", message=message)
        elif report.state == "unchanged":
            done = self.rows[path].done or ("done before",)
            self._change(path, state="done", target=Path(report.target), done=done)
        else:
            told = {"before": report.before, "after": report.after} | ({"found": report.found} if report.found else {})
            done = tuple(STEPS[step.name].done for step in report.steps)
            self._change(
                path, state="done", target=Path(report.target), seconds=report.seconds, message="", done=done, **told
            )

    def _remember(self, path: Path) -> None:
        """Make a row for a photograph of a folder; of a large one the first rows make room."""
        if path not in self.rows:
            if len(self.rows) >= MOST_ROWS:
                self.rows.pop(next(iter(self.rows)))
            self.add(path)

    def _change(self, path: Path, **changes: object) -> None:
        self.rows[path] = replace(self.rows[path], **changes)  # type: ignore[arg-type] # names of its fields

    def _tell(self, stop: threading.Event, **changes: object) -> None:
        if stop is self._stop:  # else a newer thread waits to take over
            self.state = replace(self.state, **changes)  # type: ignore[arg-type] # names of its fields

    def _check(self, stop: threading.Event) -> None:
        if stop.is_set() or not self._is_wanted():
            stop.set()
            raise _StoppedError


class _StoppedError(Exception):
    """Cancelled, or nobody is there any more."""


class _Watcher:
    """Tells a `BackgroundBatch` how its batch gets on."""

    def __init__(self, owner: BackgroundBatch, batch: Batch, stop: threading.Event) -> None:
        self._owner, self._batch, self._stop = owner, batch, stop
        self._megapixels = 0.0
        self._finished = 0

    def begin(self, task: FileTask, megapixels: float) -> None:
        """Go on to the next photograph."""
        for path, row in list(self._owner.rows.items()):
            if row.state == "in work":
                self._owner._change(path, state="saving")
        self._owner._remember(task.path)
        self._megapixels = megapixels
        self._owner._tell(self._stop, name=task.path.name, step="", share=0.0)
        self._owner._before_each(megapixels, lambda: self._owner._check(self._stop))
        self._owner._change(task.path, state="in work", message="")

    def on_step(self, step: Step) -> None:
        """Name the step that begins."""
        self._owner._tell(self._stop, step=step.kind.doing)

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is; stop where nobody wants it any more."""
        if not self._owner._is_wanted():
            self._stop.set()
        share = done / max(total, 1)
        left = self._batch.estimate.seconds_left(self._megapixels * share)
        self._owner._tell(self._stop, share=share, seconds_left=left)

    def count(self, report: FileReport) -> None:
        """Count a photograph that has ended."""
        self._finished += report.state != "skipped"
        total = max(len(self._owner.rows), self._finished)
        if self._batch.estimate.counted:
            total = max(total, self._batch.estimate.files)
        self._owner._tell(self._stop, finished=self._finished, total=total)


def _is_unknown(row: PhotoRow) -> bool:
    return row.found is None and row.state != "failed"
