"""The losses: functions of (truth, restored), in Keras 3 operations alone."""

import math
from typing import Any, TypeAlias

import numpy as np
from keras import ops

from restoration.degrade.damage import DAMAGE_WEIGHT
from restoration.image.color_bins import KNOTS, bin_colors
from restoration.image.srgb import LUMA
from restoration.train.feature_distance import feature_distance

Tensor: TypeAlias = Any  # of the Keras backend
FEATURE_WEIGHT = 0.2  # of the distance between features beside the absolute error


def mean_psnr_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Mean over the batch of the log of the squared error, so that every noise level counts alike (Chen et al. 2021).

    Parameters
    ----------
    truth, restored : tensors of shape (n, h, w, c) in [0, 1]

    Returns
    -------
    scalar tensor
        Minus the mean PSNR in dB, with the error floored at 0.8 of 255 (arXiv:2105.06086 has no floor).
    """
    return _minus_mean_psnr(truth, restored, floor=1e-5)


def seen_psnr_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Like `mean_psnr_loss`, with the error floored at 2.55 of 255, below which nobody sees it.

    By the logarithm alone the gradient of a patch grows as its noise falls: without noise it is four times that of
    sigma 25, so that few such patches outweigh the others. With this floor the gradients of all are about as large.

    Parameters and result as in `mean_psnr_loss`.
    """
    return _minus_mean_psnr(truth, restored, floor=1e-4)


def _minus_mean_psnr(truth, restored, floor):
    squared = ops.mean(ops.square(ops.cast(restored, "float32") - truth), axis=(1, 2, 3))
    return (10 / math.log(10)) * ops.mean(ops.log(squared + floor))


def _errors(truth, restored):
    """Return the error of the colours, (n, h, w, 3), and of the luminance, (n, h, w)."""
    error = ops.cast(restored, "float32") - truth
    luma = ops.sum(error * ops.reshape(ops.convert_to_tensor(LUMA), (1, 1, 1, 3)), axis=-1)
    return error, luma


def _absolute(error, luma):
    """Return the absolute error of the colours and, once more, of the luminance: a scalar, rounded at 0."""
    return ops.mean(ops.sqrt(ops.square(error) + 1e-6)) + ops.mean(ops.sqrt(ops.square(luma) + 1e-6))


def luma_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Log of the absolute error of the colours and, once more, of the luminance, which sharpness depends on.

    The absolute error keeps edges sharper than the squared one (Zhao et al. 2017, doi:10.1109/TCI.2016.2644865); by
    the logarithm an easy scale counts as much as a hard one.

    Parameters
    ----------
    truth, restored : tensors of shape (n, h, w, 3) in [0, 1]

    Returns
    -------
    scalar tensor
        In dB, below 0.
    """
    error, luma = _errors(truth, restored)
    return (20 / math.log(10)) * ops.log(_absolute(error, luma) / 2)


def luma_psnr_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Log of each image's squared error of the colours and, once more, of the luminance, which benchmarks measure.

    Parameters and result as in `luma_loss`; the error is floored at a quarter of 255.
    """
    error, luma = _errors(truth, restored)
    squared = ops.mean(ops.square(error), axis=(1, 2, 3)) + ops.mean(ops.square(luma), axis=(1, 2))
    return (10 / math.log(10)) * ops.mean(ops.log(squared / 2 + 1e-6))


def edge_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Like `luma_loss`, with the differences between neighbouring pixels of the luminance beside the luminance.

    The differences keep edges sharp where noise makes the values uncertain, without a reward for invented texture.

    Parameters and result as in `luma_loss`.
    """
    return (20 / math.log(10)) * ops.log(_absolute_with_slopes(truth, restored))


def perceptual_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Like `edge_loss`, with a twentieth of the distance between the features of EfficientNet-Lite1 beside it.

    A feature loss (Johnson et al. 2016, arXiv:1603.08155) asks for texture and letters that look like the truth's where
    the absolute error asks for their mean. Needs the converted weights (`restoration.train.efficientnet_import`).

    Parameters and result as in `luma_loss`.
    """
    restored = ops.cast(restored, "float32")
    distance = feature_distance(truth, restored)
    return (20 / math.log(10)) * ops.log(_absolute_with_slopes(truth, restored) + FEATURE_WEIGHT * distance)


def _absolute_with_slopes(truth, restored):
    error, luma = _errors(truth, restored)
    slopes = ops.abs(luma[:, 1:] - luma[:, :-1]), ops.abs(luma[:, :, 1:] - luma[:, :, :-1])
    return (_absolute(error, luma) + ops.mean(slopes[0]) + ops.mean(slopes[1])) / 4


def color_loss(ab: Tensor, logits: Tensor) -> Tensor:
    """Cross-entropy of the true colour's shares of the bins, plus the squared error of the mean colour.

    Rare colours weigh no more than common ones, so that the probabilities are calibrated; vivid colour is made from
    them afterwards.

    Parameters
    ----------
    ab : tensor of shape (n, h, w, 2)
    logits : tensor of shape (n, h, w, colors)

    Returns
    -------
    scalar tensor
        In nats; 10 units of a or b cost half a nat.
    """
    log_probabilities = ops.log_softmax(ops.cast(logits, "float32"))
    cross_entropy = -ops.mean(ops.sum(_shares(ab) * log_probabilities, axis=-1))
    mean = ops.matmul(ops.exp(log_probabilities), ops.convert_to_tensor(bin_colors()))
    return cross_entropy + 0.5 * ops.mean(ops.sum(ops.square(mean - ab), axis=-1)) / 100


def _shares(ab):
    """Share each colour linearly among its neighbours of `chroma.colors`: (n, h, w, 2) -> (n, h, w, colors)."""
    knots = np.array(KNOTS, np.float32)
    below, above = np.diff(knots, prepend=knots[0] - 1e6), np.diff(knots, append=knots[-1] + 1e6)
    distance = ab[..., None] - knots  # (n, h, w, 2, knots)
    hats = ops.clip(ops.minimum(1 + distance / below, 1 - distance / above), 0, 1)
    one_hot = [np.float32(bin_colors()[:, axis][None] == knots[:, None]) for axis in (0, 1)]
    return ops.matmul(hats[..., 0, :], one_hot[0]) * ops.matmul(hats[..., 1, :], one_hot[1])


def squared_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Mean squared error; parameters as in `mean_psnr_loss`."""
    return ops.mean(ops.square(ops.cast(restored, "float32") - truth))


def damage_loss(truth: Tensor, logits: Tensor) -> Tensor:
    """Balanced cross-entropy of the logits of damage: a damaged pixel counts three times.

    So a logit of 0 stands for a probability of damage of a quarter.

    Parameters
    ----------
    truth : tensor of shape (n, h, w, 1), 1 where there is damage
    logits : tensor of shape (n, h, w, 1)

    Returns
    -------
    scalar tensor
        In nats.
    """
    logits = ops.cast(logits, "float32")
    cross_entropy = ops.softplus(logits) - truth * logits
    return ops.mean((1 + (DAMAGE_WEIGHT - 1) * truth) * cross_entropy)


def completion_loss(truth: Tensor, restored: Tensor) -> Tensor:
    """Log of the absolute error in the holes, with that of the differences between neighbours and a tenth of the rest.

    The differences are those that touch a hole, so that its border leaves no seam. The rest weighs nothing where a
    network returns it as it is; an autoencoder that passes all through its code has to learn it.

    Parameters
    ----------
    truth : tensor of shape (n, h, w, 4)
        The whole image in [0, 1], and the mask, 1 in the holes.
    restored : tensor of shape (n, h, w, 3)

    Returns
    -------
    scalar tensor
        In dB, below 0.
    """
    image, mask = truth[..., :3], truth[..., 3:]
    error = ops.cast(restored, "float32") - image
    absolute = ops.abs(error)
    inside = _mean_within(absolute, mask)
    outside = _mean_within(absolute, 1 - mask)
    down = _mean_within(ops.abs(error[:, 1:] - error[:, :-1]), ops.maximum(mask[:, 1:], mask[:, :-1]))
    across = _mean_within(ops.abs(error[:, :, 1:] - error[:, :, :-1]), ops.maximum(mask[:, :, 1:], mask[:, :, :-1]))
    return (20 / math.log(10)) * ops.log(inside + 0.1 * outside + 0.5 * (down + across) + 1e-4)


def _mean_within(values, mask):
    """Return the mean of values (n, h, w, 3) where a mask (n, h, w, 1) is 1; 0 where it is nowhere."""
    return ops.sum(values * mask) / (3 * ops.sum(mask) + 1)


def rate_distortion_loss(truth: Tensor, decoded: Tensor) -> Tensor:
    """Log of each image's bits per pixel and the price of its squared error.

    By the logarithm a low quality counts as much as a high one; 0.05 bits are added, so that empty images do not
    outweigh the others.

    Parameters
    ----------
    truth : tensor of shape (n, h, w, 4)
        The image in [0, 1], and the price in bits per pixel and squared step of 255.
    decoded : tensor of shape (n, h, w, 4)
        The image and the bits per pixel.

    Returns
    -------
    scalar tensor
    """
    decoded = ops.cast(decoded, "float32")
    squared = 255**2 * ops.mean(ops.square(decoded[..., :3] - truth[..., :3]), axis=(1, 2, 3))
    bits = ops.mean(decoded[..., 3], axis=(1, 2))
    return ops.mean(ops.log(bits + truth[:, 0, 0, 3] * squared + 0.05))


LOSSES = {
    "mean_psnr": mean_psnr_loss,
    "seen_psnr": seen_psnr_loss,
    "luma": luma_loss,
    "luma_psnr": luma_psnr_loss,
    "edges": edge_loss,
    "perceptual": perceptual_loss,
    "color": color_loss,
    "squared": squared_loss,
    "damage": damage_loss,
    "completion": completion_loss,
    "rate_distortion": rate_distortion_loss,
}
