"""The photographs that a visitor has dropped together: on disk while the visitor is there, within limits."""

import contextlib
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import psutil
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from restoration.batch.background import BackgroundBatch
from restoration.batch.errors import BatchError
from restoration.batch.names import alike, numbered
from restoration.batch.restore_file import OutputOptions
from restoration.batch.zip_results import write_zip
from restoration.photo.formats import IMAGE_SUFFIXES
from restoration.photo.header import megapixels_of
from restoration.ui.memory_queue import SMALL_BYTES, memory_queue
from restoration.ui.upload import slug

MOST_FILES = 200  # of a visitor
MOST_BYTES = 1_000_000_000  # of a visitor's files as they came
MOST_DISK_BYTES = 10_000_000_000  # of all visitors' files and results together
LEFT_SECONDS = 30  # after which a visitor without a connection has left; a network may fail for shorter
BYTES_PER_MEGAPIXEL = 12_000_000  # three float32
COPIES = 4  # of a photograph in memory: read ahead, restored, between two steps, written
NAME = "{stem}_restored.{ext}"
ZIP_NAME = "restored-photographs.zip"
PREFIX = "latent-darkroom-"

_every: "weakref.WeakSet[DroppedPhotos]" = weakref.WeakSet()


class DroppedPhotos:
    """A visitor's photographs, their results and their ledger, in a folder that goes when the visitor does.

    Parameters
    ----------
    max_megapixels
        Of a photograph.

    Attributes
    ----------
    photos : BackgroundBatch
    notes : list of str
        What was not taken in, and why.
    """

    def __init__(self, max_megapixels: float) -> None:
        remove_left_folders()
        self._max_megapixels = max_megapixels
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self.notes: list[str] = []
        self._zip_lock = threading.Lock()
        self._zipped: object = None
        for name in ("in", "out"):
            (self._folder / name).mkdir()
        self.photos = BackgroundBatch(
            self._folder / "in",
            self._folder / "out",
            options=OutputOptions(max_megapixels=max_megapixels),
            name=NAME,
            before_each=wait_for_room,
            is_wanted=visitor_is_here(),
        )
        _every.add(self)

    def take(self, uploads: list[UploadedFile]) -> None:
        """Write uploads to the disk; what passes a limit is left out, and `notes` says so."""
        self.notes = [note for upload in uploads if (note := self._take_one(upload))]

    def close(self) -> None:
        """Stop, and remove the folder."""
        self.photos.stop()
        self.photos.wait(LEFT_SECONDS)
        self._remove()

    @property
    def results(self) -> list[Path]:
        """The results so far, below their folder."""
        rows = self.photos.rows.values()
        return [row.target.relative_to(self.photos.target) for row in rows if row.target and row.state == "done"]

    @property
    def bytes(self) -> int:
        """Bytes on the disk."""
        return _bytes_in(self._folder)

    def make_file(self) -> Path:
        """Return an archive of the results so far; it is written anew where they have changed."""
        with self._zip_lock:
            results = self.results
            made_of = [(path, _changed_at(self.photos.target / path)) for path in results]
            archive = self._folder / ZIP_NAME
            if made_of != self._zipped:
                write_zip(archive, self.photos.target, results)
                self._zipped = made_of
            return archive

    def _take_one(self, upload: UploadedFile) -> str:
        """Take in one file; return why that was not done."""
        name = PurePosixPath(upload.name.replace("\\", "/"))
        try:
            self._check_before(name, upload.size)
            path = self._free_path(name)
            with (self.photos.source / path).open("wb") as file:
                upload.seek(0)
                shutil.copyfileobj(upload, file)
            self._check_megapixels(self.photos.source / path)
        except OSError as error:
            return f"{name.name[:60]} was left out: it cannot be stored ({error.strerror})."
        except BatchError as error:
            return f"{name.name[:60]} was left out: {error}"
        self.photos.add(path)
        return ""

    def _check_before(self, name: PurePosixPath, size: int) -> None:
        if name.suffix.lower() not in IMAGE_SUFFIXES or name.name.startswith("."):
            raise BatchError("it is no photograph by its name.")
        if len(self.photos.rows) >= MOST_FILES:
            raise BatchError(f"{MOST_FILES} photographs are the limit. Restore these first, then start over.")
        if size + _bytes_in(self.photos.source) > MOST_BYTES:
            raise BatchError(f"all together are above the limit of {MOST_BYTES // 10**6} MB. Start over with fewer.")
        check_disk(size)

    def _check_megapixels(self, path: Path) -> None:
        if (megapixels := megapixels_of(path)) > self._max_megapixels:
            path.unlink()
            raise BatchError(
                f"it is {megapixels:.0f} megapixels, and the limit is {self._max_megapixels:.0f}. Reduce it."
            )

    def _free_path(self, name: PurePosixPath) -> Path:
        """Return a safe path, of folders that came with the file too, that no other photograph has; make its folder."""
        folder = Path(*(slug(part) for part in name.parts[:-1] if part not in (".", "..", "/")))
        taken = {alike(path) for path in self.photos.rows}
        wanted = slug(name.name) + name.suffix.lower()
        path = next(folder / one for one in numbered(wanted) if alike(folder / one) not in taken)
        (self.photos.source / folder).mkdir(parents=True, exist_ok=True)
        return path


def wait_for_room(megapixels: float, check: Callable[[], None]) -> None:
    """Wait for memory where a photograph is large, and raise BatchError where the disk has no room for its result."""
    memory_queue.leave()
    needed = round(COPIES * megapixels * BYTES_PER_MEGAPIXEL)
    if needed > COPIES * SMALL_BYTES:
        memory_queue.enter(needed, lambda ahead: check())
    check_disk(round(megapixels * BYTES_PER_MEGAPIXEL))


def check_disk(more: int) -> None:
    """Raise BatchError where the disk, or what all visitors may have of it, has no room for so many bytes more."""
    used = sum(box.bytes for box in list(_every))
    if used + more > MOST_DISK_BYTES or shutil.disk_usage(tempfile.gettempdir()).free < 2 * more + 10**8:
        raise BatchError("the disk of the server is full for now. Download what is done and try again later.")


def visitor_is_here() -> Callable[[], bool]:
    """Return a function, for any thread, that tells whether the visitor of this run of the page is still there."""
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    seen = [time.monotonic()]

    def is_here() -> bool:
        if not runtime.exists() or runtime.get_instance().is_active_session(session):
            seen[0] = time.monotonic()
        return time.monotonic() - seen[0] < LEFT_SECONDS

    return is_here


def remove_left_folders() -> None:
    """Remove the folders of servers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _bytes_in(folder: Path) -> int:
    return sum(_sizes(folder))


def _sizes(folder: Path) -> Iterator[int]:
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # gone meanwhile
                yield os.lstat(os.path.join(place, name)).st_size


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
