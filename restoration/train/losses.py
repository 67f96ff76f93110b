"""What training makes small: functions of (truth, restored), in Keras operations alone."""

import math

from keras import ops


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
    squared = ops.mean(ops.square(ops.cast(restored, "float32") - truth), axis=(1, 2, 3))
    return (10 / math.log(10)) * ops.mean(ops.log(squared + 1e-5))


LOSSES = {"mean_psnr": mean_psnr_loss}
