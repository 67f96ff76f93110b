"""A folder of photographs, restored into another: what is there, what is done already, what is left to do."""

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from restoration.batch.errors import BatchError
from restoration.batch.estimate import Estimate
from restoration.batch.ledger import Ledger, LedgerRow
from restoration.batch.local_runner import Ended, Item, Watcher, run_local
from restoration.batch.names import DEFAULT_NAME, check_pattern, numbered, result_name
from restoration.batch.remote_path import Place, RemotePath, make_folder
from restoration.batch.restore_file import WRITTEN, FileReport, OutputOptions, shortened
from restoration.batch.run_lock import RunLock
from restoration.batch.scan import FoundFile, scan
from restoration.batch.task import FileTask, check_goes_on
from restoration.inference.card import models
from restoration.pipeline import Pipeline

Runner = Callable[[Iterator[Item], threading.Event, Watcher], Iterator[Ended]]


class Batch:
    """Restore the photographs of a folder, and of those below it, into another folder.

    What an earlier run has done is not done again, unless the file, the pipeline, a network or an option of output is
    another one now.

    Parameters
    ----------
    source, target
        Folders; the target is made where it is missing, and holds the ledger unless it is an address.
    pipeline
        None where each photograph gets what it needs.
    options
    name
        Pattern of the results' names.
    pipelines
        Of single files, by their paths below the source, in place of the one for all.

    Raises
    ------
    BatchError
        If the folders cannot be used, or another run works on the target.

    Attributes
    ----------
    estimate : Estimate
        Of the time that is left, while `run` works.
    ledger : Ledger
    """

    def __init__(
        self,
        source: Place,
        target: Place,
        pipeline: Pipeline | None,
        *,
        options: OutputOptions | None = None,
        name: str = DEFAULT_NAME,
        pipelines: Mapping[Path, Pipeline] | None = None,
    ) -> None:
        check_pattern(name)
        self.source, self.target = source, target
        self._pipeline, self._name = pipeline, name
        self._pipelines = dict(pipelines or {})
        self._options = options or OutputOptions()
        _check_folders(source, target, self._options)
        self._lock = RunLock(target)
        try:
            self.ledger = Ledger(target)
        except BatchError:
            self._lock.release()
            raise
        self._digests: dict[str, str] = {}
        self.estimate = Estimate(source, target, self._is_done)

    def run(
        self, watcher: Watcher, stop: threading.Event | None = None, runner: Runner = run_local
    ) -> Iterator[FileReport]:
        """Do what is left to do.

        Parameters
        ----------
        watcher
        stop
            Set it to pause; the same call goes on later.
        runner
            Where the work is done.

        Yields
        ------
        FileReport
            Of each file, once the ledger has it.
        """
        stop = stop or threading.Event()
        for item, report in runner(self._items(), stop, watcher):
            if isinstance(item, FileTask):
                self.ledger.close_file(item.path, report, size=item.size, settings=self._settings(item.path))
                if report.state in WRITTEN:
                    self.estimate.add(report.megapixels)
            yield report

    def close(self) -> None:
        """Let go of the folders."""
        self.estimate.stop()
        self.ledger.close()
        self._lock.release()

    def _items(self) -> Iterator[Item]:
        for found in scan(self.source, self.target):
            self._lock.check()
            if found.skipped:
                report = FileReport(str(self.source / found.path), state="skipped", message=found.skipped)
                self.ledger.close_file(found.path, report)
                yield report
            else:
                yield self._task(found)

    def _task(self, found: FoundFile) -> Item:
        """Choose the target of a file and claim it; a report where it is not ours to write."""
        row = self.ledger.row(found.path)
        folder = found.path.parent
        pipeline = self._pipeline_of(found.path)
        wanted = result_name(found.path.name, self._name, pipeline, self._options.format)
        below = next(folder / one for one in numbered(wanted) if self.ledger.is_free(folder / one, found.path))
        target = self.target / below
        if problem := self._cannot_write(target, row, below):
            report = FileReport(
                str(self.source / found.path), str(target), "failed", f"{shortened(str(target))}: {problem}"
            )
            self.ledger.close_file(found.path, report)
            return report
        known = row if row and row.target == below else None
        same = known is not None and known.state in WRITTEN and known.settings == self._settings(found.path)
        self.ledger.claim(found.path, below)
        return FileTask(
            path=found.path,
            source=self.source / found.path,
            target=target,
            pipeline=pipeline,
            options=self._options,
            size=found.size,
            known_digest=known.digest if known and same else "",
            known_result=known.result_digest if known else "",
            is_in_work=known is not None and known.in_work,
        )

    def _cannot_write(self, target: Place, row: LedgerRow | None, below: Path) -> str:
        try:
            make_folder(target.parent)
            if not target.exists() or self._options.overwrite:
                return ""
        except OSError as error:
            check_goes_on(target, error)
            return f"It cannot be written: {error.strerror}. Choose another name or place."
        if row and row.target == below and (row.in_work or row.result_digest):
            return ""  # this ledger's; whether somebody changed it since is checked when the source is read
        return "There is such a file already. Choose another name, or replace it by --overwrite."

    def _is_done(self, path: Path, size: int) -> bool:
        row = self.ledger.row(path)
        return row is not None and row.state in WRITTEN and (row.settings, row.size) == (self._settings(path), size)

    def _pipeline_of(self, path: Path) -> Pipeline | None:
        return self._pipelines.get(path, self._pipeline)

    def _settings(self, path: Path) -> str:
        """Return the digest of what is done with a file; it is made once for each pipeline."""
        pipeline = self._pipeline_of(path)
        key = "" if pipeline is None else pipeline.to_json()
        if key not in self._digests:
            self._digests[key] = _settings_digest(pipeline, self._options)
        return self._digests[key]


def _check_folders(source: Place, target: Place, options: OutputOptions) -> None:
    at: Place = source
    try:
        if not source.is_dir():
            raise BatchError(f"{shortened(str(source))} is no folder; give one with photographs.")
        at = target
        make_folder(target)
        if _are_same(source, target):
            raise BatchError("The results would lie among the sources; give another folder for them.")
        if isinstance(target, Path):
            with tempfile.TemporaryFile(dir=target):  # SQLite does not say why it cannot write there
                pass
    except OSError as error:
        raise BatchError(
            f"{shortened(str(at))}: This folder cannot be used: {error.strerror}. Choose another."
        ) from error
    if options.keep_times and (isinstance(source, RemotePath) or isinstance(target, RemotePath)):
        raise BatchError("Files at an address have no times that can be kept; leave out --keep-times.")


def _are_same(one: Place, other: Place) -> bool:
    if isinstance(one, RemotePath):
        return one.is_same(other)
    return isinstance(other, Path) and one.samefile(other)


def _settings_digest(pipeline: Pipeline | None, options: OutputOptions) -> str:
    """Return a digest of all that decides what a result is, the networks included."""
    written = asdict(options)
    del written["overwrite"], written["max_megapixels"]
    done = {card.name: card.sha256 for card in models()} if pipeline is None else pipeline.record()
    return hashlib.sha256(json.dumps([done, written], sort_keys=True).encode()).hexdigest()
