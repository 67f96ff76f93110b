"""Principal component analysis of a set of images, and the angles between the subspaces of two methods."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from restoration.image.checks import ImageError
from restoration.image.types import Array


class Decoder(Protocol):
    """What `decoder_directions` needs of an autoencoder."""

    @property
    def code_size(self) -> int:
        """Numbers in a code."""

    def decode(self, codes: Array) -> Array:
        """Return the images of codes (n, code_size)."""


class Pca:
    """The linear code with the least squared error: each image as its coordinates along the axes of greatest variance.

    It has the methods of an autoencoder, so a page can show either. Computed by `sklearn.decomposition.PCA` (Pearson
    1901, doi:10.1080/14786440109462720).

    Parameters
    ----------
    images : ndarray of shape (n, h, w, c), float32
        At least two images; or rows of a table, (n, columns).
    code_size : int
        Number of axes: from 1 to the smaller one of `n` and `h * w * c`.

    Attributes
    ----------
    axes : ndarray of shape (code_size, h * w * c)
        Orthonormal, in order of falling variance.
    mean : ndarray of shape (h * w * c,)
        The average image.
    shares : ndarray of shape (code_size,)
        Each axis's share of the whole variance, in [0, 1]; all 0 where the images do not vary.

    Raises
    ------
    ImageError
        If `images` is no such array, holds no finite numbers, or `code_size` is out of range.

    Examples
    --------
    >>> images = np.random.default_rng(0).random((50, 4, 4, 1), np.float32)
    >>> pca = Pca(images, 16)
    >>> pca.encode(images).shape, bool(np.allclose(pca.reconstruct(images), images, atol=1e-5))
    ((50, 16), True)
    """

    kind = "pca"

    def __init__(self, images: Array, code_size: int) -> None:
        from sklearn.decomposition import PCA

        rows = _rows(images)
        if len(rows) < 2:
            raise ImageError("One picture does not vary, so it has no axes; give at least 2.")
        if not np.isfinite(rows).all():
            raise ImageError("The pictures hold values that are not finite numbers (NaN or infinity); replace them.")
        most = min(rows.shape)
        if not isinstance(code_size, int | np.integer) or not 1 <= code_size <= most:
            raise ImageError(
                f"The code size is {code_size}; {rows.shape[0]} pictures of {rows.shape[1]} numbers allow 1 to {most}, "
                "a whole number."
            )
        # Exact and repeatable either way; of many images the covariance is the smaller matrix.
        solver = "covariance_eigh" if rows.shape[0] > rows.shape[1] else "full"
        with np.errstate(invalid="ignore"):  # shares of no variance
            fitted = PCA(int(code_size), svd_solver=solver).fit(rows)
        self.shape, self.code_size = tuple(images.shape[1:]), code_size
        self.axes, self.mean = fitted.components_, fitted.mean_
        self.shares = np.nan_to_num(fitted.explained_variance_ratio_)
        self._fitted = fitted

    def encode(self, images: Array) -> Array:
        """Return the codes of images, an ndarray (n, code_size) float32."""
        rows = _rows(images)
        if np.shape(images)[1:] != self.shape:
            raise ImageError(
                f"The axes are of pictures of shape {self.shape}, these have {np.shape(images)[1:]}; give an array of "
                f"shape (number, {', '.join(map(str, self.shape))})."
            )
        return self._fitted.transform(rows).astype(np.float32)

    def decode(self, codes: Array) -> Array:
        """Return the images (n, h, w, c) float32 of codes (n, code_size); they may leave [0, 1]."""
        codes = np.asarray(codes, np.float32)
        if codes.ndim != 2 or codes.shape[1] != self.code_size:
            raise ImageError(f"Codes have the shape (number, {self.code_size}), this array has {codes.shape}.")
        rows = self._fitted.inverse_transform(codes)
        return rows.astype(np.float32).reshape(-1, *self.shape)

    def reconstruct(self, images: Array) -> Array:
        """Encode and decode images (n, h, w, c)."""
        return self.decode(self.encode(images))


def chance_shares(images: Array, seed: int = 0) -> np.ndarray:
    """Return the shares of variance of PCA's axes where nothing belongs together: each pixel or column is shuffled.

    An axis with a larger share is more than chance (parallel analysis: Horn 1965, doi:10.1007/BF02289447).

    Parameters
    ----------
    images : ndarray of shape (n, h, w, c) or (n, columns), float32
        At least two.
    seed : int
        Of the order of each column.

    Returns
    -------
    ndarray of shape (min(n, h * w * c),)
        In falling order.

    Raises
    ------
    ImageError
        As of `Pca`.
    """
    shuffled = np.random.default_rng(seed).permuted(_rows(images), axis=0)
    return Pca(shuffled, min(shuffled.shape)).shares


def share_between_classes(values: Array, labels: np.ndarray) -> np.ndarray:
    """Return which share of the variance of each column lies between the classes' means (the correlation ratio).

    Parameters
    ----------
    values : ndarray of shape (n, k)
        Codes, for example.
    labels : ndarray of shape (n,), int

    Returns
    -------
    ndarray of shape (k,)
        In [0, 1]: 1 where the class alone decides; 0 where a column does not vary.

    Examples
    --------
    >>> share_between_classes(np.array([[0.0, 1], [2, 1], [4, 1], [6, 1]]), np.array([0, 0, 1, 1])).tolist()
    [0.8, 0.0]
    """
    _, which = np.unique(labels, return_inverse=True)
    counts = np.bincount(which)
    means = np.stack([np.bincount(which, column) / counts for column in values.T], axis=1)  # (classes, k)
    whole = values.var(axis=0, dtype=np.float64)
    return means[which].var(axis=0) / np.where(whole > 0, whole, 1)


def principal_angles(first: ArrayLike, second: ArrayLike) -> np.ndarray:
    """Return the principal angles between two subspaces.

    Bjorck and Golub 1973, doi:10.1090/S0025-5718-1973-0348991-3, as in `scipy.linalg.subspace_angles`. All are 0
    exactly when both span the same subspace, however their axes are rotated or scaled within it.

    Parameters
    ----------
    first, second : ndarrays of shapes (k, d) and (m, d)
        Rows that span the subspaces; they need not be orthogonal nor of unit length.

    Returns
    -------
    ndarray of shape (min(k, m),)
        Degrees in [0, 90], the smallest first; fewer where the rows of one depend on each other.

    Raises
    ------
    ImageError
        If they are no rows of one length, or hold values that are not finite.

    Examples
    --------
    >>> principal_angles([[1, 0, 0], [0, 1, 0]], [[1, 1, 0], [0, 0, 2]]).round(3).tolist()
    [0.0, 90.0]
    """
    from scipy.linalg import subspace_angles

    one, other = _directions(first, second)
    return np.degrees(subspace_angles(one.T, other.T))[::-1]


def axis_angles(first: ArrayLike, second: ArrayLike) -> np.ndarray:
    """Return the angle between each axis and the one of the same number, regardless of sign.

    Parameters
    ----------
    first, second : ndarrays of shape (k, d)

    Returns
    -------
    ndarray of shape (k,)
        Degrees in [0, 90] between row i of one and row i of the other; 90 where one is zero.

    Raises
    ------
    ImageError
        If they are no rows of one length, not as many of both, or hold values that are not finite.

    Examples
    --------
    >>> axis_angles([[1, 0], [0, 1]], [[-2, 0], [1, 1]]).round(3).tolist()
    [0.0, 45.0]
    """
    one, other = _directions(first, second)
    if len(one) != len(other):
        raise ImageError(f"{len(one)} and {len(other)} axes are no pairs; give as many of one as of the other.")
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosines = np.abs((one * other).sum(axis=1)) / np.maximum(lengths, np.finfo(float).tiny)
    return np.degrees(np.arccos(np.clip(cosines, 0, 1)))


def decoder_directions(autoencoder: Decoder) -> Array:
    """Return how the decoded image changes with each number of the code, around zero.

    Parameters
    ----------
    autoencoder : object
        With `code_size` and ``decode(codes)``. For a linear decoder these are its weights, exactly.

    Returns
    -------
    ndarray of shape (code_size, h * w * c)
    """
    size = autoencoder.code_size
    codes = np.concatenate([np.zeros((1, size), np.float32), np.eye(size, dtype=np.float32)])
    drawn = np.asarray(autoencoder.decode(codes)).reshape(size + 1, -1)
    return drawn[1:] - drawn[0]


def reconstruction_errors(images: Array, reconstructed: Array) -> np.ndarray:
    """Return each image's mean squared error (n,), in units of [0, 1] squared."""
    axes = tuple(range(1, images.ndim))
    return np.asarray(np.mean((images - reconstructed) ** 2, axis=axes, dtype=np.float64))


def _rows(images):
    """(n, h, w, c) -> (n, h * w * c)."""
    images = np.asarray(images)
    if images.ndim < 2 or images.size == 0 or images.dtype.kind != "f":
        raise ImageError(
            f"A set of pictures is float32 of shape (number, height, width, channels), a table of shape (number, "
            f"columns); this is {images.dtype} of shape {images.shape}."
        )
    return images.reshape(len(images), -1)


def _directions(first, second):
    """Return both as float64 rows, checked."""
    first, second = (np.atleast_2d(np.asarray(rows, np.float64)) for rows in (first, second))
    if first.ndim != 2 or second.ndim != 2:
        raise ImageError(
            f"Directions are rows, arrays of shape (number, dimensions); these have {first.shape} and {second.shape}."
        )
    if first.shape[1] != second.shape[1]:
        raise ImageError(
            f"Rows of {first.shape[1]} and {second.shape[1]} dimensions have no angles; give rows of one length."
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ImageError("The rows hold values that are not finite numbers; a training that diverged gives such.")
    return first, second
