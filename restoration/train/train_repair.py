"""The training of networks that find damage and that complete images."""

from typing import Any

import cv2
import keras
import numpy as np

from restoration.image.types import Array, Mask
from restoration.train.damage_pairs import undamaged_validation_pair
from restoration.train.recipe import RepairRecipe
from restoration.train.train_restore import RestorationTraining, validation_pairs

TOLERANCE = 2  # pixels between what is found and what is damaged that count as found


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
        pairs = [(_outputs(network, given)[..., 0] > 0, truth[..., 0] > 0) for given, truth in self.validation_pairs]
        found = [_outputs(network, given) > 0 for given, _ in self.undamaged]
        false_alarms = float(np.mean([one.mean() for one in found]))
        return damage_scores(pairs) | {"false_alarms": round(false_alarms, 5)}

    def held_back_psnr(self, network: keras.Model) -> float:
        """Return a network's mean PSNR (dB) in the holes of the held-back photographs."""
        return float(np.mean([hole_psnr(_outputs(network, given), truth) for given, truth in self.validation_pairs]))


def damage_scores(pairs: list[tuple[Mask, Mask]], tolerance: int = TOLERANCE) -> dict[str, float]:
    """Return precision, recall and F1 of what was found, over all pixels of several images.

    Parameters
    ----------
    pairs : list of (found, damaged), each of shape (H, W), bool
    tolerance
        In pixels: what is found within it of damage is right, and damage within it of what is found is found.

    Returns
    -------
    dict
        ``precision``, ``recall`` and ``f1``, in [0, 1].
    """
    side = 2 * tolerance + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    right = found_in_all = recalled = damaged_in_all = 0
    for found, damaged in pairs:
        near_damage, near_found = (cv2.dilate(mask.astype(np.uint8), kernel) > 0 for mask in (damaged, found))
        right += int(np.count_nonzero(found & near_damage))
        found_in_all += int(np.count_nonzero(found))
        recalled += int(np.count_nonzero(damaged & near_found))
        damaged_in_all += int(np.count_nonzero(damaged))
    precision = right / found_in_all if found_in_all else 1.0
    recall = recalled / damaged_in_all if damaged_in_all else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def hole_psnr(restored: Array, truth: Array) -> float:
    """Return the PSNR (dB) of an image (H, W, 3) in the holes alone; `truth` (H, W, 4) holds image and mask."""
    holes = truth[..., 3] > 0
    error = np.clip(restored, 0, 1)[holes] - truth[..., :3][holes]
    return float(-10 * np.log10(max(np.mean(np.square(error)), 1e-10)))


def _outputs(network, given):
    """Return what the network makes of one input, (H, W, C)."""
    return keras.ops.convert_to_numpy(network(given[None], training=False))[0]
