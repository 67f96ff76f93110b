"""Blends to take home: a strip as one picture, and an animation that goes there and back."""

import io

import numpy as np
from PIL import Image

from restoration.image.eight_bit import to_uint8

GAP = 2  # pixels between the pictures of a strip
ENLARGED_SIDE = 168  # pixels of a picture in an animation, about


def strip(rows):
    """Lay rows of pictures into one image, with a white line between them.

    Parameters
    ----------
    rows : sequence of ndarray (n, h, w, c), float32 in [0, 1]
        Of the same shape.

    Returns
    -------
    ndarray of shape (H, W, c), float32
    """
    frame = ((0, 0), (0, GAP), (0, GAP), (0, 0))
    padded = [np.pad(row, frame, constant_values=1) for row in rows]
    whole = np.concatenate([np.concatenate(list(row), axis=1) for row in padded])
    return whole[:-GAP, :-GAP]


def gif(frames, milliseconds=80):
    """Encode pictures as an animation that runs forward, then back, for ever.

    Parameters
    ----------
    frames : ndarray of shape (n, h, w, 1 or 3), float32 in [0, 1]
    milliseconds : int
        Of each frame.

    Returns
    -------
    bytes of a GIF
        Enlarged by a whole factor, pixel by pixel.
    """
    factor = max(1, ENLARGED_SIDE // frames.shape[2])
    large = to_uint8(frames).repeat(factor, axis=1).repeat(factor, axis=2)
    there = [Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame) for frame in large]
    file = io.BytesIO()
    there[0].save(file, "GIF", save_all=True, append_images=there[1:] + there[-2:0:-1], duration=milliseconds, loop=0)
    return file.getvalue()
