"""The command line: one file in, one file out, one sentence and an exit code when it fails."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import restoration
from restoration.benchmark import int8_quantization
from restoration.benchmark.__main__ import main as benchmark
from restoration.benchmark.cost_chart import cost_figure
from restoration.benchmark.denoising import DNCNN, benchmark_denoise
from restoration.benchmark.size_and_tiles import benchmark_tiles
from restoration.cli.main import main
from restoration.degrade import noise
from restoration.image import metrics
from restoration.inference.card import card_for
from restoration.inference.hardware import best_precision
from restoration.inference.model import BYTES_PER_TILE_PIXEL
from restoration.photo.sample_photos import sample


@pytest.fixture
def folder(tmp_path):
    truth = sample("Cat").pixels[:120, :160]
    noisy = restoration.add_noise(truth, level=25 / 255)
    sample("Cat").with_pixels(noisy).save(tmp_path / "noisy.png")
    return tmp_path


def test_it_denoises_a_file(folder, capsys):
    assert main(["denoise", str(folder / "noisy.png"), str(folder / "out.webp"), "--json", "--quality", "98"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["network"] == card_for("denoise", "best").name
    truth = sample("Cat").pixels[:120, :160]
    before, after = (restoration.Photo.open(folder / name).pixels for name in ("noisy.png", "out.webp"))
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth) + 4


def test_it_takes_the_mean_of_eight_runs(folder, capsys):
    assert main(["denoise", str(folder / "noisy.png"), str(folder / "out.png"), "--json", "--ensemble"]) == 0
    assert json.loads(capsys.readouterr().out)["ensemble"] is True
    noisy = restoration.Photo.open(folder / "noisy.png").pixels
    again = restoration.denoise(noisy, ensemble=True)
    assert restoration.psnr(restoration.Photo.open(folder / "out.png").pixels, again) > 55  # 8 bits


def test_it_colours_a_file_as_told(folder, capsys):
    gray = restoration.to_gray(sample("Cat").pixels[:120, :160])
    sample("Cat").with_pixels(gray).save(folder / "gray.png")
    asked = [str(folder / "gray.png"), str(folder / "out.png"), "--saturation", "1.5", "--hint", "60,80,#3a6ea5"]
    assert main(["colorize", *asked, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["network"] == card_for("colorize", "best").name
    assert report["hints"] == [[60, 80, [58 / 255, 110 / 255, 165 / 255]]]
    painted = restoration.Photo.open(folder / "out.png").pixels
    again = restoration.colorize(gray, saturation=1.5, hints=[(60, 80, (58 / 255, 110 / 255, 165 / 255))])
    assert restoration.psnr(painted, again) > 40  # the file holds 8 bits of the gray


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jpg", "out.png"], "nowhere.jpg"),
        (["noisy.png", "out.xyz"], "xyz"),
        (["noisy.png", "out.png", "--preset", "magic"], "magic"),
        (["noisy.png", "out.png", "--strength", "2"], "strength"),
        (["noisy.png", "out.png", "--max-megapixels", "0.001"], "megapixel"),
        (["noisy.png", "out.png", "--max-megapixels", "nan"], "above 0"),
        (["noisy.png", "out.png", "--max-megapixels", "inf"], "above 0"),
        (["noisy.png", "out.png", "--sigma", "300"], "--sigma is 300.0; it must be a number between 0 and 255"),
    ],
)
def test_a_failure_is_one_sentence(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(folder)
    assert main(["denoise", *arguments]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (folder / "out.png").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["out.xyz"], "out.xyz: The format '.xyz'"),
        (["nowhere/out.png"], "There is no folder nowhere"),
        (["."], "This is a folder"),
        (["out.png", "--quality", "0"], "quality is 0"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_the_work(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(restoration.Photo, "open", None)
    assert main(["denoise", "noisy.png", *arguments]) == 1
    assert words in capsys.readouterr().err


def run_alone(folder, target, **environment):
    command = [sys.executable, "-m", "restoration", "denoise", "noisy.png", target, "--preset", "fast"]
    return subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, check=False)


def test_an_unknown_runtime_is_one_sentence(folder):
    done = run_alone(folder, "out.png", LATENT_DARKROOM_RUNTIME="abacus")
    assert (done.returncode, done.stderr.count(b"\n"), b"abacus" in done.stderr) == (1, 1, True), done.stderr


def test_a_name_that_the_console_cannot_show_is_no_failure(folder):
    done = run_alone(folder, "out-\u2603.png", PYTHONIOENCODING="cp1252")
    assert (done.returncode, b"out-\\u2603.png" in done.stdout) == (0, True), done.stderr
    assert (folder / "out-\u2603.png").exists()


def test_a_hint_that_is_none_is_shown_one(folder, capsys):
    with pytest.raises(SystemExit):
        main(["colorize", str(folder / "noisy.png"), str(folder / "out.png"), "--hint", "1,2,#fff"])
    assert "'1,2,#fff' is no hint; give ROW,COLUMN,#RRGGBB" in capsys.readouterr().err


def test_benchmark_prints_its_table(folder, capsys):
    card = card_for("denoise", "best")
    (folder / "clean").mkdir()
    for name in ("a.png", "b.png"):
        sample("Cat").with_pixels(sample("Cat").pixels[:64, :64]).save(folder / "clean" / name)
    methods = [card.name, "Nothing", "Median", "CDnCNN-B's network (random weights)"]
    report = folder / "report.json"
    benchmark(
        ["denoise", "--images", str(folder / "clean"), "--sigma", "25", "--only", *methods, "--json", str(report)]
    )
    rows = {row["method"]: row for row in json.loads(report.read_text())["rows"]}
    assert list(rows) == methods
    assert rows[card.name]["psnr"] > rows["Median"]["psnr"] > 20
    assert rows["Nothing"]["psnr"] == pytest.approx(20.2, abs=0.2)
    assert rows[methods[3]]["psnr"] is None
    assert rows[methods[3]]["gflop_per_megapixel"] == pytest.approx(1330, rel=0.01)
    assert "Median" in capsys.readouterr().out


def test_24_megapixels_stay_under_two_gigabytes():
    from restoration.benchmark.size_and_tiles import denoise_file
    from restoration.benchmark.timing import in_fresh_process

    _, peak_megabytes = in_fresh_process(denoise_file, 24)
    assert peak_megabytes < 2000


def test_noise_of_the_benchmark_is_the_published_one():
    from restoration.benchmark.denoising import noisy_version

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


def test_the_benchmark_measures_other_noise_too(folder):
    (folder / "clean").mkdir()
    sample("Cat").with_pixels(sample("Cat").pixels[:64, :64]).save(folder / "clean" / "a.png")
    photographed = list(benchmark_denoise(folder / "clean", [25], only=["Nothing", "Median"], kind="camera"))
    nothing, median = (row.psnr for row in photographed)
    spoiled = noise.add_noise(sample("Cat").pixels[:64, :64], "camera", 25 / 255, seed=0)
    assert nothing == pytest.approx(metrics.psnr(spoiled, sample("Cat").pixels[:64, :64]), abs=0.01)
    assert median > nothing


def test_the_cost_chart_shows_what_was_measured(tmp_path, capsys, repo):
    benchmark(["chart", str(tmp_path / "cost.html")])
    assert "plotly" in (tmp_path / "cost.html").read_text()[:5000].lower()
    measured = json.loads((repo / "weights" / "benchmark-denoise.json").read_text())
    ours, others = cost_figure(measured).data
    best = next(row for row in measured["rows"] if row["method"] == ours.text[-1] and row["sigma_255"] == 25)
    assert (ours.x[-1], ours.y[-1]) == (best["gflop_per_megapixel"], best["psnr"])
    # The timed stand-in has CDnCNN-B's layers: its cost is the published network's.
    timed = next(row for row in measured["rows"] if row["method"] == DNCNN)
    assert others.x[others.text.index("CDnCNN-B")] == pytest.approx(timed["gflop_per_megapixel"], abs=0.1)
