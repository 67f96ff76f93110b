"""One run at a time on a folder of results, on this computer and on others, in a folder and at an address."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from box import TONE, fill, run, states

from restoration.batch import run_lock
from restoration.batch.batch import Batch
from restoration.batch.errors import BatchError
from restoration.batch.remote_path import RemotePath

pytest.importorskip("fsspec")

HOLDS = """
import sys
from pathlib import Path
from box import TONE
from restoration.batch.batch import Batch
from restoration.batch.remote_path import RemotePath
source, target = sys.argv[1:]
batch = Batch(Path(source), RemotePath(target) if "://" in target else Path(target), TONE)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def source(tmp_path):
    return fill(tmp_path / "in", ["a.png", "b.png"])


@pytest.fixture(params=["folder", "address"])
def target(request, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))  # where ledgers of addresses lie
    folder = tmp_path / "out"
    folder.mkdir()
    return folder if request.param == "folder" else RemotePath(f"file://{folder}")


def leave_lock(tmp_path, **changes):
    """Leave the lock of a run on another computer, that works now; return its file."""
    record = {"token": "x", "host": "darkroom2", "pid": 1, "since": time.time(), "renewed": time.time()}
    file = tmp_path / "out" / run_lock.LOCK
    file.write_text(json.dumps(record | changes))
    return file


def test_a_second_process_is_told_until_the_first_has_ended(tmp_path, repo, source, target, monkeypatch):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDS, source, str(target)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(repo), str(repo / "tests" / "batch")])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with first:
        assert first.stdout.readline() == b"ready\n"
        # As on another computer, whose ledgers are others.
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "other"))
        with pytest.raises(BatchError, match=rf"Another run works on .*process {first.pid} on") as told:
            Batch(source, target, TONE)
        assert "cut off" not in str(told.value)
        first.send_signal(signal.SIGKILL)
    assert set(states(run(source, target)).values()) == {"done"}
    assert not (tmp_path / "out" / run_lock.LOCK).exists()


def test_another_computer_is_heeded_until_it_is_silent(tmp_path, source, target):
    file = leave_lock(tmp_path)
    with pytest.raises(BatchError, match=r"on darkroom2, 0 s ago.*free after 5 minutes") as told:
        Batch(source, target, TONE)
    assert len(str(told.value)) < 300 + len(str(target))
    leave_lock(tmp_path, renewed=time.time() - run_lock.GIVEN_UP_AFTER - 1)
    assert set(states(run(source, target)).values()) == {"done"}
    assert not file.exists()


@pytest.mark.parametrize("content", ["", "[1]", '{"host": 3}', "no JSON"])
def test_what_is_no_lock_hinders_nobody(tmp_path, source, monkeypatch, content):
    monkeypatch.setattr(run_lock, "BEING_WRITTEN", 0)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / run_lock.LOCK).write_text(content)
    assert set(states(run(source, tmp_path / "out")).values()) == {"done"}


def test_a_process_of_the_same_number_is_another_one(tmp_path, source):
    (tmp_path / "out").mkdir()
    leave_lock(tmp_path, host=socket.gethostname(), pid=os.getpid(), since=1.0)
    assert set(states(run(source, tmp_path / "out")).values()) == {"done"}


def test_the_lock_is_renewed_and_a_run_that_lost_it_stops(tmp_path, source, target, monkeypatch):
    monkeypatch.setattr(run_lock, "RENEWED_EVERY", 0.02)
    batch = Batch(source, target, TONE)
    file = tmp_path / "out" / run_lock.LOCK
    first = json.loads(file.read_text())["renewed"]
    for _ in range(250):
        time.sleep(0.02)
        if json.loads(file.read_text() or '{"renewed": 0}')["renewed"] > first:
            break
    else:
        pytest.fail("the lock was not renewed")
    for _ in range(5):  # the run may just be writing its own
        leave_lock(tmp_path)
        time.sleep(0.05)
    with pytest.raises(BatchError, match=r"Another run has taken .*darkroom2"):
        list(batch.run(Quiet(), threading.Event()))
    batch.close()
    assert json.loads(file.read_text())["host"] == "darkroom2"


class Quiet:
    """Who is told nothing."""

    def begin(self, task, megapixels):
        pass

    on_step = progress = begin
