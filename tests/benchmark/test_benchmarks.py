"""The benchmarks: what they print and count, that their noise is the published one, and the memory they measure."""

import json

import numpy as np
import pytest

from restoration.benchmark import int8_quantization
from restoration.benchmark.__main__ import main
from restoration.benchmark.cost_chart import cost_figure
from restoration.benchmark.denoising import DNCNN, benchmark_denoise, noisy_version
from restoration.benchmark.size_and_tiles import benchmark_tiles, denoise_file
from restoration.benchmark.timing import in_fresh_process
from restoration.degrade import noise
from restoration.image import metrics
from restoration.inference.card import card_for
from restoration.inference.hardware import best_precision
from restoration.inference.model import BYTES_PER_TILE_PIXEL
from restoration.photo.sample_photos import sample


def save_clean_images(folder, *names):
    for name in names:
        sample("Cat").with_pixels(sample("Cat").pixels[:64, :64]).save(folder / name)


def test_benchmark_prints_its_table(tmp_path, capsys):
    card = card_for("denoise", "best")
    save_clean_images(tmp_path, "a.png", "b.png")
    methods = [card.name, "Nothing", "Median", "CDnCNN-B's network (random weights)"]
    report = tmp_path / "report.json"
    main(["denoise", "--images", str(tmp_path), "--sigma", "25", "--only", *methods, "--json", str(report)])
    rows = {row["method"]: row for row in json.loads(report.read_text())["rows"]}
    assert list(rows) == methods
    assert rows[card.name]["psnr"] > rows["Median"]["psnr"] > 20
    assert rows["Nothing"]["psnr"] == pytest.approx(20.2, abs=0.2)
    assert rows[methods[3]]["psnr"] is None
    assert rows[methods[3]]["gflop_per_megapixel"] == pytest.approx(1330, rel=0.01)
    assert "Median" in capsys.readouterr().out


def test_24_megapixels_stay_under_two_gigabytes():
    _, peak_megabytes = in_fresh_process(denoise_file, 24)
    assert peak_megabytes < 2000


def test_noise_of_the_benchmark_is_the_published_one():
    image = np.full((3, 4, 3), 0.5, np.float32)
    expected = image + np.random.default_rng(7).normal(0, 15 / 255, image.shape)
    np.testing.assert_allclose(noisy_version(image, 7, 15), expected, atol=1e-7)


def test_a_tile_needs_the_memory_that_is_asked_for():
    card = card_for("denoise", "best")
    ((side, seconds, grown),) = benchmark_tiles(card, sides=[512], megapixels=0.8)
    assert (side, seconds > 0) == (512, True)
    assert 50 < grown < 1.2 * BYTES_PER_TILE_PIXEL[best_precision()]


def test_eight_bits_are_scored_beside_the_other_precisions(monkeypatch):
    monkeypatch.setattr(int8_quantization, "quantize", lambda network, batches: network)  # nncf is no dependency
    photo = np.rint(sample("Cat").pixels[:160, :160] * 255).astype(np.uint8)
    rows = list(int8_quantization.benchmark_int8(card_for("denoise", "fast").name, [photo], [photo[:64, :64] / 255]))
    *_, (precision, _, expected), (kind, seconds, scores) = rows
    assert (precision, kind) == (best_precision(), "int8")
    assert scores == expected
    assert list(scores) == [5, 15, 25, 50] == sorted(scores, key=scores.get, reverse=True)
    assert seconds > 0


def test_the_benchmark_measures_other_noise_too(tmp_path):
    save_clean_images(tmp_path, "a.png")
    camera_scores = list(benchmark_denoise(tmp_path, [25], only=["Nothing", "Median"], kind="camera"))
    nothing, median = (row.psnr for row in camera_scores)
    degraded = noise.add_noise(sample("Cat").pixels[:64, :64], "camera", 25 / 255, seed=0)
    assert nothing == pytest.approx(metrics.psnr(degraded, sample("Cat").pixels[:64, :64]), abs=0.01)
    assert median > nothing


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
