"""The plane of codes: points coloured by class over a background image, with a pointer that the visitor moves."""

import base64
from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np

from restoration.image.types import Array, Image
from restoration.ui.components.assets import component

Region: TypeAlias = tuple[float, float, float, float]  # left, right, bottom, top

# Okabe and Ito 2008, distinguishable to the colour-blind too; without black, and with three more.
COLOURS = (
    "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#8C8C8C", "#7A5C2E", "#9AD14B",
)  # fmt: skip


_mount = component("plane")


def plane(
    codes: Array,
    labels: np.ndarray,
    names: Sequence[str],
    region: Region,
    *,
    key: str,
    at: tuple[float, float],
    alt: str,
    background: str = "",
    marks: Sequence[tuple[float, float, str]] = (),
    show_points: bool = True,
) -> tuple[float, float]:
    """Show codes as points and let the visitor point at a place: click, drag, or arrow keys.

    Parameters
    ----------
    codes : ndarray of shape (n, 2)
    labels : ndarray of shape (n,), int
        Index into `names`.
    names : sequence of str
        Of the classes; a click on one in the legend shows it alone.
    region : tuple (left, right, bottom, top)
        What is shown; as high as wide.
    key : str
        Unique in the page.
    at : tuple (x, y)
        Where the pointer is first.
    alt : str
    background : str
        URL of an image that fills the plane, "" for none.
    marks : sequence of tuples (x, y, text)
        Places with a name.
    show_points : bool

    Returns
    -------
    tuple (x, y) of float
        Where the visitor points.
    """
    result = _mount(
        key=key,
        data={
            "key": key,
            "points": _packed(codes, region),
            "labels": base64.b64encode(np.asarray(labels, np.uint8).tobytes()).decode("ascii"),
            "names": list(names),
            "colours": list(COLOURS),
            "region": [float(side) for side in region],
            "at": [float(side) for side in at],
            "alt": alt,
            "background": background,
            "marks": [[float(x), float(y), str(text)] for x, y, text in marks],
            "shown": bool(show_points),
        },
        default={"at": list(at)},
        on_at_change=lambda: None,
    )
    x, y = result.at or at
    return float(x), float(y)


def plot(codes: Array, labels: np.ndarray, region: Region, side: int = 1000) -> Image:
    """Draw the points on white as an image (side, side, 3), float32 in [0, 1], to be saved."""
    image = np.full((side, side, 3), 255, np.uint8)
    left, right, bottom, top = region
    share = (codes - [left, bottom]) / [right - left, top - bottom]
    for (x, y), label in zip(share, labels, strict=True):
        colour = COLOURS[label % len(COLOURS)]
        rgb = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
        cv2.circle(image, (round(x * side), round((1 - y) * side)), 3, rgb, cv2.FILLED, cv2.LINE_AA)
    return image.astype(np.float32) / np.float32(255)


def _packed(codes, region):
    """Encode points as 16-bit steps of the region in base64, a fifth as long as JSON; those outside go to its edge."""
    left, right, bottom, top = region
    share = (codes - [left, bottom]) / [right - left, top - bottom]
    return base64.b64encode(np.rint(np.clip(share, 0, 1) * 65535).astype("<u2").tobytes()).decode("ascii")
