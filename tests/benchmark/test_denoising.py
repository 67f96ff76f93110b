"""The table of denoisers: what it prints and counts, and that its noise is the published one."""

import json

import numpy as np
import pytest

from restoration.benchmark.__main__ import main
from restoration.benchmark.denoising import benchmark_denoise, noisy_version
from restoration.degrade import noise
from restoration.image import metrics
from restoration.inference.card import card_for
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


def test_noise_of_the_benchmark_is_the_published_one():
    image = np.full((3, 4, 3), 0.5, np.float32)
    expected = image + np.random.default_rng(7).normal(0, 15 / 255, image.shape)
    np.testing.assert_allclose(noisy_version(image, 7, 15), expected, atol=1e-7)


def test_the_benchmark_measures_other_noise_too(tmp_path):
    save_clean_images(tmp_path, "a.png")
    camera_scores = list(benchmark_denoise(tmp_path, [25], only=["Nothing", "Median"], kind="camera"))
    nothing, median = (row.psnr for row in camera_scores)
    degraded = noise.add_noise(sample("Cat").pixels[:64, :64], "camera", 25 / 255, seed=0)
    assert nothing == pytest.approx(metrics.psnr(degraded, sample("Cat").pixels[:64, :64]), abs=0.01)
    assert median > nothing
