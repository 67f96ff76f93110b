"""`python -m restoration.train.train_explore NAME`: train a small network ahead and write its weights and card.

Killed, it resumes from the last finished epoch in ``.checkpoints/NAME``. Photographs are given by ``--photos DIR``.
"""

import argparse
import hashlib
import json
import math
import os
import platform
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import keras
import numpy as np

from restoration.explore import datasets
from restoration.explore.autoencoder_trainer import AutoencoderTrainer
from restoration.explore.classifier import build_classifier
from restoration.explore.pretrained import saved_part
from restoration.explore.pretrained_card import FOLDER, ExploreCard
from restoration.explore.small_autoencoders import build

PROJECT = "as in restoration/explore/sets/README.md"
FINAL_SHARE = 0.02  # of the learning rate, reached along a cosine


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    Parameters
    ----------
    data : str
        The set it is for.
    config : dict
        Arguments of `autoencoders.build` beside the shape; empty for a classifier.
    epochs : int
    limits : str
        What it cannot do.
    learning_rate, batch
        As of `AutoencoderTrainer`; the rate falls along a cosine.
    pictures : callable
        ``pictures(data, generator, photos)`` -> images (n, h, w, c) of one epoch.
    seed : int
    """

    data: str
    config: dict
    epochs: int
    limits: str
    learning_rate: float = 2e-3
    batch: int = 128
    pictures: callable = lambda data, generator, photos: data.train.images
    seed: int = 0
    source: dict = field(default_factory=lambda: {"data": "the training part of the set", "licence": PROJECT})


# ---- pictures of an epoch


def varied_faces(data, generator, photos, repeats=40):
    """Return the training faces again and again: mirrored, moved by up to two pixels, lighter and darker."""
    faces = np.repeat(data.train.images, repeats, axis=0)
    mirrored = generator.random(len(faces)) < 0.5
    faces[mirrored] = faces[mirrored, :, ::-1]
    padded = np.pad(faces, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="edge")
    height, width = data.shape[:2]
    moves = generator.integers(0, 5, (len(faces), 2))
    moved = [one[row : row + height, column : column + width] for one, (row, column) in zip(padded, moves, strict=True)]
    contrast, light = generator.uniform(0.85, 1.15, len(faces)), generator.uniform(-0.06, 0.06, len(faces))
    varied = (np.stack(moved) - 0.5) * contrast[:, None, None, None] + 0.5 + light[:, None, None, None]
    return np.clip(varied, 0, 1).astype(np.float32)


def photo_crops(data, generator, photos, count=6400):
    """Return crops of photographs: anywhere, a fifth of the short side or all of it, reduced to the set's size."""
    side = data.shape[0]
    crops = np.empty((count, *data.shape), np.float32)
    for crop in crops:
        photo = photos[generator.integers(len(photos))]
        most = min(photo.shape[:2])
        size = round(np.exp(generator.uniform(np.log(max(side, most / 5)), np.log(most))))
        row, column = (int(generator.integers(0, length - size + 1)) for length in photo.shape[:2])
        cut = photo[row : row + size, column : column + size]
        cut = cut[:, ::-1] if generator.random() < 0.5 else cut
        crop[...] = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA) / np.float32(255)
    return crops


def read_photos(folder):
    """Return every photograph below a folder, RGB uint8, the large ones reduced to a short side of 480."""
    photos = []
    for path in sorted(Path(folder).rglob("*.jpg")):
        photo = cv2.imread(str(path))[..., ::-1]
        factor = 480 / min(photo.shape[:2])
        if factor < 1:
            photo = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        photos.append(photo)
    return photos


# ---- recipes

# Doubled by repetition: transposed convolutions of so few channels leave a grain in what they draw.
_SMALL = {"hidden": (16, 32), "upscaling": "upsample", "seed": 0}
_MAP = {"code_size": 2, "dense": (128, 64), **_SMALL}
_PLAIN, _VARIATIONAL = {"kind": "convolutional", **_MAP}, {"kind": "variational", **_MAP}
_TWO = "Two numbers cannot hold a picture of this set: what is decoded is the average of all that share a place."
_BLENDS = "Strokes thinner than two pixels and rare ways of writing come out as common ones."
_CLOTHES = "Prints, folds and buttons are lost; what is left is cut and brightness."
_SAMPLES = "Nothing tells it where to put its codes, so random codes decode to nonsense: it is there to show that."
_GARMENTS = (
    "Nothing tells it where to put its codes: nothing it was taught makes a random code a garment, though the "
    "classifier is as sure of these as of the variational network's."
)
_CLASSES = "Sure of nonsense at times: its confidence tells likeness to the ten classes, not truth."

RECIPES = {
    "map-digits-plain-1": Recipe("digits", _PLAIN, 24, _TWO),
    "map-digits-variational-1": Recipe("digits", _VARIATIONAL, 24, _TWO),
    "map-fashion-plain-1": Recipe("fashion", _PLAIN, 20, _TWO),
    "map-fashion-variational-1": Recipe("fashion", _VARIATIONAL, 24, _TWO),
    "blend-digits-1": Recipe("digits", {"kind": "variational", "code_size": 16, **_SMALL}, 30, _BLENDS),
    "blend-fashion-1": Recipe("fashion", {"kind": "variational", "code_size": 16, **_SMALL}, 20, _CLOTHES),
    "sample-digits-plain-1": Recipe("digits", {"kind": "convolutional", "code_size": 16, **_SMALL}, 20, _SAMPLES),
    "sample-fashion-plain-1": Recipe("fashion", {"kind": "convolutional", "code_size": 16, **_SMALL}, 20, _GARMENTS),
    "blend-faces-1": Recipe(
        "faces",
        {
            "kind": "variational",
            "code_size": 48,
            "hidden": (32, 64),
            "loss": "mean_squared_error",
            "kl_weight": 0.0008,
            "seed": 0,
        },
        40,
        "Learned from 80 faces of 25 x 25 pixels, so every face it draws is a mixture of those.",
        pictures=varied_faces,
        source={
            "data": "80 of the 100 faces of scikit-image's lfw_subset, mirrored, moved, lighter and darker",
            "licence": "scikit-image's lfw_subset, from Labeled Faces in the Wild: research use",
        },
    ),
    "blend-photos-1": Recipe(
        "photos",
        {
            "kind": "variational",
            "code_size": 256,
            "hidden": (32, 48, 64, 96),
            "loss": "mean_squared_error",
            "kl_weight": 0.004,
            "seed": 0,
        },
        34,
        "256 numbers for 12288: large shapes and colours survive, texture and small things do not.",
        learning_rate=1.5e-3,
        batch=64,
        pictures=photo_crops,
        source={
            "data": "crops of 1226 photographs: BSDS500 (train and test parts), free wallpapers, NIPS 2017 adversarial "
            "development set",
            "licence": "BSDS500: research use; wallpapers: CC0, CC-BY, CC-BY-SA or GPL by file; NIPS 2017: CC-BY 2.0",
        },
    ),
    "classifier-digits-1": Recipe("digits", {}, 15, _CLASSES),
    "classifier-fashion-1": Recipe("fashion", {}, 20, _CLASSES),
}


# ---- the run


class Run:
    """One training, resumable at every epoch.

    Parameters
    ----------
    name : str
        A key of `RECIPES`.
    folder : path
        Holds the weights of the last epoch and a line of progress per epoch.
    photos : list of ndarray
        What `Recipe.pictures` cuts from, if it does.
    jit : bool
        Compile with XLA.
    """

    def __init__(self, name, folder, photos=(), jit=False):
        self.name, self.recipe, self.photos = name, RECIPES[name], photos
        self.folder = Path(folder) / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = datasets.load(self.recipe.data)
        self.epochs, self.pictures, self.seconds = 0, 0, 0.0
        if self.recipe.config:
            self.autoencoder = build(shape=self.data.shape, **self.recipe.config)
            self.network, self.saved = self.autoencoder.network, saved_part(self.autoencoder)
            self.trainer = AutoencoderTrainer(
                self.autoencoder, self.data.train.images[:1], seed=self.recipe.seed, jit=jit, batch=1
            )
        else:
            classes = len(self.data.label_names)
            self.network = self.saved = build_classifier(self.data.shape, classes, seed=self.recipe.seed)
            self.network.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", jit_compile=jit)
        self._resume()

    def train(self):
        """Go on to the last epoch."""
        recipe = self.recipe
        while self.epochs < recipe.epochs:
            began = time.time()
            generator = np.random.default_rng((recipe.seed, self.epochs))
            cosine = (1 + math.cos(math.pi * self.epochs / recipe.epochs)) / 2
            rate = recipe.learning_rate * (FINAL_SHARE + (1 - FINAL_SHARE) * cosine)
            self.network.optimizer.learning_rate.assign(rate)
            images = recipe.pictures(self.data, generator, self.photos)
            loss = self._epoch(images, generator)
            self.epochs += 1
            self.pictures += len(images)
            self.seconds += time.time() - began
            self._keep(loss)

    def publish(self, folder=FOLDER):
        """Write weights and card, still without scores: ``python -m restoration.benchmark.explore_scores NAME``."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.weights.h5"
        self.saved.save_weights(path)
        photos = " --photos DIR" if self.photos else ""
        card = ExploreCard(
            name=self.name,
            data=self.recipe.data,
            config=self.recipe.config,
            parameters=self.saved.count_params(),
            bytes=path.stat().st_size,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            trained={
                **self.recipe.source,
                "command": f"python -m restoration.train.train_explore {self.name}{photos}",
                "seed": self.recipe.seed,
                "epochs": self.epochs,
                "pictures": self.pictures,
                "minutes": round(self.seconds / 60, 1),
                "machine": f"{os.cpu_count()} cores, {platform.machine()}",
            },
            tested={},
            limits=self.recipe.limits,
        )
        card.write(folder)
        return card

    def _epoch(self, images, generator):
        if self.recipe.config:
            trainer = self.trainer
            trainer.images, trainer.batch = images, min(self.recipe.batch, len(images))
            return trainer.epoch()
        # Drawn digits lie anywhere: the classifier sees its pictures moved by up to two pixels.
        moved = _moved(images, generator)
        history = self.network.fit(moved, self.data.train.labels, self.recipe.batch, verbose=0)
        return float(history.history["loss"][0])

    def _keep(self, loss):
        state = {"epochs": self.epochs, "pictures": self.pictures, "seconds": self.seconds, "loss": loss}
        unfinished = self.folder / "unfinished.weights.h5"
        self.network.save_weights(unfinished)
        os.replace(unfinished, self.folder / "last.weights.h5")
        (self.folder / "state.json").write_text(json.dumps(state))
        print(self.name, json.dumps(state), flush=True)

    def _resume(self):
        state = self.folder / "state.json"
        if state.exists():
            values = json.loads(state.read_text())
            self.epochs, self.pictures, self.seconds = (values[key] for key in ("epochs", "pictures", "seconds"))
            self.network.load_weights(self.folder / "last.weights.h5")


def _moved(images, generator):
    moves = generator.integers(-2, 3, (len(images), 2))
    return np.stack([np.roll(image, move, (0, 1)) for image, move in zip(images, moves, strict=True)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=RECIPES, metavar="NAME")
    parser.add_argument("--photos", type=Path, help="folder of the training photographs")
    parser.add_argument("--checkpoints", type=Path, default=Path(".checkpoints"))
    parser.add_argument("--xla", action="store_true")
    given = parser.parse_args()
    found = read_photos(given.photos) if given.photos else ()
    for one in given.names:
        run = Run(one, given.checkpoints, found, given.xla)
        run.train()
        print(run.publish().name, flush=True)
