"""What executes a network, and what it computes in. Another runtime is added by changing this file alone.

OpenVINO where it is installed, TensorFlow else; the environment variable LATENT_DARKROOM_RUNTIME (openvino or
tensorflow) decides otherwise. Only TensorFlow loads Keras, which takes longer than most pictures.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from restoration.image import resample
from restoration.inference import hardware, keras_runtime

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
    takes : tuple of int or None
        The shape of a batch; None where any length will do.
    runtime, precision : str
        What executes it, and what its convolutions compute in.
    """

    run: Callable
    takes: tuple
    runtime: str
    precision: str

    def __call__(self, batch):
        """Run the network on a batch."""
        return self.run(batch)


def runner(card, precision=None, runtime=None, *, output=None):
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
    output : int, optional
        Which of a network's several outputs is wanted; only what it needs is computed. All of them when omitted.

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
    ready = _runner(card, precision or hardware.best_precision(), runtime, output)
    running[card.name] = f"{NAMES[ready.runtime]}, {ready.precision}"
    return ready


def _runner(card, precision, runtime, output):
    weights = card.weights()
    wanted = runtime or os.environ.get(SETTING)
    if wanted and wanted not in RUNTIMES:
        raise EngineError(f"The runtime {wanted!r} is unknown; set {SETTING} to one of {', '.join(RUNTIMES)}.")
    if wanted != "tensorflow":
        try:
            from restoration.inference import openvino_runtime

            return openvino_runner(openvino_runtime.network(card, weights), precision, output, ending_of(card))
        except (ImportError, OSError, RuntimeError) as error:
            if wanted:
                raise EngineError(f"OpenVINO cannot run {card.name}: {error}. Set {SETTING}=tensorflow.") from error
            logging.getLogger(__name__).warning("TensorFlow runs %s, since OpenVINO cannot: %s", card.name, error)
    return tensorflow_runner(keras_runtime.trained(card, weights, precision), precision, output)


@dataclass(frozen=True)
class Ending:
    """The last steps of a network that is exported short of them (`networks.corrections`), done here in float32.

    Parameters
    ----------
    steps : sequence of callable
        For each of the network's outputs ``step(given, result) -> ndarray (H, W, C)``, on one picture.
    planes : bool
        The runtime takes and gives pictures channel by channel, (C, H, W), as it computes, and so does each step.
    """

    steps: tuple
    planes: bool = False


def ending_of(card):
    """Return the `Ending` of a card's network, or None if it is exported whole."""
    if card.builder == "residual_autoencoder":
        channels = card.config.get("channels", 3)
        return Ending((lambda planes, result: resample.place_and_add(planes[:channels], result),), planes=True)
    if card.builder == "upscaling_autoencoder":
        return Ending(tuple(partial(resample.enlarge_and_add, scale=scale) for scale in card.config["scales"]))
    return None


def openvino_runner(exported_network, precision, output=None, ending=None):
    """Return the Runner of an exported network (`exported.export`), or of one output of it.

    Where it is exported short of its last steps, at which OpenVINO is slow, `ending` does them.
    """
    from restoration.inference import openvino_runtime

    openvino = openvino_runtime.openvino()
    core = openvino.Core()
    graph = core.read_model(*exported_network)
    takes = tuple(None if length.is_dynamic else length.get_length() for length in graph.input(0).partial_shape)
    if output is not None:
        graph = openvino.Model([graph.output(output)], graph.get_parameters())
    steps = ending and (ending.steps if output is None else ending.steps[output : output + 1])
    planes = bool(ending and ending.planes)
    settings = {
        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[precision],
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": hardware.threads(),
        # Threads that are tied to their cores wait for whatever else runs there.
        "ENABLE_CPU_PINNING": False,
    }
    compiled = core.compile_model(openvino_runtime.by_planes(graph) if planes else graph, "CPU", settings)
    request, free = compiled.create_infer_request(), threading.Lock()

    def run(batch):
        given = np.ascontiguousarray(batch.transpose(0, 3, 1, 2) if planes else batch, np.float32)
        with free:  # a request takes one batch at a time; its buffers are worth keeping
            outputs = request.infer([given], share_inputs=True, share_outputs=bool(steps))
            arrays = tuple(outputs[port] for port in compiled.outputs)
            if steps:
                arrays = tuple(_ended(given, *of_output) for of_output in zip(arrays, steps, strict=True))
        return arrays if len(arrays) > 1 else arrays[0]

    return Runner(run, takes, "openvino", precision)


def _ended(given, results, step):
    pictures = [step(picture, own) for picture, own in zip(given, results, strict=True)]
    return np.stack(pictures) if len(pictures) > 1 else pictures[0][None]  # that of one large tile is not copied


def tensorflow_runner(network, precision, output=None):
    """Return the Runner of a network (keras.Model) that was built to compute in a precision, or of one output of it."""
    import keras
    import tensorflow as tf

    if output is not None:
        network = keras.Model(network.input, network.outputs[output])
    shape = tf.TensorSpec(network.input.shape, tf.float32)
    # Called as a function, not through `predict`: eight times as fast for one image.
    graph = tf.function(lambda batch: network(batch, training=False), input_signature=[shape])

    def run(batch):
        outputs = graph(tf.constant(batch))
        return tuple(one.numpy() for one in outputs) if isinstance(outputs, list | tuple) else outputs.numpy()

    return Runner(run, network.input.shape, "tensorflow", precision)
