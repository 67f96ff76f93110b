"""The small networks of the exploration pages learn epoch by epoch, resume and are published."""

from dataclasses import replace

import numpy as np
import pytest

from restoration.explore import datasets
from restoration.train.explore_images import photo_crops, varied_faces
from restoration.train.recipes import RECIPES
from restoration.train.train_explore import ExploreTraining


def few_images(data, _generator, _photos):
    return data.train.images[:400]


@pytest.mark.parametrize("name", ["map-digits-plain-1", "classifier-digits-1"])
def test_an_epoch_is_learned_resumed_and_published(name, tmp_path):
    recipe = RECIPES[name]
    if recipe.config:
        recipe = replace(recipe, images=few_images)
    training = ExploreTraining(replace(recipe, epochs=1), tmp_path / "run")
    before = training.saved.get_weights()
    training.train()
    again = ExploreTraining(replace(recipe, epochs=1), tmp_path / "run")
    assert (again.epochs, again.images) == (1, training.images)
    card = again.publish(tmp_path)
    assert card.trained["command"] == f"python -m restoration.train {name}"
    assert card.weights(tmp_path).exists()
    for published, learned, start in zip(again.saved.get_weights(), training.saved.get_weights(), before, strict=True):
        np.testing.assert_array_equal(published, learned)
        assert published.shape == start.shape
    assert any((learned != start).any() for learned, start in zip(training.saved.get_weights(), before, strict=True))


def test_faces_vary_and_crops_are_of_the_photographs():
    faces, photos = datasets.load("faces"), datasets.load("photos")
    varied = varied_faces(faces, np.random.default_rng(0), (), repeats=2)
    assert varied.shape == (2 * len(faces.train), *faces.shape)
    assert 0 <= varied.min() <= varied.max() <= 1
    assert not np.array_equal(varied[0], varied[1])
    flat = [np.full((90, 120, 3), value, np.uint8) for value in (51, 204)]
    crops = photo_crops(photos, np.random.default_rng(0), flat, count=20)
    assert crops.shape == (20, *photos.shape)
    assert set(np.unique(crops.round(3))) == {np.float32(0.2), np.float32(0.8)}
