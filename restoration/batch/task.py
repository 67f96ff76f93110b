"""One file of a batch in three parts, which overlap between files: reading, restoring, writing."""

import errno
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from restoration.batch.errors import FILE_FAILURES, BatchError
from restoration.batch.remote_path import Place
from restoration.batch.restore_file import (
    FileReport,
    OnStep,
    OutputOptions,
    Restored,
    file_digest,
    restore_photo,
    shortened,
    thumbnail,
    write_restored_file,
)
from restoration.image.types import Progress
from restoration.photo import Photo, PhotoError
from restoration.photo.file_bytes import read_bytes
from restoration.pipeline import Pipeline

# What every further file would fail by, too, and what helps.
_REMEDIES = {errno.ENOSPC: "Make room", errno.EDQUOT: "Make room", errno.EROFS: "Make it writable"}


@dataclass(frozen=True)
class FileTask:
    """What is to be done with one file; it can be sent to another process.

    Attributes
    ----------
    path : pathlib.Path
        Below the folder of sources: its name in the ledger.
    source, target : pathlib.Path or RemotePath
    pipeline : Pipeline or None
        None for what the photograph needs.
    options : OutputOptions
    size : int
        Of the source, in bytes.
    known_digest, known_result : str
        SHA-256 of the source that an earlier run has restored with the same settings, empty where there was none, and
        of the last result that a run has written to the target.
    is_in_work : bool
        Whether a run was killed while it worked on the file, so that the target may hold a result that is not recorded.
    """

    path: Path
    source: Place
    target: Place
    pipeline: Pipeline | None
    options: OutputOptions
    size: int = 0
    known_digest: str = ""
    known_result: str = ""
    is_in_work: bool = False

    def failed(self, at: Place, error: Exception) -> FileReport:
        """Return the report of a failure."""
        return FileReport(str(self.source), str(self.target), "failed", f"{shortened(str(at))}: {error}")


@dataclass(frozen=True)
class OpenedFile:
    """A file that was read: its bytes, their SHA-256, and the photograph."""

    data: bytes
    digest: str
    photo: Photo


def read_file(task: FileTask) -> OpenedFile | FileReport:
    """Read a file; or say that it cannot be read, or that an earlier run has done it."""
    at = task.source
    try:
        data = read_bytes(task.source, task.options.max_megapixels)
        digest = hashlib.sha256(data).hexdigest()
        at = task.target
        if task.known_result and task.target.exists():
            is_ours = file_digest(task.target) == task.known_result
            if is_ours and digest == task.known_digest:
                return FileReport(str(task.source), str(task.target), "unchanged")
            if not (is_ours or task.is_in_work or task.options.overwrite):
                raise PhotoError("The result was changed since. Move it away, or replace it by --overwrite.")
        at = task.source
        return OpenedFile(data, digest, Photo.open(data, max_megapixels=task.options.max_megapixels))
    except OSError as error:
        return task.failed(at, PhotoError(f"It cannot be read: {error.strerror}. Choose another file."))
    except FILE_FAILURES as error:
        return task.failed(at, error)


def restore_opened(
    task: FileTask, opened: OpenedFile, progress: Progress | None = None, on_step: OnStep | None = None
) -> Restored | FileReport:
    """Restore a file that was read; or say why that cannot be done."""
    try:
        return restore_photo(opened.photo, task.pipeline, progress, on_step)
    except FILE_FAILURES as error:
        return task.failed(task.source, error)


def write_restored(task: FileTask, opened: OpenedFile, restored: Restored) -> FileReport:
    """Write a result and return the report of the file.

    Raises
    ------
    BatchError
        If there is no room for it, nor for any other.
    """
    try:
        report = write_restored_file(
            opened.data, opened.photo, restored, source=task.source, target=task.target, options=task.options
        )
    except PhotoError as error:
        if isinstance(error.__cause__, OSError):
            check_goes_on(task.target, error.__cause__)
        return task.failed(task.target, error)
    return replace(
        report,
        digest=opened.digest,
        result_digest=file_digest(task.target),
        before=thumbnail(opened.photo),
        after=thumbnail(restored.photo),
    )


def check_goes_on(target: Place, error: OSError) -> None:
    """Raise BatchError where no further file can be written, either."""
    if remedy := _REMEDIES.get(error.errno or 0):
        told = f"{shortened(str(target))}: {error.strerror}. {remedy}; the same command then goes on."
        raise BatchError(told) from error


def run_task(task: FileTask) -> FileReport:
    """Read, restore and write a file, in a process that does nothing else meanwhile."""
    opened = read_file(task)
    if isinstance(opened, FileReport):
        return opened
    restored = restore_opened(task, opened)
    return restored if isinstance(restored, FileReport) else write_restored(task, opened, restored)
