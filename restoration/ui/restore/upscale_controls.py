"""The controls of the upscale page: how large, from which small picture, and beside which classical method."""

import sys
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from restoration.degrade.low_resolution import degrade_and_reduce
from restoration.image.checks import ImageError
from restoration.image.resample import resize, shrink
from restoration.inference.card import presets
from restoration.tasks.upscale import MAX_MEGAPIXELS, detail_limit, size_of_result, upscale
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore.compare_methods import beside
from restoration.ui.restore.stage import PREVIEW_SIDE
from restoration.ui.session_cache import session_cache

SCALES = ["x2", "x3", "x4", "x8"]
WIDTH, LARGEST = "Width", "Largest result, megapixels"
# Name shown -> kernel of `restoration.image.resample.resize`.
CLASSICAL = {"Bicubic": "bicubic", "Lanczos": "lanczos", "Nearest": "nearest"}
CLEAN, WORN = "Clean", "Soft, noisy, compressed"
LARGE_MEGAPIXELS = 6.0  # more than most screens show
SOFT = 0.6  # a picture whose detail ends below this share of its resolution is told to be soft


@dataclass(frozen=True)
class Given:
    """The small picture and how wide the result shall be.

    Parameters
    ----------
    small : ndarray of shape (h, w, C), float32
    truth : ndarray of shape (H, W, C), or None
    name : str
        Names the small picture's pixels.
    width : int
    alpha : ndarray of shape (h, w), or None
        The small picture's opacity.
    """

    small: np.ndarray
    truth: np.ndarray | None
    name: str
    width: int
    alpha: np.ndarray | None = None

    @property
    def scale(self):
        """Pixels of the result per pixel, rounded for the record."""
        return round(self.width / self.small.shape[1], 4)

    @property
    def size(self):
        """Height and width of the result."""
        return size_of_result(*self.small.shape[:2], width=self.width, max_megapixels=_limit())

    def width_of(self, image):
        """Return the width that a part of the picture gets."""
        return round(image.shape[1] * self.width / self.small.shape[1])

    def middle(self, side):
        """Return the middle of the small picture that makes a result of at most `side` pixels, truth and opacity."""
        side = max(1, int(side / self.scale))
        first = [max(0, (length - side) // 2) for length in self.small.shape[:2]]
        part = tuple(slice(start, start + side) for start in first)
        small, alpha = self.small[part], None if self.alpha is None else self.alpha[part]
        if self.truth is None:
            return small, None, alpha
        scale = round(self.scale)  # of a picture that was shrunk
        parts = zip(first, small.shape, strict=False)
        truth = self.truth[tuple(slice(scale * start, scale * (start + length)) for start, length in parts)]
        return small, truth, alpha

    def problem(self):
        """Return why the result cannot be made, and where the limit is raised, or None."""
        try:
            _ = self.size
        except ImageError as error:
            return f"{error} It stands under More > {LARGEST}."
        return None

    def in_words(self):
        """Say the sizes, and what is known of a picture that came from outside."""
        height, width = self.small.shape[:2]
        words = f"{width} x {height} to {self.size[1]} x {self.size[0]}"
        if self.truth is not None:
            return words
        limit = session_cache().get_or_compute(
            "small", ("detail", self.name), lambda: detail_limit(self.small), sys.getsizeof
        )
        if limit < SOFT:
            words += f" · soft: its detail ends at {limit:.0%} of its resolution, which no enlargement brings back"
        elif width * height / 1e6 > LARGE_MEGAPIXELS:
            words += " · not a small picture: it fills a screen as it is"
        return words


def choose(picture, *, shrink_first):
    """Show the sizes, and return what is Given.

    Parameters
    ----------
    picture : restoration.ui.upload.SourcePhoto
    shrink_first : bool
        Make the small picture from this one, which then is the truth.
    """
    image, alpha, key = picture.photo.pixels, picture.photo.alpha, picture.key
    options = SCALES if shrink_first else [*SCALES, WIDTH]
    chosen = st.segmented_control(
        "Size",
        options,
        default="x4" if shrink_first else "x2",
        required=True,
        key="shrunk" if shrink_first else "size",
        **REMEMBERED,
    )
    if chosen == WIDTH:
        width = image.shape[1]
        return Given(image, None, key, _choose_width(width), alpha)
    scale = int(chosen[1:])
    if not shrink_first:
        return Given(image, None, key, scale * image.shape[1], alpha)
    worn = st.session_state.get("past", CLEAN) == WORN
    name = f"{key}:{scale}:{worn}"
    rows, columns = (max(length, scale) // scale * scale for length in image.shape[:2])
    truth = image[:rows, :columns]
    make = degrade_and_reduce if worn else shrink
    small = session_cache().get_or_compute("input", name, lambda: make(_at_least(truth, scale), scale), _bytes)
    if alpha is not None:
        alpha = cv2.resize(alpha[:rows, :columns], small.shape[1::-1], interpolation=cv2.INTER_AREA)
    return Given(small, truth if truth.shape[:2] == (rows, columns) else None, name, scale * small.shape[1], alpha)


def _choose_width(width):
    least, most = int(np.ceil(1.1 * width)), 8 * width
    return st.number_input("Width in pixels", least, max(least, most), max(least, 2 * width), key=f"width-{width}")


def _at_least(image, side):
    """Mirror a picture that is smaller than the reduction."""
    missing = [(0, max(0, side - length)) for length in image.shape[:2]]
    return np.pad(image, [*missing, (0, 0)], mode="symmetric")


def choose_classical():
    """Show the classical methods and return the chosen one's name, a key of `CLASSICAL`."""
    return st.segmented_control(
        "Compared with", list(CLASSICAL), default="Bicubic", required=True, key="against", **REMEMBERED
    )


def classical(image, width, name):
    """Enlarge an image to a width by a classical method, a key of `CLASSICAL`."""
    height, width = size_of_result(*image.shape[:2], width=width, max_megapixels=np.inf)
    return np.clip(resize(image, height, width, CLASSICAL[name]), 0, 1)


def every_method(given):
    """Show what every classical method and every network makes of the middle of a Given picture."""
    piece, truth, alpha = given.middle(PREVIEW_SIDE)
    rows, columns = round(given.scale * piece.shape[0]), given.width_of(piece)
    methods = {name: lambda name=name: classical(piece, columns, name) for name in ("Nearest", "Bicubic", "Lanczos")}
    for preset in presets("upscale"):
        methods[f"Network, {preset}"] = lambda preset=preset: upscale(piece, None, width=columns, preset=preset)
    small = f"{piece.shape[1]} x {piece.shape[0]}"
    beside(
        methods,
        truth,
        key=("enlarged", given.name, given.width),
        caption=f"The same {small} pixels, enlarged to {columns} x {rows} by every method.",
        pair=("Bicubic", "Network, faithful"),
        alpha=alpha,
    )


def choose_past():
    """Show what the small picture of *show me* has been through."""
    st.segmented_control("Small picture, show me", [CLEAN, WORN], default=CLEAN, required=True, key="past")


def choose_limit():
    """Show the limit on the size of the result."""
    st.number_input(LARGEST, 1, 500, int(MAX_MEGAPIXELS), key="largest", **REMEMBERED)


def _limit():
    return float(st.session_state.get("largest", MAX_MEGAPIXELS))


def _bytes(image):
    return image.nbytes
