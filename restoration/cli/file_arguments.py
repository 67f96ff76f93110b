"""From the files, folders and `-` that a command is given to pairs of a source and a target."""

import os
import sys
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import click

from restoration.batch.names import alike, numbered
from restoration.batch.remote_path import make_folder
from restoration.batch.restore_file import FileReport, shortened
from restoration.batch.scan import scan
from restoration.photo.formats import IMAGE_SUFFIXES

STANDARD = "-"  # input or output
SOURCES_HELP = "SOURCE... is one file or several, a folder (with those below it), or - for standard input."
TARGET_HELP = "TARGET is a file, a folder, or - for standard output."


class AnyPath(click.Path):
    """A path that a shell completes; what is wrong with it is said where it is opened."""

    def convert(self, value: Any, _parameter: Any, _context: Any) -> Any:
        """Take it as it is."""
        return value


@dataclass(frozen=True)
class Pair:
    """What is read, and where the result goes."""

    source: Path | BinaryIO
    target: Path | BinaryIO


def split_paths(paths: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return the sources and the target, which comes last; wrong usage where it is missing."""
    if len(paths) < 2:
        missing = "SOURCE and TARGET are missing" if not paths else "TARGET is missing: name a file, a folder, or -"
        raise click.UsageError(f"{missing}.")
    return paths[:-1], paths[-1]


def pair_up(
    paths: Sequence[str], name_of: Callable[[str], str], suffixes: Container[str] = IMAGE_SUFFIXES
) -> Iterator[Pair | FileReport]:
    """Pair each source with its target.

    Parameters
    ----------
    paths
        Sources, and the target behind them.
    name_of
        ``name_of(name)`` of a source is that of its result in a folder.
    suffixes
        Of what is taken from a folder.

    Yields
    ------
    Pair, or the FileReport of a file that is passed over

    Raises
    ------
    click.UsageError
        If the sources and the target do not go together.
    """
    sources, target = split_paths(paths)
    if sources.count(STANDARD) > 1:
        raise click.UsageError("Standard input, -, is one photograph; name it once.")
    several = len(sources) > 1 or os.path.isdir(sources[0])
    if target == STANDARD:
        if several:
            raise click.UsageError("Standard output, -, takes one photograph; name a folder for several.")
        yield Pair(_source(sources[0]), sys.stdout.buffer)
        return
    if not several and not _is_folder(target):
        yield Pair(_source(sources[0]), Path(target))
        return
    folder = Path(target)
    if os.path.exists(target) and not folder.is_dir():
        raise click.UsageError(f"{shortened(target)} is a file; name a folder for several photographs.")
    if folder.suffix and not os.path.exists(target) and not target.endswith(("/", "\\")):
        raise click.UsageError(
            f"There are several photographs for {shortened(target)}; name a folder, with / at its end if it is new."
        )
    yield from _into_folder(sources, folder, name_of, suffixes)


def _into_folder(sources, folder, name_of, suffixes):
    taken: set[bytes] = set()
    for source in sources:
        if os.path.isdir(source):
            for found in scan(Path(source), folder, suffixes):
                if found.skipped:
                    yield FileReport(str(Path(source) / found.path), state="skipped", message=found.skipped)
                else:
                    below = folder / found.path.parent
                    yield Pair(Path(source) / found.path, _free(below, name_of(found.path.name), taken))
        else:
            called = "stdin" if source == STANDARD else PurePath(source).name
            yield Pair(_source(source), _free(folder, name_of(called), taken))


def _free(folder, name, taken):
    """Return a target that no other file of this command has, and make its folder."""
    target = next(folder / one for one in numbered(name) if alike(folder / one) not in taken)
    taken.add(alike(target))
    try:
        make_folder(folder)
    except OSError as error:
        raise click.ClickException(f"{shortened(str(folder))}: This folder cannot be made: {error.strerror}.") from None
    return target


def each_source(sources: Sequence[str]) -> Iterator[Path | BinaryIO]:
    """Yield each photograph that is named, those of folders too."""
    for source in sources:
        if os.path.isdir(source):
            yield from (Path(source) / found.path for found in scan(Path(source)) if not found.skipped)
        else:
            yield _source(source)


def _is_folder(target: str) -> bool:
    return os.path.isdir(target) or target.endswith(("/", "\\"))


def _source(source: str) -> Path | BinaryIO:
    return sys.stdin.buffer if source == STANDARD else Path(source)
