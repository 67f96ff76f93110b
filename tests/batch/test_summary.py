"""The sums of a run, its report in three forms, and the time that is left."""

import json
import time

import pytest
from box import TONE, Watching, fill

from restoration.batch import estimate
from restoration.batch.batch import Batch
from restoration.batch.errors import BatchError
from restoration.batch.summary import Summary, write_report


@pytest.fixture
def batch(tmp_path):
    source = fill(tmp_path / "in", ["<b>&.png", "c.png"])
    (source / "broken.png").write_bytes(b"x")
    (source / "Thumbs.db").write_bytes(b"x")
    batch = Batch(source, tmp_path / "out", TONE)
    yield batch
    batch.close()


def test_the_sums_and_the_three_reports(batch, tmp_path):
    summary = Summary()
    for report in batch.run(Watching()):
        summary.add(report)
    assert (summary.done, summary.failed, summary.skipped) == (2, 1, 1)
    assert summary.megapixels == pytest.approx(2 * 24 * 32 / 1e6)
    assert summary.steps["tone"].files == 2
    assert summary.steps["tone"].mean_change > 5
    for suffix in ("txt", "json", "html"):
        write_report(tmp_path / f"report.{suffix}", summary, batch.ledger)
    text = (tmp_path / "report.txt").read_text().splitlines()
    assert text[0].startswith("2 done, 1 failed, 1 skipped in ")
    assert sorted(line.split(":")[0] for line in text[2:]) == ["done", "done", "failed", "skipped"]
    document = json.loads((tmp_path / "report.json").read_text())
    assert document["done"] == 2
    assert sorted(row["state"] for row in document["files"]) == ["done", "done", "failed", "skipped"]
    page = (tmp_path / "report.html").read_text()
    assert page.count("data:image/jpeg;base64,/9j/") == 4
    assert "<b>&lt;b&gt;&amp;.png</b>" in page
    with pytest.raises(BatchError, match="A report ends in one of"):
        write_report(tmp_path / "report.doc", summary, batch.ledger)
    with pytest.raises(BatchError, match="cannot be written"):
        write_report(tmp_path / "none" / "report.txt", summary, batch.ledger)


def test_the_time_that_is_left_follows_from_the_megapixels(tmp_path, monkeypatch):
    fill(tmp_path, [f"{number}.png" for number in range(10)])
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    counted = estimate.Estimate(tmp_path, tmp_path / "out", lambda path, size: path.name == "9.png")
    counted._thread.join()
    assert (counted.files, counted.counted) == (9, True)
    assert counted.seconds_left() is None
    now[0] += 2.0
    counted.add(24 * 32 / 1e6)
    assert counted.seconds_left() == pytest.approx(16)
    assert counted.seconds_left(in_work=24 * 32 / 2e6) == pytest.approx(10)
