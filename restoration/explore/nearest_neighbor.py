"""The nearest image of a set, and the distance to it: how realistic an interpolated or decoded image is."""

import numpy as np

from restoration.image.types import Array


class NearestNeighbor:
    """Find the nearest images of a set by the distance of their pixels.

    Parameters
    ----------
    images : ndarray of shape (n, h, w, c), float32 in [0, 1]

    Examples
    --------
    >>> nearest = NearestNeighbor(np.stack([np.zeros((2, 2, 1)), np.ones((2, 2, 1))]).astype(np.float32))
    >>> index, distance = nearest(np.full((1, 2, 2, 1), 0.75, np.float32))
    >>> int(index[0]), float(distance[0])
    (1, 0.25)
    """

    def __init__(self, images: Array) -> None:
        self._rows = images.reshape(len(images), -1)
        self._squares = np.einsum("ij,ij->i", self._rows, self._rows)

    def __call__(self, images: Array) -> tuple[np.ndarray, Array]:
        """Return, for each image, the index of the nearest one and the distance to it.

        Parameters
        ----------
        images : ndarray of shape (k, h, w, c), float32 in [0, 1]

        Returns
        -------
        index : ndarray of shape (k,), int
        distance : ndarray of shape (k,), float
            Root of the mean squared difference over the pixels, in [0, 1]: 0 for an image of the set.
        """
        rows = images.reshape(len(images), -1)
        index = (self._squares - 2 * rows @ self._rows.T).argmin(axis=1)
        # Computed again at the one found: the expanded square above rounds to more than 0 for equal images.
        return index, np.sqrt(np.mean((rows - self._rows[index]) ** 2, axis=1))
