"""Two workers: the same bits as one process, even where workers die."""

import os

import pytest
from box import TONE, Watching, fill, run, states

from restoration.batch.batch import Batch
from restoration.batch.errors import BatchError

pytest.importorskip("distributed")

import deadly

from restoration.batch.dask_runner import DaskRunner

NAMES = [f"{number}.png" for number in range(5)]


def run_by(runner, source, target):
    batch, watching = Batch(source, target, TONE), Watching()
    try:
        return {report.source[len(str(source)) + 1 :]: report for report in batch.run(watching, watching.stop, runner)}
    finally:
        batch.close()


@pytest.fixture
def source(tmp_path):
    return fill(tmp_path / "in", [*NAMES, "deadly.png"])


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_file_that_kills_three_workers_is_set_aside_and_the_bits_are_those_of_one_process(tmp_path, source):
    (source / "broken.png").write_bytes(b"x")
    reports = run_by(DaskRunner(processes=2, work=deadly.kill_its_worker), source, tmp_path / "two")
    assert states(reports) == {**dict.fromkeys(NAMES, "done"), "broken.png": "failed", "deadly.png": "failed"}
    assert "deadly.png: Workers died of this file, 3 times" in reports["deadly.png"].message
    assert len(list((tmp_path / "two").glob("killed-*"))) == 3
    run(source, tmp_path / "one")
    for name in NAMES:
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()
    again = states(run(source, tmp_path / "two"))  # the ledger is the same
    assert again == {**dict.fromkeys(NAMES, "unchanged"), "broken.png": "failed", "deadly.png": "done"}


def test_a_scheduler_that_does_not_answer_is_one_sentence(tmp_path, source, monkeypatch):
    monkeypatch.setattr("restoration.batch.dask_runner.CONNECT_SECONDS", 1)
    with pytest.raises(BatchError, match="No scheduler of Dask answers"):
        run_by(DaskRunner(address="tcp://127.0.0.1:9"), source, tmp_path / "out")
