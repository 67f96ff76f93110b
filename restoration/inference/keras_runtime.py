"""Networks in Keras: built from their cards, loaded, and run by TensorFlow. Restoring by OpenVINO never comes here."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from restoration.image.types import Array
from restoration.inference.card import Card
from restoration.inference.runner import Runner, to_nchw, to_nhwc

if TYPE_CHECKING:
    import keras


def build_network(card: Card, precision: str = "float32") -> "keras.Model":
    """Build the card's network with random weights, computing in a precision."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on processors are not for our users
    import keras

    from restoration import networks
    from restoration.inference import hardware

    hardware.spare_loaded()
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    try:
        return networks.BUILDERS[card.builder](**card.config)
    finally:
        keras.config.set_dtype_policy(before)


def load_network(card: Card, weights: Path | str, precision: str = "float32", part: str = "") -> "keras.Model":
    """Build the card's network, or a part of it (`restoration.networks.codec_part`), with its weights."""
    network = build_network(card, precision)
    network.load_weights(weights)
    if not part:
        return network
    from restoration import networks

    return networks.codec_part(network, part)


def load_runner(card: Card, weights: Path, precision: str, output: int = 0, part: str = "") -> Runner:
    """Load a network to be run by TensorFlow, as `restoration.inference.runtime.load_runner` asks for it."""
    return make_runner(load_network(card, weights, precision, part), precision, output)


def make_runner(network: "keras.Model", precision: str, output: int = 0) -> Runner:
    """Return the Runner of one output of a network that was built to compute in a precision."""
    import keras
    import tensorflow as tf

    network = keras.Model(network.input, network.outputs[output])
    shape = network.input.shape
    # Called as a function, not through `predict`: eight times as fast for one image.
    graph = tf.function(
        lambda batch: network(batch, training=False), input_signature=[tf.TensorSpec(shape, tf.float32)]
    )

    def run(batch: Array) -> Array:
        return to_nchw(graph(tf.constant(to_nhwc(batch))).numpy())

    input_shape = (shape[0], shape[3], *shape[1:3]) if len(shape) == 4 else tuple(shape)
    return Runner(run, input_shape, "tensorflow", precision)
