"""A network that compresses, small and untrained, with its card and weights in a folder."""

import contextlib
import hashlib

import keras
import numpy as np
import pytest

from restoration import networks
from restoration.codec.image_codec import ImageCodec
from restoration.inference.card import Card
from restoration.tasks import compress as task

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


@contextlib.contextmanager
def small_codec(folder):
    """Give a codec whose files lie in a folder, run by Keras."""
    card = write_small_codec(folder)
    verified = Card.weights
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_DARKROOM_RUNTIME", "tensorflow")
        patch.setattr(Card, "weights", lambda card: verified(card, folder))
        yield ImageCodec(card, precision="float32")


def install(codec, monkeypatch):
    """Let the task find a codec, and no other."""
    monkeypatch.setattr(task, "card_for", lambda _task, _preset: codec.card)
    monkeypatch.setattr(task, "models", lambda: [codec.card])
    monkeypatch.setattr(task, "codec_for", lambda _name: codec)


def some_image(height=100, width=150, seed=0):
    """Give an image of smooth colours with an edge, (H, W, 3)."""
    generator = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width] / 50
    image = np.stack([np.sin(rows * factor + columns) for factor in generator.uniform(0.5, 2, 3)], axis=-1) / 3 + 0.5
    image[height // 3 :, width // 2 :] *= 0.5
    return image.astype(np.float32)
