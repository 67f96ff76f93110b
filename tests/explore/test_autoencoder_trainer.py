"""Training step by step."""

import gc

import pytest

from restoration.explore import datasets, small_autoencoders
from restoration.explore.autoencoder_trainer import AutoencoderTrainer
from restoration.explore.small_autoencoders import build


@pytest.fixture(scope="module")
def few():
    return datasets.load("digits8").train.images[:256]


@pytest.mark.parametrize("kind", small_autoencoders.KINDS)
def test_training_lowers_the_loss_and_a_seed_repeats_it(kind, few):
    def losses():
        trainer = AutoencoderTrainer(
            build(kind, (8, 8, 1), 4, hidden=(16, 8)), few, seed=3, learning_rate=3e-3, batch=64
        )
        return [trainer.epoch() for _ in range(4)]

    first = losses()
    assert first[-1] < first[0]
    assert losses() == pytest.approx(first, rel=1e-4)


def test_a_training_that_is_over_leaves_no_graph_behind(few):
    def graphs():
        gc.collect()
        return sum(type(one).__name__ == "FuncGraph" for one in gc.get_objects())

    before = graphs()
    trainer = AutoencoderTrainer(build("linear", (8, 8, 1), 2), few, batch=64)
    trainer.step()
    assert graphs() > before
    del trainer
    assert graphs() == before


def test_an_epoch_is_its_steps_and_can_be_interrupted(few):
    trainer = AutoencoderTrainer(build("linear", (8, 8, 1), 2), few, batch=100)
    assert trainer.steps_per_epoch == 2
    seen = []
    trainer.epoch(lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.epoch(stop)
    assert (trainer.epochs, trainer.steps) == (1, 3)
    trainer.epoch()
    assert (trainer.epochs, trainer.steps, len(trainer.losses)) == (2, 4, 2)
