"""The training loop: resumable at any minute, driven by a budget of hours, in Keras 3 operations alone."""

import json
import math
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from restoration import networks
from restoration.inference.card import Card
from restoration.inference.hardware import product_speed, seconds
from restoration.paths import WEIGHTS
from restoration.train import checkpoint
from restoration.train.losses import LOSSES
from restoration.train.muon import ConvolutionalMuon
from restoration.train.patches import prefetch
from restoration.train.publish import publish
from restoration.train.recipe import ScheduledRecipe

CHECKPOINT_SECONDS = 120
LOG = "log.jsonl"
REPORT_STEPS = 100
MOST_INITIAL_SHARE = 0.5  # of the initial weights in their average; above it, little else could be seen
TIMED_STEPS = 4


def untrained_network(recipe: ScheduledRecipe) -> keras.Model:
    """Return the network of a recipe with random weights."""
    builders: Mapping[str, Any] = networks.BUILDERS
    return builders[recipe.builder](**recipe.config)


class Training:
    """One training by a recipe, with its files in a folder; each kind adds its batches and its validation.

    Parameters
    ----------
    recipe
    network
        Its variables that are not trainable stay as they are.
    folder
        Holds ``checkpoint.npz`` and ``log.jsonl``; made if missing, resumed from if not.
    hours
        The budget, in place of the recipe's; the schedule's stages and learning rate follow the share that is spent.
    xla
        Compile the step with XLA; when None, a few steps of both kinds are timed first and the faster one is kept.
    weights
        The folder of the weights that the recipe starts from.
    """

    counters: tuple[str, ...] = ("step", "seconds", "megapixels")  # what a checkpoint keeps beside the variables
    validation_steps = 1000

    def __init__(
        self,
        recipe: ScheduledRecipe,
        network: keras.Model,
        folder: str | Path,
        *,
        hours: float | None = None,
        xla: bool | None = None,
        weights: str | Path = WEIGHTS,
    ):
        self.recipe, self.network, self.folder, self.weights = recipe, network, Path(folder), Path(weights)
        self.hours = recipe.hours if hours is None else hours
        self.budget = self.hours * 3600
        self.folder.mkdir(parents=True, exist_ok=True)
        self.step, self.seconds, self.megapixels = 0, 0.0, 0.0
        self.gflop_per_megapixel = networks.gflop_per_megapixel(network)
        self.optimizer = _optimizer(recipe)
        self.compiled = networks.one_input_per_output(network)
        outputs = len(self.compiled.outputs)
        self.compiled.compile(
            self.optimizer, [LOSSES[recipe.loss]] * outputs, loss_weights=[1 / outputs] * outputs, jit_compile=bool(xla)
        )
        self.optimizer.build(network.trainable_variables)
        self.initial = [ops.convert_to_numpy(variable) for variable in network.trainable_variables]
        self.xla = xla
        self._resume()

    def batch(self, step: int, side: int, size: int) -> tuple[Any, Any]:
        """Return (given, truth) for a step: `size` images of `side` pixels a side."""
        raise NotImplementedError

    def validate(self) -> dict[str, float]:
        """Return the averaged network's figures on the held-back photographs by name, for the log."""
        raise NotImplementedError

    def published_network(self) -> keras.Model:
        """Return the network to publish."""
        raise NotImplementedError

    def trained(self) -> dict[str, Any]:
        """Return what it learned from, for the card: at least ``data``."""
        raise NotImplementedError

    def publish(self, folder: str | Path = WEIGHTS) -> Card:
        """Write weights, card and log (`restoration.train.publish.publish`)."""
        return publish(self, folder)

    @property
    def log_file(self) -> Path:
        """Where the log lies, a line of JSON every `REPORT_STEPS` steps."""
        return self.folder / LOG

    @property
    def spent(self) -> float:
        """Share of the budget that is used, 0 to 1."""
        return min(1.0, self.seconds / self.budget)

    def learning_rate(self) -> float:
        """Warm up linearly, then fall along a cosine over the budget."""
        top, bottom = self.recipe.peak_rate, self.recipe.final_rate
        cosine = bottom + (top - bottom) * (1 + math.cos(math.pi * self.spent)) / 2
        return cosine * min(1.0, (self.step + 1) / self.recipe.warmup_steps)

    def train(self) -> None:
        """Go on until the budget is spent."""
        print(f"Beside NumPy's float32 product of {product_speed():.0f} GFLOP/s.", flush=True)
        if self.spent == 1:
            return
        if self.xla is None:
            self.xla = self._faster_with_xla()
        while self.spent < 1:
            self._train_stage(self._stage())
        self._log({"step": self.step, **self.validate()})
        self._save()

    def averaged_network(self) -> keras.Model:
        """Return a fresh network that holds the running average of the weights.

        The average begins with the initial weights; their share in it is taken out again, as Adam corrects its moments
        (Kingma and Ba 2015, arXiv:1412.6980). At an `ema_decay` of 0.999 it is still 5 % after 3000 steps.
        """
        network = untrained_network(self.recipe)
        share = self.recipe.ema_decay ** max(self.step - 1, 0)
        if share > MOST_INITIAL_SHARE:
            share = 0.0
        found = zip(
            self.network.trainable_variables, self.optimizer._model_variables_moving_average, self.initial, strict=True
        )
        averages = {
            variable.path: (ops.convert_to_numpy(average) - share * initial) / (1 - share)
            for variable, average, initial in found
        }
        for variable, own in zip(network.variables, self.network.variables, strict=True):
            variable.assign(averages.get(own.path, own))
        return network

    def _stage(self):
        return next(stage for stage in self.recipe.stages if self.spent < stage.until)

    def _faster_with_xla(self):
        """Time steps of both kinds, keep the faster one and leave everything else as it was."""
        stage = self._stage()
        batch = self.batch(self.step, stage.side, stage.batch)
        before = [ops.convert_to_numpy(variable) for variable in self._variables()]
        took = {}
        for xla in (False, True):
            self._compile_step(xla)
            self.compiled.train_on_batch(*batch)  # the first one compiles
            took[xla] = min(seconds(lambda: self.compiled.train_on_batch(*batch)) for _ in range(TIMED_STEPS))
        for variable, value in zip(self._variables(), before, strict=True):
            variable.assign(value)
        self.compiled.reset_metrics()
        faster = took[True] < took[False]
        self._compile_step(faster)
        print(f"A step takes {took[False]:.3f} s, with XLA {took[True]:.3f} s: {'with' if faster else 'without'} it.")
        return faster

    def _compile_step(self, xla):
        self.compiled.jit_compile = xla
        self.compiled.make_train_function(force=True)

    def _train_stage(self, stage):
        began, reported, saved, losses = time.time(), time.time(), time.time(), []
        batches = prefetch(lambda step: self.batch(step, stage.side, stage.batch), count(self.step))
        for given, truth in batches:
            self.optimizer.learning_rate.assign(self.learning_rate())
            losses.append(self.compiled.train_on_batch(given, truth, return_dict=True)["loss"])
            now = time.time()
            self.seconds, began = self.seconds + now - began, now
            self.megapixels += stage.batch * stage.side**2 / 1e6
            self.step += 1
            if self.step % REPORT_STEPS == 0:
                self._report(stage, losses, (now - reported) / REPORT_STEPS, _megapixels(given))
                reported, losses = now, []
            if now - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = now
            if self.spent >= stage.until:
                batches.close()
                return

    def _report(self, stage, losses, seconds_per_step, megapixels_per_step):
        line = {
            "step": self.step,
            "hours": round(self.seconds / 3600, 4),
            "spent": round(self.spent, 4),
            "side": stage.side,
            "rate": float(f"{self.learning_rate():.3g}"),
            "loss": round(float(np.mean(losses)), 3),
            "seconds_per_step": round(seconds_per_step, 4),
            # Backwards, each convolution is done twice: for its input and for its weights.
            "gflop_per_second": round(3 * self.gflop_per_megapixel * megapixels_per_step / seconds_per_step),
        }
        if self.step % self.validation_steps == 0:
            line |= self.validate()
        self._log(line)

    def _log(self, line):
        with self.log_file.open("a") as log:
            log.write(json.dumps(line) + "\n")
        left = (self.budget - self.seconds) / 60
        print(f"{json.dumps(line)}  {max(left, 0):.0f} min left", flush=True)

    def _variables(self):
        return [*self.network.variables, *self.optimizer.variables]

    def _save(self):
        checkpoint.save(self.folder, self._variables(), {name: getattr(self, name) for name in self.counters})

    def _resume(self):
        state = checkpoint.resume(self.folder, self._variables(), self.counters)
        vars(self).update(state)
        if state:
            print(f"Resumed at step {self.step}, {self.spent:.0%} of the budget.", flush=True)


def _optimizer(recipe):
    """Return the optimizer that a recipe asks for; it keeps the moving average of the weights."""
    shared = {"weight_decay": recipe.weight_decay, "clipnorm": recipe.clip_norm}
    shared |= {"use_ema": True, "ema_momentum": recipe.ema_decay}
    if recipe.optimizer == "muon":
        return ConvolutionalMuon(recipe.peak_rate, adam_beta_2=0.99, adam_weight_decay=recipe.weight_decay, **shared)
    return keras.optimizers.AdamW(recipe.peak_rate, beta_2=0.99, **shared)


def _megapixels(given):
    """Return the megapixels of one step's input: of a batch, or of one for each of the network's outputs."""
    return sum(batch[..., 0].size for batch in (given if isinstance(given, list | tuple) else [given])) / 1e6
