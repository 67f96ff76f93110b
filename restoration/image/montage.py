"""Many small images of one size laid out as one image."""

import numpy as np

from restoration.image.types import Array, Image


def montage(images: Array, columns: int, *, gap: int = 0, fill: float = 0.0) -> Image:
    """Lay images out row by row from the top left.

    Parameters
    ----------
    images : ndarray of shape (n, h, w, c)
    columns : int
        Images a row; places of the last row that are left over are filled too.
    gap : int
        Pixels between neighbouring images.
    fill : float
        Value of the gaps and of places left over.

    Returns
    -------
    ndarray of shape (rows * (h + gap) - gap, columns * (w + gap) - gap, c), float32

    Examples
    --------
    >>> images = np.arange(1, 4, dtype=np.float32).reshape(3, 1, 1, 1)
    >>> montage(images, 2)[..., 0].tolist()
    [[1.0, 2.0], [3.0, 0.0]]
    """
    n, height, width, channels = images.shape
    rows = -(-n // columns)
    tiles = np.full((rows * columns, height + gap, width + gap, channels), fill, np.float32)
    tiles[:n, :height, :width] = images
    grid = tiles.reshape(rows, columns, height + gap, width + gap, channels).swapaxes(1, 2)
    whole = grid.reshape(rows * (height + gap), columns * (width + gap), channels)
    return whole[: whole.shape[0] - gap, : whole.shape[1] - gap]
