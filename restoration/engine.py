"""What executes a network, and what it computes in. Another runtime is added by changing this file alone.

OpenVINO where it is installed, TensorFlow else; the environment variable LATENT_DARKROOM_RUNTIME (openvino or
tensorflow) decides otherwise. Only TensorFlow loads Keras, which takes longer than most pictures.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

PRECISIONS = ("float32", "bfloat16")
NAMES = {"openvino": "OpenVINO", "tensorflow": "TensorFlow"}
RUNTIMES = tuple(NAMES)
SETTING = "LATENT_DARKROOM_RUNTIME"

# What was made ready in this process: a card's name -> "OpenVINO, bfloat16", for the visitor to read.
running = {}


class EngineError(RuntimeError):
    """A runtime that is unknown, missing or unable to run a network, said in one sentence."""


@dataclass(frozen=True)
class Runner:
    """A network that is ready to run: call it; it keeps no state between calls.

    Parameters
    ----------
    run : callable
        ndarray (n, h, w, c) float32 -> ndarray (n, h, w, c') float32, or a tuple of them where the network has several
        outputs.
    runtime, precision : str
        What executes it, and what its convolutions compute in.
    """

    run: Callable
    runtime: str
    precision: str

    def __call__(self, batch):
        """Run the network on a batch."""
        return self.run(batch)


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


def threads():
    """Return the number of cores that one picture may use: the physical ones, as far as this process may have them."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(psutil.cpu_count(logical=False) or allowed, allowed)


def runner(card, precision=None, runtime=None):
    """Make a network ready to run.

    Parameters
    ----------
    card : Card
        Its weights are verified, then loaded.
    precision : {"float32", "bfloat16"}, optional
        What the convolutions compute in; the faster one on this processor when omitted.
    runtime : {"openvino", "tensorflow"}, optional
        What executes it; LATENT_DARKROOM_RUNTIME decides when omitted, and where that is not set either, OpenVINO does
        it if it can, else TensorFlow.

    Returns
    -------
    Runner

    Raises
    ------
    WeightsError
        If the weights are missing or changed.
    EngineError
        If the wanted runtime is unknown or cannot run the network.
    """
    ready = _runner(card, precision or best_precision(), runtime)
    running[card.name] = f"{NAMES[ready.runtime]}, {ready.precision}"
    return ready


def _runner(card, precision, runtime):
    weights = card.weights()
    wanted = runtime or os.environ.get(SETTING)
    if wanted and wanted not in RUNTIMES:
        raise EngineError(f"The runtime {wanted!r} is unknown; set {SETTING} to one of {', '.join(RUNTIMES)}.")
    if wanted != "tensorflow":
        try:
            from restoration import exported

            return Runner(openvino_runner(exported.network(card, weights), precision), "openvino", precision)
        except (ImportError, OSError, RuntimeError) as error:
            if wanted:
                raise EngineError(f"OpenVINO cannot run {card.name}: {error}. Set {SETTING}=tensorflow.") from error
            logging.getLogger(__name__).warning("TensorFlow runs %s, since OpenVINO cannot: %s", card.name, error)
    network = build(card, precision)
    network.load_weights(weights)
    return Runner(tensorflow_runner(network), "tensorflow", precision)


def build(card, precision="float32"):
    """Return the card's network (keras.Model) with random weights, computing in a precision."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on processors are not for our users
    import keras

    from restoration import networks

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    try:
        return networks.BUILDERS[card.builder](**card.config)
    finally:
        keras.config.set_dtype_policy(before)


def openvino_runner(exported_network, precision):
    """Return the function that runs an exported network (`exported.export`) in a precision."""
    from restoration import exported

    core = exported.openvino().Core()
    settings = {
        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[precision],
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": threads(),
        # Threads that are tied to their cores wait for whatever else runs there.
        "ENABLE_CPU_PINNING": False,
    }
    compiled = core.compile_model(core.read_model(*exported_network), "CPU", settings)
    request, free = compiled.create_infer_request(), threading.Lock()

    def run(batch):
        with free:  # a request takes one batch at a time; its buffers are worth keeping
            outputs = request.infer([np.ascontiguousarray(batch, np.float32)], share_inputs=True)
        arrays = tuple(outputs[port] for port in compiled.outputs)
        return arrays if len(arrays) > 1 else arrays[0]

    return run


def tensorflow_runner(network):
    """Return the function that runs a network (keras.Model)."""
    import tensorflow as tf

    shape = tf.TensorSpec(network.input.shape, tf.float32)
    # Called as a function, not through `predict`: eight times as fast for one image.
    graph = tf.function(lambda batch: network(batch, training=False), input_signature=[shape])

    def run(batch):
        outputs = graph(tf.constant(batch))
        return tuple(one.numpy() for one in outputs) if isinstance(outputs, list | tuple) else outputs.numpy()

    return run
