"""The plain idea of compression by a code: PCA of the patches of a photograph, its numbers stored as they are."""

from dataclasses import dataclass

import numpy as np

from restoration.explore.pca import Pca
from restoration.image.types import Array, Image

PATCH = 16  # pixels of a patch's side
NUMBER_BYTES = 2  # of a number, as a float of 16 bits
CODE_SIZES = (1, 2, 3, 4, 6, 8, 12)  # numbers of each patch


@dataclass(frozen=True)
class StoredCode:
    """A photograph as the codes of its patches.

    Attributes
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
        What they decode to.
    size : int
        Bytes of the codes, the axes and the mean patch, each number in 16 bits.
    """

    image: Image
    size: int


def patch_codes(image: Image, code_sizes: tuple[int, ...] = CODE_SIZES) -> list[StoredCode]:
    """Store a photograph as the first numbers of each of its patches on the axes of greatest variance.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    code_sizes
        Numbers of a patch, each a way to store it; what a small image's patches do not allow is left out.

    Returns
    -------
    list of StoredCode
    """
    patches, (rows, columns) = _patches(image)
    most = min(max(code_sizes), len(patches), patches[0].size)
    if len(patches) < 2:
        return []
    pca = Pca(patches, most)
    codes, axes, mean = (one.astype(np.float16).astype(np.float32) for one in (pca.encode(patches), pca.axes, pca.mean))
    stored = []
    for size in (size for size in code_sizes if size <= most):
        decoded = (codes[:, :size] @ axes[:size] + mean).reshape(patches.shape)
        numbers = codes[:, :size].size + axes[:size].size + mean.size
        stored.append(StoredCode(_whole(decoded, rows, columns, image.shape), NUMBER_BYTES * numbers))
    return stored


def _patches(image: Image) -> tuple[Array, tuple[int, int]]:
    """Return the patches (n, 16, 16, C) of an image, mirrored past its edge, and how many stand below and beside."""
    padding = [(0, -length % PATCH) for length in image.shape[:2]]
    padded = np.pad(image, [*padding, (0, 0)], mode="symmetric")
    rows, columns = (length // PATCH for length in padded.shape[:2])
    grid = padded.reshape(rows, PATCH, columns, PATCH, -1).swapaxes(1, 2)
    return np.ascontiguousarray(grid.reshape(rows * columns, PATCH, PATCH, -1)), (rows, columns)


def _whole(patches: Array, rows: int, columns: int, shape: tuple[int, ...]) -> Image:
    grid = patches.reshape(rows, columns, PATCH, PATCH, -1).swapaxes(1, 2)
    whole = grid.reshape(rows * PATCH, columns * PATCH, -1)[: shape[0], : shape[1]]
    return np.clip(whole, 0, 1)
