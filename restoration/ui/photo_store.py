"""Photographs of visitors kept on disk for a day, so that a reload or a lost connection loses nothing."""

import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

FOLDER, HOURS = "LATENT_DARKROOM_PHOTOS", "LATENT_DARKROOM_KEEP_HOURS"  # environment variables
DEFAULT_HOURS = 24.0
MAX_BYTES = 2_000_000_000  # of all visitors' photographs together
TOKEN = re.compile(r"[\w-]{40,50}", re.ASCII)  # as `secrets.token_urlsafe` makes them


@dataclass(frozen=True)
class PhotoStore:
    """A folder of photographs, each with a note as JSON, found by a token that only its visitor's browser holds.

    A file's name is the token's sha256, so that no token leads to another path, and none can be read off the disk.

    Parameters
    ----------
    folder : Path
    max_age : float
        Seconds since a photograph or its note was written last; 0 keeps nothing.
    max_bytes : int
        Of all files; the oldest make room.
    """

    folder: Path
    max_age: float
    max_bytes: int = MAX_BYTES

    def save(self, token: str, note: dict[str, Any], data: bytes | None) -> None:
        """Write a note, and a photograph where it is another one than before; what fails is not kept."""
        name = _name(token)
        if name is None or self.max_age <= 0:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            photo = self.folder / f"{name}.photo"
            if data is not None:
                self._write(photo, data)
            os.utime(photo)
            self._write(self.folder / f"{name}.json", json.dumps(note).encode())

    def load(self, token: str) -> tuple[dict[str, Any], bytes] | None:
        """Return note and photograph of a token; None where there is none, or it is too old."""
        name = _name(token)
        if name is None:
            return None
        try:
            file = self.folder / f"{name}.json"
            if file.stat().st_mtime < time.time() - self.max_age:
                return None
            note = json.loads(file.read_text(encoding="utf-8"))
            data = (self.folder / f"{name}.photo").read_bytes()
        except (OSError, ValueError):
            return None
        return (note, data) if isinstance(note, dict) else None

    def delete(self, token: str) -> None:
        """Delete what is kept for a token."""
        if name := _name(token):
            for kind in ("photo", "json"):
                with contextlib.suppress(OSError):
                    (self.folder / f"{name}.{kind}").unlink(missing_ok=True)

    def delete_old(self) -> None:
        """Delete what is too old, and the oldest where all is too much; the server calls it now and then."""
        total, oldest = 0, time.time() - self.max_age
        with contextlib.suppress(OSError):
            files = [(entry.stat(), entry.path) for entry in os.scandir(self.folder) if entry.is_file()]
            for status, path in sorted(files, key=lambda one: -one[0].st_mtime):
                total += status.st_size
                if status.st_mtime < oldest or total > self.max_bytes:
                    with contextlib.suppress(OSError):
                        os.unlink(path)

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file as a whole or not at all, for nobody else to read."""
        handle, name = tempfile.mkstemp(dir=self.folder)  # readable by its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise


def photo_store() -> PhotoStore:
    """Return the server's store: its folder and hours are environment variables, `FOLDER` and `HOURS`."""
    folder = os.environ.get(FOLDER)
    try:
        hours = float(os.environ.get(HOURS, DEFAULT_HOURS))
    except ValueError:
        hours = DEFAULT_HOURS
    cache = Path(folder) if folder else platformdirs.user_cache_path("latent-darkroom", appauthor=False) / "photos"
    return PhotoStore(cache, 3600 * hours)


def _name(token: str) -> str | None:
    return hashlib.sha256(token.encode()).hexdigest() if TOKEN.fullmatch(token) else None
