"""The training of networks that colour, on parts of small photographs."""

import math
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from restoration import networks
from restoration.image import lab
from restoration.image.color_bins import bin_colors
from restoration.image.types import Array
from restoration.paths import WEIGHTS
from restoration.train.colorize_pairs import PhotographCache, color_pair, view
from restoration.train.efficientnet_import import converted_file, load_into
from restoration.train.loop import Training, untrained_network
from restoration.train.recipe import ColorizeRecipe

VALIDATION_SIDE = 128
STATISTICS_BATCHES = 8  # that the means and variances of the encoder's features are measured on
SNAPSHOT = "best.weights.h5"


class ColorizeTraining(Training):
    """One training of a network that colours; its best snapshot is what is published.

    Parameters
    ----------
    recipe
    photographs
    folder, hours, weights
        As in `Training`.
    xla
        Not used: the step of these networks is slower with XLA.
    """

    recipe: ColorizeRecipe
    counters = (*Training.counters, "best")
    validation_steps = 250

    def __init__(
        self,
        recipe: ColorizeRecipe,
        photographs: PhotographCache,
        folder: str | Path,
        *,
        hours: float | None = None,
        xla: bool | None = None,
        weights: str | Path = WEIGHTS,
    ):
        self.photographs, self.best = photographs, math.inf
        fixed = recipe.config.get("side")
        views = [view(photographs.pixels(place), fixed or VALIDATION_SIDE) for place in photographs.held_back]
        self.validation_views = [np.stack(part) for part in zip(*views, strict=True)]
        keras.utils.set_random_seed(recipe.seed)
        network = untrained_network(recipe)
        if recipe.encoder is not None:
            load_into(network, converted_file(recipe.encoder))
            _freeze_encoder(network)
            self._measure_features(network)
        super().__init__(recipe, network, folder, hours=hours, xla=False, weights=weights)

    @classmethod
    def from_photos(cls, recipe: ColorizeRecipe, photos: Path, folder: Path, **options: Any) -> "ColorizeTraining":
        """Return the training on the photographs of a folder, which are kept reduced beside the checkpoint."""
        return cls(recipe, PhotographCache(photos, folder / "photographs"), folder, **options)

    def batch(self, step: int, side: int, size: int) -> tuple[Any, Any]:
        """Return (given, truth) for a step."""
        return self.photographs.batch(self.recipe.pair, step, side, size)

    def _measure_features(self, network):
        """Set the means and variances by which the encoder's features are normalised, from some batches."""
        norms = [layer for layer in network.layers if layer.name.endswith(networks.NORMALIZED)]
        encoder = keras.Model(network.input, [norm.input for norm in norms])
        batches = [
            self.photographs.batch(color_pair, 10**6 + number, 128, 32)[0] for number in range(STATISTICS_BATCHES)
        ]
        found = [[ops.convert_to_numpy(ops.cast(one, "float32")) for one in encoder(batch)] for batch in batches]
        for norm, of_batches in zip(norms, zip(*found, strict=True), strict=True):
            features = np.concatenate(of_batches)
            norm.moving_mean.assign(features.mean(axis=(0, 1, 2)))
            norm.moving_variance.assign(features.var(axis=(0, 1, 2)))

    def validate(self) -> dict[str, float]:
        """Return the error of the mean colour on the held-back photographs, and save the network if it is the best.

        Returns
        -------
        dict
            ``ab_rmse``: mean error of a and b over that of gray; ``pooled``: the same over all pixels;
            ``chroma``: the median ratio of the chroma to the true one.
        """
        network = self.averaged_network()
        grays, truths, squares = self.validation_views
        no_hints = [(0, 0)] * 3 + [(0, network.input.shape[-1] - 1)]
        batches = (np.pad(grays[start : start + 32], no_hints) for start in range(0, len(grays), 32))
        means = np.concatenate([mean_ab(network(batch, training=False), self.recipe.output) for batch in batches])
        if means.shape[1] > truths.shape[1]:
            truths = np.stack([lab.to_lab(square)[..., 1:] for square in squares])
        error = [math.sqrt(np.mean(np.square(mean - ab))) for mean, ab in zip(means, truths, strict=True)]
        gray = [math.sqrt(np.mean(np.square(ab))) for ab in truths]
        pooled = math.sqrt(np.mean(np.square(means - truths)) / np.mean(np.square(truths)))
        chromas = float(np.median([np.abs(m).mean() / np.abs(t).mean() for m, t in zip(means, truths, strict=True)]))
        figures = {
            "ab_rmse": round(float(np.mean(error) / np.mean(gray)), 4),
            "pooled": round(pooled, 4),
            "chroma": round(chromas, 3),
        }
        if figures["ab_rmse"] < self.best:
            self.best = figures["ab_rmse"]
            network.save_weights(self.folder / "unfinished.weights.h5")
            os.replace(self.folder / "unfinished.weights.h5", self.folder / SNAPSHOT)
        return figures

    def published_network(self) -> keras.Model:
        """Return a network that holds the best snapshot."""
        network = untrained_network(self.recipe)
        network.load_weights(self.folder / SNAPSHOT)
        return network

    def trained(self) -> dict[str, Any]:
        """Return what it learned from, for the card."""
        photographs = self.photographs
        sheets = f", and {len(photographs.small)} of Tiny ImageNet" if photographs.small else ""
        return {"data": f"{len(photographs.large)} photographs of {self.recipe.data}{sheets}"}


def mean_ab(outputs: Any, kind: str) -> Array:
    """Return the mean a and b, (n, h, w, 2), of a network's outputs: logits of the bins, or images in RGB."""
    if kind == "rgb":
        return lab.to_lab(ops.convert_to_numpy(outputs))[..., 1:]
    return ops.convert_to_numpy(ops.softmax(outputs)) @ bin_colors()


def _freeze_encoder(network):
    for layer in network.layers:
        if layer.name.startswith(("stem", "block")):
            layer.trainable = False
