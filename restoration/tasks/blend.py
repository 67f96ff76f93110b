"""Blending two pictures: their pixels, or what a network has understood of them."""

import numpy as np

from restoration.image.checks import check_one_of, check_within

SPACES = ("representation", "content")

# Data set -> the network whose codes are mixed.
NETWORKS = {name: f"blend-{name}-1" for name in ("digits", "fashion", "faces", "photos")}


def blend(first, second, weight, *, space="representation", data="photos", path="line"):
    """Blend two pictures.

    Parameters
    ----------
    first, second : ndarrays of shape (H, W, 1 or 3), float32 in [0, 1]
        Of the data set's size or larger; larger ones are cropped to their middle and reduced.
    weight : float in [0, 1]
        0 is the first, 1 the second.
    space : {"representation", "content"}
        Mix the codes and decode the mixture, or mix the pixels (the two show through each other).
    data : {"digits", "fashion", "faces", "photos"}
        What the network was trained on; pictures of 28 x 28, 28 x 28, 25 x 25 (gray) or 64 x 64 (colour).
    path : {"line", "sphere"}
        Between the two codes; see `restoration.explore.interpolation.interpolate`. Pixels go along the line.

    Returns
    -------
    ndarray of the set's shape (h, w, c), float32 in [0, 1]
        In content space, at weight 0 and 1, the (fitted) picture itself. In representation space those are
        reconstructions: what the code can hold of it.

    Raises
    ------
    ImageError
        If a picture is none or too small, or a setting is unknown or out of range.

    Examples
    --------
    >>> black, white = np.zeros((28, 28, 1), np.float32), np.ones((28, 28, 1), np.float32)
    >>> float(blend(black, white, 0.25, space="content", data="digits").max())
    0.25
    """
    return blends(first, second, [weight], space=space, data=data, path=path)[0]


def blends(first, second, weights, *, space="representation", data="photos", path="line"):
    """Blend two pictures at several weights at once; otherwise as `blend`.

    Returns
    -------
    ndarray of shape (k, h, w, c), float32 in [0, 1]
    """
    from restoration.explore import datasets, interpolation
    from restoration.explore.center_crop import center_crop

    for weight in weights:
        check_within("weight", weight)
    check_one_of("The space", space, SPACES)
    check_one_of("The data", data, NETWORKS)
    ends = [center_crop(picture, datasets.SHAPES[data]) for picture in (first, second)]
    if space == "content":
        return np.clip(
            interpolation.interpolate(*ends, weights), 0, 1
        )  # pictures of the set's size are mixed as they came
    codes = encode(np.stack(ends), data)
    return decode(interpolation.interpolate(*codes, weights, path), data)


def encode(images, data):
    """Return the codes (n, code_size) of a set's pictures (n, h, w, c), by the network that blends them."""
    return _network(data).encode(images)


def decode(codes, data):
    """Return the pictures (n, h, w, c), in [0, 1], that codes (n, code_size) stand for."""
    return np.clip(_network(data).decode(codes), 0, 1)


def _network(data):
    from restoration.explore import pretrained

    return pretrained.load(NETWORKS[data])
