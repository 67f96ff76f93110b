"""Two runtimes give one result; the cache holds what was exported, or it is exported again."""

import dataclasses
import hashlib
import logging
import os
import subprocess
import sys

import numpy as np
import pytest

from restoration.degrade.noise import add_noise
from restoration.image.metrics import psnr
from restoration.inference import hardware, keras_runtime, openvino_export, openvino_runtime, runtime
from restoration.inference.card import card_for, models
from restoration.inference.model import Model
from restoration.inference.runner import InferenceError
from restoration.networks import BUILDERS
from restoration.networks.compression_autoencoder import PARTS
from restoration.photo.sample_photos import sample

CARDS = {card.name: card for card in models()}
SMALL = CARDS["denoise-lecture-1"]
EVERY_OUTPUT = [
    (card.name, scale, part)
    for card in CARDS.values()
    for scale in card.scales
    for part in (PARTS if card.task == "compress" else ("",))
]


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(openvino_export, "_cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(openvino_export, "_config_folder", lambda: tmp_path / "config")
    return tmp_path / "cache"


def batch_for(run, height=48, width=72, seed=0):
    """Make what a network takes, of about a size where it is free to choose."""
    taken = zip(run.input_shape, (1, 1, height, width), strict=True)
    return np.random.default_rng(seed).random([fixed or free for fixed, free in taken], np.float32)


def used(card, output):
    """Return what an image is made from: of logits, the probabilities."""
    if card.builder != "color_autoencoder":
        return output
    probabilities = np.exp(output - output.max(axis=1, keepdims=True))
    return probabilities / probabilities.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("card", "scale", "part"), EVERY_OUTPUT, ids=str)
def test_both_runtimes_give_the_same_result(card, scale, part):
    card = CARDS[card]
    fast, reference = (
        runtime.load_runner(card, "float32", name, output=card.output(scale), part=part)
        for name in ("openvino", "tensorflow")
    )
    assert (fast.runtime, reference.runtime) == ("openvino", "tensorflow")
    assert fast.input_shape == reference.input_shape
    for height, width in ((64, 64), (192, 128)):
        batch = batch_for(fast, height, width)
        mine, theirs = fast(batch), reference(batch)
        assert mine.shape == theirs.shape
        assert mine.dtype == np.float32
        assert np.abs(used(card, mine) - used(card, theirs)).max() < 1e-4


def test_a_result_stays_what_it_was_when_the_next_image_runs():
    first_image, second_image = np.random.default_rng(0).random((2, 40, 60, 3), np.float32)
    model = Model(SMALL, "float32")
    restored, whole = model(first_image, (0.0, 0.0)), model.run_whole(np.zeros((1, 16, 16, 5), np.float32))
    before = restored.copy(), whole.copy()
    model(second_image, (0.0, 0.0))
    model.run_whole(np.ones((1, 16, 16, 5), np.float32))
    np.testing.assert_array_equal(restored, before[0])
    np.testing.assert_array_equal(whole, before[1])


def test_half_precision_costs_no_more_than_the_eye_can_see():
    truth = sample("Cat").pixels[:256, :256]
    noisy = add_noise(truth, level=25 / 255, seed=0)
    scores = {
        precision: psnr(Model(card_for("denoise", "best"), precision)(noisy, (0.0, 0.0)), truth)
        for precision in hardware.PRECISIONS
    }
    assert scores["bfloat16"] > scores["float32"] - 0.02


def test_each_of_several_outputs_can_be_asked_for():
    import keras

    given = keras.Input((None, None, 3))
    twice = keras.layers.Rescaling(2.0, name="z")(given)
    network = keras.Model(given, [twice, keras.layers.Rescaling(3.0, name="a")(given)])
    exported = openvino_export.export(network)
    batch = np.random.default_rng(0).random((1, 3, 8, 8), np.float32)
    for output, factor in enumerate((2, 3)):
        fast = openvino_runtime.make_runner(exported, "float32", output)
        np.testing.assert_allclose(fast(batch), factor * batch, rtol=1e-6)
        reference = keras_runtime.make_runner(network, "float32", output)
        np.testing.assert_allclose(reference(batch), factor * batch, rtol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("decoder", ["transpose", "upsample"])
def test_an_exported_network_gives_the_same_numbers(decoder, channels):
    config = {"widths": [8, 16], "blocks": [0, 1], "decoder": decoder, "last_size": 6, "channels": channels}
    network = BUILDERS["residual_autoencoder"](**config)
    run = openvino_runtime.make_runner(openvino_export.export(network), "float32")
    batch = np.random.default_rng(0).random((2, channels + 2, 24, 36), np.float32)
    restored = np.asarray(network(batch.transpose(0, 2, 3, 1)))
    np.testing.assert_allclose(run(batch), restored.transpose(0, 3, 1, 2), atol=1e-5)
    assert run.input_shape == (None, channels + 2, None, None)


def test_the_image_itself_is_not_rounded_where_the_network_computes_in_half_precision():
    network = BUILDERS["residual_autoencoder"](widths=[8, 16], blocks=[0, 1])
    network.set_weights([np.zeros_like(weights) for weights in network.get_weights()])
    batch = np.random.default_rng(0).random((1, 5, 24, 36), np.float32)
    run = openvino_runtime.make_runner(openvino_export.export(network), "bfloat16")
    np.testing.assert_array_equal(run(batch), batch[:, :3])


def test_the_runtime_is_a_setting(monkeypatch):
    monkeypatch.setenv(runtime.SETTING, "tensorflow")
    assert runtime.load_runner(SMALL).runtime == "tensorflow"
    monkeypatch.setenv(runtime.SETTING, "openvino")
    assert runtime.load_runner(SMALL).runtime == "openvino"
    monkeypatch.setenv(runtime.SETTING, "abacus")
    with pytest.raises(InferenceError, match=r"'abacus' is unknown.*openvino, tensorflow"):
        runtime.load_runner(SMALL)


def test_tensorflow_stands_in_where_openvino_is_missing(monkeypatch, caplog):
    monkeypatch.delenv(runtime.SETTING, raising=False)
    monkeypatch.setitem(sys.modules, "openvino", None)  # as if it were not installed
    with caplog.at_level(logging.WARNING):
        run = runtime.load_runner(SMALL)
    assert run.runtime == "tensorflow"
    assert "OpenVINO cannot run denoise-lecture-1" in caplog.text
    assert run(batch_for(run)).shape == (1, 3, 48, 72)
    with pytest.raises(InferenceError, match=f"Set {runtime.SETTING} to tensorflow"):
        runtime.load_runner(SMALL, runtime="openvino")


def count_exports(monkeypatch, exported):
    """Let every further export give `exported`; return the list that grows with each."""
    calls = []
    monkeypatch.setattr(openvino_export, "_export_in_process", lambda *_: calls.append(1) or exported)
    return calls


def with_own_hash(content):
    """Make a file of the cache as somebody makes it who does not know the user's key."""
    return hashlib.sha256(content).digest() + content


def test_an_export_is_made_once_and_again_if_changed(empty_cache, monkeypatch):
    made = openvino_export.export_of_card(SMALL, SMALL.weights())
    (path,) = empty_cache.iterdir()
    calls = count_exports(monkeypatch, made)
    assert openvino_export.export_of_card(SMALL, SMALL.weights()) == made
    assert calls == []
    whole = path.read_bytes()
    flipped = whole[:-1] + bytes([whole[-1] ^ 1])
    for changed in (whole[:1000], b"", flipped, bytes([whole[0] ^ 1]) + whole[1:], with_own_hash(flipped[32:])):
        path.write_bytes(changed)
        assert openvino_export.export_of_card(SMALL, SMALL.weights()) == made
        assert path.read_bytes() == whole
    assert len(calls) == 5


def test_the_file_of_another_network_or_another_user_is_exported_again(empty_cache, monkeypatch, tmp_path):
    calls = count_exports(monkeypatch, (b"graph", b"constants"))
    mine = empty_cache / "mine.openvino"
    openvino_export._write(empty_cache / "other.openvino", (b"graph", b"other constants"))
    (empty_cache / "other.openvino").rename(mine)
    assert openvino_export._read(mine) is None
    openvino_export.export_of_card(SMALL, SMALL.weights())
    key = tmp_path / "config" / "cache.key"
    for other_key in (bytes(32), b"cut off"):
        key.write_bytes(other_key)
        for _ in range(2):
            assert openvino_export.export_of_card(SMALL, SMALL.weights()) == (b"graph", b"constants")
    assert len(calls) == 3
    assert key.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_a_failed_export_leaves_nothing_behind(empty_cache, tmp_path):
    with pytest.raises(RuntimeError, match="export failed"):
        openvino_export.export_of_card(SMALL, tmp_path / "missing.weights.h5")
    assert list(empty_cache.glob("*")) == []


def test_other_weights_or_another_shape_are_another_export():
    keys = {
        openvino_export._export_id("loader", {"config": card.config}, card.sha256)
        for card in (
            SMALL,
            dataclasses.replace(SMALL, sha256="0" * 64),
            dataclasses.replace(SMALL, config={**SMALL.config, "decoder": "upsample"}),
        )
    }
    assert len(keys) == 3


def test_restoring_loads_neither_keras_nor_tensorflow(repo):
    runtime.load_runner(SMALL, runtime="openvino")  # so that it lies in the cache
    code = (
        "import sys, numpy, restoration;"
        "restoration.denoise(numpy.zeros((40, 60, 3), numpy.float32), preset='lecture');"
        "print([m for m in ('keras', 'tensorflow', 'h5py', 'streamlit', 'openvino_telemetry') if sys.modules.get(m)])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repo)
    assert shown.stdout.strip() == "[]"
