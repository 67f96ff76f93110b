"""`python tests/encoder_reference.py FILE.pth`: what EfficientNet-Lite1 answers, in NumPy straight from its file.

Written apart from the Keras builder, layer by layer as in the original (normalisations not folded, three equal
channels), so that `test_encoder.py` can prove the conversion. Padding is TensorFlow's "same", as in its training. The
answers are stored only if these weights, read so, know a cat and a cup of coffee when they see them in gray.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from restoration.image.lab import to_gray
from restoration.networks import LITE_STAGES
from restoration.photo.sample_photos import sample
from restoration.train.efficientnet_import import LITE, read_weights

STORED = Path(__file__).parent / "data" / "encoder_lite1.npz"
SIDE, KEPT = 64, 48
SEEN_SIDE = 224
# Sample -> the numbers of ImageNet's classes that are right for it.
KNOWN = {"Cat": range(281, 286), "Coffee cup": (504, 967, 968)}


def reference_image():
    """Return the gray test image, (side, side), in [0, 1]."""
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    return (0.5 + 0.3 * np.sin(9 * rows + 5 * columns**2) + 0.2 * (columns > rows)).clip(0, 1).astype(np.float32)


def fingerprint(features):
    """Return mean, deviation and some values of features (h, w, c)."""
    flat = features.reshape(-1).astype(np.float64)
    return np.array([flat.mean(), flat.std(), *flat[:: max(1, len(flat) // KEPT)][:KEPT]])


def _convolve(features, kernel, stride, depthwise=False):
    size = kernel.shape[-1]
    pads = []
    for length in features.shape[:2]:
        total = max((-(-length // stride) - 1) * stride + size - length, 0)
        pads.append((total // 2, total - total // 2))
    padded = np.pad(features, [*pads, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), (0, 1))[::stride, ::stride]
    if depthwise:
        return np.einsum("hwcij,cij->hwc", windows, kernel[:, 0])
    return np.einsum("hwcij,ocij->hwo", windows, kernel, optimize=True)


def _normalise(features, weights, name):
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    mean, variance = weights[f"{name}.running_mean"], weights[f"{name}.running_var"]
    return (features - mean) / np.sqrt(variance + 1e-3) * scale + shift


def activations(weights, gray):
    """Return {name: features} after the stem and after each block, for a gray image (h, w) in [0, 1]."""
    x = np.repeat((255 * gray[..., None] - 127) / 128, 3, axis=-1).astype(np.float64)
    x = np.clip(_normalise(_convolve(x, weights["_conv_stem.weight"], 2), weights, "_bn0"), 0, 6)
    found, index = {"stem_relu": x}, 0
    for (expansion, _, stride), count in zip(LITE_STAGES, LITE[1]["repeats"], strict=True):
        for repeat in range(count):
            name, y, step = f"_blocks.{index}", x, stride if repeat == 0 else 1
            if expansion > 1:
                y = _convolve(y, weights[f"{name}._expand_conv.weight"], 1)
                y = np.clip(_normalise(y, weights, f"{name}._bn0"), 0, 6)
            y = _convolve(y, weights[f"{name}._depthwise_conv.weight"], step, depthwise=True)
            y = np.clip(_normalise(y, weights, f"{name}._bn1"), 0, 6)
            y = _normalise(_convolve(y, weights[f"{name}._project_conv.weight"], 1), weights, f"{name}._bn2")
            x = x + y if x.shape == y.shape else y
            found[f"block{index}"] = x
            index += 1
    return found


def recognised(weights, gray):
    """Return the number of the class that the original's own head sees in a gray image."""
    *_, x = activations(weights, gray).values()
    x = np.clip(_normalise(_convolve(x, weights["_conv_head.weight"], 1), weights, "_bn1"), 0, 6).mean(axis=(0, 1))
    return int((weights["_fc.weight"] @ x + weights["_fc.bias"]).argmax())


def _middle(name):
    gray = to_gray(sample(name).pixels)[..., 0]
    side = min(gray.shape)
    row, column = ((length - side) // 2 for length in gray.shape)
    square = gray[row : row + side, column : column + side]
    return cv2.resize(square, (SEEN_SIDE, SEEN_SIDE), interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    original = read_weights(sys.argv[1])
    for name, right in KNOWN.items():
        if (found := recognised(original, _middle(name))) not in right:
            sys.exit(f"It takes the sample {name} for class {found}: these weights were not read as they are.")
    STORED.parent.mkdir(exist_ok=True)
    np.savez_compressed(STORED, **{k: fingerprint(v) for k, v in activations(original, reference_image()).items()})
    print(STORED, STORED.stat().st_size)
