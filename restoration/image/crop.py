"""Parts of an image."""

from typing import Any

from numpy.typing import NDArray


def middle(image: NDArray[Any], side: int, *, grid: int = 1) -> NDArray[Any]:
    """Return the middle of an image (H, W, ...), at most `side` pixels high and wide, as a view.

    Its first row and column are multiples of `grid`.

    Examples
    --------
    >>> import numpy as np
    >>> int(middle(np.arange(50)[:, None], 10)[0, 0]), int(middle(np.arange(50)[:, None], 10, grid=16)[0, 0])
    (20, 16)
    """
    row, column = (max(0, (length - side) // 2) // grid * grid for length in image.shape[:2])
    return image[row : row + side, column : column + side]
