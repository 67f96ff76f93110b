"""The lock of a folder of results: which run works there, on whatever computer, and whether it still does.

SQLite locks a ledger for the processes of one computer, and on a shared folder only if its file system can. At an
address each computer has a ledger of its own. So a run keeps a small file among the results and renews it.
"""

import contextlib
import json
import os
import secrets
import socket
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from restoration.batch.errors import BatchError
from restoration.batch.remote_path import Place, RemotePath
from restoration.batch.restore_file import shortened
from restoration.photo.whole_file import whole_file

LOCK = ".latent-darkroom.lock"
RENEWED_EVERY = 30.0  # seconds
# Seconds without renewal after which another computer may take the folder; their clocks must agree better than that.
GIVEN_UP_AFTER = 300.0
BEING_WRITTEN = 1.0  # second in which a file that is empty gets its content


@dataclass(frozen=True)
class RunRecord:
    """What the file says of a run.

    Attributes
    ----------
    token : str
        Of this run alone.
    host : str
        Name of its computer.
    pid : int
    since, renewed : float
        When it began, and when it last said that it works: seconds since 1970.
    """

    token: str
    host: str
    pid: int
    since: float
    renewed: float

    def has_ended(self) -> bool:
        """Tell whether its process has ended, or, on another computer, has said nothing for too long."""
        if self.host != socket.gethostname():
            return time.time() - self.renewed > GIVEN_UP_AFTER
        try:
            process = psutil.Process(self.pid)
            is_newer = process.create_time() > self.since + 1  # another one that was given the same number
            return is_newer or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:  # of another user
            return False

    def __str__(self) -> str:
        host = "".join(filter(str.isprintable, self.host))[:60]
        return f"process {self.pid} on {host}, {max(time.time() - self.renewed, 0):.0f} s ago"


class RunLock:
    """The lock of one folder of results; a run holds it from here to `release`.

    Parameters
    ----------
    target

    Raises
    ------
    BatchError
        If another run holds it, or it cannot be written.
    """

    def __init__(self, target: Place) -> None:
        self._target, self._file = target, target / LOCK
        self._token, self._since = secrets.token_hex(8), time.time()
        self._renewed = 0.0
        self._other: RunRecord | None = None
        try:
            self._take()
        except OSError as error:
            raise BatchError(
                f"{shortened(str(self._file))}: It cannot be written: {error.strerror}. Choose another folder."
            ) from error
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="run-lock", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise BatchError if another run has taken the folder meanwhile."""
        if time.time() - self._renewed > 2 * RENEWED_EVERY:  # this computer was asleep, or the folder away
            self._renew()
        if self._other is not None:
            raise BatchError(
                f"Another run has taken {self._target} ({self._other}), since this one was not heard of for a while; "
                "wait for its end."
            )

    def release(self) -> None:
        """Let go of the folder."""
        self._stop.set()
        self._thread.join()
        with contextlib.suppress(OSError):
            found = _read(self._file)
            if found is not None and found.token == self._token:
                self._file.unlink()

    def _take(self) -> None:
        found = _read(self._file)
        if found is None:
            try:
                _create(self._file, self._content())
                return
            except FileExistsError:  # another run came at the same moment, or what lies there is no record
                found = _read(self._file)
        if found is not None and not found.has_ended():
            elsewhere = found.host != socket.gethostname()
            minutes = f"{GIVEN_UP_AFTER / 60:.0f} minutes"
            raise BatchError(
                f"Another run works on {shortened(str(self._target))} ({found}); wait for its end, or give another "
                f"folder." + f" If it was cut off, the folder is free after {minutes}." * elsewhere
            )
        _write(self._file, self._content())

    def _keep(self) -> None:
        while not self._stop.wait(RENEWED_EVERY):
            self._renew()

    def _renew(self) -> None:
        with contextlib.suppress(OSError):  # a folder that is away for a while; the next time tells
            found = _read(self._file)
            if found is not None and found.token != self._token:
                self._other = found
            else:
                _write(self._file, self._content())

    def _content(self) -> bytes:
        self._renewed = time.time()
        record = RunRecord(self._token, socket.gethostname(), os.getpid(), self._since, self._renewed)
        return json.dumps(asdict(record)).encode()


def _read(file: Place) -> RunRecord | None:
    """Return the record; None where there is none, or no sound one."""
    for wait in (BEING_WRITTEN, 0.0):
        try:
            given: dict[str, Any] = json.loads(file.read() if isinstance(file, RemotePath) else file.read_bytes())
            numbers = {name: float(given[name]) for name in ("since", "renewed")}
            return RunRecord(str(given["token"]), str(given["host"]), int(given["pid"]), **numbers)
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError):
            time.sleep(wait)
    return None


def _create(file: Place, content: bytes) -> None:
    """Write a file that must not be there yet; FileExistsError where it is."""
    if isinstance(file, RemotePath):
        file.create(content)
    else:
        with file.open("xb") as opened:
            opened.write(content)


def _write(file: Place, content: bytes) -> None:
    if isinstance(file, RemotePath):
        file.write(content)
    else:
        with whole_file(file) as opened:
            opened.write(content)
