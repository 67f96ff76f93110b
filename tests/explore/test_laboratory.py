"""The laboratory: pause, step and reset of any experiment; who waits for whom; what goes wrong is a sentence."""

import threading

import pytest

from restoration.explore.laboratory import Laboratory
from restoration.image.checks import ImageError
from restoration.inference.fair_lock import inference_lock

SECONDS = 240  # of a machine that is busy with other things


def counting(epochs, pieces=3):
    for epoch in range(epochs):
        yield from [None] * pieces
        yield epoch + 1


def test_start_step_pause_and_reset():
    laboratory = Laboratory(lambda: counting(5), 5)
    assert laboratory.snapshot().found is None
    laboratory.step()
    assert laboratory.wait(SECONDS)
    assert (laboratory.snapshot().found, laboratory.snapshot().ended) == (1, False)
    laboratory.start()
    assert laboratory.wait(SECONDS)
    found = laboratory.snapshot()
    assert (found.found, found.epoch, found.epochs, found.ended, found.running) == (5, 5, 5, True, False)
    again = laboratory.reset()
    assert again.snapshot().epoch == 0
    again.step()
    assert again.wait(SECONDS)
    assert again.snapshot().found == 1


def test_a_pause_stops_between_two_pieces_and_goes_on_there():
    reached, go_on = threading.Event(), threading.Event()

    def experiment():
        yield 1
        reached.set()
        go_on.wait(SECONDS)
        yield None
        yield 2

    laboratory = Laboratory(experiment, 2)
    laboratory.start()
    assert reached.wait(SECONDS)
    laboratory.pause()
    go_on.set()
    assert laboratory.wait(SECONDS)
    assert laboratory.snapshot().found == 1
    laboratory.start()
    assert laboratory.wait(SECONDS)
    assert laboratory.snapshot().found == 2


def test_whoever_waits_goes_between_two_pieces():
    """Another visitor's work is done while an experiment of many pieces runs, long before its end."""
    done, pieces = threading.Event(), []

    def experiment():
        while not done.is_set():
            pieces.append(1)
            yield None
        yield len(pieces)

    laboratory = Laboratory(experiment, 1)
    laboratory.start()
    with inference_lock.hold():
        done.set()
    assert laboratory.wait(SECONDS)
    assert laboratory.snapshot().ended


@pytest.mark.parametrize(
    ("error", "said"), [(ImageError("Give more pictures."), "Give more pictures."), (RuntimeError("odd"), "Reset it.")]
)
def test_a_failure_is_a_sentence_and_no_more_work(error, said):
    def experiment():
        yield 1
        raise error

    laboratory = Laboratory(experiment, 2)
    laboratory.start()
    assert laboratory.wait(SECONDS)
    assert said in laboratory.snapshot().problem
    assert laboratory.snapshot().found == 1
    laboratory.start()
    assert not laboratory.snapshot().running
