"""Parts of an image."""

from typing import Any

from numpy.typing import NDArray


def middle(image: NDArray[Any], side: int) -> NDArray[Any]:
    """Return the middle of an image (H, W, ...), at most `side` pixels high and wide, as a view."""
    row, column = (max(0, (length - side) // 2) for length in image.shape[:2])
    return image[row : row + side, column : column + side]
