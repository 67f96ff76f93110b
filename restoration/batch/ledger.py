"""The ledger of a batch: what was done with each file, in SQLite beside the results.

One row a file. A row is claimed, with its target, before anything is written there; it is closed once the result has
taken its place. So a run that is killed at any moment leaves complete files, and the next one knows which are its own.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from restoration.batch.errors import BatchError
from restoration.batch.names import alike
from restoration.batch.remote_path import Place
from restoration.batch.restore_file import FileReport, StepReport

LEDGER = ".latent-darkroom.sqlite"
VERSION = 1  # of the table
_TABLE = """
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY,      -- below the folder of sources, as the file system's bytes
    target BLOB,                -- below the folder of results
    target_key BLOB UNIQUE,     -- what targets share that are one file on some system
    in_work INTEGER NOT NULL,   -- claimed, and not yet closed
    state TEXT NOT NULL,        -- how it ended last: new (not yet), done, copied, failed or skipped
    size INTEGER, digest TEXT,  -- of the source that was read then
    settings TEXT,              -- digest of the pipeline, its networks and the options of output
    result_digest TEXT,         -- of the last result that was written
    run INTEGER NOT NULL,       -- the last run that met the file
    report TEXT,                -- the rest of the FileReport, as JSON
    before BLOB, after BLOB     -- thumbnails
)"""


@dataclass(frozen=True)
class LedgerRow:
    """What an earlier run knows of a file; see the table."""

    target: Path
    in_work: bool
    state: str
    size: int
    digest: str
    settings: str
    result_digest: str


class Ledger:
    """The ledger of one folder of results; one process at a time can have it open.

    Parameters
    ----------
    target
        Of the results; where that is an address, the ledger lies on this computer, among the user's data.

    Raises
    ------
    BatchError
        If another run works on the folder, the ledger is damaged or of another version, or cannot be written.

    Attributes
    ----------
    file : pathlib.Path
    """

    def __init__(self, target: Place) -> None:
        self._target, self.file = target, _ledger_file(target)
        try:
            self._database = sqlite3.connect(self.file, timeout=0, isolation_level=None, check_same_thread=False)
            # Held until the process ends, however it ends, so a second run is told and a killed one is in nobody's way.
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("BEGIN EXCLUSIVE")
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, VERSION):
                raise BatchError(
                    f"The ledger {self.file} is of version {version}, this program writes {VERSION}; "
                    "give another folder for the results."
                )
            self._database.execute(_TABLE)
            self._database.execute(f"PRAGMA user_version = {VERSION}")
            self._database.execute("COMMIT")
            last = self._one("SELECT max(run) FROM files")[0]
        except sqlite3.Error as error:
            raise self._as_batch_error(error) from error
        self.run = (last or 0) + 1

    def close(self) -> None:
        """Let go of the folder."""
        self._database.close()

    def row(self, path: Path) -> LedgerRow | None:
        """Return what is known of a source."""
        found = self._one(
            "SELECT target, in_work, state, coalesce(size, 0), coalesce(digest, ''), coalesce(settings, ''), "
            "coalesce(result_digest, '') FROM files WHERE path = ? AND target IS NOT NULL",
            _bytes(path),
        )
        return None if found is None else LedgerRow(Path(os.fsdecode(found[0])), bool(found[1]), *found[2:])

    def is_free(self, target: Path, path: Path) -> bool:
        """Tell whether no other source has the target."""
        owner = self._one("SELECT path FROM files WHERE target_key = ?", alike(target))
        return owner is None or owner[0] == _bytes(path)

    def claim(self, path: Path, target: Path) -> None:
        """Record that a source is in work, and that its target is this run's to write."""
        self._write(
            "INSERT INTO files (path, target, target_key, state, in_work, run) VALUES (?, ?, ?, 'new', 1, ?) "
            "ON CONFLICT (path) DO UPDATE SET in_work = 1, run = excluded.run, target = excluded.target, "
            "target_key = excluded.target_key, "  # of a result at another place nothing is known
            "state = CASE WHEN target IS excluded.target THEN state ELSE 'new' END, "
            "result_digest = CASE WHEN target IS excluded.target THEN result_digest END",
            *(_bytes(path), _bytes(target), alike(target), self.run),
        )

    def close_file(self, path: Path, report: FileReport, *, size: int = 0, settings: str = "") -> None:
        """Record what became of a source of so many bytes, with the digest of the settings that it was done with."""
        if report.state == "unchanged":
            self._write("UPDATE files SET in_work = 0, run = ? WHERE path = ?", self.run, _bytes(path))
            return
        told = asdict(report)
        before, after = told.pop("before"), told.pop("after")
        digest, result_digest = told.pop("digest"), told.pop("result_digest")
        # Of a file that fails now the digest of an earlier result stays: that file is still this ledger's.
        self._write(
            "INSERT INTO files "
            "(path, state, in_work, size, settings, digest, result_digest, run, report, before, after) "
            "VALUES (?, ?, 0, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET "
            "state = excluded.state, in_work = 0, size = excluded.size, settings = excluded.settings, "
            "digest = excluded.digest, result_digest = coalesce(excluded.result_digest, result_digest), "
            "run = excluded.run, report = excluded.report, before = excluded.before, after = excluded.after",
            *(_bytes(path), report.state, size, settings, digest, result_digest),
            *(self.run, json.dumps(told), before, after),
        )

    def reports(self) -> Iterator[FileReport]:
        """Yield the report of every file that this run has met, in the order of their paths, one by one.

        A file that an earlier run has done is "done" or "copied" here, too: its report is of that run.
        """
        rows = self._database.execute(
            "SELECT report, digest, result_digest, before, after FROM files "
            "WHERE run = ? AND NOT in_work ORDER BY path",
            (self.run,),
        )
        for report, digest, result_digest, before, after in rows:
            told = json.loads(report)
            told["steps"] = tuple(StepReport(**step) for step in told["steps"])
            told |= {name: tuple(told.get(name, ())) for name in ("notes", "found")}
            yield FileReport(
                **told,
                digest=digest or "",
                result_digest=result_digest or "",
                before=before or b"",
                after=after or b"",
            )

    def _one(self, query: str, *values: object):
        return self._database.execute(query, values).fetchone()

    def _write(self, query: str, *values: object) -> None:
        try:
            self._database.execute(query, values)
        except sqlite3.Error as error:
            raise self._as_batch_error(error) from error

    def _as_batch_error(self, error: sqlite3.Error) -> BatchError:
        if "locked" in str(error):
            return BatchError(f"Another run works on {self._target}; wait for its end, or give another folder.")
        if "full" in str(error):
            return BatchError(f"There is no room for the ledger {self.file}. Make room; the same command then goes on.")
        return BatchError(f"The ledger {self.file} cannot be used ({error}); free it, or give another folder.")


def _ledger_file(target: Place) -> Path:
    if isinstance(target, Path):
        return target / LEDGER
    folder = platformdirs.user_data_path("latent-darkroom", appauthor=False) / "ledgers"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BatchError(f"{folder}: The ledger cannot be put there: {error.strerror}. Make it writable.") from error
    return folder / f"{hashlib.sha256(str(target).rstrip('/').encode()).hexdigest()[:16]}.sqlite"


def _bytes(path: Path) -> bytes:
    return os.fsencode(path)
