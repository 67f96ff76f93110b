"""What executes a network. Another runtime takes TensorFlow's place by changing this file alone."""

import os
from functools import cache
from pathlib import Path

PRECISIONS = ("float32", "bfloat16")


@cache
def has_bfloat16():
    """Tell whether this processor multiplies bfloat16 in hardware (elsewhere it is slower than float32).

    Returns
    -------
    bool
        False also where the processor cannot be asked (only Linux lists its instructions in a file).
    """
    try:
        listed = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return any(instruction in listed for instruction in ("avx512_bf16", "amx_bf16"))


def best_precision():
    """Return what to compute in on this processor: "bfloat16" or "float32"."""
    return "bfloat16" if has_bfloat16() else "float32"


def runner(card, precision=None):
    """Make a network ready to run.

    Parameters
    ----------
    card : Card
        Its weights are verified, then loaded.
    precision : {"float32", "bfloat16"}, optional
        What the convolutions compute in; the faster one on this processor when omitted.

    Returns
    -------
    callable
        ndarray (n, h, w, c) float32 -> ndarray (n, h, w, c') float32; keeps no state between calls.
    """
    weights = card.weights()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its notes on processors are not for our users
    import tensorflow as tf

    network = build(card, precision or best_precision())
    network.load_weights(weights)
    shape = tf.TensorSpec(network.input.shape, tf.float32)
    # Called as a function, not through `predict`: eight times as fast for one image.
    graph = tf.function(lambda batch: network(batch, training=False), input_signature=[shape])
    return lambda batch: graph(tf.constant(batch)).numpy()


def build(card, precision="float32"):
    """Return the card's network (keras.Model) with random weights, computing in a precision."""
    import keras

    from restoration import networks

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    try:
        return networks.BUILDERS[card.builder](**card.config)
    finally:
        keras.config.set_dtype_policy(before)
