"""The engine: two runtimes, one picture; and what is kept in the cache is what was exported, or is made again."""

import dataclasses
import logging
import subprocess
import sys

import numpy as np
import pytest

from restoration.degrade.noise import add_noise
from restoration.image.metrics import psnr
from restoration.inference import hardware, openvino_runtime, runtime
from restoration.inference.card import card_for, models
from restoration.inference.model import Model
from restoration.networks import BUILDERS
from restoration.photo.sample_photos import sample

CARDS = {card.name: card for card in models()}
SMALL = CARDS["denoise-lecture-1"]


@pytest.fixture(params=CARDS)
def card(request):
    return CARDS[request.param]


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(openvino_runtime, "_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def batch_for(run, height=48, width=72, seed=0):
    """Make what a network takes, of about a size where it is free to choose."""
    taken = zip(run.takes, (1, height, width, 1), strict=True)
    return np.random.default_rng(seed).random([fixed or free for fixed, free in taken], np.float32)


def arrays(outputs):
    return outputs if isinstance(outputs, tuple) else (outputs,)


def used(card, output):
    """Return what a picture is made from: of the logarithms of chances, the chances."""
    if card.builder != "color_autoencoder":
        return output
    chances = np.exp(output - output.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True)


def test_both_runtimes_give_the_same_picture(card):
    fast, reference = (runtime.runner(card, "float32", name) for name in ("openvino", "tensorflow"))
    assert (fast.runtime, reference.runtime) == ("openvino", "tensorflow")
    assert fast.takes == reference.takes
    for height, width in ((64, 64), (192, 128)):
        batch = batch_for(fast, height, width)
        for mine, theirs in zip(arrays(fast(batch)), arrays(reference(batch)), strict=True):
            assert mine.shape == theirs.shape
            assert mine.dtype == np.float32
            assert np.abs(used(card, mine) - used(card, theirs)).max() < 1e-4


def test_a_result_stays_what_it_was_when_the_next_batch_runs():
    run = runtime.runner(SMALL, "float32", "openvino")
    first = run(batch_for(run, seed=1))
    kept = first.copy()
    run(batch_for(run, seed=2))
    np.testing.assert_array_equal(first, kept)


def test_half_precision_costs_no_more_than_the_eye_can_see():
    truth = sample("Cat").pixels[:256, :256]
    noisy = add_noise(truth, level=25 / 255, seed=0)
    scores = {
        precision: psnr(Model(card_for("denoise", "best"), precision)(noisy, (0.0, 0.0)), truth)
        for precision in hardware.PRECISIONS
    }
    assert scores["bfloat16"] > scores["float32"] - 0.02


def test_several_outputs_come_back_in_their_order():
    import keras

    given = keras.Input((None, None, 3))
    twice = keras.layers.Rescaling(2.0, name="z")(given)
    network = keras.Model(given, [twice, keras.layers.Rescaling(3.0, name="a")(given)])
    batch = np.random.default_rng(0).random((1, 8, 8, 3), np.float32)
    for run in (
        runtime.openvino_runner(openvino_runtime.export(network), "float32"),
        runtime.tensorflow_runner(network, "float32"),
    ):
        first, second = run(batch)
        np.testing.assert_allclose(first, 2 * batch, rtol=1e-6)
        np.testing.assert_allclose(second, 3 * batch, rtol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("decoder", ["transpose", "upsample"])
def test_corrections_are_added_in_their_places(decoder, channels):
    config = {"widths": [8, 16], "blocks": [0, 1], "decoder": decoder, "last_size": 6, "channels": channels}
    network = BUILDERS["residual_autoencoder"](**config)
    card = dataclasses.replace(SMALL, builder="residual_autoencoder", config=config)
    fast = runtime.openvino_runner(openvino_runtime.export(network), "float32", ending=runtime.ending_of(card))
    batch = np.random.default_rng(0).random((2, 24, 36, channels + 2), np.float32)
    np.testing.assert_allclose(fast(batch), network(batch), atol=1e-5)
    assert fast.takes == network.input.shape


def test_the_runtime_is_a_setting(monkeypatch):
    monkeypatch.setenv(runtime.SETTING, "tensorflow")
    assert runtime.runner(SMALL).runtime == "tensorflow"
    monkeypatch.setenv(runtime.SETTING, "openvino")
    assert runtime.runner(SMALL).runtime == "openvino"
    monkeypatch.setenv(runtime.SETTING, "abacus")
    with pytest.raises(runtime.EngineError, match=r"'abacus' is unknown.*openvino, tensorflow"):
        runtime.runner(SMALL)


def test_tensorflow_stands_in_where_openvino_is_missing(monkeypatch, caplog):
    monkeypatch.delenv(runtime.SETTING, raising=False)
    monkeypatch.setitem(sys.modules, "openvino", None)  # as if it were not installed
    with caplog.at_level(logging.WARNING):
        run = runtime.runner(SMALL)
    assert run.runtime == "tensorflow"
    assert "TensorFlow runs denoise-lecture-1" in caplog.text
    assert run(batch_for(run)).shape == (1, 48, 72, 3)
    with pytest.raises(runtime.EngineError, match=f"Set {runtime.SETTING}=tensorflow"):
        runtime.runner(SMALL, runtime="openvino")


def test_an_export_is_made_once_and_again_if_damaged(empty_cache, monkeypatch):
    made = openvino_runtime.network(SMALL, SMALL.weights())
    (path,) = empty_cache.iterdir()
    monkeypatch.setattr(openvino_runtime, "_make", lambda *_: pytest.fail("made though it was there"))
    assert openvino_runtime.network(SMALL, SMALL.weights()) == made
    whole = path.read_bytes()
    again = lambda *_: path.write_bytes(whole)  # noqa: E731
    for damage in (whole[:1000], b"", whole[:-1] + bytes([whole[-1] ^ 1]), bytes([whole[0] ^ 1]) + whole[1:]):
        path.write_bytes(damage)
        calls = []
        monkeypatch.setattr(openvino_runtime, "_make", lambda *_, calls=calls: calls.append(again()))
        assert openvino_runtime.network(SMALL, SMALL.weights()) == made
        assert len(calls) == 1


def test_a_failed_export_leaves_nothing_behind(empty_cache, tmp_path):
    with pytest.raises(RuntimeError, match="export failed"):
        openvino_runtime.network(SMALL, tmp_path / "missing.weights.h5")
    assert list(empty_cache.iterdir()) == []


def test_other_weights_or_another_shape_are_another_export():
    keys = {
        openvino_runtime._key(card)
        for card in (
            SMALL,
            dataclasses.replace(SMALL, sha256="0" * 64),
            dataclasses.replace(SMALL, config={**SMALL.config, "decoder": "upsample"}),
        )
    }
    assert len(keys) == 3


def test_restoring_loads_neither_keras_nor_tensorflow(repo):
    runtime.runner(SMALL, runtime="openvino")  # so that it lies in the cache
    code = (
        "import sys, numpy, restoration;"
        "restoration.denoise(numpy.zeros((40, 60, 3), numpy.float32), preset='lecture');"
        "print([m for m in ('keras', 'tensorflow', 'h5py', 'streamlit', 'openvino_telemetry') if sys.modules.get(m)])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repo)
    assert shown.stdout.strip() == "[]"
