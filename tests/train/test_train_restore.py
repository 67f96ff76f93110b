"""Training on patches lowers the error, and what is published is what was learned."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from restoration.inference import keras_runtime
from restoration.train import loop
from restoration.train.photographs import load_photos
from restoration.train.publish import publish
from restoration.train.recipe import ScheduleStage
from restoration.train.recipes import RECIPES
from restoration.train.train_restore import RestorationTraining


def test_it_learns_and_publishes(photos, tmp_path, monkeypatch):
    seconds = itertools.count()  # a clock that counts its readings, so that the steps do not depend on the machine
    monkeypatch.setattr(loop, "time", SimpleNamespace(time=lambda: next(seconds)))
    recipe = replace(
        RECIPES["denoise-lecture-1"],
        name="denoise-lecture-9",
        warmup_steps=1,
        ema_decay=0.9,
        stages=(ScheduleStage(1.0, 64, 8),),
    )
    photographs, held_back = load_photos(photos)
    training = RestorationTraining(recipe, photographs, held_back, tmp_path / "run", hours=300 / 3600)
    before = training.held_back_psnr(training.network)
    training.train()
    assert 150 <= training.step <= 300
    assert training.held_back_psnr(training.averaged_network()) > before + 2
    card = publish(training, tmp_path)
    assert card.trained["steps"] == training.step > 0
    network = keras_runtime.build_network(card)
    network.load_weights(card.weights(tmp_path))
    for published, average in zip(network.get_weights(), training.averaged_network().get_weights(), strict=True):
        np.testing.assert_array_equal(published, average.astype(np.float16))
    assert card.went_on_from() == ""
    assert card.learned(tmp_path)[-1][0] == training.step
    assert (
        card.trained["command"] == f"python -m restoration.train denoise-lecture-9 --photos DIR --hours {300 / 3600:g}"
    )
    for name, start in (("denoise-lecture-10", "denoise-lecture-9"), ("denoise-lecture-11", "denoise-lecture-10")):
        training.recipe, training.weights = replace(recipe, name=name, start=start), tmp_path
        later = publish(training, tmp_path)
    assert [one["name"] for one in later.trained["before"]] == ["denoise-lecture-9", "denoise-lecture-10"]
    assert f"denoise-lecture-9 ({training.step} steps" in later.went_on_from()
    assert "published" not in later.went_on_from()
    later.trained["start_share"] = 0.25
    assert "are 25 % those of denoise-lecture-10" in later.went_on_from()
    resumed = RestorationTraining(recipe, photographs, held_back, tmp_path / "run", hours=300 / 3600)
    assert resumed.step == training.step
    assert resumed.spent == 1
