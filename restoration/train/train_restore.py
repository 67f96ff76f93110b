"""The training of networks that restore and enlarge: on patches of photographs, tile by tile later."""

import keras
import numpy as np

from restoration import networks
from restoration.image.metrics import psnr
from restoration.train.loop import Training
from restoration.train.patches import Patches
from restoration.train.warm_start import begin

JUDGE_SIDE = 192


class Run(Training):
    """One training of a recipe on random patches.

    Parameters
    ----------
    recipe : Recipe
    photos, held_back : lists of ndarray of shape (H, W, 3), uint8
    folder, hours, xla
        As in `Training`.
    start : path, optional
        A weights file to begin from instead of random values, of this network or a smaller one (`growth.begin`).
    """

    def __init__(self, recipe, photos, held_back, folder, *, hours, start=None, xla=None):
        self.patches = Patches(photos, recipe.pair, recipe.seed)
        self.judged = _judged(recipe, held_back)
        keras.utils.set_random_seed(recipe.seed)
        network = networks.BUILDERS[recipe.builder](**recipe.config)
        self.began_with = None
        if start:
            begin(network, start)
            self.began_with = network.get_weights()
        super().__init__(recipe, network, folder, hours=hours, xla=xla)

    def batch(self, step, side, size):
        """Return (given, truth) for a step."""
        return self.patches.batch(step, side, size)

    def judge(self):
        """Return the averaged network's mean PSNR, for the log."""
        return {"held_back_psnr": round(self.held_back_psnr(self.averaged()), 3)}

    def held_back_psnr(self, network):
        """Return a network's mean PSNR (dB) over the held-back photographs, spoiled as `Recipe.judged` says."""
        given, truth = self.judged
        network = networks.head(network, self.recipe.scale)
        restored = [keras.ops.convert_to_numpy(network(one[None]))[0] for one in given]
        pairs = zip(restored, truth, strict=True)
        return float(np.mean([psnr(np.clip(image, 0, 1), clean) for image, clean in pairs]))

    def summary(self):
        """Return what the run took and reached: a dict for the list of trials."""
        return {
            "gflop_per_megapixel": round(self.gflop_per_megapixel, 1),
            "parameters": self.network.count_params(),
            "minutes": round(self.seconds / 60, 1),
            "steps": self.step,
            "megapixels": round(self.megapixels, 1),
            # Not the averaged weights: after a short run these lag behind.
            "held_back_psnr": round(self.held_back_psnr(self.network), 2),
        }

    def finished(self):
        """Return the network to publish."""
        network, kept = self.averaged(), self.recipe.kept
        if self.began_with and kept:
            pairs = zip(self.began_with, network.get_weights(), strict=True)
            network.set_weights([kept * before + (1 - kept) * learned for before, learned in pairs])
        return network

    def source(self):
        """Return what it learned from, for the card."""
        recipe = self.recipe
        data = f"{len({id(photo) for photo in self.patches.photos})} photographs: {recipe.data}"
        told = {"data": data, "licence": recipe.licences, "degradation": recipe.degradation, "seed": recipe.seed}
        return told | ({"kept": recipe.kept} if self.began_with and recipe.kept else {})


def _judged(recipe, held_back):
    """Return the middle of each held-back photograph as the network is given it, and as it should come back."""
    pairs = []
    for index, photo in enumerate(held_back):
        side = min(JUDGE_SIDE, *(length // 16 * 16 for length in photo.shape[:2]))
        row, column = ((length - side) // 2 for length in photo.shape[:2])
        clean = photo[row : row + side, column : column + side].astype(np.float32) / 255
        pairs.append(recipe.judged(np.random.default_rng(index), clean))
    return tuple(zip(*pairs, strict=True))
