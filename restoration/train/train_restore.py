"""The training of networks that denoise and enlarge, on random patches of photographs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from restoration import networks
from restoration.paths import WEIGHTS
from restoration.train.held_back import mean_psnr
from restoration.train.loop import Training, untrained_network
from restoration.train.patches import Patches
from restoration.train.photographs import Pixels, load_photos
from restoration.train.publish import start_weights
from restoration.train.recipe import Pair, RestorationRecipe
from restoration.train.warm_start import transfer_weights

VALIDATION_SIDE = 192


class RestorationTraining(Training):
    """One training by a recipe, on random patches.

    Parameters
    ----------
    recipe
    photos, held_back : of shape (H, W, 3), uint8
    folder, hours, xla
        As in `Training`.
    weights
        The folder of the weights that the recipe starts from.
    """

    recipe: RestorationRecipe

    def __init__(
        self,
        recipe: RestorationRecipe,
        photos: Sequence[Pixels],
        held_back: Sequence[Pixels],
        folder: str | Path,
        *,
        hours: float | None = None,
        xla: bool | None = None,
        weights: str | Path = WEIGHTS,
    ):
        self.patches = Patches(photos, recipe.pair, recipe.seed)
        self.validation_pairs = validation_pairs(recipe.validation_pair, held_back)
        keras.utils.set_random_seed(recipe.seed)
        network = untrained_network(recipe)
        self.started_with = None
        if recipe.start:
            transfer_weights(network, start_weights(recipe, weights))
            self.started_with = network.get_weights()
        super().__init__(recipe, network, folder, hours=hours, xla=xla, weights=weights)

    @classmethod
    def from_photos(
        cls, recipe: RestorationRecipe, photos: Path, folder: Path, **options: Any
    ) -> "RestorationTraining":
        """Return the training on the photographs of a folder."""
        return cls(recipe, *load_photos(photos, folder_repeats=recipe.folder_repeats), folder, **options)

    def batch(self, step: int, side: int, size: int) -> tuple[Any, Any]:
        """Return (given, truth) for a step."""
        return self.patches.batch(step, side, size)

    def validate(self) -> dict[str, float]:
        """Return the averaged network's mean PSNR, for the log."""
        return {"held_back_psnr": round(self.held_back_psnr(self.averaged_network()), 3)}

    def held_back_psnr(self, network: keras.Model) -> float:
        """Return a network's mean PSNR (dB) on the validation pairs of the held-back photographs."""
        return mean_psnr(networks.head(network, self.recipe.scale), self.validation_pairs)

    def published_network(self) -> keras.Model:
        """Return the averaged network, interpolated with what it started from where the recipe asks for it."""
        network, share = self.averaged_network(), self.recipe.start_share
        if self.started_with and share:
            pairs = zip(self.started_with, network.get_weights(), strict=True)
            network.set_weights([share * start + (1 - share) * learned for start, learned in pairs])
        return network

    def trained(self) -> dict[str, Any]:
        """Return what it learned from, for the card."""
        recipe = self.recipe
        shared = {"start_share": recipe.start_share} if self.started_with and recipe.start_share else {}
        return {"data": f"{len({id(photo) for photo in self.patches.photos})} photographs: {recipe.data}"} | shared


def validation_pairs(pair: Pair, held_back: Sequence[Pixels]) -> list[tuple[Any, Any]]:
    """Return the middle of each held-back photograph as the network is given it, and as it should come back."""
    pairs = []
    for index, photo in enumerate(held_back):
        side = min(VALIDATION_SIDE, *(length // 32 * 32 for length in photo.shape[:2]))
        row, column = ((length - side) // 2 for length in photo.shape[:2])
        clean = photo[row : row + side, column : column + side].astype(np.float32) / np.float32(255)
        pairs.append(pair(np.random.default_rng(index), clean))
    return pairs
