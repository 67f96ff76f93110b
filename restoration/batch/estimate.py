"""How long a batch still takes: by the megapixels that lie ahead and the pace so far."""

import contextlib
import io
import threading
import time
from collections.abc import Callable
from pathlib import Path

from restoration.batch.remote_path import Place
from restoration.batch.scan import scan
from restoration.photo.header import megapixels_of

HEADER_BYTES = 65_536  # of a file at an address; its size nearly always stands there


class Estimate:
    """Counts a folder in the background, and what is done of it.

    Parameters
    ----------
    folder, leave_out
        As in `scan`.
    is_done
        Whether an earlier run has probably done a file (its path below the folder, its size).

    Attributes
    ----------
    files, megapixels : int, float
        Of what there is to do, as far as it is counted.
    counted : bool
        Whether that is all.
    done_files, done_megapixels : int, float
    """

    def __init__(self, folder: Place, leave_out: Place, is_done: Callable[[Path, int], bool]) -> None:
        self.files = self.done_files = 0
        self.megapixels = self.done_megapixels = 0.0
        self.counted = False
        self._began = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._count, args=(folder, leave_out, is_done), daemon=True)
        self._thread.start()

    def add(self, megapixels: float) -> None:
        """Count a file that was restored."""
        self.done_files += 1
        self.done_megapixels += megapixels

    def seconds_left(self, in_work: float = 0.0) -> float | None:
        """Return the seconds that are left, None while too little is known.

        Parameters
        ----------
        in_work
            Megapixels that are done of the file in work.
        """
        done = self.done_megapixels + in_work
        if not self.counted or not done:
            return None
        return max(0.0, (self.megapixels - done) / done) * (time.monotonic() - self._began)

    def stop(self) -> None:
        """Stop counting."""
        self._stop.set()
        self._thread.join()

    def _count(self, folder: Place, leave_out: Place, is_done: Callable[[Path, int], bool]) -> None:
        for found in scan(folder, leave_out):
            if self._stop.is_set():
                return
            if not found.skipped and not is_done(found.path, found.size):
                self.files += 1
                self.megapixels += _megapixels(folder / found.path)
        self.counted = True


def _megapixels(place: Place) -> float:
    if isinstance(place, Path):
        return megapixels_of(place)
    with contextlib.suppress(OSError):
        return megapixels_of(io.BytesIO(place.read(HEADER_BYTES)))
    return 0.0
