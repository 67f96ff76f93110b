"""How far two images are apart by the features of an EfficientNet-Lite that was trained on ImageNet."""

from functools import cache
from typing import Any, TypeAlias

import keras
import numpy as np
from keras import ops

from restoration import networks
from restoration.image.srgb import LUMA
from restoration.train.efficientnet_import import LITE, converted_file, load_into

Tensor: TypeAlias = Any  # of the Keras backend
SIZE = 1  # EfficientNet-Lite1: Lite0 stays the judge
FIRST = "block0_project"  # the layer whose features, at half the resolution, join the encoder's


@cache
def encoder(size: int = SIZE) -> keras.Model:
    """Return the frozen encoder: (n, h, w, 1), as of `networks.efficientnet_lite`, -> features at 1/2 to 1/32.

    Raises
    ------
    FileNotFoundError
        If its weights were not converted yet.
    """
    image = keras.Input((None, None, 1))
    features = networks.efficientnet_lite(image, **LITE[size])
    whole = keras.Model(image, features)
    load_into(whole, converted_file(size))
    chosen = keras.Model(image, [whole.get_layer(FIRST).output, *features])
    chosen.trainable = False
    return chosen


def feature_distance(truth: Tensor, restored: Tensor, size: int = SIZE) -> Tensor:
    """Return the squared distance between the features of two batches' luminance, each position scaled to length 1.

    As LPIPS without its learned weights (Zhang et al. 2018, arXiv:1801.03924).

    Parameters
    ----------
    truth, restored : tensors of shape (n, h, w, 3), float32 in [0, 1]
    size : {0, 1, 2}
        Which EfficientNet-Lite.

    Returns
    -------
    scalar tensor
        Mean over positions, levels and images; 0 to 4.
    """
    of_truth, of_restored = (encoder(size)(_gray(image)) for image in (truth, restored))
    apart = [
        ops.mean(ops.sum(ops.square(_unit(one) - _unit(other)), axis=-1))
        for one, other in zip(of_truth, of_restored, strict=True)
    ]
    return sum(apart) / len(apart)


def _gray(image):
    """(n, h, w, 3) in [0, 1] -> (n, h, w, 1) as the encoder was trained to see it."""
    luma = ops.sum(image * ops.reshape(ops.convert_to_tensor(np.asarray(LUMA)), (1, 1, 1, 3)), axis=-1, keepdims=True)
    return (255 * luma - 127) / 128


def _unit(features):
    features = ops.cast(features, "float32")
    return features / ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True) + 1e-6)
