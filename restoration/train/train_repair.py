"""The training of networks that find damage and that complete images."""

from typing import Any

import keras
import numpy as np

from restoration.image.mask_metrics import mask_psnr, mask_scores
from restoration.train.damage_pairs import undamaged_validation_pair
from restoration.train.held_back import output_of
from restoration.train.recipe import RepairRecipe
from restoration.train.train_restore import RestorationTraining, validation_pairs


class RepairTraining(RestorationTraining):
    """One training of a network of repair; parameters as in `RestorationTraining`."""

    recipe: RepairRecipe

    def __init__(self, recipe: RepairRecipe, photos: Any, held_back: Any, folder: Any, **options: Any):
        super().__init__(recipe, photos, held_back, folder, **options)
        self.undamaged = (
            validation_pairs(undamaged_validation_pair, held_back) if recipe.output == "damage logits" else []
        )

    def validate(self) -> dict[str, float]:
        """Return the averaged network's figures on the held-back photographs, for the log.

        Returns
        -------
        dict
            Of damage: ``f1``, ``precision`` and ``recall`` of logits above 0 at 2 pixels' tolerance, and
            ``false_alarms``, the share of the pixels found in undamaged photographs. Of completion:
            ``held_back_psnr``, the mean PSNR in the holes alone.
        """
        network = self.averaged_network()
        if self.recipe.output == "rgb":
            return {"held_back_psnr": round(self.held_back_psnr(network), 3)}
        pairs = [(output_of(network, given)[..., 0] > 0, truth[..., 0] > 0) for given, truth in self.validation_pairs]
        found = [output_of(network, given) > 0 for given, _ in self.undamaged]
        false_alarms = float(np.mean([one.mean() for one in found]))
        return mask_scores(pairs) | {"false_alarms": round(false_alarms, 5)}

    def held_back_psnr(self, network: keras.Model) -> float:
        """Return a network's mean PSNR (dB) in the holes of the held-back photographs."""
        restored = [np.clip(output_of(network, given), 0, 1) for given, _ in self.validation_pairs]
        pairs = zip(restored, self.validation_pairs, strict=True)
        return float(np.mean([mask_psnr(image, truth[..., :3], truth[..., 3] > 0) for image, (_, truth) in pairs]))
