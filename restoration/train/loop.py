"""The training loop: resumable at any minute, driven by a budget of hours, in Keras operations alone."""

import json
import math
import time
from itertools import count
from pathlib import Path

import keras
import numpy as np
from keras import ops

from restoration import networks
from restoration.benchmark.measure import product_speed, seconds
from restoration.metrics import psnr
from restoration.train import checkpoint
from restoration.train.data import Patches, prefetch
from restoration.train.losses import LOSSES

CHECKPOINT_SECONDS = 120
REPORT_STEPS = 100
JUDGE_STEPS = 1000
JUDGE_SIDE = 192
TIMED_STEPS = 4


class Run:
    """One training of a recipe, kept in a folder.

    Parameters
    ----------
    recipe : Recipe
    photos, held_back : lists of ndarray of shape (H, W, 3), uint8
    folder : path
        Holds ``checkpoint.npz`` and ``log.jsonl``; made if missing, resumed from if not.
    hours : float
        The budget; the schedule's stages and learning rate follow the share of it that is spent.
    start : path, optional
        A weights file to begin from instead of random values.
    xla : bool, optional
        Compile the step with XLA; when None, a few steps of both kinds are timed first and the faster one is kept.
    """

    def __init__(self, recipe, photos, held_back, folder, *, hours, start=None, xla=False):
        self.recipe, self.folder, self.budget = recipe, Path(folder), hours * 3600
        self.folder.mkdir(parents=True, exist_ok=True)
        self.patches = Patches(photos, recipe.pair, recipe.seed)
        self.judged = _judged(recipe, held_back)
        self.step, self.seconds, self.megapixels = 0, 0.0, 0.0

        keras.utils.set_random_seed(recipe.seed)
        self.network = networks.BUILDERS[recipe.builder](**recipe.config)
        self.gflop_per_megapixel = networks.gflop_per_megapixel(self.network)
        if start:
            self.network.load_weights(start)
        self.optimizer = keras.optimizers.AdamW(
            recipe.peak_rate, beta_2=0.99, weight_decay=1e-5, use_ema=True, ema_momentum=recipe.averaging
        )
        self.trained = networks.side_by_side(self.network)
        count = len(self.trained.outputs)
        self.trained.compile(
            self.optimizer, [LOSSES[recipe.loss]] * count, loss_weights=[1 / count] * count, jit_compile=bool(xla)
        )
        self.optimizer.build(self.network.trainable_variables)
        self.xla = xla
        self._resume()

    @property
    def spent(self):
        """Share of the budget that is used, 0 to 1."""
        return min(1.0, self.seconds / self.budget)

    def learning_rate(self):
        """Warm up linearly, then fall along a cosine over the budget."""
        top, bottom = self.recipe.peak_rate, self.recipe.final_rate
        cosine = bottom + (top - bottom) * (1 + math.cos(math.pi * self.spent)) / 2
        return cosine * min(1.0, (self.step + 1) / self.recipe.warmup_steps)

    def train(self):
        """Go on until the budget is spent."""
        print(f"Beside NumPy's float32 product of {product_speed():.0f} GFLOP/s.", flush=True)
        if self.xla is None and self.spent < 1:
            self.xla = self._faster_with_xla()
        while self.spent < 1:
            stage = next(stage for stage in self.recipe.stages if self.spent < stage.until)
            self._train_stage(stage)
        self._save()

    def summary(self):
        """Return what the run took and reached: a dict for the list of trials."""
        network = self.averaged()
        return {
            "gflop_per_megapixel": round(networks.gflop_per_megapixel(network), 1),
            "parameters": network.count_params(),
            "minutes": round(self.seconds / 60, 1),
            "steps": self.step,
            "megapixels": round(self.megapixels, 1),
            # Not the averaged weights: after a short run these lag behind.
            "held_back_psnr": round(self.judge(self.network), 2),
        }

    def averaged(self):
        """Return a fresh network that holds the running average of the weights."""
        network = networks.BUILDERS[self.recipe.builder](**self.recipe.config)
        averages = self.optimizer._model_variables_moving_average
        for variable, average in zip(network.trainable_variables, averages, strict=True):
            variable.assign(average)
        return network

    finished = averaged

    def source(self):
        """Return what it learned from, for the card."""
        recipe = self.recipe
        data = f"{len(self.patches.photos)} photographs: {recipe.data}"
        return {"data": data, "licence": recipe.licences, "degradation": recipe.degradation, "seed": recipe.seed}

    def judge(self, network):
        """Return the mean PSNR (dB) over the held-back photographs, spoiled as `Recipe.judged` says."""
        given, truth = self.judged
        network = networks.head(network, self.recipe.scale)
        restored = [keras.ops.convert_to_numpy(network(one[None]))[0] for one in given]
        pairs = zip(restored, truth, strict=True)
        return float(np.mean([psnr(np.clip(image, 0, 1), clean) for image, clean in pairs]))

    def _faster_with_xla(self):
        """Time steps of both kinds, keep the faster one and leave everything else as it was."""
        stage = next(stage for stage in self.recipe.stages if self.spent < stage.until)
        batch = self.patches.batch(self.step, stage.side, stage.batch)
        before = [ops.convert_to_numpy(variable) for variable in self._variables()]
        took = {}
        for xla in (False, True):
            self._compile_step(xla)
            self.trained.train_on_batch(*batch)  # the first one compiles
            took[xla] = min(seconds(lambda: self.trained.train_on_batch(*batch)) for _ in range(TIMED_STEPS))
        for variable, value in zip(self._variables(), before, strict=True):
            variable.assign(value)
        self.trained.reset_metrics()
        faster = took[True] < took[False]
        self._compile_step(faster)
        print(f"A step takes {took[False]:.3f} s, with XLA {took[True]:.3f} s: {'with' if faster else 'without'} it.")
        return faster

    def _compile_step(self, xla):
        self.trained.jit_compile = xla
        self.trained.make_train_function(force=True)

    def _train_stage(self, stage):
        began, reported, saved, losses = time.time(), time.time(), time.time(), []
        batches = prefetch(lambda step: self.patches.batch(step, stage.side, stage.batch), count(self.step))
        for given, truth in batches:
            self.optimizer.learning_rate.assign(self.learning_rate())
            losses.append(self.trained.train_on_batch(given, truth, return_dict=True)["loss"])
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
            "psnr": round(-float(np.mean(losses)), 3),
            "seconds_per_step": round(seconds_per_step, 4),
            # Backwards, each convolution is done twice: for its input and for its weights.
            "gflop_per_second": round(3 * self.gflop_per_megapixel * megapixels_per_step / seconds_per_step),
        }
        if self.step % JUDGE_STEPS == 0:
            line["held_back_psnr"] = round(self.judge(self.averaged()), 3)
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        left = (self.budget - self.seconds) / 60
        print(f"{json.dumps(line)}  {left:.0f} min left", flush=True)

    def _variables(self):
        return [*self.network.variables, *self.optimizer.variables]

    def _save(self):
        state = {"step": self.step, "seconds": self.seconds, "megapixels": self.megapixels}
        checkpoint.save(self.folder, self._variables(), state)

    def _resume(self):
        state = checkpoint.resume(self.folder, self._variables())
        vars(self).update(state)
        if state:
            print(f"Resumed at step {self.step}, {self.spent:.0%} of the budget.", flush=True)


def _megapixels(given):
    """Count what one step shows the network: a batch, or one for each of its outputs."""
    return sum(batch[..., 0].size for batch in (given if isinstance(given, list | tuple) else [given])) / 1e6


def _judged(recipe, held_back):
    """Return the middle of each held-back photograph as the network is given it, and as it should come back."""
    pairs = []
    for index, photo in enumerate(held_back):
        side = min(JUDGE_SIDE, *(length // 16 * 16 for length in photo.shape[:2]))
        row, column = ((length - side) // 2 for length in photo.shape[:2])
        clean = photo[row : row + side, column : column + side].astype(np.float32) / 255
        pairs.append(recipe.judged(np.random.default_rng(index), clean))
    return tuple(zip(*pairs, strict=True))
