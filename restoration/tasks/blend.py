"""Blend two images: their pixels, or their codes by a variational autoencoder."""

from collections.abc import Sequence

import numpy as np

from restoration.image.checks import check_one_of, check_within
from restoration.image.types import Array, Image
from restoration.inference.fair_lock import inference_lock

SPACES = ("representation", "content")

# Data set -> the autoencoder whose codes are interpolated.
NETWORKS = {name: f"blend-{name}-1" for name in ("digits", "fashion", "faces", "photos")}


def blend(
    first: Image,
    second: Image,
    weight: float,
    *,
    space: str = "representation",
    data: str = "photos",
    path: str = "line",
) -> Image:
    """Blend two images.

    Parameters
    ----------
    first, second : ndarrays of shape (H, W, 1 or 3), float32 in [0, 1]
        Of the data set's size or larger; larger ones are cropped to their middle and reduced.
    weight : float in [0, 1]
        0 is the first, 1 the second.
    space : {"representation", "content"}
        Interpolate the codes and decode the result, or the pixels (both images show through each other).
    data : {"digits", "fashion", "faces", "photos"}
        What the network was trained on: images of 28 x 28, 28 x 28, 25 x 25 (gray) or 64 x 64 (colour).
    path : {"line", "sphere"}
        Between the two codes; see `restoration.explore.interpolation.interpolate`. Pixels take the line.

    Returns
    -------
    ndarray of the set's shape (h, w, c), float32 in [0, 1]
        In content space, at weight 0 and 1, the (cropped) image itself. In representation space its reconstruction.

    Raises
    ------
    ImageError
        If an image is none or too small, or a setting is unknown or out of range.

    Examples
    --------
    >>> black, white = np.zeros((28, 28, 1), np.float32), np.ones((28, 28, 1), np.float32)
    >>> float(blend(black, white, 0.25, space="content", data="digits").max())
    0.25
    """
    return blends(first, second, [weight], space=space, data=data, path=path)[0]


def blends(
    first: Image,
    second: Image,
    weights: Sequence[float] | np.ndarray,
    *,
    space: str = "representation",
    data: str = "photos",
    path: str = "line",
) -> Array:
    """Blend two images at several weights at once; otherwise as `blend`.

    Returns
    -------
    ndarray of shape (k, h, w, c), float32 in [0, 1]
    """
    from restoration.explore import datasets
    from restoration.explore.center_crop import center_crop
    from restoration.explore.interpolation import interpolate

    for weight in weights:
        check_within("weight", weight)
    check_one_of("The space", space, SPACES)
    check_one_of("The data", data, NETWORKS)
    first, second = (center_crop(image, datasets.SHAPES[data]) for image in (first, second))
    if space == "content":
        return np.clip(interpolate(first, second, weights), 0, 1)  # images of the set's size are not clipped before
    with inference_lock.hold():
        codes = encode(np.stack([first, second]), data)
        return decode(interpolate(codes[0], codes[1], weights, path), data)


def encode(images: Array, data: str) -> Array:
    """Return the codes (n, code_size) of a set's images (n, h, w, c), by the network that blends them."""
    return _network(data).encode(images)


def decode(codes: Array, data: str) -> Array:
    """Return the images (n, h, w, c), in [0, 1], of codes (n, code_size)."""
    return _network(data).decode(codes)


def _network(data):
    from restoration.explore import pretrained

    return pretrained.load_autoencoder(NETWORKS[data])
