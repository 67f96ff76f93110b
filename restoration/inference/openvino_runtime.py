"""Networks as OpenVINO reads them: exported once by Keras, in a process of its own, and kept in the user's cache.

So whoever only restores pictures never loads Keras, which takes seconds and half a gigabyte.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIGEST_BYTES = 32  # of sha256


def openvino():
    """Import OpenVINO without its telemetry, which would report each import to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)
    import openvino

    return openvino


def network(card, weights):
    """Return a network as OpenVINO reads it, from the cache if it lies there undamaged.

    Parameters
    ----------
    card : Card
    weights : path
        Of the verified weights file.

    Returns
    -------
    graph, constants : bytes
        What `openvino.Core.read_model` takes.

    Raises
    ------
    OSError, RuntimeError
        If the cache cannot be written or the export fails.
    """
    path = _folder() / f"{card.name}-{_key(card)}.openvino"
    kept = _read(path)
    if kept is None:
        _make(card, weights, path)
        kept = _read(path)
    if kept is None:
        raise OSError(f"{path} cannot be read back")
    return kept


def export(keras_network):
    """Return (graph, constants) of a network (keras.Model), as `network` does.

    One that ends in adding to the picture is cut short: it gives what `restoration.networks.corrections` says.
    """
    openvino()  # before Keras imports it, with its telemetry
    from openvino.frontend.tensorflow import utils

    from restoration.networks import as_convolutions, corrections

    # Its own way to ask for this fails on Python 3.13 (github.com/openvinotoolkit/openvino/pull/32482).
    utils.get_environment_setup = lambda _framework: {"tensorflow": sys.modules["tensorflow"].__version__}
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder, "network.xml")
        as_convolutions(corrections(keras_network)).export(str(graph), format="openvino", verbose=False)
        return graph.read_bytes(), graph.with_suffix(".bin").read_bytes()


def by_planes(graph):
    """Return a graph (openvino.Model) that takes and gives batches channel by channel, (n, c, h, w), as it computes."""
    from openvino import Layout
    from openvino.preprocess import PrePostProcessor

    change = PrePostProcessor(graph)
    for side in (change.input(), *map(change.output, range(len(graph.outputs)))):
        side.model().set_layout(Layout("NHWC"))
        side.tensor().set_layout(Layout("NCHW"))
    return change.build()


def _folder():
    import platformdirs

    return platformdirs.user_cache_path("latent-darkroom", appauthor=False) / "networks"


def _key(card):
    """Name all that decides an export: the weights, the code that builds the network and exports it, the runtime."""
    code = [path.read_bytes() for path in (*sorted((ROOT / "restoration" / "networks").glob("*.py")), Path(__file__))]
    parts = [card.sha256.encode(), card.builder.encode(), json.dumps(card.config).encode(), *code]
    parts.append(openvino().__version__.encode())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def _read(path):
    """Return (graph, constants), or None where the file is missing or not what was written."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    digest, content = data[:DIGEST_BYTES], data[DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        return None
    graph_bytes = int.from_bytes(content[:8], "little")
    return content[8 : 8 + graph_bytes], content[8 + graph_bytes :]


def _write(path, graph, constants):
    """Write a network: sha256 of what follows, length of the graph, graph, constants."""
    content = len(graph).to_bytes(8, "little") + graph + constants
    path.write_bytes(hashlib.sha256(content).digest() + content)


def _make(card, weights, path):
    """Let a process of its own export the network; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    os.close(handle)
    asked = json.dumps({"card": asdict(card), "weights": str(weights), "path": unfinished})
    command = [sys.executable, "-m", "restoration.inference.openvino_runtime"]
    try:
        done = subprocess.run(command, cwd=ROOT, input=asked, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"its export failed ({done.stderr.strip().splitlines()[-1]})")
        os.replace(unfinished, path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


if __name__ == "__main__":
    from restoration.inference.card import Card
    from restoration.inference.keras_runtime import trained

    asked = json.load(sys.stdin)
    _write(Path(asked["path"]), *export(trained(Card(**asked["card"]), asked["weights"])))
