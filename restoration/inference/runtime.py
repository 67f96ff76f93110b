"""Which runtime executes a network, and in which precision.

A runtime is a module with a function ``load_runner(card, weights, precision, output, part)``, and a row in `RUNTIMES`.
OpenVINO where it is installed, TensorFlow (through Keras) else; the environment variable LATENT_DARKROOM_RUNTIME
(openvino or tensorflow) decides otherwise. Only TensorFlow loads Keras, which takes longer than most pictures.
"""

import logging
import os
from importlib import import_module

from restoration.inference import hardware
from restoration.inference.card import Card
from restoration.inference.runner import InferenceError, Runner

# Name -> (its name on the model card, its module); the first that can run a network does.
RUNTIMES = {
    "openvino": ("OpenVINO", "restoration.inference.openvino_runtime"),
    "tensorflow": ("TensorFlow", "restoration.inference.keras_runtime"),
}
SETTING = "LATENT_DARKROOM_RUNTIME"

# What was loaded in this process, for the model card: a card's name -> "OpenVINO, bfloat16".
loaded: dict[str, str] = {}


def load_runner(
    card: Card, precision: str | None = None, runtime: str | None = None, *, output: int = 0, part: str = ""
) -> Runner:
    """Load a network and make it ready to run.

    Parameters
    ----------
    card
        Its weights are verified, then loaded.
    precision : {"float32", "bfloat16"}, optional
        What the convolutions compute in; the faster one on this processor when omitted.
    runtime : {"openvino", "tensorflow"}, optional
        What executes it; LATENT_DARKROOM_RUNTIME decides when omitted, and where that is not set either, the first of
        `RUNTIMES` that can.
    output
        Which of a network's several outputs is wanted; only what it needs is computed.
    part
        Which part of a network that compresses is wanted, as in `restoration.networks.codec_part`.

    Raises
    ------
    WeightsError
        If the weights are missing or changed.
    InferenceError
        If the wanted runtime is unknown or cannot run the network.
    """
    precision, weights = precision or hardware.best_precision(), card.weights()
    wanted = runtime or os.environ.get(SETTING)
    if wanted and wanted not in RUNTIMES:
        raise InferenceError(f"The runtime {wanted!r} is unknown; set {SETTING} to one of {', '.join(RUNTIMES)}.")
    failures = []
    for name in [wanted] if wanted else RUNTIMES:
        label, module = RUNTIMES[name]
        try:
            runner = import_module(module).load_runner(card, weights, precision, output, part)
        except (ImportError, OSError, RuntimeError) as error:
            failures.append(f"{label} cannot run {card.name}: {error}")
            logging.getLogger(__name__).warning(failures[-1])
            continue
        loaded[card.name] = f"{label}, {precision}"
        return runner
    others = ", ".join(name for name in RUNTIMES if name != wanted)
    raise InferenceError(
        f"{'; '.join(failures)}. " + (f"Set {SETTING} to {others}." if wanted else "Install openvino.")
    )
