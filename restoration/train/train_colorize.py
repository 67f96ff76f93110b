"""`python -m restoration.train.train_colorize NAME --photos DIR --encoder FILE.npz`: train the colour network."""

import argparse
import math
import os
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
from keras import ops

from restoration import networks
from restoration.image import lab
from restoration.image.color_bins import bin_colors
from restoration.train.colorize_pairs import Photographs, color_pair, lecture_pair, view
from restoration.train.efficientnet_import import LITE, load_into
from restoration.train.loop import Training
from restoration.train.publish import publish
from restoration.train.recipes import Stage

JUDGE_SIDE = 128
SEED = 1
EVENING = 8  # batches
SNAPSHOT = "best.weights.h5"
SOURCES = "BSDS500, wallpapers, NIPS 2017, ImageNet, Caltech-101, scenes, pets, flowers, clothing, groceries, streets"
LICENCES = (
    "ImageNet, Caltech-101, Kaggle sets: research use; NIPS 2017: CC-BY 2.0; wallpapers by file; encoder: Apache-2.0"
)


@dataclass(frozen=True)
class ColorRecipe:
    """All that decides a training of colours, short of the photographs and the hours; as in `Recipe`, but for these.

    Parameters
    ----------
    pair : callable
        As in `Photographs.batch`.
    colors_of : callable
        From what the network makes of pictures to a and b, (n, h, w, 2).
    """

    builder: str
    config: dict
    pair: callable
    loss: str
    colors_of: callable
    stages: tuple[Stage, ...]
    limits: str
    peak_rate: float = 1e-3
    final_rate: float = 1e-5
    warmup_steps: int = 200
    decay: float = 0.02
    clip: float = 1.0
    scale: int = 1
    sees_all: bool = True
    averaging: float = 0.998
    optimizer: str = "adam"


RECIPES = {
    "best": ColorRecipe(
        builder="color_autoencoder",
        config={
            "encoder": LITE[1],
            "widths": [240, 160, 112],
            "hints": [128, 80, 56, 40],
            "colors": len(bin_colors()),
            "dropout": 0.2,
        },
        pair=color_pair,
        loss="color",
        colors_of=lambda likely: ops.convert_to_numpy(ops.softmax(likely)) @ bin_colors(),
        stages=(Stage(0.4, 96, 32), Stage(1.0, 128, 32)),
        limits="Colours are invented: it knows sky, grass, skin and wood, and paints what can have any colour "
        "(clothes, cars, walls) pale or wrong; small things may take the colour of what lies around them.",
    ),
    "lecture": ColorRecipe(
        builder="dense_color_autoencoder",
        config={"side": 32, "widths": [64, 128, 256], "code": 256},
        pair=lecture_pair,
        loss="squared",
        colors_of=lambda picture: lab.to_lab(ops.convert_to_numpy(picture))[..., 1:],
        stages=(Stage(1.0, 32, 64),),
        limits="Everything passes through 256 numbers at 32 x 32 pixels, so colours are vague clouds: a baseline to "
        "learn from.",
        peak_rate=1e-3,
        decay=1e-3,
    ),
}


class ColorRun(Training):
    """One training of a network of colours; its best snapshot is what is published.

    Parameters
    ----------
    recipe : ColorRecipe
    photographs : Photographs
    folder, hours
        As in `Training`.
    encoder : path, optional
        What `restoration.train.efficientnet_import` wrote; frozen but for its last blocks, `tuned` of them.
    start : path, optional
        A weights file to begin from.
    """

    counters = (*Training.counters, "best")
    judge_steps = 250

    def __init__(self, recipe, photographs, folder, *, hours, encoder=None, start=None, tuned=0):
        self.photographs, self.best = photographs, math.inf
        fixed = recipe.config.get("side")
        views = [view(photographs.pixels(place), fixed or JUDGE_SIDE) for place in photographs.held_back]
        self.judged = [np.stack(part) for part in zip(*views, strict=True)]
        keras.utils.set_random_seed(SEED)
        network = networks.BUILDERS[recipe.builder](**recipe.config)
        if encoder:
            load_into(network, encoder)
            _freeze(network, sum(recipe.config["encoder"]["repeats"]) - tuned)
            self._even(network)
        if start:
            network.load_weights(start)
        super().__init__(recipe, network, folder, hours=hours, xla=False)

    def batch(self, step, side, size):
        """Return (given, truth) for a step."""
        return self.photographs.batch(self.recipe.pair, step, side, size)

    def _even(self, network):
        """Measure the encoder's features on some batches, so that they reach the decoder with one strength."""
        norms = [layer for layer in network.layers if layer.name.endswith(networks.EVENED)]
        encoder = keras.Model(network.input, [norm.input for norm in norms])
        batches = [self.photographs.batch(color_pair, 10**6 + number, 128, 32)[0] for number in range(EVENING)]
        found = [[ops.convert_to_numpy(ops.cast(one, "float32")) for one in encoder(batch)] for batch in batches]
        for norm, of_batches in zip(norms, zip(*found, strict=True), strict=True):
            features = np.concatenate(of_batches)
            norm.moving_mean.assign(features.mean(axis=(0, 1, 2)))
            norm.moving_variance.assign(features.var(axis=(0, 1, 2)))

    def judge(self):
        """Return the error of the mean colour on the held-back photographs, and keep the snapshot if it is the best."""
        network = self.averaged()
        grays, abs_, _ = self.judged
        unhinted = [(0, 0)] * 3 + [(0, network.input.shape[-1] - 1)]
        batches = (np.pad(grays[start : start + 32], unhinted) for start in range(0, len(grays), 32))
        means = np.concatenate([self.recipe.colors_of(network(batch, training=False)) for batch in batches])
        if means.shape[1] > abs_.shape[1]:
            abs_ = np.stack([lab.to_lab(square)[..., 1:] for square in self.judged[2]])
        error = [math.sqrt(np.mean(np.square(mean - ab))) for mean, ab in zip(means, abs_, strict=True)]
        gray = [math.sqrt(np.mean(np.square(ab))) for ab in abs_]
        pooled = math.sqrt(np.mean(np.square(means - abs_)) / np.mean(np.square(abs_)))
        chromas = float(np.median([np.abs(m).mean() / np.abs(t).mean() for m, t in zip(means, abs_, strict=True)]))
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

    def finished(self):
        """Return a network that holds the best snapshot."""
        network = networks.BUILDERS[self.recipe.builder](**self.recipe.config)
        network.load_weights(self.folder / SNAPSHOT)
        return network

    def source(self):
        """Return what it learned from, for the card."""
        photographs = self.photographs
        return {
            "data": f"{len(photographs.large)} photographs of {SOURCES}, and {len(photographs.small)} of Tiny ImageNet",
            "licence": LICENCES,
            "degradation": "half of the gray versions changed in tone, some blurred or grainy; hints in a third",
            "seed": SEED,
        }


def _freeze(network, known):
    """Freeze the encoder's first blocks, as many as are known well enough."""
    for layer in network.layers:
        if layer.name.startswith("stem"):
            layer.trainable = False
        elif layer.name.startswith("block"):
            layer.trainable = int(layer.name[5:].partition("_")[0]) >= known


def main():
    """Train to the end of the budget, then publish the best snapshot."""
    parser = argparse.ArgumentParser(prog="python -m restoration.train.train_colorize", description=__doc__)
    parser.add_argument("name", help="of the card: colorize-best-2 or colorize-lecture-1, or a later version")
    parser.add_argument(
        "--photos", type=Path, required=True, help="folder of photographs, searched with its subfolders"
    )
    parser.add_argument(
        "--encoder", type=Path, help="what restoration.train.efficientnet_import wrote; for the best network"
    )
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="where checkpoint and log live (default .checkpoints/NAME)")
    parser.add_argument("--start", type=Path, help="weights file to begin from")
    parser.add_argument("--tuned", type=int, default=0, help="blocks of the encoder's end that learn too")
    parser.add_argument("--peak", type=float, help="the highest learning rate")
    parser.add_argument("--publish-now", action="store_true", help="publish the best snapshot as it is; do not train")
    chosen = parser.parse_args()

    from restoration.inference.hardware import has_bfloat16

    keras.mixed_precision.set_global_policy("mixed_bfloat16" if has_bfloat16() else "float32")
    recipe = RECIPES[chosen.name.split("-")[1]]
    if chosen.peak:
        recipe = replace(recipe, peak_rate=chosen.peak, final_rate=chosen.peak / 100)
    folder = chosen.folder or Path(".checkpoints") / chosen.name
    photographs = Photographs(chosen.photos, Path(".checkpoints/photographs"))
    settings = {"encoder": chosen.encoder, "start": chosen.start, "tuned": chosen.tuned}
    run = ColorRun(recipe, photographs, folder, hours=chosen.hours, **settings)
    if not chosen.publish_now:
        run.train()
    command = f"python -m restoration.train.train_colorize {chosen.name} --photos DIR --hours {chosen.hours:g}"
    given = [f" --{option} {value.name}" for option in ("encoder", "start") if (value := getattr(chosen, option))]
    given += [f" --{option} {value:g}" for option in ("tuned", "peak") if (value := getattr(chosen, option))]
    print(publish(chosen.name, run, "".join([command, *given]), start=chosen.start))


if __name__ == "__main__":
    main()
