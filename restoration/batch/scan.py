"""Walking a folder: photographs and what is passed over, one by one, however many there are."""

import contextlib
import os
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from restoration.batch.remote_path import Place, RemotePath
from restoration.photo.formats import IMAGE_SUFFIXES


@dataclass(frozen=True)
class FoundFile:
    """A file below the folder.

    Attributes
    ----------
    path : pathlib.Path
        Below the folder.
    size : int
        In bytes; 0 where it cannot be told.
    skipped : str
        Why it is passed over; empty for a photograph.
    """

    path: Path
    size: int
    skipped: str = ""


def scan(
    folder: Place, leave_out: Place | None = None, suffixes: Container[str] = IMAGE_SUFFIXES
) -> Iterator[FoundFile]:
    """Walk a folder and those below it in the order of their names.

    Links to files are followed, links to folders are not: they may lead round in a circle.

    Parameters
    ----------
    folder
    leave_out
        A folder that is passed over without a word: that of the results.
    suffixes
        Of the names that are found, in lower case.

    Yields
    ------
    FoundFile
        One folder's names are held at a time, and those of the folders above it.
    """
    left_out = _stat(leave_out) if isinstance(leave_out, Path) else None

    def listed(below: Path) -> Iterator[FoundFile | Path]:
        if isinstance(folder, RemotePath):
            return _listed_remote(folder, below, leave_out, suffixes)
        return _listed(folder, below, left_out, suffixes)

    waiting = [listed(Path())]  # a tree may be deeper than Python can call
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
        elif isinstance(found, FoundFile):
            yield found
        else:
            waiting.append(listed(found))


def _listed(
    folder: Path, below: Path, left_out: os.stat_result | None, suffixes: Container[str]
) -> Iterator[FoundFile | Path]:
    """Yield the files of a folder, and the paths of those below it."""
    try:
        with os.scandir(folder / below) as opened:
            entries = sorted(opened, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(below, error)
        return
    for entry in entries:
        path = below / entry.name
        if entry.is_dir(follow_symlinks=False):
            if left_out is None or entry.inode() != left_out.st_ino or not os.path.samestat(entry.stat(), left_out):
                yield path
        elif entry.is_symlink() and os.path.isdir(entry.path):
            yield FoundFile(path, 0, "a link to a folder")
        else:
            yield FoundFile(path, _size(entry), _why_skipped(entry.name, suffixes))


def _listed_remote(
    folder: RemotePath, below: Path, leave_out: Place | None, suffixes: Container[str]
) -> Iterator[FoundFile | Path]:
    """Yield the files of a folder at an address, and the paths of those below it."""
    try:
        entries = (folder / below).entries()
    except OSError as error:
        yield _unreadable(below, error)
        return
    for name, size in entries:
        path = below / name
        if name in ("", ".", "..") or PurePath(name).name != name:  # an object may be called so, and lead elsewhere
            yield FoundFile(path, 0, "no file can have its name")
        elif size is not None:
            yield FoundFile(path, size, _why_skipped(name, suffixes))
        elif not (folder / path).is_same(leave_out):
            yield path


def _stat(path: Path) -> os.stat_result | None:
    with contextlib.suppress(OSError):
        return path.stat()
    return None


def _unreadable(below: Path, error: OSError) -> FoundFile:
    return FoundFile(below, 0, f"the folder cannot be read: {error.strerror}")


def _why_skipped(name: str, suffixes: Container[str]) -> str:
    if name.startswith("."):
        return "hidden"
    return "" if os.path.splitext(name)[1].lower() in suffixes else "no photograph by its name"


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return entry.stat().st_size
    except OSError:
        return 0  # gone meanwhile, or a link in a circle: said when it is opened
