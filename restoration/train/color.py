"""`python -m restoration.train.color NAME --photos DIR --encoder FILE.npz --hours H`: train the network of colours."""

import argparse
import json
import math
import os
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import keras
import numpy as np
from keras import ops

from restoration import chroma, networks
from restoration.train import checkpoint
from restoration.train.color_views import Photographs, color_pair, lecture_pair, view
from restoration.train.data import prefetch
from restoration.train.encoder import LITE, load_into
from restoration.train.publish import publish

JUDGE_STEPS, JUDGE_SIDE, REPORT_STEPS, CHECKPOINT_SECONDS = 250, 128, 50, 150
SEED = 1
EVENING = 8  # batches
SNAPSHOT = "best.weights.h5"
SOURCES = "BSDS500, wallpapers, NIPS 2017, ImageNet, Caltech-101, scenes, pets, flowers, clothing, groceries, streets"
LICENCES = (
    "ImageNet, Caltech-101, Kaggle sets: research use; NIPS 2017: CC-BY 2.0; wallpapers by file; encoder: Apache-2.0"
)


@dataclass(frozen=True)
class ColorRecipe:
    """All that decides a training of colours, short of the photographs and the hours.

    Parameters
    ----------
    builder, config : str, dict
        A key of `restoration.networks.BUILDERS`, and its arguments.
    pair : callable
        As in `Photographs.batch`.
    loss : callable
    colors_of : callable
        From what the network makes of pictures to a and b, (n, h, w, 2).
    stages : tuple of (until, side, batch)
        Until which share of the time, on views of which side, how many at once.
    limits : str
        For the card.
    """

    builder: str
    config: dict
    pair: callable
    loss: callable
    colors_of: callable
    stages: tuple
    limits: str
    peak_rate: float = 1e-3
    warmup_steps: int = 200
    decay: float = 0.02
    scale: int = 1
    sees_all: bool = True
    averaging: float = 0.998


def color_loss(ab, likely):
    """Mean surprise at the true colour's shares, plus the squared error of the mean colour.

    Unweighted, so that the shares stay honest: vivid colour is made from them afterwards.

    Parameters
    ----------
    ab : tensor of shape (n, h, w, 2)
    likely : tensor of shape (n, h, w, colors)
        Logarithms, up to a constant.

    Returns
    -------
    scalar tensor
        In nats; 10 units of a or b cost half a nat.
    """
    likely = ops.log_softmax(ops.cast(likely, "float32"))
    surprise = -ops.mean(ops.sum(_shares(ab) * likely, axis=-1))
    mean = ops.matmul(ops.exp(likely), ops.convert_to_tensor(chroma.colors()))
    return surprise + 0.5 * ops.mean(ops.sum(ops.square(mean - ab), axis=-1)) / 100


def _shares(ab):
    """Share each colour linearly among its neighbours of `chroma.colors`: (n, h, w, 2) -> (n, h, w, colors)."""
    knots = np.array(chroma.KNOTS, np.float32)
    below, above = np.diff(knots, prepend=knots[0] - 1e6), np.diff(knots, append=knots[-1] + 1e6)
    distance = ab[..., None] - knots  # (n, h, w, 2, knots)
    hats = ops.clip(ops.minimum(1 + distance / below, 1 - distance / above), 0, 1)
    one_hot = [np.float32(chroma.colors()[:, axis][None] == knots[:, None]) for axis in (0, 1)]
    return ops.matmul(hats[..., 0, :], one_hot[0]) * ops.matmul(hats[..., 1, :], one_hot[1])


def _squared_loss(truth, picture):
    return ops.mean(ops.square(picture - truth))


RECIPES = {
    "best": ColorRecipe(
        builder="color_autoencoder",
        config={
            "encoder": LITE[1],
            "widths": [240, 160, 112],
            "hints": [128, 80, 56, 40],
            "colors": len(chroma.colors()),
            "dropout": 0.2,
        },
        pair=color_pair,
        loss=color_loss,
        colors_of=lambda likely: ops.convert_to_numpy(ops.softmax(likely)) @ chroma.colors(),
        stages=((0.4, 96, 32), (1.0, 128, 32)),
        limits="Colours are invented: it knows sky, grass, skin and wood, and paints what can have any colour "
        "(clothes, cars, walls) pale or wrong; small things may take the colour of what lies around them.",
    ),
    "lecture": ColorRecipe(
        builder="dense_color_autoencoder",
        config={"side": 32, "widths": [64, 128, 256], "code": 256},
        pair=lecture_pair,
        loss=_squared_loss,
        colors_of=lambda picture: chroma.to_lab(ops.convert_to_numpy(picture))[..., 1:],
        stages=((1.0, 32, 64),),
        limits="Everything passes through 256 numbers at 32 x 32 pixels, so colours are vague clouds: a baseline to "
        "learn from.",
        peak_rate=1e-3,
        decay=1e-3,
    ),
}


class ColorRun:
    """One training of a network of colours, kept in a folder; a kill at any moment loses three minutes at most."""

    def __init__(self, recipe, photographs, folder, *, hours, encoder=None, start=None, tuned=0, peak=None):
        self.recipe, self.photographs, self.folder, self.budget = recipe, photographs, Path(folder), hours * 3600
        self.folder.mkdir(parents=True, exist_ok=True)
        self.step, self.seconds, self.best, self.megapixels = 0, 0.0, math.inf, 0.0
        self.peak = peak or recipe.peak_rate
        keras.utils.set_random_seed(SEED)
        self.network = networks.BUILDERS[recipe.builder](**recipe.config)
        if encoder:
            load_into(self.network, encoder)
            self._freeze(tuned)
            self._even()
        if start:
            self.network.load_weights(start)
        self.optimizer = keras.optimizers.AdamW(
            self.peak, beta_2=0.98, weight_decay=recipe.decay, clipnorm=1.0, use_ema=True, ema_momentum=recipe.averaging
        )
        self.network.compile(self.optimizer, recipe.loss, jit_compile=False)
        self.optimizer.build(self.network.trainable_variables)
        self._resume()
        fixed = recipe.config.get("side")
        views = [view(photographs.pixels(place), fixed or JUDGE_SIDE) for place in photographs.held_back]
        self.judged = [np.stack(part) for part in zip(*views, strict=True)]

    def _freeze(self, tuned):
        """Freeze the encoder but for its last blocks."""
        blocks = sum(self.recipe.config["encoder"]["repeats"])
        for layer in self.network.layers:
            if layer.name.startswith("stem"):
                layer.trainable = False
            elif layer.name.startswith("block"):
                layer.trainable = int(layer.name[5:].partition("_")[0]) >= blocks - tuned

    def _even(self):
        """Measure the encoder's features on some batches, so that they reach the decoder with one strength."""
        norms = [layer for layer in self.network.layers if layer.name.endswith(networks.EVENED)]
        encoder = keras.Model(self.network.input, [norm.input for norm in norms])
        batches = [self.photographs.batch(self.recipe.pair, 10**6 + number, 128, 32)[0] for number in range(EVENING)]
        found = [[ops.convert_to_numpy(ops.cast(one, "float32")) for one in encoder(batch)] for batch in batches]
        for norm, of_batches in zip(norms, zip(*found, strict=True), strict=True):
            features = np.concatenate(of_batches)
            norm.moving_mean.assign(features.mean(axis=(0, 1, 2)))
            norm.moving_variance.assign(features.var(axis=(0, 1, 2)))

    def train(self):
        """Go on until the budget is spent."""
        for until, side, size in self.recipe.stages:
            if self.seconds / self.budget < until:
                self._train_stage(until, side, size)
        self._save()

    def _train_stage(self, until, side, size):
        began, saved, losses = time.time(), time.time(), []
        batches = prefetch(lambda step: self.photographs.batch(self.recipe.pair, step, side, size), count(self.step))
        for given, ab in batches:
            spent = self.seconds / self.budget
            warm = min(1.0, (self.step + 1) / self.recipe.warmup_steps)
            self.optimizer.learning_rate.assign(self.peak * warm * (0.01 + 0.99 * (1 + math.cos(math.pi * spent)) / 2))
            losses.append(float(self.network.train_on_batch(given, ab)))
            self.step += 1
            self.megapixels += size * side**2 / 1e6
            now = time.time()
            self.seconds, began = self.seconds + now - began, now
            if self.step % REPORT_STEPS == 0:
                print(
                    f"{self.step} {spent:.1%} side {side} loss {np.mean(losses):.3f} {self.seconds:.0f} s", flush=True
                )
                losses = []
            if self.step % JUDGE_STEPS == 0:
                self._judge()
            if now - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = now
            if self.seconds / self.budget >= until:
                batches.close()
                break
        self._judge()

    def averaged(self):
        """Return a network that holds the running average of the weights."""
        network = networks.BUILDERS[self.recipe.builder](**self.recipe.config)
        network.set_weights(self.network.get_weights())
        trained = {variable.path: variable for variable in network.variables}
        averages = self.optimizer._model_variables_moving_average
        for variable, average in zip(self.network.trainable_variables, averages, strict=True):
            trained[variable.path].assign(average)
        return network

    def _judge(self):
        """Note the error of the mean colour on the held-back photographs, and keep the snapshot if it is the best."""
        network = self.averaged()
        grays, abs_, _ = self.judged
        unhinted = [(0, 0)] * 3 + [(0, network.input.shape[-1] - 1)]
        batches = (np.pad(grays[start : start + 32], unhinted) for start in range(0, len(grays), 32))
        means = np.concatenate([self.recipe.colors_of(network(batch, training=False)) for batch in batches])
        if means.shape[1] > abs_.shape[1]:
            abs_ = np.stack([chroma.to_lab(square)[..., 1:] for square in self.judged[2]])
        error = [math.sqrt(np.mean(np.square(mean - ab))) for mean, ab in zip(means, abs_, strict=True)]
        gray = [math.sqrt(np.mean(np.square(ab))) for ab in abs_]
        pooled = math.sqrt(np.mean(np.square(means - abs_)) / np.mean(np.square(abs_)))
        chromas = float(np.median([np.abs(m).mean() / np.abs(t).mean() for m, t in zip(means, abs_, strict=True)]))
        line = {
            "step": self.step,
            "seconds": round(self.seconds),
            "ab_rmse": round(float(np.mean(error) / np.mean(gray)), 4),
            "pooled": round(pooled, 4),
            "chroma": round(chromas, 3),
        }
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        print(line, flush=True)
        if line["ab_rmse"] < self.best:
            self.best = line["ab_rmse"]
            network.save_weights(self.folder / "unfinished.weights.h5")
            os.replace(self.folder / "unfinished.weights.h5", self.folder / SNAPSHOT)

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

    def _variables(self):
        return [*self.network.variables, *self.optimizer.variables]

    def _save(self):
        state = {"step": self.step, "seconds": self.seconds, "best": self.best, "megapixels": self.megapixels}
        checkpoint.save(self.folder, self._variables(), state)

    def _resume(self):
        state = checkpoint.resume(self.folder, self._variables())
        vars(self).update(state)
        if state:
            print(f"Resumed at step {self.step}.", flush=True)


def main():
    """Train to the end of the budget, then publish the best snapshot."""
    parser = argparse.ArgumentParser(prog="python -m restoration.train.color", description=__doc__)
    parser.add_argument("name", help="of the card: colorize-best-2 or colorize-lecture-1, or a later version")
    parser.add_argument(
        "--photos", type=Path, required=True, help="folder of photographs, searched with its subfolders"
    )
    parser.add_argument("--encoder", type=Path, help="what restoration.train.encoder wrote; for the best network")
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="where checkpoint and log live (default .checkpoints/NAME)")
    parser.add_argument("--start", type=Path, help="weights file to begin from")
    parser.add_argument("--tuned", type=int, default=0, help="blocks of the encoder's end that learn too")
    parser.add_argument("--peak", type=float, help="the highest learning rate")
    parser.add_argument("--publish-now", action="store_true", help="publish the best snapshot as it is; do not train")
    chosen = parser.parse_args()

    from restoration.engine import has_bfloat16

    keras.mixed_precision.set_global_policy("mixed_bfloat16" if has_bfloat16() else "float32")
    recipe = RECIPES[chosen.name.split("-")[1]]
    folder = chosen.folder or Path(".checkpoints") / chosen.name
    photographs = Photographs(chosen.photos, Path(".checkpoints/photographs"))
    settings = {
        "encoder": chosen.encoder,
        "start": chosen.start,
        "tuned": chosen.tuned,
        "peak": chosen.peak,
    }
    run = ColorRun(recipe, photographs, folder, hours=chosen.hours, **settings)
    if not chosen.publish_now:
        run.train()
    command = f"python -m restoration.train.color {chosen.name} --photos DIR --hours {chosen.hours:g}"
    given = [f" --{option} {value.name}" for option in ("encoder", "start") if (value := getattr(chosen, option))]
    given += [f" --{option} {value:g}" for option in ("tuned", "peak") if (value := getattr(chosen, option))]
    print(publish(chosen.name, run, "".join([command, *given])))


if __name__ == "__main__":
    main()
