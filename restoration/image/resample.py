"""Resizing an image by the classical kernels, with antialiasing where it shrinks: what Matlab's `imresize` does."""

import numpy as np
from numpy.typing import NDArray

from restoration.image.eight_bit import round_to_8_bits
from restoration.image.types import Image, Progress

# Pixels that a kernel reaches to each side, where the picture is not shrunk.
REACH = {"nearest": 1, "bilinear": 1, "bicubic": 2, "lanczos": 3}


def resize(
    image: Image, height: int, width: int, kernel: str = "bicubic", *, progress: Progress | None = None
) -> Image:
    """Resize an image to a size in pixels.

    The kernel is widened where the picture shrinks, and the picture is mirrored past its edges: with "bicubic"
    (Keys 1981, a = -0.5, doi:10.1109/TASSP.1981.1163711) that is Matlab's `imresize`, by which the small pictures of
    the benchmarks of super-resolution were made.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32
    height, width : int
        Of the result, at least 1.
    kernel : {"nearest", "bilinear", "bicubic", "lanczos"}
    progress : callable, optional
        ``progress(done, total)`` before the first and after each channel; whatever it raises cancels the run.

    Returns
    -------
    ndarray of shape (height, width, C), float32
        Not clipped: bicubic and lanczos overshoot at edges.

    Examples
    --------
    >>> resize(np.full((5, 4, 3), 0.25, np.float32), 3, 8).shape
    (3, 8, 3)
    """
    from PIL import Image as PillowImage

    rows, columns = image.shape[:2]
    # Pillow cuts a kernel off at the edge; given a mirrored margin to read, it does not have to.
    margins = [int(np.ceil(REACH[kernel] * max(1, old / new))) + 1 for old, new in ((rows, height), (columns, width))]
    padded = np.pad(image, [(margins[0],) * 2, (margins[1],) * 2, (0, 0)], mode="symmetric")
    box = (margins[1], margins[0], margins[1] + columns, margins[0] + rows)
    method = PillowImage.Resampling[kernel.upper()]
    resized = np.empty((height, width, image.shape[-1]), np.float32)
    for channel in range(image.shape[-1]):
        if progress:
            progress(channel, image.shape[-1])
        plane = PillowImage.fromarray(np.ascontiguousarray(padded[..., channel], np.float32))
        resized[..., channel] = np.asarray(plane.resize((width, height), method, box))
    if progress:
        progress(image.shape[-1], image.shape[-1])
    return resized


def reduce(image: Image, side: int) -> Image:
    """Reduce an image by area averaging to at most `side` pixels high and wide: quick, for the eye alone.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32
    side : int

    Returns
    -------
    ndarray of shape (h, w, C), float32

    Examples
    --------
    >>> reduce(np.full((300, 400, 1), 0.25, np.float32), 160).shape
    (120, 160, 1)
    """
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.reshape(cv2.resize(image, size, interpolation=cv2.INTER_AREA), (size[1], size[0], -1))


def bicubic_weights(scale: int) -> NDArray[np.float64]:
    """Return what each of five neighbours weighs in each of the places that a pixel's side is divided into.

    Bicubic interpolation by Keys (1981, a = -0.5), as `resize` does it where it enlarges by a whole number.

    Parameters
    ----------
    scale : int
        Places per pixel.

    Returns
    -------
    ndarray of shape (scale, 5), float64
        For the pixels from two before to two after; each row sums to 1.
    """
    distance = np.abs((np.arange(scale)[:, None] + 0.5) / scale - 0.5 - np.arange(-2, 3))
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    return np.where(distance <= 1, near, np.where(distance <= 2, far, 0))


def shrink(image: Image, scale: int) -> Image:
    """Reduce an image by bicubic interpolation as Matlab's `imresize` does with 8-bit pictures.

    It rounds after the rows and again after the columns; the small pictures of the benchmarks were made so.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
        What is left over where `scale` does not divide height or width is cut off at the bottom and at the right.
    scale : int

    Returns
    -------
    ndarray of shape (H // scale, W // scale, C), float32 in [0, 1]
        Whole multiples of 1 / 255.
    """
    height, width = (length // scale for length in image.shape[:2])
    image = image[: height * scale, : width * scale]
    rows = round_to_8_bits(resize(image, height, width * scale))
    return round_to_8_bits(resize(rows, height, width))
