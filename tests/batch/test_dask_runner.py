"""Two workers: the same bits as one process, even where workers die."""

import contextlib
import os
import socket
import subprocess
import sys
import time

import platformdirs
import pytest
from box import SAME_NAME, TONE, Watching, fill, run, states

from restoration.batch.batch import Batch
from restoration.batch.errors import BatchError
from restoration.batch.remote_path import place_at

pytest.importorskip("distributed")

import deadly

from restoration.batch.dask_runner import DaskRunner

NAMES = [f"{number}.png" for number in range(5)]


def run_by(runner, source, target):
    batch, watching = Batch(source, target, TONE, name=SAME_NAME), Watching()
    try:
        return {report.source[len(str(source)) + 1 :]: report for report in batch.run(watching, watching.stop, runner)}
    finally:
        batch.close()


@pytest.fixture
def source(tmp_path):
    return fill(tmp_path / "in", [*NAMES, "deadly.png"])


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_file_that_kills_three_workers_is_set_aside_and_the_bits_are_those_of_one_process(
    tmp_path, source, monkeypatch
):
    """The workers read and write at addresses."""
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data")
    (source / "broken.png").write_bytes(b"x")
    there, two = (place_at(f"elsewhere://{tmp_path / name}") for name in ("in", "two"))
    reports = run_by(DaskRunner(processes=2, work=deadly.kill_its_worker), there, two)
    assert states(reports) == {**dict.fromkeys(NAMES, "done"), "broken.png": "failed", "deadly.png": "failed"}
    assert "deadly.png: Workers died of this file, 3 times" in reports["deadly.png"].message
    assert len(list((tmp_path / "two").glob("killed-*"))) == 3
    run(source, tmp_path / "one")
    for name in NAMES:
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()
    again = states(run(there, two))  # the ledger is the same
    assert again == {**dict.fromkeys(NAMES, "unchanged"), "broken.png": "failed", "deadly.png": "done"}


def test_a_scheduler_that_does_not_answer_is_one_sentence(tmp_path, source, monkeypatch):
    monkeypatch.setattr("restoration.batch.dask_runner.CONNECT_SECONDS", 1)
    with pytest.raises(BatchError, match="No scheduler of Dask answers"):
        run_by(DaskRunner(address="tcp://127.0.0.1:9"), source, tmp_path / "out")


@pytest.fixture
def dask_program():
    """Return a function that starts a program of Dask; all are killed at the end."""
    started = []

    def start(name, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *arguments, "--no-dashboard"]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for program in started:
        program.kill()
        program.wait()


def wait_until_it_listens(port, seconds=120):
    """Wait for a program that has just been started: beside other work its imports alone may take a minute."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"Nothing listens at port {port}.")


def test_a_scheduler_and_a_worker_that_are_killed_and_started_anew_lose_nothing(tmp_path, source, dask_program):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    programs = []

    def start():
        programs.append(dask_program("scheduler", "--host", "127.0.0.1", "--port", str(port)))
        programs.append(dask_program("worker", address, "--no-nanny", "--nthreads", "1"))

    start()
    wait_until_it_listens(port)
    batch, watching, reports = Batch(source, tmp_path / "two", TONE, name=SAME_NAME), Watching(), {}
    for report in batch.run(watching, watching.stop, DaskRunner(address=address)):
        reports[os.path.basename(report.source)] = report
        if len(reports) == 2:
            for program in programs:
                program.kill()
                program.wait()
            start()
    batch.close()
    assert states(reports) == dict.fromkeys([*NAMES, "deadly.png"], "done")
    run(source, tmp_path / "one")
    for name in NAMES:
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()
