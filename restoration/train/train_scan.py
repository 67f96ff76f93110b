"""The training of networks that denoise scans, on patches of simulated ones."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from restoration.inference.scan_units import conditioning
from restoration.paths import WEIGHTS
from restoration.train.held_back import mean_psnr
from restoration.train.loop import Training, untrained_network
from restoration.train.publish import start_weights
from restoration.train.recipe import ScanRecipe
from restoration.train.scan_pairs import (
    PHANTOMS,
    ScanPatches,
    SimulatedScan,
    pair_of,
    read_slices,
    simulate,
    simulated_scans,
    split_by_patient,
)
from restoration.train.warm_start import transfer_weights

VALIDATION_DOSE = 0.25


class ScanTraining(Training):
    """One training of a network that denoises scans.

    Parameters
    ----------
    recipe
    scans
        What it learns from.
    held_back
        Scans at `VALIDATION_DOSE` of patients that are not among them.
    folder, hours, xla, weights
        As in `Training`.
    """

    recipe: ScanRecipe

    def __init__(
        self,
        recipe: ScanRecipe,
        scans: list[SimulatedScan],
        held_back: list[SimulatedScan],
        folder: str | Path,
        *,
        hours: float | None = None,
        xla: bool | None = None,
        weights: str | Path = WEIGHTS,
    ):
        self.patches = ScanPatches(scans, recipe.seed, cut=recipe.cut)
        told = conditioning(VALIDATION_DOSE)
        self.validation_pairs = [
            pair_of(
                (scan.truth + scan.noises[0]).astype(np.float32), scan.truth.astype(np.float32), told, cut=recipe.cut
            )
            for scan in held_back
        ]
        keras.utils.set_random_seed(recipe.seed)
        network = untrained_network(recipe)
        if recipe.start:
            transfer_weights(network, start_weights(recipe, weights))
        super().__init__(recipe, network, folder, hours=hours, xla=xla, weights=weights)

    @classmethod
    def from_photos(cls, recipe: ScanRecipe, photos: Path, folder: Path, **options: Any) -> "ScanTraining":
        """Return the training on the slices of a folder; what is simulated of them is kept beside the checkpoint."""
        parts = split_by_patient(list(read_slices(photos)))
        folder.mkdir(parents=True, exist_ok=True)
        scans = simulated_scans(parts["training"], recipe.seed, folder / "scans.npz")
        held_back = [
            simulate(values, [VALIDATION_DOSE], [recipe.seed, 3, number])
            for number, values in enumerate(parts["validation"])
        ]
        return cls(recipe, scans, held_back, folder, **options)

    def batch(self, step: int, side: int, size: int) -> tuple[Any, Any]:
        """Return (given, truth) for a step."""
        return self.patches.batch(step, side, size)

    def validate(self) -> dict[str, float]:
        """Return the averaged network's mean PSNR in the soft-tissue window, at a quarter of the dose, for the log."""
        return {"held_back_psnr": round(mean_psnr(self.averaged_network(), self.validation_pairs), 3)}

    def published_network(self) -> keras.Model:
        """Return the averaged network."""
        return self.averaged_network()

    def trained(self) -> dict[str, Any]:
        """Return what it learned from, for the card."""
        slices = len(self.patches.scans) - PHANTOMS
        return {"data": f"{slices} slices and {PHANTOMS} phantoms: {self.recipe.data}"}
