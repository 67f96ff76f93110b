"""Files at an address of fsspec, such as s3://bucket/prints: the few things that a batch does with them."""

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, TypeAlias

from restoration.batch.errors import BatchError

_ITSELF = PurePosixPath()


@dataclass(frozen=True)
class RemotePath:
    """A file or folder at an address; called as `pathlib.Path` where they do the same.

    It can be sent to another process, which opens the address anew.

    Attributes
    ----------
    address : str
        Of the folder that was given, as fsspec reads it, chained ones included.
    below : pathlib.PurePosixPath
        Below that folder.
    """

    address: str
    below: PurePosixPath = _ITSELF

    def __truediv__(self, below: str | PurePath) -> "RemotePath":
        return RemotePath(self.address, self.below / PurePath(below).as_posix())

    def __str__(self) -> str:
        return f"{self.address.rstrip('/')}/{self.below}" if self.below.parts else self.address

    @property
    def parent(self) -> "RemotePath":
        """The folder that it lies in; that of the address is its own."""
        return RemotePath(self.address, self.below.parent)

    @property
    def suffix(self) -> str:
        """The end of its name, with the dot."""
        return self.below.suffix

    def is_same(self, other: "Path | RemotePath | None") -> bool:
        """Tell whether another address names the same."""
        return str(self).rstrip("/") == str(other).rstrip("/")

    def absolute(self) -> "RemotePath":
        """Return itself."""
        return self

    def exists(self) -> bool:
        """Tell whether there is such a file or folder; OSError where that cannot be told, as for all below."""
        with self._opened() as (system, path):
            return bool(system.exists(path))

    def is_dir(self) -> bool:
        """Tell whether it is a folder."""
        with self._opened() as (system, path):
            return bool(system.isdir(path))

    def mkdir(self) -> None:
        """Make the folder and those above it, where there are none."""
        with self._opened() as (system, path):
            system.makedirs(path, exist_ok=True)

    def read(self, size: int | None = None) -> bytes:
        """Read a file, or so many bytes of its beginning."""
        with self._opened() as (system, path):
            return bytes(system.cat_file(path, start=0 if size else None, end=size))

    def write(self, data: bytes) -> None:
        """Write a file, completely or not at all as far as the system of the address can."""
        with self._opened() as (system, path), system.transaction:
            system.pipe_file(path, data)

    def create(self, data: bytes) -> None:
        """Write a file that must not be there yet, else FileExistsError; of two at once one wins, if the system can."""
        with self._opened() as (system, path):
            system.pipe_file(path, data, mode="create")

    def unlink(self) -> None:
        """Remove a file."""
        with self._opened() as (system, path):
            system.rm_file(path)

    def entries(self) -> list[tuple[str, int | None]]:
        """List a folder: names in their order, each with its size in bytes, None for a folder."""
        with self._opened() as (system, path):
            rows = [row for row in system.ls(path, detail=True) if row["name"].strip("/") != path.strip("/")]
        sizes = {
            row["name"].rstrip("/").rsplit("/", 1)[-1]: None if row["type"] == "directory" else int(row["size"] or 0)
            for row in rows
        }
        return sorted(sizes.items())

    @contextlib.contextmanager
    def _opened(self) -> Iterator[tuple[Any, str]]:
        """Give the file system and the path in it, and turn whatever it raises into an OSError that says why."""
        from fsspec.core import url_to_fs

        try:
            system, root = url_to_fs(self.address)  # kept by fsspec
            yield system, f"{root.rstrip('/')}/{self.below}" if self.below.parts else root
        except FileNotFoundError as error:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from error
        except FileExistsError as error:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
        except Exception as error:  # each system has errors of its own
            told = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise OSError(getattr(error, "errno", None) or errno.EIO, told.splitlines()[0]) from error


Place: TypeAlias = Path | RemotePath


def make_folder(folder: Place) -> None:
    """Make a folder and those above it, where there are none, however deep; OSError where that cannot be done."""
    if isinstance(folder, RemotePath):
        folder.mkdir()
        return
    missing = list(takewhile(lambda one: not one.exists(), (folder, *folder.parents)))
    for one in (*reversed(missing), folder):
        one.mkdir(exist_ok=True)


def place_at(text: str) -> Place:
    """Return a path, or what an address names.

    Raises
    ------
    BatchError
        If fsspec, which opens addresses, is not installed.

    Examples
    --------
    >>> str(place_at("memory://prints") / "1925" / "a.png")
    'memory://prints/1925/a.png'
    """
    if "://" not in text:
        return Path(text)
    if find_spec("fsspec") is None:
        raise BatchError("An address needs one more package: run `pip install fsspec`.")
    if text.startswith(("file://", "local://")):
        from fsspec.core import strip_protocol

        return Path(strip_protocol(text))
    return RemotePath(text)
