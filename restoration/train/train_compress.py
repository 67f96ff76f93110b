"""The training of networks that compress: bits against error."""

import keras
import numpy as np

from restoration import networks
from restoration.image.metrics import psnr
from restoration.train.compress_pairs import PRICES, at_quality
from restoration.train.losses import LOSSES
from restoration.train.train_restore import RestorationTraining


class CompressTraining(RestorationTraining):
    """One training of a network that compresses; parameters as in `RestorationTraining`."""

    def validate(self) -> dict[str, float]:
        """Return the averaged network's figures on the held-back photographs, for the log.

        Returns
        -------
        dict
            ``held_back_psnr`` (dB) and ``held_back_bits`` (per pixel) at the middling quality, ``held_back_loss`` over
            all qualities.
        """
        network, losses, figures = self.averaged_network(), [], {}
        for quality in range(len(PRICES)):
            pairs = [at_quality(given[..., :3], quality) for given, _ in self.validation_pairs]
            decoded = [keras.ops.convert_to_numpy(network(given[None], training=False)) for given, _ in pairs]
            told = list(zip(decoded, (truth for _, truth in pairs), strict=True))
            losses.append(np.mean([float(LOSSES[self.recipe.loss](truth[None], one)) for one, truth in told]))
            if quality == len(PRICES) // 2:
                errors = [psnr(np.clip(one[0, ..., :3], 0, 1), truth[..., :3]) for one, truth in told]
                bits = [one[..., 3].mean() for one, _ in told]
                figures = {"held_back_psnr": np.mean(errors), "held_back_bits": np.mean(bits)}
        return {name: round(float(value), 3) for name, value in (figures | {"held_back_loss": np.mean(losses)}).items()}

    def published_network(self) -> keras.Model:
        """Return the averaged network with the tables that files are coded with."""
        network = super().published_network()
        networks.fill_tables(network)
        return network
