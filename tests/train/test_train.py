"""Training goes on where it was killed, and what it publishes is what it learned."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from restoration import networks
from restoration.inference import keras_runtime
from restoration.photo.sample_photos import SAMPLES, sample
from restoration.train import loop, train_colorize
from restoration.train.colorize_pairs import Photographs
from restoration.train.denoise_pairs import denoising_pair
from restoration.train.losses import LOSSES
from restoration.train.muon import ConvolutionalMuon
from restoration.train.patches import Patches, load_photos
from restoration.train.publish import publish
from restoration.train.recipes import RECIPES, Stage
from restoration.train.train_restore import Run
from restoration.train.warm_start import begin


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in SAMPLES:
        pixels = np.rint(sample(name).pixels[:200, :200] * 255).astype(np.uint8)
        Image.fromarray(np.broadcast_to(pixels, (200, 200, 3))).save(folder / f"{name}.png")
    return folder


def test_photographs_of_a_folder_are_drawn_more_often(photos):
    once, held_back = load_photos(photos.parent)
    often, same = load_photos(photos.parent, often={photos.name: 3})
    assert len(often) == 3 * len(once)
    assert len(same) == len(held_back) == 1


def test_batches_depend_on_seed_and_step_alone(photos):
    training, held_back = load_photos(photos)
    assert len(training) + len(held_back) == len(SAMPLES)
    first, again, other = (
        Patches(training, denoising_pair, seed).batch(step, 32, 2)[0] for seed, step in [(1, 5), (1, 5), (1, 6)]
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_it_learns_and_publishes(photos, tmp_path, monkeypatch):
    seconds = itertools.count()  # a clock that counts its readings, so that the steps do not depend on the machine
    monkeypatch.setattr(loop, "time", SimpleNamespace(time=lambda: next(seconds)))
    recipe = replace(RECIPES["denoise-lecture-1"], warmup_steps=1, averaging=0.9, stages=(Stage(1.0, 64, 8),))
    training, held_back = load_photos(photos)
    run = Run(recipe, training, held_back, tmp_path / "run", hours=300 / 3600)
    before = run.held_back_psnr(run.network)
    run.train()
    assert 150 <= run.step <= 300
    assert run.held_back_psnr(run.averaged()) > before + 2
    card = publish("denoise-lecture-9", run, "command", tmp_path)
    assert card.trained["steps"] == run.step > 0
    network = keras_runtime.build_network(card)
    network.load_weights(card.weights(tmp_path))
    for published, average in zip(network.get_weights(), run.averaged().get_weights(), strict=True):
        np.testing.assert_array_equal(published, average)
    assert card.went_on_from() == ""
    assert card.learned(tmp_path)[-1][0] == run.step
    second = publish("denoise-lecture-10", run, "command", tmp_path, start=tmp_path / "denoise-lecture-9.weights.h5")
    third = publish("denoise-lecture-11", run, "command", tmp_path, start=tmp_path / "denoise-lecture-10.weights.h5")
    assert [one["name"] for one in third.trained["before"]] == ["denoise-lecture-9", "denoise-lecture-10"]
    assert f"denoise-lecture-9 ({run.step} steps" in second.went_on_from()
    assert "published" not in second.went_on_from()
    second.trained["kept"] = 0.25
    assert "are 25 % those of denoise-lecture-9" in second.went_on_from()
    resumed = Run(recipe, training, held_back, tmp_path / "run", hours=300 / 3600)
    assert resumed.step == run.step
    assert resumed.spent == 1


def begun(recipe, photos, folder):
    """Return a network with random weights, and where these lie with their card."""
    run = Run(recipe, *load_photos(photos), folder / "before", hours=1)
    start = publish(f"denoise-{recipe.preset}-9", run, "command", folder).weights(folder)
    run.network.save_weights(start)
    return run.network, start


def test_a_share_of_the_weights_it_began_from_is_kept(photos, tmp_path):
    recipe = replace(RECIPES["denoise-lecture-1"], kept=0.25)
    before, start = begun(recipe, photos, tmp_path)
    run = Run(recipe, *load_photos(photos), tmp_path / "run", hours=1, start=start)
    averages = run.optimizer._model_variables_moving_average
    for variable, average in zip(run.network.trainable_variables, averages, strict=True):
        average.assign(variable + 1)
    for published, began in zip(run.finished().get_weights(), before.get_weights(), strict=True):
        np.testing.assert_allclose(published, began + 0.75, rtol=1e-5)
    assert run.source()["kept"] == 0.25


def test_a_grown_network_begins_with_what_the_smaller_one_computes(photos, tmp_path):
    small = {"widths": [8, 16], "blocks": [1, 1]}
    recipe = replace(RECIPES["denoise-best-1"], config=small)
    before, start = begun(recipe, photos, tmp_path)
    given = np.random.default_rng(0).random((1, 16, 16, 5), np.float32)
    grown = networks.residual_autoencoder(**small, decoder_blocks=[2], last_size=6)
    assert not np.allclose(grown(given), before(given), atol=1e-3)
    begin(grown, start)
    np.testing.assert_allclose(grown(given), before(given), atol=1e-6)
    assert np.any(grown.get_layer("decode0_1_a").get_weights()[0])  # zeros here too would never learn
    narrowed = networks.residual_autoencoder(**small, closing=1)
    begin(narrowed, start)
    ends = [network.get_layer("code_0_b").get_weights()[0] for network in (narrowed, before)]
    np.testing.assert_array_equal(ends[0], ends[1][1:2, 1:2])
    shortened = networks.residual_autoencoder(**small, decoder_blocks=[0])
    begin(shortened, start)
    before.get_layer("decode0_0_b").set_weights([np.zeros_like(before.get_layer("decode0_0_b").get_weights()[0])])
    np.testing.assert_allclose(shortened(given), before(given), atol=1e-6)
    with pytest.raises(ValueError, match="down1, up0"):
        begin(networks.residual_autoencoder(widths=[8], blocks=[1]), start)
    with pytest.raises(ValueError, match="cannot grow"):
        begin(networks.residual_autoencoder(widths=[8, 12], blocks=[1, 1]), start)


@pytest.mark.parametrize("decoder", ["transpose", "upsample"])
def test_channels_that_are_new_add_nothing_at_first_and_can_learn(decoder, photos, tmp_path):
    recipe = replace(RECIPES["denoise-best-1"], config={"widths": [8, 16], "blocks": [1, 1], "decoder": decoder})
    before, start = begun(recipe, photos, tmp_path)
    given = np.random.default_rng(0).random((1, 16, 16, 5), np.float32)
    wide = networks.residual_autoencoder(widths=[12, 24], blocks=[1, 1], decoder=decoder)
    begin(wide, start)
    np.testing.assert_allclose(wide(given), before(given), atol=1e-6)
    first = keras.Model(wide.input, wide.get_layer("code_0_a").output)
    assert np.any(first(given)[..., 16:])


def test_muon_steps_in_all_directions_of_a_kernel_alike():
    generator = np.random.default_rng(1)
    optimizer = ConvolutionalMuon(0.1, weight_decay=None, adam_weight_decay=None)
    inner = keras.Variable(np.zeros((3, 3, 32, 24), np.float32))
    picture = keras.Variable(np.zeros((3, 3, 3, 24), np.float32))
    # One direction of the gradient is some forty times as steep as the others.
    steep = generator.normal(size=(288, 1)) * generator.normal(size=(1, 24))
    gradient = np.float32(10 * steep + generator.normal(size=(288, 24))).reshape(3, 3, 32, 24)
    optimizer.apply([gradient, np.ones((3, 3, 3, 24), np.float32)], [inner, picture])
    lengths = np.linalg.svd(keras.ops.convert_to_numpy(inner).reshape(288, 24), compute_uv=False)
    assert np.all(lengths > 0.5 * lengths[0])
    # As long as a step of Adam: a fifth of the rate in each weight, times the chance of both signs.
    assert 0.005 < np.sqrt(np.mean(np.square(keras.ops.convert_to_numpy(inner)))) < 0.03
    np.testing.assert_allclose(keras.ops.convert_to_numpy(picture), -0.1, rtol=1e-3)


@pytest.mark.parametrize(("name", "alike"), [("seen_psnr", True), ("mean_psnr", False)])
def test_with_the_seen_error_alone_noise_of_every_level_pulls_alike(name, alike):
    noise = np.random.default_rng(0).normal(size=(1, 32, 32, 3)).astype(np.float32)

    def pull(error):
        restored = tf.Variable(error * noise)
        with tf.GradientTape() as tape:
            loss = LOSSES[name](tf.zeros_like(restored), restored)
        return float(tf.norm(tape.gradient(loss, restored)))

    # What is left of a file without noise, and of white noise of sigma 15 and 50.
    pulls = [pull(error / 255) for error in (0.8, 5, 10)]
    assert (max(pulls) < 2 * min(pulls)) == alike


def test_colours_are_learned_and_the_best_snapshot_is_published(photos, tmp_path, monkeypatch):
    seconds = itertools.count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(time=lambda: next(seconds)))
    held_back = next(f"{number}.png" for number in range(1000) if zlib.crc32(f"{number}.png".encode()) % 100 == 0)
    (photos / "Cat.png").rename(photos / held_back)
    recipe = replace(
        train_colorize.RECIPES["lecture"],
        config={"side": 32, "widths": [16, 32, 64], "code": 64},
        stages=(Stage(1.0, 32, 8),),
        warmup_steps=1,
        averaging=0.9,
    )
    photographs = Photographs(photos, tmp_path / "cache")
    assert [len(photographs.held_back), len(photographs.large)] == [1, len(SAMPLES) - 1]
    run = train_colorize.ColorRun(recipe, photographs, tmp_path / "run", hours=200 / 3600)
    before = run.judge()["ab_rmse"]
    run.train()
    assert run.best < before
    again = train_colorize.ColorRun(recipe, photographs, tmp_path / "run", hours=200 / 3600)
    assert (again.step, again.best, again.spent) == (run.step, run.best, 1)
    card = publish("colorize-lecture-9", run, "command", tmp_path)
    network = keras_runtime.build_network(card)
    network.load_weights(card.weights(tmp_path))
    for published, snapshot in zip(network.get_weights(), run.finished().get_weights(), strict=True):
        np.testing.assert_array_equal(published, snapshot)


@pytest.mark.parametrize("xla_wins", [False, True])
def test_the_faster_kind_of_step_is_kept_and_the_timing_changes_nothing(photos, tmp_path, monkeypatch, xla_wins):
    run = Run(RECIPES["denoise-lecture-1"], *load_photos(photos), tmp_path / "run", hours=1, xla=None)
    before = [np.array(keras.ops.convert_to_numpy(variable)) for variable in run._variables()]

    def timed(function):
        function()
        return 1.0 if run.network.jit_compile == xla_wins else 2.0

    monkeypatch.setattr(loop, "seconds", timed)
    assert run._faster_with_xla() is xla_wins
    assert run.network.jit_compile is xla_wins
    for variable, value in zip(run._variables(), before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable), value)


def test_a_kill_at_any_moment_loses_little(photos, tmp_path):
    """Kill a run twice, then see that it went on from its checkpoint rather than from the start."""
    folder = tmp_path / "run"
    code = (
        "import sys; from restoration.train import loop, __main__;"
        "loop.CHECKPOINT_SECONDS, loop.REPORT_STEPS = 0.3, 5;"
        f"sys.argv[1:] = ['denoise-lecture-1', '--photos', {str(photos)!r}, '--folder', {str(folder)!r},"
        "'--hours', '1', '--precision', 'float32', '--no-xla']; __main__.main()"
    )
    steps = []
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log, lines = folder / "log.jsonl", _lines(folder / "log.jsonl")
        while len(_lines(log)) < len(lines) + 4:
            assert process.poll() is None, "the training ended by itself"
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with np.load(folder / "checkpoint.npz") as checkpoint:
            steps.append(json.loads(str(checkpoint["state"]))["step"])
    assert 0 < steps[0] < steps[1]
    second_begins = _lines(log)[len(lines)]["step"]
    assert second_begins >= steps[0]


def test_networks_of_both_decoders_are_whole():
    for decoder in ("transpose", "upsample"):
        network = networks.residual_autoencoder(widths=[8, 16], blocks=[1, 1], decoder=decoder)
        assert network(np.zeros((1, 8, 12, 5), np.float32)).shape == (1, 8, 12, 3)
        assert networks.stride(network) == 4
    late = networks.residual_autoencoder(widths=[8, 16], blocks=[0, 1], decoder_blocks=[2, 0])
    assert [layer.name for layer in late.layers if layer.name.endswith("_a")] == [
        "code_0_a",
        "decode0_0_a",
        "decode0_1_a",
    ]
    with pytest.raises(ValueError, match="transpose"):
        networks.residual_autoencoder(widths=[8], blocks=[1], decoder="magic")


def test_blocks_that_close_with_a_point_cost_little_more_than_half():
    plain, pointed = (networks.residual_autoencoder(widths=[8], blocks=[8], closing=closing) for closing in (3, 1))
    outside = networks.residual_autoencoder(widths=[8], blocks=[0])
    cost, half, rest = (networks.gflop_per_megapixel(network) for network in (plain, pointed, outside))
    assert (half - rest) / (cost - rest) == pytest.approx((9 + 1) / (9 + 9))
    # A block's 3 x 3 kernels at half the resolution reach two pixels each, its points none.
    reach, less = (networks.receptive_radius(network) for network in (plain, pointed))
    assert reach - less == 8 * 2


def _lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
