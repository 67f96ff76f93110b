"""What an image is, and the one check that every task makes of what it is given."""

from collections.abc import Iterable
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike

from restoration.image.types import Image

# Measured noise may leave black to white, but not by so much: an image of 0 to 255 does.
FARTHEST = 8.0


class ImageError(ValueError):
    """An array that is not an image, said in one sentence."""


def checked(image: ArrayLike) -> Image:
    """Return the image as float32, or say why it is none.

    Parameters
    ----------
    image : array of shape (H, W, 1 or 3)
        Finite numbers; [0, 1] is black to white, and measured noise may leave that range.

    Returns
    -------
    ndarray of the same shape, float32
        The very same object where nothing had to change.

    Raises
    ------
    ImageError
        If the shape is another, a side is empty, or a value is not finite, is no real number, or is so far from
        [0, 1] that the image must be scaled otherwise.
    """
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] not in (1, 3):
        raise ImageError(
            f"An image has the shape (height, width, 1 or 3), this array has {image.shape}; "
            "add or drop an axis, for example image[..., None] for a gray one."
        )
    if 0 in image.shape:
        raise ImageError(f"The image is empty: its shape is {image.shape}. Give at least one pixel.")
    if image.dtype.kind != "f":
        raise ImageError(
            f"An image holds float32 from 0 to 1, this array holds {image.dtype}; convert it, uint8 by dividing by 255."
        )
    image = image.astype(np.float32, copy=False)
    # Two numbers tell, without a mask as large as the picture: minimum and maximum hand a NaN on.
    low, high = float(image.min()), float(image.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ImageError("The image holds values that are not finite numbers (NaN or infinity); replace them first.")
    if max(-low, high) > FARTHEST:
        raise ImageError(
            f"The image holds values from {low:g} to {high:g}, but black is 0 and white is 1; divide it by its white, "
            "255 for 8 bits."
        )
    return image


def check_within(name: str, value: object, low: float = 0, high: float = 1) -> None:
    """Raise ImageError unless a setting is a number from `low` to `high`."""
    if not isinstance(value, Real) or not low <= float(value) <= high:
        said = value if isinstance(value, Real) else repr(value)
        raise ImageError(f"{name} is {said}; it must be a number between {low:g} and {high:g}.")


def check_whole(name: str, value: object, low: int, high: int | None = None) -> None:
    """Raise ImageError unless a setting is a whole number from `low` to `high`, or without end."""
    if not isinstance(value, Integral) or int(value) < low or (high is not None and int(value) > high):
        limit = f"from {low} to {high}" if high is not None else f"of at least {low}"
        raise ImageError(f"{name} is {value!r}; it must be a whole number {limit}.")


def check_one_of(name: str, value: object, choices: Iterable[str]) -> None:
    """Raise ImageError unless a setting is one of some words."""
    if not isinstance(value, str) or value not in choices:
        raise ImageError(f"{name} is {value!r}; choose one of {', '.join(choices)}.")


def blend_strength(image: Image, restored: Image, strength: float, *, out: Image | None = None) -> Image:
    """Apply a share of a restoration; cheap, so that a slider need not run the network again.

    Parameters
    ----------
    image, restored : ndarrays of shape (H, W, C), float32
    strength : float in [0, 1]
    out : ndarray of the same shape, optional
        Where a blend may be written, such as `restored` itself where nobody needs it any more.

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]
        `restored` itself at strength 1.
    """
    if strength == 1:
        return restored
    if strength == 0:
        return np.clip(image, 0, 1)
    blended = np.subtract(restored, image, out=out)
    blended *= np.float32(strength)
    blended += image
    return np.clip(blended, 0, 1, out=blended)
