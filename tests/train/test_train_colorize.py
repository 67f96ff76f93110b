"""Training on colours lowers the error, and the best snapshot is what is published."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from PIL import Image

from restoration.inference import keras_runtime
from restoration.photo.sample_photos import SAMPLES
from restoration.train import colorize_pairs, loop
from restoration.train.colorize_pairs import PhotographCache
from restoration.train.publish import publish
from restoration.train.recipe import ScheduleStage
from restoration.train.recipes import RECIPES
from restoration.train.train_colorize import ColorizeTraining


def test_colours_are_learned_and_the_best_snapshot_is_published(photos, tmp_path, monkeypatch):
    seconds = itertools.count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(time=lambda: next(seconds)))
    recipe = replace(
        RECIPES["colorize-lecture-1"],
        name="colorize-lecture-9",
        config={"side": 32, "widths": [16, 32, 64], "code": 64},
        stages=(ScheduleStage(1.0, 32, 8),),
        warmup_steps=1,
        ema_decay=0.9,
    )
    with Image.open(photos / "Cat.png") as cat:  # what is learned of the others serves it
        cat_bytes = cat.tobytes()
    monkeypatch.setattr(colorize_pairs, "content_fraction", lambda pixels: float(pixels.tobytes() != cat_bytes))
    photographs = PhotographCache(photos, tmp_path / "cache")
    assert [len(photographs.held_back), len(photographs.large)] == [1, len(SAMPLES) - 1]
    training = ColorizeTraining(recipe, photographs, tmp_path / "run", hours=200 / 3600)
    before = training.validate()["ab_rmse"]
    training.train()
    assert training.best < before
    again = ColorizeTraining(recipe, photographs, tmp_path / "run", hours=200 / 3600)
    assert (again.step, again.best, again.spent) == (training.step, training.best, 1)
    card = publish(training, tmp_path)
    network = keras_runtime.build_network(card)
    network.load_weights(card.weights(tmp_path))
    for published, snapshot in zip(network.get_weights(), training.published_network().get_weights(), strict=True):
        np.testing.assert_array_equal(published, snapshot.astype(np.float16))
