"""The benchmark of scans measures classical methods at their best strength, and what is left of small discs."""

import json

import cv2
import numpy as np
import pytest

from restoration.benchmark import __main__ as benchmark
from restoration.benchmark import report, scanning
from restoration.degrade.phantoms import contrast_kept, disc_phantom, random_phantom
from restoration.image.hounsfield import window_rmse


def test_the_best_strength_is_the_best_of_all():
    (scan,) = scanning.scanned(random_phantom(96, seed=2), [0.02], [1])
    best = window_rmse(scan.best_classical(scanning.total_variation), scan.truth)
    errors = [window_rmse(scan.by_classical(scanning.total_variation, one), scan.truth) for one in scanning.STRENGTHS]
    assert best == min(errors) < window_rmse(scan.noisy, scan.truth)
    assert len(set(errors)) == len(errors)


def test_contrast_is_kept_where_nothing_is_done_and_lost_where_all_is_smoothed():
    phantom, discs = disc_phantom()
    np.testing.assert_allclose(contrast_kept(phantom, phantom, discs), 1)
    smoothed = cv2.GaussianBlur(phantom, (0, 0), 4)
    small = [disc for disc in discs if disc.radius == 3]
    assert max(contrast_kept(smoothed, phantom, small)) < 0.6


def test_the_command_measures_test_patients_and_the_report_shows_them(tmp_path, monkeypatch):
    from PIL import Image

    from restoration.train.scan_pairs import TEST_PATIENTS

    stored = (random_phantom(128, seed=4) + 1024).astype(np.uint16)
    Image.fromarray(stored).save(tmp_path / "a.png")
    (tmp_path / "index.csv").write_text(f"file,patient,collection\na.png,{min(TEST_PATIENTS)},TCGA-LUAD/LUSC\n")
    monkeypatch.setattr(scanning, "DOSES", (0.01,))
    monkeypatch.setattr(scanning, "benchmark_discs", lambda _: [])
    benchmark.main(["scan", "--slices", str(tmp_path), "--json", str(tmp_path / "scores.json")])
    measured = json.loads((tmp_path / "scores.json").read_text())
    table = report.table_by_part(measured, "scan")
    assert {row["method"] for row in measured["rows"]} >= {scanning.NOTHING, *scanning.CLASSICAL}
    assert all(row["method"] in table for row in measured["rows"])
    gained = {row["method"]: row["value"] for row in measured["rows"] if row["unit"] == "dB gained"}
    assert gained[scanning.NOTHING] == 0
    assert gained["Total variation"] > 0.5


def test_a_folder_without_slices_is_told(tmp_path):
    with pytest.raises(SystemExit, match=r"no index\.csv"):
        benchmark.main(["scan", "--slices", str(tmp_path)])
