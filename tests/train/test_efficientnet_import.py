"""The converted ImageNet encoder answers as the original does, layer by layer."""

import pickle
import sys
from collections import OrderedDict
from types import ModuleType

import numpy as np
import pytest
from encoder_reference import SIDE, STORED, fingerprint, reference_image

from restoration.image.color_bins import bin_colors
from restoration.inference import keras_runtime
from restoration.inference.card import card_for
from restoration.train.efficientnet_import import LITE, converted, read_weights


@pytest.fixture(scope="module")
def network():
    card = card_for("colorize", "best")
    network = keras_runtime.build_network(card)
    network.load_weights(card.weights())
    return network


def test_the_shipped_encoder_equals_the_original_layer_by_layer(network):
    import keras

    with np.load(STORED) as stored:
        names = sorted(stored.files, key=lambda name: int(name[5:]) if name.startswith("block") else -1)
        expected = {name: stored[name] for name in names}
    assert len(expected) == 1 + sum(LITE[1]["repeats"])
    present = {layer.name for layer in network.layers}
    # A block that changes the number of channels ends in its narrowing convolution.
    outputs = {name: network.get_layer(name if name in present else f"{name}_project").output for name in names}
    given = np.zeros((1, SIDE, SIDE, 4), np.float32)
    given[0, ..., 0] = reference_image()
    answers = keras.Model(network.input, outputs)(given, training=False)
    for name in names:
        found = fingerprint(np.asarray(answers[name])[0])
        np.testing.assert_allclose(found, expected[name], rtol=1e-3, atol=2e-3, err_msg=name)


def test_no_hint_changes_nothing_and_a_hint_does(network):
    given = np.random.default_rng(0).random((1, 64, 96, 4)).astype(np.float32)
    given[..., 1:] = 0
    plain = np.asarray(network(given, training=False))
    assert plain.shape == (1, 8, 12, len(bin_colors()))
    given[0, 20:25, 30:35, 1:] = (0.5, 0.4, 1)
    assert np.abs(np.asarray(network(given, training=False)) - plain).max() > 0.1


def test_a_file_that_holds_more_than_tensors_is_refused(tmp_path):
    class Attack:
        def __reduce__(self):
            return print, ("run",)

    path = tmp_path / "weights.pth"
    path.write_bytes(b"".join(pickle.dumps(part, 2) for part in (1, 1001, {}, OrderedDict(a=Attack()))))
    with pytest.raises(pickle.UnpicklingError, match="no place"):
        read_weights(path)


def test_tensors_are_read_by_their_strides(tmp_path, monkeypatch):
    """PyTorch keeps a transposed tensor as it lay before: the file of the encoder is full of such kernels."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")

    class FloatStorage:
        pass

    def _rebuild_tensor_v2():
        pass

    FloatStorage.__module__, _rebuild_tensor_v2.__module__ = "torch", "torch._utils"
    for thing, module in ((FloatStorage, torch), (_rebuild_tensor_v2, utils)):
        thing.__qualname__ = thing.__name__
        setattr(module, thing.__name__, thing)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)

    class Storage:
        pass

    class Tensor:
        def __reduce__(self):
            return _rebuild_tensor_v2, (Storage(), 2, (2, 3), (1, 2), False, OrderedDict())

    class Pickler(pickle.Pickler):
        def persistent_id(self, thing):
            return ("storage", FloatStorage, "7", "cpu", 8) if isinstance(thing, Storage) else None

    path = tmp_path / "weights.pth"
    with path.open("wb") as file:
        for part in (1, 1001, {}, OrderedDict(kernel=Tensor()), ["7"]):
            Pickler(file, 2).dump(part)
        file.write(np.int64(8).tobytes() + np.arange(8, dtype=np.float32).tobytes())
    np.testing.assert_array_equal(read_weights(path)["kernel"], [[2, 4, 6], [3, 5, 7]])


def test_folding_equals_convolution_and_normalisation():
    generator = np.random.default_rng(0)
    weights = {"_conv_stem.weight": generator.normal(size=(32, 3, 3, 3)).astype(np.float32)}
    for part in ("weight", "bias", "running_mean"):
        weights[f"_bn0.{part}"] = generator.normal(size=32).astype(np.float32)
    weights["_bn0.running_var"] = generator.random(32).astype(np.float32)
    kernel, bias = converted(weights, repeats=[])["stem"]
    patch = generator.normal(size=(3, 3))
    plain = (weights["_conv_stem.weight"].sum(axis=1) * patch).sum(axis=(1, 2))
    deviation = np.sqrt(weights["_bn0.running_var"] + 1e-3)
    expected = (plain - weights["_bn0.running_mean"]) / deviation * weights["_bn0.weight"] + weights["_bn0.bias"]
    np.testing.assert_allclose(
        (kernel[:, :, 0] * patch[..., None]).sum(axis=(0, 1)) + bias, expected, rtol=1e-3, atol=1e-3
    )
