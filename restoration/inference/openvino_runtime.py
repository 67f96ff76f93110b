"""Networks run by OpenVINO, on all physical cores. Neither Keras nor TensorFlow is loaded for it."""

from pathlib import Path
from typing import Any

from restoration.image.types import Array
from restoration.inference import hardware
from restoration.inference.card import Card
from restoration.inference.openvino_export import Exported, export_of_card, openvino
from restoration.inference.runner import Runner


def load_runner(card: Card, weights: Path, precision: str, output: int = 0, part: str = "") -> Runner:
    """Load a network to be run by OpenVINO, as `restoration.inference.runtime.load_runner` asks for it."""
    return make_runner(export_of_card(card, weights, part), precision, output)


def make_runner(exported: Exported, precision: str, output: int = 0) -> Runner:
    """Return the Runner of one output of an exported network."""
    library = openvino()
    core = library.Core()
    graph = core.read_model(*exported)
    graph = _in_nchw(library.Model([graph.output(output)], graph.get_parameters()))
    settings = {
        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[precision],
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": hardware.threads(),
        # Threads that are tied to their cores wait for whatever else runs there.
        "ENABLE_CPU_PINNING": False,
    }
    compiled = core.compile_model(graph, "CPU", settings)
    request = compiled.create_infer_request()  # one, so that its buffers are used again

    def run(batch: Array) -> Array:
        return request.infer([batch], share_inputs=True, share_outputs=True)[compiled.outputs[0]]

    shape = tuple(None if length.is_dynamic else length.get_length() for length in graph.input(0).partial_shape)
    return Runner(run, shape, "openvino", precision)


def _in_nchw(graph: Any) -> Any:
    """Return a graph (openvino.Model) that takes and gives pictures in NCHW order, as it computes."""
    from openvino import Layout
    from openvino.preprocess import PrePostProcessor

    change = PrePostProcessor(graph)
    for side, port in ((change.input(), graph.input(0)), (change.output(), graph.output(0))):
        if len(port.partial_shape) == 4:
            side.model().set_layout(Layout("NHWC"))
            side.tensor().set_layout(Layout("NCHW"))
    return change.build()
