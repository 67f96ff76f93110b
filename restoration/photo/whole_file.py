"""A file that appears whole or not at all: written beside its place, brought to the disk, then renamed.

While it is written it is locked, so that the next run can tell what a killed one has left behind.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows, which removes no file that is open
    fcntl = None

PREFIX, SUFFIX = ".latent-darkroom-", ".part"


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes its place when the block ends well.

    A link stays a link: the file that it names is replaced. The mode of a replaced file is kept.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    target = Path(os.path.realpath(path))
    remove_unfinished(target.parent)
    unfinished = target.parent / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
    try:
        with unfinished.open("xb") as file:
            with contextlib.suppress(OSError):  # not every file system can; there, none is removed either
                _lock(file)
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, unfinished)
        os.replace(unfinished, target)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove the files that killed runs have left in a folder; those of running ones stay."""
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            with left.open("rb+") as file:
                _lock(file)
            left.unlink()


def _lock(file: BinaryIO) -> None:
    """Lock a file until it is closed; OSError where another process holds it."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
