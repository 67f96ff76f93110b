"""Results as one ZIP archive, written to disk piece by piece."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from restoration.batch.errors import BatchError
from restoration.photo.whole_file import whole_file


def write_zip(target: Path, folder: Path, paths: Iterable[Path]) -> None:
    """Write files of a folder into an archive, uncompressed as photographs are already; no file is held in memory.

    Parameters
    ----------
    target
        It takes its place when it is complete.
    folder
    paths
        Below the folder; they are the names in the archive.

    Raises
    ------
    BatchError
        If there is no room, or a file is gone.
    """
    try:
        with whole_file(target) as file, zipfile.ZipFile(file, "w", strict_timestamps=False) as archive:
            for path in paths:
                archive.write(folder / path, path.as_posix())
    except OSError as error:
        raise BatchError(f"The archive cannot be written: {error.strerror}. Make room, then try again.") from error
