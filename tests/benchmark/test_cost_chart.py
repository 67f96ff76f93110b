"""The chart of quality against cost."""

import json

import pytest

from restoration.benchmark.__main__ import main
from restoration.benchmark.cost_chart import cost_figure
from restoration.benchmark.denoising import DNCNN


def test_the_cost_chart_shows_what_was_measured(tmp_path, capsys, repo):
    main(["chart", str(tmp_path / "cost.html")])
    assert "plotly" in (tmp_path / "cost.html").read_text()[:5000].lower()
    measured = json.loads((repo / "weights" / "benchmark-denoise.json").read_text())
    ours, others = cost_figure(measured).data
    best = next(row for row in measured["rows"] if row["method"] == ours.text[-1] and row["sigma_255"] == 25)
    assert (ours.x[-1], ours.y[-1]) == (best["gflop_per_megapixel"], best["psnr"])
    # The timed stand-in has CDnCNN-B's layers: its cost is the published network's.
    timed = next(row for row in measured["rows"] if row["method"] == DNCNN)
    assert others.x[others.text.index("CDnCNN-B")] == pytest.approx(timed["gflop_per_megapixel"], abs=0.1)
