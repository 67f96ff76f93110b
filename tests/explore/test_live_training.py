"""Training in a thread: the linear autoencoder finds PCA's plane; start, pause, step, reset; who waits for whom."""

import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from restoration.explore import datasets, live_training, training_thread
from restoration.explore.live_training import LiveTraining, Settings
from restoration.explore.pca import Pca, axis_angles, decoder_directions, principal_angles, reconstruction_errors
from restoration.inference.fair_lock import inference_lock

SECONDS = 240  # of a machine that is busy with other things


@pytest.fixture
def training():
    """Give ``training(settings)`` -> LiveTraining on few small digits; all are paused at the end."""
    begun = []

    def training(settings=None, points=300):
        begun.append(LiveTraining(datasets.load("digits8"), settings or Settings(), points))
        return begun[-1]

    yield training
    for one in begun:
        one.pause()
        assert one.wait(SECONDS)


def until(happened):
    last = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < last
        time.sleep(0.02)


@pytest.mark.parametrize("seed", range(5))
def test_a_linear_autoencoder_finds_the_plane_of_pca(seed):
    data = datasets.load("digits")
    linear = LiveTraining(data, Settings("linear", 2, seed=seed))
    linear.start()
    assert linear.wait(SECONDS)
    found = linear.snapshot()
    assert not found.problem
    assert found.epoch == live_training.EPOCHS["linear"]
    assert len(found.angles) == len(found.measured) > 2
    assert max(found.angles[0]) > 60  # it was far from it before
    assert max(found.angles[-1]) < 2
    # The plane is PCA's, the axes in it are not (Baldi and Hornik 1989).
    assert max(found.axes[-1]) > 5
    pca = Pca(linear.images, 2)
    best = reconstruction_errors(linear.images, pca.reconstruct(linear.images)).mean()
    assert reconstruction_errors(linear.images, found.reconstructed).mean() == pytest.approx(best, rel=0.01)
    drawn = decoder_directions(linear._autoencoder)
    assert principal_angles(pca.axes, drawn).max() == pytest.approx(max(found.angles[-1]), abs=0.01)
    assert axis_angles(pca.axes, drawn).max() == pytest.approx(max(found.axes[-1]), abs=0.01)


@pytest.mark.parametrize("kind", ["deep", "convolutional"])
def test_every_kind_learns(training, kind):
    one = training(Settings(kind, 4, depth=1))
    one.start(5)
    assert one.wait(SECONDS)
    found = one.snapshot()
    assert found.epoch == 5
    assert found.losses[-1] < found.losses[0]
    assert found.codes.shape == (300, 4)
    assert found.reconstructed.shape == one.images.shape
    assert found.unseen_error > 0
    assert found.angles == ()


def test_the_same_seed_is_the_same_training_and_another_is_another(training):
    losses = []
    for seed in (0, 0, 1):
        one = training(Settings("deep", seed=seed))
        one.start(2)
        assert one.wait(SECONDS)
        losses.append(one.snapshot().losses)
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert losses[0] != pytest.approx(losses[2], rel=1e-5)


def test_step_makes_one_epoch_and_start_goes_on_from_there(training):
    one = training()
    one.step()
    assert one.wait(SECONDS)
    first = one.snapshot()
    assert (first.epoch, first.running) == (1, False)
    one.start(9)
    assert one.wait(SECONDS)
    assert one.snapshot().epoch == 10
    assert one.snapshot().losses[0] == first.losses[0]


def test_pause_stops_and_reset_begins_anew(training):
    one = training()
    one.start(10**9)
    until(lambda: one.snapshot().epoch > 3)
    one.pause()
    assert not one.snapshot().running
    assert one.wait(SECONDS)
    stopped = one.snapshot().epoch
    one.step()
    assert one.wait(SECONDS)
    assert one.snapshot().epoch == stopped + 1
    fresh = one.reset(Settings("deep"))
    assert fresh.snapshot().epoch == 0
    assert fresh.settings.kind == "deep"
    assert one.snapshot().epoch == stopped + 1


def test_start_again_while_the_paused_thread_still_ends(training):
    one = training()
    one.start(10**9)
    until(lambda: one.snapshot().epoch > 1)
    one.pause()
    one.start(10**9)
    seen = one.snapshot().epoch
    until(lambda: one.snapshot().epoch > seen + 3)
    assert one.snapshot().running


def test_it_ends_when_nobody_asks_any_more(training, monkeypatch):
    one = training()
    one.start(10**9)
    until(lambda: one.snapshot().epoch > 1)
    monkeypatch.setattr(training_thread, "ABANDONED_SECONDS", 0.2)
    one._thread.join(SECONDS)
    assert not one.snapshot().running
    before = one.snapshot().epoch
    monkeypatch.undo()
    one.step()  # the visitor comes back
    assert one.wait(SECONDS)
    assert one.snapshot().epoch == before + 1


def test_it_yields_to_other_work_and_a_snapshot_never_waits(training):
    one = training()
    one.start(10**9)
    until(lambda: one.snapshot().epoch > 1)
    with inference_lock.hold():  # somebody restores a photograph
        still = one.snapshot().epoch
        for _ in range(20):
            time.sleep(0.01)
            assert one.snapshot().epoch <= still + 1  # the epoch that had ended when the lock was taken
        one.pause()  # answers though the thread waits in the queue
    assert one.wait(SECONDS)
    assert inference_lock.waiting == 0


def test_two_trainings_share_the_processor(training):
    both = [training(Settings(seed=seed)) for seed in (0, 1)]
    for one in both:
        one.start(10**9)
    for one in both:
        until(lambda one=one: one.snapshot().epoch > 5)


def test_a_training_that_diverges_says_so(training):
    one = training(Settings("linear", learning_rate=1e30))
    one.start(50)
    assert one.wait(SECONDS)
    found = one.snapshot()
    assert "diverged" in found.problem
    assert not found.running
    one.start()
    assert not one.snapshot().running


def test_no_thread_is_left_behind(training):
    training()
    assert not [thread for thread in threading.enumerate() if thread.name == "live-training"]


def table(columns):
    values = np.stack(columns, axis=1).astype(np.float32)
    return datasets.DataSet("table", values, np.zeros(len(values), int), ("rows",), len(values))


def test_an_axis_along_which_nothing_varies_has_no_angle():
    """Three equal columns vary along one axis: the second of two is arbitrary, and no error shows it."""
    column = np.linspace(-1.5, 1.5, 40)
    linear = LiveTraining(table([column] * 3), Settings("linear", 2))
    linear.start()
    assert linear.wait(SECONDS)
    found = linear.snapshot()
    assert reconstruction_errors(linear.images, found.reconstructed).max() < 1e-4
    assert len(found.angles[-1]) == len(found.axes[-1]) == 1
    assert max(found.angles[-1]) < 2


def test_a_set_that_does_not_vary_has_no_angles():
    constant = LiveTraining(table([np.ones(8)] * 3), Settings("linear", 2))
    constant.step()
    assert constant.wait(SECONDS)
    assert not constant.snapshot().problem
    assert constant.snapshot().angles == ()


def test_a_linear_autoencoder_is_centred(training):
    one = training()
    one.step()
    assert one.wait(SECONDS)
    mean = one.images.mean(axis=0)
    np.testing.assert_allclose(one._autoencoder.decode(np.zeros((1, 2), np.float32))[0], mean, atol=0.05)


@pytest.mark.parametrize(
    "loading", ["explore.build('linear', (8, 8, 1), 2)", "keras_runtime.build_network(card_for('denoise', 'fast'))"]
)
def test_the_garbage_collector_passes_over_what_keras_has_loaded(loading):
    code = (
        "import gc\nfrom restoration import explore\nfrom restoration.inference import keras_runtime\n"
        "from restoration.inference.card import card_for\n"
        f"{loading}\nprint(gc.get_freeze_count() > 4 * len(gc.get_objects()))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "True"
