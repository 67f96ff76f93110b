"""What training makes small: functions of (truth, restored), in Keras operations alone."""

import math

import numpy as np
from keras import ops

from restoration.image.color_bins import KNOTS, bin_colors
from restoration.image.srgb import LUMA


def mean_psnr_loss(truth, restored):
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


def seen_psnr_loss(truth, restored):
    """Like `mean_psnr_loss`, with the error floored at 2.55 of 255, below which nobody sees it.

    By the logarithm alone a patch pulls the harder the less noise it has: one without any four times as hard as one of
    sigma 25, so that the few of these drown the others. With this floor all pull about alike.

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


def luma_loss(truth, restored):
    """Log of the absolute error of the colours and, once more, of the luminance, by which sharpness is seen.

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


def luma_psnr_loss(truth, restored):
    """Log of each picture's squared error of the colours and, once more, of the luminance: what enlarging is judged by.

    Parameters and result as in `luma_loss`; the error is floored at a quarter of 255.
    """
    error, luma = _errors(truth, restored)
    squared = ops.mean(ops.square(error), axis=(1, 2, 3)) + ops.mean(ops.square(luma), axis=(1, 2))
    return (10 / math.log(10)) * ops.mean(ops.log(squared / 2 + 1e-6))


def edge_loss(truth, restored):
    """Like `luma_loss`, with the differences between neighbouring pixels of the luminance beside the luminance.

    The differences keep edges from being smoothed away where noise makes the values uncertain, and yet ask for no
    texture that is not there.

    Parameters and result as in `luma_loss`.
    """
    error, luma = _errors(truth, restored)
    slopes = ops.abs(luma[:, 1:] - luma[:, :-1]), ops.abs(luma[:, :, 1:] - luma[:, :, :-1])
    return (20 / math.log(10)) * ops.log((_absolute(error, luma) + ops.mean(slopes[0]) + ops.mean(slopes[1])) / 4)


def color_loss(ab, likely):
    """Mean surprise at the true colour's shares, plus the squared error of the mean colour.

    Unweighted, so that the shares stay honest: vivid colour is made from them afterwards.

    Parameters
    ----------
    ab : tensor of shape (n, h, w, 2)
    likely : tensor of shape (n, h, w, colors)
        Logarithms, up to a constant.

    Returns
    -------
    scalar tensor
        In nats; 10 units of a or b cost half a nat.
    """
    likely = ops.log_softmax(ops.cast(likely, "float32"))
    surprise = -ops.mean(ops.sum(_shares(ab) * likely, axis=-1))
    mean = ops.matmul(ops.exp(likely), ops.convert_to_tensor(bin_colors()))
    return surprise + 0.5 * ops.mean(ops.sum(ops.square(mean - ab), axis=-1)) / 100


def _shares(ab):
    """Share each colour linearly among its neighbours of `chroma.colors`: (n, h, w, 2) -> (n, h, w, colors)."""
    knots = np.array(KNOTS, np.float32)
    below, above = np.diff(knots, prepend=knots[0] - 1e6), np.diff(knots, append=knots[-1] + 1e6)
    distance = ab[..., None] - knots  # (n, h, w, 2, knots)
    hats = ops.clip(ops.minimum(1 + distance / below, 1 - distance / above), 0, 1)
    one_hot = [np.float32(bin_colors()[:, axis][None] == knots[:, None]) for axis in (0, 1)]
    return ops.matmul(hats[..., 0, :], one_hot[0]) * ops.matmul(hats[..., 1, :], one_hot[1])


def squared_loss(truth, restored):
    """Mean squared error; parameters as in `mean_psnr_loss`."""
    return ops.mean(ops.square(ops.cast(restored, "float32") - truth))


LOSSES = {
    "mean_psnr": mean_psnr_loss,
    "seen_psnr": seen_psnr_loss,
    "luma": luma_loss,
    "luma_psnr": luma_psnr_loss,
    "edges": edge_loss,
    "color": color_loss,
    "squared": squared_loss,
}
