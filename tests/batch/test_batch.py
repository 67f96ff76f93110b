"""A folder into another: the tree, what is passed over, what an earlier run has done, what a killed one leaves."""

import errno
import inspect
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from box import TONE, Watching, fill, run, states

from restoration.batch import local_runner
from restoration.batch.batch import Batch
from restoration.batch.errors import BatchError
from restoration.batch.remote_path import make_folder
from restoration.batch.scan import scan
from restoration.photo import Photo
from restoration.pipeline import Pipeline

NAMES = ["a.jpg", "deep/c.png", "deep/er/b \u2603.png"]  # in the order of the scan


@pytest.fixture
def source(tmp_path):
    return fill(tmp_path / "in", NAMES)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "out"


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_tree_is_kept_junk_skipped_and_a_broken_file_stops_nothing(source, target):
    for name in ("Thumbs.db", "deep/.DS_Store", "a.xmp"):
        (source / name).write_bytes(b"x")
    (source / "broken.png").write_bytes((source / "a.jpg").read_bytes()[:40])
    (source / "circle.png").symlink_to(source / "circle.png")
    (source / "round").symlink_to(source)
    reports = run(source, target)
    assert states(reports) == {
        **dict.fromkeys(NAMES, "done"),
        **dict.fromkeys(["Thumbs.db", "deep/.DS_Store", "a.xmp", "round"], "skipped"),
        **dict.fromkeys(["broken.png", "circle.png"], "failed"),
    }
    assert reports["round"].message == "a link to a folder"
    assert all("\n" not in report.message for report in reports.values())
    assert files(target) == {*NAMES, ".latent-darkroom.sqlite"}
    for name in NAMES:
        expected = TONE.run(Photo.open(source / name)).to_bytes("JPEG" if name == "a.jpg" else "PNG")
        assert (target / name).read_bytes() == expected


def test_the_second_run_does_only_what_has_changed(source, target):
    run(source, target)
    assert set(states(run(source, target)).values()) == {"unchanged"}
    fill(source, ["deep/c.png"])  # another photograph now
    os.utime(source / "a.jpg", (1, 1))  # the same
    assert states(run(source, target)) == {**dict.fromkeys(NAMES, "unchanged"), "deep/c.png": "done"}
    other = Pipeline.parse("tone strength=0.5")
    assert set(states(run(source, target, other)).values()) == {"done"}
    assert set(states(run(source, target, other, quality=60)).values()) == {"done"}
    assert set(states(run(source, target, other, quality=60)).values()) == {"unchanged"}


def test_single_files_may_have_a_pipeline_of_their_own(source, target):
    own, other = Path("deep/c.png"), Pipeline.parse("tone strength=0.5")
    run(source, target)
    assert states(run(source, target, pipelines={own: other})) == {
        **dict.fromkeys(NAMES, "unchanged"),
        own.as_posix(): "done",
    }
    assert (target / own).read_bytes() == other.run(Photo.open(source / own)).to_bytes("PNG")
    assert set(states(run(source, target, pipelines={own: other})).values()) == {"unchanged"}


def test_a_missing_result_is_made_again_and_one_that_somebody_changed_is_kept(source, target):
    run(source, target)
    (target / "a.jpg").unlink()
    (target / "deep/c.png").write_bytes(b"retouched")
    for _ in range(2):
        reports = run(source, target)
        assert reports["deep/c.png"].state == "failed"
        assert (target / "deep/c.png").read_bytes() == b"retouched"
    assert states(reports)["a.jpg"] == "unchanged"
    assert states(run(source, target, overwrite=True))["deep/c.png"] == "done"


def test_a_file_that_was_there_is_not_replaced(source, target):
    target.mkdir()
    (target / "a.jpg").write_bytes(b"mine")
    for _ in range(2):
        reports = run(source, target)
        assert "There is such a file already" in reports["a.jpg"].message
        assert (target / "a.jpg").read_bytes() == b"mine"
    assert states(run(source, target, overwrite=True))["a.jpg"] == "done"


def test_a_second_run_on_one_folder_is_told(source, target):
    first = Batch(source, target, TONE)
    with pytest.raises(BatchError, match="Another run works on"):
        Batch(source, target, TONE)
    first.close()
    run(source, target)


@pytest.mark.parametrize(
    ("folders", "words"),
    [(("in", "in"), "among the sources"), (("none", "out"), "is no folder"), (("in", "in/a.jpg"), "cannot be used")],
)
def test_folders_that_do_not_serve_are_refused(source, tmp_path, folders, words):
    with pytest.raises(BatchError, match=words):
        Batch(*(tmp_path / folder for folder in folders), TONE)


def test_a_ledger_that_is_none_is_one_sentence(source, target):
    target.mkdir()
    (target / ".latent-darkroom.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(BatchError, match=r"ledger .* cannot be used"):
        Batch(source, target, TONE)


def test_results_may_lie_below_the_sources(source):
    assert set(states(run(source, source / "restored"))) == set(NAMES)
    assert set(states(run(source, source / "restored"))) == set(NAMES)


@pytest.mark.skipif(os.name == "nt", reason="longer than the paths of Windows")
def test_a_tree_may_be_deeper_than_python_can_call(tmp_path):
    name = "/".join("d" * 400) + "/a.png"
    make_folder((tmp_path / name).parent)
    fill(tmp_path, ["a.png"])
    os.rename(tmp_path / "a.png", tmp_path / name)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 300)
    try:
        make_folder((tmp_path / "out" / name).parent)
        assert [found.path.as_posix() for found in scan(tmp_path, tmp_path / "out")] == [name]
    finally:
        sys.setrecursionlimit(limit)


def test_names_that_meet_are_numbered_and_stay_so(tmp_path, target):
    source = fill(
        tmp_path / "in",
        ["x.bmp", "x.png", "X.gif", "n" * 251 + ".png", "n" * 250 + "m.png", "/".join("d" * 60) + "/e.png"],
    )
    if sys.platform == "linux":
        os.rename(source / "x.bmp", os.path.join(os.fsencode(source), b"x\xff.bmp"))
    first = run(source, target, name="{stem}_{steps}.{ext}")
    assert set(states(first).values()) == {"done"}
    again = run(source, target, name="{stem}_{steps}.{ext}")
    assert set(states(again).values()) == {"unchanged"}
    assert {report.target for report in again.values()} == {report.target for report in first.values()}
    assert len({report.target.lower() for report in first.values()}) == 6


def test_a_paused_run_goes_on(source, target):
    watching = Watching(stop_at=2)
    first = states(run(source, target, watching=watching))
    assert list(first) == watching.begun[:1]
    second = states(run(source, target))
    assert list(second.values()) == ["unchanged", "done", "done"]


@pytest.mark.parametrize("place", ["fsync", "mkdir"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_no_room_ends_the_run_with_a_sentence_and_it_goes_on_later(source, target, monkeypatch, place, number):
    """The second file cannot be brought to the disk, or its folder cannot be made."""
    calls, usual = [], getattr(os, place)
    remedy = "Make room" if number == errno.ENOSPC else "Make it writable"

    def full(*arguments):
        calls.append(arguments)
        if len(calls) > 1:
            raise OSError(number, os.strerror(number))
        return usual(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, place, full)
        with pytest.raises(BatchError, match=rf"c\.png: {os.strerror(number)}\. {remedy}; the same command"):
            run(source, target)
    assert files(target) - {"a.jpg"} == {".latent-darkroom.sqlite"}
    assert set(states(run(source, target)).values()) <= {"unchanged", "done"}
    assert files(target) == {*NAMES, ".latent-darkroom.sqlite"}
    assert set(states(run(source, target)).values()) == {"unchanged"}


def test_no_room_for_the_ledger_ends_the_run_with_a_sentence_and_it_goes_on_later(source, target, monkeypatch):
    usual = sqlite3.connect

    def connect_small(*arguments, **settings):
        database = usual(*arguments, **settings)
        database.execute("PRAGMA max_page_count = 4")
        return database

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_small)
        with pytest.raises(BatchError, match=r"There is no room for the ledger .*; the same command then goes on"):
            run(source, target)
    assert set(states(run(source, target)).values()) <= {"unchanged", "done"}
    assert set(states(run(source, target)).values()) == {"unchanged"}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_folder_that_nobody_can_write_to_is_one_sentence(source):
    with pytest.raises(BatchError, match=r"^/proc: This folder cannot be used: .*\. Choose another\.$"):
        Batch(source, Path("/proc"), TONE)


def test_the_next_file_is_read_and_the_last_written_while_one_is_restored(source, target, monkeypatch):
    read, written = [threading.Event() for _ in NAMES], threading.Event()
    reading, writing, restoring = local_runner.read_file, local_runner.write_restored, local_runner.restore_opened

    def note_reading(item):
        read[NAMES.index(item.path.as_posix())].set()
        return reading(item)

    def wait_before_restoring(item, *rest):
        place = NAMES.index(item.path.as_posix())
        assert all(event.wait(20) for event in read[: place + 2])
        assert place == 0 or written.wait(20)
        return restoring(item, *rest)

    def note_writing(*arguments):
        written.set()
        return writing(*arguments)

    monkeypatch.setattr(local_runner, "read_file", note_reading)
    monkeypatch.setattr(local_runner, "restore_opened", wait_before_restoring)
    monkeypatch.setattr(local_runner, "write_restored", note_writing)
    assert set(states(run(source, target)).values()) == {"done"}


def test_the_scan_is_lazy(tmp_path, monkeypatch):
    fill(tmp_path, [f"{folder}/a.png" for folder in "abcdef"])
    opened, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: opened.append(path) or scandir(path))
    next(scan(tmp_path))
    assert len(opened) == 2  # the folder itself, and the first below it


KILLED_AT_RANDOM = """
import os, random, signal, sys, time
from pathlib import Path
from box import run, states
source, target, moments = Path(sys.argv[1]), Path(sys.argv[2]), random.Random(0)
for moment in range(30):
    child = os.fork()
    if not child:
        run(source, target)
        os._exit(0)
    time.sleep(moments.uniform(0, 0.25))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    made = [path for path in target.rglob("*.png") if not path.name.startswith(".")] if target.exists() else []
    print(len(made), all(path.read_bytes().endswith(b"IEND\\xaeB`\\x82") for path in made), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_at_thirty_random_moments_nothing_is_lost_or_done_twice(tmp_path, repo, target):
    source = fill(tmp_path / "in", [f"{number % 3}/{number}.png" for number in range(12)])
    said = subprocess.run(
        [sys.executable, "-c", KILLED_AT_RANDOM, source, target],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(repo), str(repo / "tests" / "batch")])},
        capture_output=True,
        text=True,
        check=True,
    )
    counts, whole = zip(*(line.split() for line in said.stdout.splitlines()), strict=True)
    assert set(whole) == {"True"}, "a file was half written"
    assert list(map(int, counts)) == sorted(map(int, counts))
    before = {path.relative_to(target): path.stat().st_mtime_ns for path in target.rglob("*.png")}
    last = states(run(source, target))
    assert len(last) == 12
    made_anew = [path for path, time in before.items() if (target / path).stat().st_mtime_ns != time]
    assert len(made_anew) <= 1, "more than the file in work was lost"
    assert set(states(run(source, target)).values()) == {"unchanged"}
    assert files(target) == {*(f"{number % 3}/{number}.png" for number in range(12)), ".latent-darkroom.sqlite"}


def test_a_pattern_that_gives_no_name_is_refused(source, target):
    for pattern in ("{stem}{", "{sun}.png", "a/{stem}", "", "{stem.x}", "{0}"):
        with pytest.raises(BatchError, match="gives no file name"):
            Batch(source, target, TONE, name=pattern)
    assert not target.exists()
