"""How close two images are."""

import numpy as np


def psnr(image, truth):
    """Return the peak signal to noise ratio.

    Parameters
    ----------
    image, truth : ndarrays of the same shape, in [0, 1]

    Returns
    -------
    float
        In dB; infinite for equal images.

    Examples
    --------
    >>> psnr(np.full((2, 2, 1), 0.6), np.full((2, 2, 1), 0.5)).round(2)
    np.float64(20.0)
    """
    error = np.mean((np.asarray(image, np.float64) - truth) ** 2)
    return np.inf if error == 0 else -10 * np.log10(error)


def ssim(image, truth):
    """Return the structural similarity (Wang et al. 2004, doi:10.1109/TIP.2003.819861), by scikit-image.

    Parameters
    ----------
    image, truth : ndarrays of the same shape (H, W, C), in [0, 1]

    Returns
    -------
    float
        1 for equal images. Pictures of less than seven pixels a side are mirrored to seven.
    """
    from skimage.metrics import structural_similarity

    missing = [(0, max(0, 7 - side)) for side in truth.shape[:2]] + [(0, 0)]
    image, truth = (np.pad(one, missing, mode="symmetric") for one in (image, truth))
    return float(structural_similarity(image, truth, data_range=1.0, channel_axis=-1))


def ab_rmse(image, truth):
    """Return the root of the mean squared error of colour: CIELAB's a and b, lightness left out.

    Parameters
    ----------
    image, truth : ndarrays of the same shape (H, W, 3), sRGB in [0, 1]

    Returns
    -------
    float
        In units of a and b, the two averaged.

    Examples
    --------
    >>> red, gray = np.full((1, 1, 3), [1, 0, 0]), np.full((1, 1, 3), 0.5)
    >>> round(ab_rmse(gray, red), 1)
    74.0
    """
    from skimage.color import rgb2lab

    error = rgb2lab(image)[..., 1:] - rgb2lab(truth)[..., 1:]
    return float(np.sqrt(np.mean(error**2)))


def colorfulness(image):
    """Return how colourful an image looks (Hasler and Suesstrunk 2003, doi:10.1117/12.477378).

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), in [0, 1]

    Returns
    -------
    float
        0 for gray, about 15 slightly, 45 quite, 110 extremely colourful.

    Examples
    --------
    >>> colorfulness(np.full((2, 2, 3), 0.5))
    0.0
    """
    red, green, blue = np.moveaxis(np.asarray(image, np.float64) * 255, -1, 0)
    opponents = red - green, (red + green) / 2 - blue
    spread = np.hypot(*(axis.std() for axis in opponents))
    return float(spread + 0.3 * np.hypot(*(axis.mean() for axis in opponents)))
