"""How close two images are."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from restoration.image.checks import ImageError
from restoration.image.eight_bit import to_uint8
from restoration.image.types import Image

Floats: TypeAlias = NDArray[np.floating]


def psnr(image: Floats, truth: Floats) -> float:
    """Return the peak signal to noise ratio.

    Parameters
    ----------
    image, truth : ndarrays of the same shape (..., C), in [0, 1]
        One of them may be gray (C = 1) and the other not.

    Returns
    -------
    float
        In dB; infinite for equal images.

    Raises
    ------
    ImageError
        If the two have other shapes than each other, or hold no floats.

    Examples
    --------
    >>> round(psnr(np.full((2, 2, 1), 0.6), np.full((2, 2, 1), 0.5)), 2)
    20.0
    """
    image, truth = _comparable(image, truth)
    error = np.mean((image.astype(np.float64) - truth) ** 2)
    return np.inf if error == 0 else float(-10 * np.log10(error))


def ssim(image: Floats, truth: Floats) -> float:
    """Return the structural similarity (Wang et al. 2004, doi:10.1109/TIP.2003.819861), by scikit-image.

    Parameters
    ----------
    image, truth : ndarrays of the same shape (H, W, C), in [0, 1]
        One of them may be gray (C = 1) and the other not.

    Returns
    -------
    float
        1 for equal images. Pictures of less than seven pixels a side are mirrored to seven.

    Raises
    ------
    ImageError
        If the two have other shapes than each other, or hold no floats.
    """
    from skimage.metrics import structural_similarity

    image, truth = _comparable(image, truth)
    missing = [(0, max(0, 7 - side)) for side in truth.shape[:2]] + [(0, 0)]
    image, truth = (np.pad(one, missing, mode="symmetric") for one in (image, truth))
    return float(structural_similarity(image, truth, data_range=1.0, channel_axis=-1))


def _comparable(image, truth):
    """Return both as arrays of one shape; an ImageError where their difference would mean nothing, as of bytes."""
    image, truth = np.asarray(image), np.asarray(truth)
    channels = {image.shape[-1:], truth.shape[-1:]} - {(1,)}
    if image.shape[:-1] != truth.shape[:-1] or len(channels) > 1:
        raise ImageError(f"The images have the shapes {image.shape} and {truth.shape}; only equal ones are compared.")
    if not image.dtype.kind == truth.dtype.kind == "f":
        raise ImageError(
            f"The images hold {image.dtype} and {truth.dtype}; convert them to floats from 0 to 1, "
            "uint8 by dividing by 255."
        )
    return np.broadcast_arrays(image, truth)


def luma_scores(image: Image, truth: Image, border: int) -> tuple[float, float]:
    """Return the PSNR and SSIM by which super-resolution is compared: of luma, rounded to 8 bits, without a border.

    Luma is Y of ITU-R BT.601 in studio range, as Matlab's `rgb2ycbcr` makes it (Timofte et al. 2014,
    doi:10.1007/978-3-319-16817-3_8); SSIM has the Gaussian window of its authors.

    Parameters
    ----------
    image, truth : ndarrays of the same shape (H, W, C), in [0, 1]
    border : int
        Pixels left out at each edge: the scale.

    Returns
    -------
    psnr : float, in dB
    ssim : float
    """
    from skimage.metrics import structural_similarity

    image, truth = (_luma(one)[border:-border, border:-border] for one in (image, truth))
    similarity = structural_similarity(
        image, truth, data_range=1.0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    return psnr(image, truth), float(similarity)


def _luma(image):
    eight_bit = to_uint8(image)
    if image.shape[-1] == 1:
        eight_bit = np.repeat(eight_bit, 3, axis=-1)
    return (16 + eight_bit @ np.array([65.481, 128.553, 24.966]) / 255) / 255


def ab_rmse(image: Floats, truth: Floats) -> float:
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
    >>> red, gray = np.full((1, 1, 3), [1.0, 0, 0]), np.full((1, 1, 3), 0.5)
    >>> round(ab_rmse(gray, red), 1)
    73.9
    """
    from skimage.color import rgb2lab

    error = rgb2lab(image)[..., 1:] - rgb2lab(truth)[..., 1:]
    return float(np.sqrt(np.mean(error**2)))


def colorfulness(image: Floats) -> float:
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
