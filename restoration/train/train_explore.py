"""The training of the small networks of the exploration pages, epoch by epoch."""

import hashlib
import json
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from restoration.explore import datasets
from restoration.explore.autoencoder_trainer import AutoencoderTrainer
from restoration.explore.classifier import build_classifier
from restoration.explore.pretrained import saved_part
from restoration.explore.pretrained_card import FOLDER, ExploreCard
from restoration.explore.small_autoencoders import build
from restoration.train import checkpoint
from restoration.train.explore_images import reduced_photos
from restoration.train.photographs import Pixels
from restoration.train.publish import machine, repetition
from restoration.train.recipe import ExploreRecipe

FINAL_SHARE = 0.02  # of the learning rate, reached along a cosine


class ExploreTraining:
    """One training by a recipe, resumable at every epoch.

    Parameters
    ----------
    recipe
    folder
        Holds the weights of the last epoch and its figures; made if missing, resumed from if not.
    photos
        What `ExploreRecipe.images` cuts from, if it does.
    xla
        Compile with XLA.
    """

    def __init__(
        self, recipe: ExploreRecipe, folder: str | Path, photos: Sequence[Pixels] = (), *, xla: bool | None = None
    ):
        self.recipe, self.photos, self.folder = recipe, photos, Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = datasets.load(recipe.data_set)
        self.epochs, self.images, self.seconds = 0, 0, 0.0
        if recipe.config:
            self.autoencoder = build(shape=self.data.shape, **recipe.config)
            self.network, self.saved = self.autoencoder.network, saved_part(self.autoencoder)
            self.trainer = AutoencoderTrainer(
                self.autoencoder, self.data.train.images[:1], seed=recipe.seed, jit=bool(xla), batch=1
            )
        else:
            height, width, channels = self.data.shape
            classes = len(self.data.label_names)
            self.network = self.saved = build_classifier((height, width, channels), classes, seed=recipe.seed)
            self.network.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", jit_compile=bool(xla))
        self._resume()

    @classmethod
    def from_photos(
        cls, recipe: ExploreRecipe, photos: Path | None, folder: Path, *, hours: None = None, xla: bool | None = None
    ) -> "ExploreTraining":
        """Return the training on its set, or on the photographs of a folder where the recipe needs these."""
        return cls(recipe, folder, reduced_photos(photos) if recipe.needs_photos and photos else (), xla=xla)

    def train(self) -> None:
        """Go on to the last epoch."""
        recipe = self.recipe
        while self.epochs < recipe.epochs:
            began = time.time()
            generator = np.random.default_rng((recipe.seed, self.epochs))
            cosine = (1 + math.cos(math.pi * self.epochs / recipe.epochs)) / 2
            rate = recipe.learning_rate * (FINAL_SHARE + (1 - FINAL_SHARE) * cosine)
            self.network.optimizer.learning_rate.assign(rate)
            images = recipe.images(self.data, generator, self.photos)
            loss = self._epoch(images, generator)
            self.epochs += 1
            self.images += len(images)
            self.seconds += time.time() - began
            self._save(loss)

    def publish(self, folder: str | Path = FOLDER) -> ExploreCard:
        """Write weights and card, still without scores: ``python -m restoration.benchmark.explore_scores NAME``."""
        recipe, folder = self.recipe, Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{recipe.name}.weights.h5"
        self.saved.save_weights(path)
        trained: dict[str, Any] = {
            "data": recipe.data,
            "licence": recipe.licence,
            **repetition(recipe),
            "seed": recipe.seed,
            "epochs": self.epochs,
            "pictures": self.images,
            "minutes": round(self.seconds / 60, 1),
            "machine": machine(),
        }
        card = ExploreCard(
            name=recipe.name,
            data=recipe.data_set,
            config=recipe.config,
            parameters=self.saved.count_params(),
            bytes=path.stat().st_size,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            trained=trained,
            tested={},
            limits=recipe.limits,
        )
        card.write(folder)
        return card

    def _epoch(self, images, generator):
        if self.recipe.config:
            trainer = self.trainer
            trainer.images, trainer.batch = images, min(self.recipe.batch, len(images))
            return trainer.epoch()
        # A visitor's drawing lies anywhere, so the classifier sees images moved by up to two pixels.
        moved = _moved(images, generator)
        history = self.network.fit(moved, self.data.train.labels, self.recipe.batch, verbose=0)
        return float(history.history["loss"][0])

    def _save(self, loss):
        state = {"epochs": self.epochs, "pictures": self.images, "seconds": self.seconds, "loss": loss}
        unfinished = self.folder / "unfinished.weights.h5"
        self.network.save_weights(unfinished)
        os.replace(unfinished, self.folder / "last.weights.h5")
        (self.folder / "state.json").write_text(json.dumps(state))
        print(self.recipe.name, json.dumps(state), flush=True)

    def _resume(self):
        state = self.folder / "state.json"
        if state.exists():
            self.network.optimizer.build(self.network.trainable_variables)  # else its state is not loaded
            with checkpoint.readable(self.folder / "last.weights.h5"):
                self.network.load_weights(self.folder / "last.weights.h5")
            with checkpoint.readable(state):
                values = json.loads(state.read_text())
                self.epochs, self.images = (int(values[key]) for key in ("epochs", "pictures"))
                self.seconds = float(values["seconds"])


def _moved(images, generator):
    moves = generator.integers(-2, 3, (len(images), 2))
    return np.stack([np.roll(image, move, (0, 1)) for image, move in zip(images, moves, strict=True)])
