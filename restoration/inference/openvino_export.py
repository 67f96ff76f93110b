"""Networks as OpenVINO reads them: exported once by Keras, in a process of its own, and kept in the user's cache.

So restoring an image never loads Keras, which takes seconds and half a gigabyte. A file of the cache holds a MAC under
a key in the user's own configuration: what was not written for this user from these weights is exported again.
"""

import hashlib
import hmac
import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from restoration.inference.card import Card
from restoration.paths import PACKAGE

if TYPE_CHECKING:
    import keras

Exported: TypeAlias = tuple[bytes, bytes]  # graph and constants: what `openvino.Core.read_model` takes
KEY_BYTES = MAC_BYTES = 32  # of HMAC-SHA256


def openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which would report each import to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def export_of_card(card: Card, weights: Path, part: str = "") -> Exported:
    """Return the network of a card, or a part of it, as OpenVINO reads it; `weights` is the path of the verified file.

    Raises
    ------
    OSError, RuntimeError
        If the cache cannot be written or the export fails.
    """
    arguments = {"card": asdict(card), "weights": str(weights), "part": part}
    name = f"{card.name}-{part}" if part else card.name
    return cached_export(name, f"{__name__}:network_of_card", arguments, card.sha256)


def network_of_card(card: dict[str, Any], weights: str, part: str) -> "keras.Model":
    """Load the network of a card that is given as a dict."""
    from restoration.inference.keras_runtime import load_network

    return load_network(Card(**card), weights, part=part)


def cached_export(name: str, loader: str, arguments: dict[str, Any], sha256: str) -> Exported:
    """Return a network as OpenVINO reads it, from the cache if it lies there as it was written.

    Parameters
    ----------
    name
        Begins the name of the file in the cache.
    loader
        ``module:function`` that loads the network in Keras, in a process of its own.
    arguments
        Of the loader; what JSON can hold.
    sha256
        Of the weights. Other weights, arguments, code of the networks or version of OpenVINO are another export.

    Raises
    ------
    OSError, RuntimeError
        If the cache cannot be written or the export fails.
    """
    path = _cache_folder() / f"{name}-{_export_id(loader, arguments, sha256)}.openvino"
    exported = _read(path)
    if exported is None:
        exported = _export_in_process(loader, arguments)
        _write(path, exported)
    return exported


def export(network: "keras.Model") -> Exported:
    """Export a network; its transposed convolutions become convolutions, at which OpenVINO is several times as fast."""
    openvino()  # before Keras imports it, with its telemetry
    from openvino.frontend.tensorflow import utils

    from restoration.networks import as_convolutions

    # Its own way to ask for this fails on Python 3.13 (github.com/openvinotoolkit/openvino/pull/32482).
    utils.get_environment_setup = lambda _framework: {"tensorflow": sys.modules["tensorflow"].__version__}
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder, "network.xml")
        as_convolutions(network).export(str(graph), format="openvino", verbose=False)
        return graph.read_bytes(), graph.with_suffix(".bin").read_bytes()


def _cache_folder() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("latent-darkroom", appauthor=False) / "networks"


def _config_folder() -> Path:
    import platformdirs

    return platformdirs.user_config_path("latent-darkroom", appauthor=False)


def _export_id(loader: str, arguments: dict[str, Any], sha256: str) -> str:
    """Name all that decides an export: the weights, the code that builds the network and exports it, the runtime."""
    code = [path.read_bytes() for path in (*sorted((PACKAGE / "networks").glob("*.py")), Path(__file__))]
    settings = {name: value for name, value in arguments.items() if name != "weights"}  # a path: its content counts
    parts = [sha256.encode(), loader.encode(), json.dumps(settings).encode(), openvino().__version__.encode(), *code]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def _read(path: Path) -> Exported | None:
    """Return a network from its file, or None where the file is missing or not what was written."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    mac, content = data[:MAC_BYTES], data[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(path.name, content)):
        return None
    return _unpack(content)


def _write(path: Path, exported: Exported) -> None:
    """Write a network's file: MAC of what follows, then what `_pack` makes of it."""
    content = _pack(exported)
    _write_whole(path, _mac(path.name, content) + content)


def _pack(exported: Exported) -> bytes:
    """Return the length of the graph, graph and constants as one."""
    graph, constants = exported
    return len(graph).to_bytes(8, "little") + graph + constants


def _unpack(content: bytes) -> Exported:
    graph_bytes = int.from_bytes(content[:8], "little")
    return content[8 : 8 + graph_bytes], content[8 + graph_bytes :]


def _mac(name: str, content: bytes) -> bytes:
    """Authenticate a file's content together with its name, which tells the weights."""
    return hmac.digest(_key(), hashlib.sha256(name.encode()).digest() + content, "sha256")


def _key() -> bytes:
    """Return the user's key; made at first use, readable for them alone."""
    path = _config_folder() / "cache.key"
    if not path.exists() or path.stat().st_size != KEY_BYTES:
        _write_whole(path, secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()  # read back: another process may have made it meanwhile


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file, readable for its owner alone; it appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(unfinished, path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _export_in_process(loader: str, arguments: dict[str, Any]) -> Exported:
    """Let a process of its own load and export a network."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "network")
        request = json.dumps({"result": str(result), "loader": loader, "arguments": arguments})
        command = [sys.executable, "-m", __name__]
        done = subprocess.run(command, cwd=PACKAGE.parent, input=request, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(
                f"its export failed ({(done.stderr.strip().splitlines() or [str(done.returncode)])[-1]})"
            )
        return _unpack(result.read_bytes())


def _main() -> None:
    request = json.load(sys.stdin)
    module, function = request["loader"].split(":")
    network = getattr(import_module(module), function)(**request["arguments"])
    Path(request["result"]).write_bytes(_pack(export(network)))


if __name__ == "__main__":
    _main()
