"""Networks that denoise scans learn by their recipes, resume and are published."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from restoration.degrade.phantoms import random_phantom
from restoration.inference import keras_runtime
from restoration.train import loop
from restoration.train.recipe import ScheduleStage
from restoration.train.recipes import RECIPES
from restoration.train.scan_pairs import simulate
from restoration.train.train_scan import ScanTraining

SMALL = {
    "scan-best-1": {"widths": [8, 16], "blocks": [1, 1], "channels": 1},
    "scan-lecture-1": {"widths": [8, 8], "channels": 1},
}
SCANS = [simulate(random_phantom(64, seed=seed), [0.25], [seed]) for seed in range(3)]


@pytest.mark.parametrize("name", SMALL)
def test_it_learns_resumes_and_publishes(name, tmp_path, monkeypatch):
    seconds = itertools.count()  # a clock that counts its readings, so that the steps do not depend on the machine
    monkeypatch.setattr(loop, "time", SimpleNamespace(time=lambda: next(seconds)))
    recipe = replace(
        RECIPES[name],
        config=SMALL[name],
        start="",
        warmup_steps=1,
        ema_decay=0.8,
        stages=(ScheduleStage(1.0, 32, 4),),
    )
    training = ScanTraining(recipe, SCANS[:2], SCANS[2:], tmp_path / "run", hours=60 / 3600, xla=False)
    batch = training.batch(0, 32, 32)
    before = training.compiled.test_on_batch(*batch)
    training.train()
    assert training.validate().keys() == {"held_back_psnr"}
    assert training.compiled.test_on_batch(*batch, return_dict=True)["loss"] < before
    card = training.publish(tmp_path)
    assert (card.task, card.preset) == tuple(name.split("-")[:2])
    network = keras_runtime.load_network(card, card.weights(tmp_path))
    for published, average in zip(network.get_weights(), training.averaged_network().get_weights(), strict=True):
        np.testing.assert_array_equal(published, average.astype(np.float16))
    resumed = ScanTraining(recipe, SCANS[:2], SCANS[2:], tmp_path / "run", hours=60 / 3600, xla=False)
    assert resumed.step == training.step > 20
