"""Networks of repair learn by their recipes, resume and are published."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from restoration.inference import keras_runtime
from restoration.train import loop
from restoration.train.photographs import load_photos
from restoration.train.recipe import ScheduleStage
from restoration.train.recipes import RECIPES
from restoration.train.train_repair import RepairTraining

SMALL = {"widths": [8, 16], "encoder_blocks": [0, 1], "decoder_blocks": [1]}


TRAINED = {
    "repair-damage-3": (SMALL, {"f1", "precision", "recall", "false_alarms"}),
    "repair-complete-2": (SMALL, {"held_back_psnr"}),
    "repair-lecture-1": ({"widths": [8, 8], "extra": 1}, {"held_back_psnr"}),
}


@pytest.mark.parametrize("name", TRAINED)
def test_it_learns_resumes_and_publishes(name, photos, tmp_path, monkeypatch):
    config, figures = TRAINED[name]
    seconds = itertools.count()  # a clock that counts its readings, so that the steps do not depend on the machine
    monkeypatch.setattr(loop, "time", SimpleNamespace(time=lambda: next(seconds)))
    recipe = replace(
        RECIPES[name], config=config, start="", warmup_steps=1, ema_decay=0.8, stages=(ScheduleStage(1.0, 32, 4),)
    )
    photographs, held_back = load_photos(photos)
    training = RepairTraining(recipe, photographs, held_back, tmp_path / "run", hours=60 / 3600, xla=False)
    batch = training.batch(0, 32, 64)
    before = training.compiled.test_on_batch(*batch)
    training.train()
    assert training.validate().keys() == figures
    assert training.compiled.test_on_batch(*batch, return_dict=True)["loss"] < before
    card = training.publish(tmp_path)
    assert (card.task, card.preset) == tuple(name.split("-")[:2])
    network = keras_runtime.load_network(card, card.weights(tmp_path))
    for published, average in zip(network.get_weights(), training.averaged_network().get_weights(), strict=True):
        np.testing.assert_array_equal(published, average.astype(np.float16))
    resumed = RepairTraining(recipe, photographs, held_back, tmp_path / "run", hours=60 / 3600, xla=False)
    assert resumed.step == training.step > 20


def test_the_average_holds_nothing_of_the_initial_weights(photos, tmp_path):
    config, _ = TRAINED["repair-damage-3"]
    recipe = replace(RECIPES["repair-damage-3"], config=config, start="")
    training = RepairTraining(recipe, *load_photos(photos), tmp_path, xla=False)
    training.step = 3001
    share = recipe.ema_decay**3000
    for average, initial in zip(training.optimizer._model_variables_moving_average, training.initial, strict=True):
        average.assign(share * initial + (1 - share) * 0.25)
    assert share > 0.04
    for weights in training.averaged_network().get_weights():
        np.testing.assert_allclose(weights, 0.25, atol=1e-6)
