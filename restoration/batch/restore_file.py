"""One file: read, restored, written. The command line, a batch and its workers all do it by these functions."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from restoration.batch.errors import FILE_FAILURES
from restoration.batch.remote_path import Place, RemotePath
from restoration.image.resample import reduce
from restoration.image.types import Image, Progress
from restoration.photo import Photo, PhotoError, check_target
from restoration.photo.errors import one_error
from restoration.photo.file_bytes import read_bytes
from restoration.photo.formats import LARGEST_SIDES, WRITTEN_SUFFIXES
from restoration.photo.lossless_copy import lossless_copy
from restoration.photo.photo import MetadataChoice
from restoration.photo.save_options import file_format_named
from restoration.photo.whole_file import whole_file
from restoration.pipeline import Pipeline, Step, plan

LONGEST_SHOWN = 120  # characters of a file's name in a sentence; a longer one loses its middle
THUMBNAIL_SIDE = 160  # pixels
COMPARED_EVERY = 4  # a step's change is measured on every fourth row and column

WRITTEN = ("done", "copied")  # states of a file that has a result

OnStep = Callable[[Step], object]


@dataclass(frozen=True)
class OutputOptions:
    """How results are written, and what may be read; see `Photo.open` and `Photo.save`."""

    quality: int = 95
    metadata: MetadataChoice = "no-location"
    format: str | None = None
    keep_times: bool = False
    overwrite: bool = False
    max_megapixels: float = 50.0


@dataclass(frozen=True)
class StepReport:
    """What a step took and changed.

    Attributes
    ----------
    name : str
    seconds : float
    change : float or None
        Root mean square difference of the pixels, of 255; None where the size changed.
    """

    name: str
    seconds: float
    change: float | None


@dataclass(frozen=True)
class FileReport:
    """What became of a file.

    Attributes
    ----------
    source, target : str
        As shown; the target is empty where nothing was written.
    state : {"done", "copied", "unchanged", "failed", "skipped"}
        "copied": there was nothing to do; "unchanged": an earlier run has done it.
    message : str
        Why it failed or was skipped.
    megapixels, seconds : float
        Of the file that was opened, and of restoring it.
    found : tuple of str
        What was found where it was measured what the photograph needs, in words.
    steps : tuple of StepReport
    recorded : mapping
        The pipeline, as the file records it.
    notes : tuple of str
    digest, result_digest : str
        SHA-256 of the file and of the result.
    before, after : bytes
        Thumbnails as JPEG, where they were asked for.
    """

    source: str
    target: str = ""
    state: str = "done"
    message: str = ""
    megapixels: float = 0.0
    seconds: float = 0.0
    found: tuple[str, ...] = ()
    steps: tuple[StepReport, ...] = ()
    recorded: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    digest: str = ""
    result_digest: str = ""
    before: bytes = field(default=b"", repr=False)
    after: bytes = field(default=b"", repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return what is told of the file in JSON."""
        told: dict[str, Any] = {"source": self.source, "state": self.state}
        if self.message:
            told["message"] = self.message
        if self.target:
            told["target"] = self.target
        if self.state in WRITTEN:
            steps = [
                {**dict(row), "seconds": round(step.seconds, 3), "change": step.change}
                for row, step in zip(self.recorded.get("steps", []), self.steps, strict=True)
            ]
            told |= {"megapixels": round(self.megapixels, 3), "seconds": round(self.seconds, 3)}
            told |= {"found": list(self.found)} if self.found else {}
            told |= {"steps": steps, "notes": list(self.notes)}
        return told


@dataclass(frozen=True)
class Restored:
    """A photograph behind its pipeline, what each step took, and what was found where the pipeline follows from it."""

    photo: Photo
    pipeline: Pipeline
    steps: tuple[StepReport, ...]
    seconds: float
    found: tuple[str, ...] = ()


def restore_photo(
    photo: Photo, pipeline: Pipeline | None, progress: Progress | None = None, on_step: OnStep | None = None
) -> Restored:
    """Run a pipeline on a photograph, or what the photograph needs where none is given, and time its steps."""
    began = time.perf_counter()
    found: tuple[str, ...] = ()
    if pipeline is None:
        planned = plan(photo)
        pipeline, found = planned.pipeline, tuple(finding.words for finding in planned.findings)
    steps, result = [], photo
    for one in pipeline.run_steps(photo, progress, on_step=on_step):
        steps.append(StepReport(one.step.name, one.seconds, _change(result.pixels, one.photo.pixels)))
        result = one.photo
    result = replace(result, settings=pipeline.record(), notes=(*photo.notes, *pipeline.notes))
    return Restored(result, pipeline, tuple(steps), time.perf_counter() - began, found)


def check_output(source: Path | BinaryIO, target: Path | BinaryIO, options: OutputOptions) -> None:
    """Raise PhotoError where a result could not, or must not, be written, before the work that makes it."""
    if not isinstance(target, Path):
        file_format_named(options.format or "PNG")
        return
    check_target(target, format=options.format, quality=options.quality)
    check_free(source, target, overwrite=options.overwrite)


def check_free(source: Path | BinaryIO, target: Path, *, overwrite: bool) -> None:
    """Raise PhotoError where a result would replace its source, or, unless that is wanted, any file."""
    if not target.exists():
        return
    if isinstance(source, Path) and source.exists() and target.samefile(source):
        raise PhotoError("This is the source itself, which is never replaced. Choose another name.")
    if not overwrite:
        raise PhotoError("There is such a file already. Choose another name, or replace it by --overwrite.")


def write_restored_file(
    data: bytes,
    photo: Photo,
    restored: Restored,
    *,
    source: Place | BinaryIO,
    target: Place | BinaryIO,
    options: OutputOptions,
) -> FileReport:
    """Write the result of a file and report it; a file on which nothing was done is copied.

    Parameters
    ----------
    data, photo
        The file, and what was opened from it.
    restored
    source, target, options
        As in `restore_file`.

    Raises
    ------
    PhotoError
        If it cannot be written.
    """
    format = output_format(photo, target, options)
    copy = None
    if not restored.steps and format == photo.source_format:
        copy = lossless_copy(data, photo, options.metadata)
    write_result(restored.photo if copy is None else copy, source, target, options)
    if copy is None:
        again = () if restored.steps else (f"There was nothing to do; it was encoded again as {format}.",)
        notes = (*again, *restored.photo.left_out(format, metadata=options.metadata), *restored.photo.notes)
    else:
        notes = photo.damage if copy == data else photo.notes  # the same bytes keep all else
    return FileReport(
        shown(source),
        shown(target),
        "done" if copy is None else "copied",
        megapixels=photo.pixels[..., 0].size / 1e6,
        seconds=restored.seconds,
        found=restored.found,
        steps=restored.steps,
        recorded=restored.photo.settings or {},
        notes=notes,
    )


def write_result(
    result: Photo | bytes, source: Place | BinaryIO, target: Place | BinaryIO, options: OutputOptions
) -> None:
    """Write a result, a photograph or the bytes of a file, completely or not at all; it is as private as its source.

    Raises
    ------
    PhotoError
        If it cannot be written.
    """
    if not isinstance(target, Path):
        if isinstance(result, Photo):
            format = output_format(result, target, options)
            result = result.to_bytes(format, quality=options.quality, metadata=options.metadata)
        if isinstance(target, RemotePath):
            with one_error("saved"):
                target.write(result)
        else:
            target.write(result)
            target.flush()
        return
    was_there = target.exists()
    if isinstance(result, Photo):
        result.save(target, format=options.format, quality=options.quality, metadata=options.metadata)
    else:
        with one_error("saved"), whole_file(target) as file:
            file.write(result)
    keep_mode(source, target, was_there=was_there, keep_times=options.keep_times)


def keep_mode(source: Place | BinaryIO, target: Path, *, was_there: bool, keep_times: bool = False) -> None:
    """Make a new file as private as its source, and of the same time where that is wanted.

    Raises
    ------
    PhotoError
        If it cannot be done.
    """
    if not isinstance(source, Path):
        return
    try:
        given = source.stat()
        if not was_there:
            os.chmod(target, stat.S_IMODE(target.stat().st_mode) & (given.st_mode | 0o200))
        if keep_times:
            os.utime(target, ns=(given.st_atime_ns, given.st_mtime_ns))
    except OSError as error:
        raise PhotoError(f"It was saved, but its mode or time could not be set: {error.strerror}.") from error


def restore_file(
    source: Path | BinaryIO,
    target: Path | BinaryIO,
    pipeline: Pipeline | None,
    options: OutputOptions,
    *,
    progress: Progress | None = None,
    on_step: OnStep | None = None,
) -> FileReport:
    """Read, restore and write one file.

    Parameters
    ----------
    source, target
        A path, or a binary file object: standard input and output.
    pipeline
        None for what the photograph needs.
    options
    progress, on_step
        As in `Pipeline.run`; whatever `progress` raises cancels the run.

    Returns
    -------
    FileReport
        "done", "copied" or "failed"; nothing that one file can fail by is raised.
    """
    at = target
    try:
        check_output(source, target, options)
        at = source
        with one_error("opened"):
            data = read_bytes(source, options.max_megapixels)
        photo = Photo.open(data, max_megapixels=options.max_megapixels)
        restored = restore_photo(photo, pipeline, progress, on_step)
        at = target
        check_output(source, target, options)  # again: the work took its time
        return write_restored_file(data, photo, restored, source=source, target=target, options=options)
    except FILE_FAILURES as error:
        return FileReport(shown(source), shown(target), "failed", f"{shortened(shown(at))}: {error}")


def thumbnail(photo: Photo) -> bytes:
    """Return a photograph as a JPEG of at most 160 pixels a side."""
    small = np.clip(reduce(photo.on_paper(), THUMBNAIL_SIDE), 0, 1)
    return Photo(small).to_bytes("JPEG", quality=80, metadata="none")


def file_digest(path: Place) -> str:
    """Return the SHA-256 of a file's bytes; empty where it cannot be read."""
    try:
        if isinstance(path, RemotePath):
            return hashlib.sha256(path.read()).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def output_format(photo: Photo, target: Place | BinaryIO, options: OutputOptions) -> str:
    """Return the format of a result: as chosen, by the target's name, or as the source's where that can be written."""
    if isinstance(target, Path):
        return check_target(target, format=options.format)
    if isinstance(target, RemotePath):
        return file_format_named(options.format or WRITTEN_SUFFIXES[target.suffix.lower()])
    return options.format or (photo.source_format if photo.source_format in LARGEST_SIDES else "PNG")


def shown(file: Place | BinaryIO) -> str:
    """Return how a file is called in a report."""
    return str(file) if isinstance(file, Path | RemotePath) else "-"


def shortened(name: str) -> str:
    """Return a name for a sentence; a very long one loses its middle."""
    half = LONGEST_SHOWN // 2
    return name if len(name) <= LONGEST_SHOWN else f"{name[:half]}...{name[-half:]}"


def _change(before: Image, after: Image) -> float | None:
    """Root mean square difference, of 255; None where the sizes differ."""
    if before.shape[:2] != after.shape[:2]:
        return None
    sampled = (slice(None, None, COMPARED_EVERY),) * 2
    return round(255 * float(np.sqrt(np.mean((after[sampled] - before[sampled]) ** 2))), 3)
