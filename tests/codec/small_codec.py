"""A network that compresses, small and untrained, with its card and weights in a folder."""

import hashlib

import keras
import numpy as np

from restoration import networks
from restoration.inference.card import Card

CONFIG = {
    "widths": [8, 8, 8, 12],
    "encoder_blocks": [0, 1, 1],
    "decoder_blocks": [0, 1, 1],
    "hyper_width": 6,
    "scale_width": 7,
    "qualities": 6,
}


def write_small_codec(folder):
    """Write weights and card; return the card. The second code is spread, so that many scales are used."""
    keras.utils.set_random_seed(3)
    network = networks.compression_autoencoder(**CONFIG)
    for name, factor in (("hyper_down2", 0.6), ("down3", 20.0), ("scales", 12.0)):
        layer = network.get_layer(name)
        layer.kernel.assign(layer.kernel * factor)
    networks.fill_tables(network)
    path = folder / "compress-small-1.weights.h5"
    network.save_weights(path)
    card = Card(
        name="compress-small-1",
        task="compress",
        preset="best",
        builder="compression_autoencoder",
        config=CONFIG,
        scale=1,
        multiple_of=64,
        halo=0,
        parameters=network.count_params(),
        bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        gflop_per_megapixel=1.0,
        trained={"command": "none", "hours": 0},
        tested={},
        limits="It is not trained.",
    )
    card.write(folder)
    return card


def some_image(height=100, width=150, seed=0):
    """Give an image of smooth colours with an edge, (H, W, 3)."""
    generator = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width] / 50
    image = np.stack([np.sin(rows * factor + columns) for factor in generator.uniform(0.5, 2, 3)], axis=-1) / 3 + 0.5
    image[height // 3 :, width // 2 :] *= 0.5
    return image.astype(np.float32)
