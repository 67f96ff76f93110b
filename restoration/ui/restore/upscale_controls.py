"""The controls of the upscale page: the size of the result, the low-resolution image, and the classical method."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.degrade.low_resolution import degrade_and_reduce
from restoration.image.checks import ImageError, blend_strength
from restoration.image.resample import resize, shrink
from restoration.image.types import Array, Image, Progress
from restoration.inference.card import presets
from restoration.tasks.upscale import MAX_MEGAPIXELS, detail_limit, size_of_result, upscale
from restoration.tasks.upscale_presets import FAITHFUL, PHOTO, networks_of
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore.compare_methods import compare_methods
from restoration.ui.restore.page_layout import choose_preset, preset_label
from restoration.ui.restore.photo_steps import find_suited_network
from restoration.ui.restore.preview import PREVIEW_SIDE
from restoration.ui.restore.restoration_job import RestorationJob, restore_each
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import SourcePhoto, choose_megapixels, chosen_megapixels, server_megapixels

SCALES = ["x2", "x3", "x4", "x8"]
PRESET_KEY, BLEND_KEY, SUITED = "enlarger", "faithful-share", "suited preset"
# The finding by which a network suits a photograph -> what is said.
REASONS = {
    "": "this photograph is clean",
    "page": "this is a page or a drawing",
    "jpeg": "this photograph is compressed",
    "blur": "this photograph is soft",
    "noise": "this photograph is noisy",
    "screen": "this is a printed screen",
}
WIDTH, LARGEST, LIMIT_KEY = "Width", "Largest result, megapixels", "largest"
# Name shown -> kernel of `restoration.image.resample.resize`.
INTERPOLATIONS = {"Bicubic": "bicubic", "Lanczos": "lanczos", "Nearest": "nearest"}
CLEAN, DEGRADED = "Clean", "Soft, noisy, compressed"
LARGE_MEGAPIXELS = 6.0  # more than most screens show
SOFT = 0.6  # an image whose detail ends below this share of its resolution is called soft


@dataclass(frozen=True)
class UpscaleInput:
    """The low-resolution image and the width of its result.

    Parameters
    ----------
    image : ndarray of shape (h, w, C), float32
    truth : ndarray of shape (H, W, C), or None
    key : str
        Equal for equal pixels of `image`.
    width : int
    alpha : ndarray of shape (h, w), or None
        Opacity of `image`.
    """

    image: Image
    truth: Image | None
    key: str
    width: int
    alpha: Array | None = None

    @property
    def scale(self) -> float:
        """Pixels of the result per pixel, rounded for the record."""
        return round(self.width / self.image.shape[1], 4)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the result."""
        return size_of_result(*self.image.shape[:2], width=self.width, max_megapixels=max_megapixels())

    def width_of(self, part: Image) -> int:
        """Return the width of the result of a part of the image."""
        return round(part.shape[1] * self.width / self.image.shape[1])

    def center_crop(self, side: int) -> tuple[Image, Image | None, Array | None]:
        """Return the middle whose result has at most `side` pixels a side: image, truth and opacity."""
        side = max(1, int(side / self.scale))
        first = [max(0, (length - side) // 2) for length in self.image.shape[:2]]
        part = tuple(slice(start, start + side) for start in first)
        image, alpha = self.image[part], None if self.alpha is None else self.alpha[part]
        if self.truth is None:
            return image, None, alpha
        scale = round(self.scale)  # of an image that was reduced
        rows, columns = (
            slice(scale * start, scale * (start + length)) for start, length in zip(first, image.shape, strict=False)
        )
        return image, self.truth[rows, columns], alpha

    def problem(self) -> str | None:
        """Return why the result cannot be made and where the limit is raised, or None."""
        try:
            _ = self.size
        except ImageError as error:
            return f"{error} It stands under More > {LARGEST}."
        return None

    def describe(self) -> str:
        """Return the sizes, and of an upload whether its detail justifies them."""
        height, width = self.image.shape[:2]
        text = f"{width} x {height} to {self.size[1]} x {self.size[0]}"
        if self.truth is not None:
            return text
        limit = session_cache().get_or_compute(
            "small", ("detail", self.key), lambda: detail_limit(self.image), sys.getsizeof
        )
        if limit < SOFT:
            text += f" · soft: its detail ends at {limit:.0%} of its resolution, which no enlargement brings back"
        elif width * height / 1e6 > LARGE_MEGAPIXELS:
            text += " · not a small picture: it fills a screen as it is"
        return text


def choose_size(source: SourcePhoto, *, reduce_first: bool) -> UpscaleInput:
    """Show the sizes of the result.

    Parameters
    ----------
    source : SourcePhoto
    reduce_first : bool
        Make the low-resolution image from this photograph, which then is the truth.
    """
    image, alpha = source.photo.pixels, source.photo.alpha
    chosen = st.segmented_control(
        "Size",
        SCALES if reduce_first else [*SCALES, WIDTH],
        default="x4" if reduce_first else "x2",
        required=True,
        key="shrunk" if reduce_first else "size",
        **REMEMBERED,
    )
    if chosen == WIDTH:
        return UpscaleInput(image, None, source.key, _choose_width(image.shape[1]), alpha)
    scale = int(chosen[1:])
    if reduce_first:
        return _reduced_input(source, scale)
    return UpscaleInput(image, None, source.key, scale * image.shape[1], alpha)


def _reduced_input(source: SourcePhoto, scale: int) -> UpscaleInput:
    """Reduce a photograph by a whole scale, once, and keep it; the photograph is cropped to a multiple of the scale."""
    image, alpha = source.photo.pixels, source.photo.alpha
    degraded = st.session_state.get("condition", CLEAN) == DEGRADED
    key = f"{source.key}:{scale}:{degraded}"
    rows, columns = (max(length, scale) // scale * scale for length in image.shape[:2])
    truth = image[:rows, :columns]
    make = degrade_and_reduce if degraded else shrink
    reduced = session_cache().get_or_compute(
        "input", key, lambda: make(_pad_to(truth, scale), scale), lambda made: made.nbytes
    )
    if alpha is not None:
        alpha = np.asarray(cv2.resize(alpha[:rows, :columns], reduced.shape[1::-1], interpolation=cv2.INTER_AREA))
    is_whole = truth.shape[:2] == (rows, columns)
    return UpscaleInput(reduced, truth if is_whole else None, key, scale * reduced.shape[1], alpha)


def _choose_width(width: int) -> int:
    least, most = int(np.ceil(1.1 * width)), 8 * width
    return st.number_input("Width in pixels", least, max(least, most), max(least, 2 * width), key=f"width-{width}")


def _pad_to(image: Image, side: int) -> Image:
    """Mirror an image that is smaller than the scale it is reduced by."""
    missing = [(0, max(0, side - length)) for length in image.shape[:2]]
    return np.pad(image, [*missing, (0, 0)], mode="symmetric")


def size_settings(given: UpscaleInput) -> dict[str, Any]:
    """Return what a step records of the size: the scale where it is whole, else the width."""
    whole = given.scale == round(given.scale)
    return {
        "scale": given.scale if whole else 2.0,
        "width": None if whole else given.width,
        "max_megapixels": max_megapixels(),
    }


def set_widgets(width_before: int, settings: Mapping[str, Any]) -> None:
    """Bring the page's controls to the settings of a step on a photograph of a width."""
    state, scale, width = st.session_state, settings["scale"], settings["width"]
    if width is None and f"x{scale:g}" in SCALES:
        state["size"] = f"x{scale:g}"
    else:
        state["size"] = WIDTH
        state[f"width-{width_before}"] = width or round(scale * width_before)
    state.update({PRESET_KEY: settings["preset"], "ensemble": settings["ensemble"]})
    state[BLEND_KEY] = round(100 * settings["blend"])
    state[LIMIT_KEY] = min(int(settings["max_megapixels"]), server_megapixels())


def suit_preset(source: SourcePhoto, place: DeltaGenerator) -> str:
    """Choose the network that suits a photograph when it is opened, and return why; an address that names one wins.

    Called before the control is drawn; that something is measured is said in a place (``st.empty()``).
    """
    state, (preset, finding) = st.session_state, find_suited_network(source, place)
    is_named = SUITED not in state and PRESET_KEY in st.query_params
    if state.get(SUITED) != source.key and not is_named and preset in presets("upscale"):
        state[PRESET_KEY] = preset
    state[SUITED] = source.key
    return f"*{preset}*: {REASONS[finding]}."


def choose_network(why: str) -> tuple[str, float]:
    """Show the choice of the network, and why one was chosen; return it, and the share of *faithful* in its result.

    Parameters
    ----------
    why : str
        Empty where nothing is known of the photograph.
    """
    help_text = "*faithful* is for clean pictures, *photo* for soft, noisy or compressed ones"
    preset = choose_preset("upscale", PRESET_KEY, FAITHFUL, help_text)
    if why.startswith(f"*{preset}*"):
        st.caption(why)
    if preset != PHOTO:
        return preset, 0.0
    percent = st.slider(
        "Blend with faithful",
        0,
        100,
        0,
        format="%d %%",
        key=BLEND_KEY,
        help="*photo* cleans and sharpens more, *faithful* keeps what is there: this is the share of *faithful* in the "
        "result. Between 0 and 100 % both networks run.",
        **REMEMBERED,
    )
    return preset, percent / 100


def upscale_job(given: UpscaleInput, preset: str, blend: float, ensemble: bool, interpolation: str) -> RestorationJob:
    """Return the job of an enlargement.

    Where two networks are blended, what each of them gives is kept, so that another share runs none again.
    """
    networks = networks_of(preset, blend)

    def enlarge(image: Image, progress: Progress) -> Image:
        width, limit = given.width_of(image), max_megapixels()
        return upscale(
            image, None, width=width, preset=networks[0], ensemble=ensemble, max_megapixels=limit, progress=progress
        )

    def enlarge_by_both(image: Image, progress: Progress) -> Image:
        jobs = [upscale_job(given, network, 0.0, ensemble, interpolation) for network in networks]
        photo, faithful = restore_each(jobs, image, progress)
        return blend_strength(photo, faithful, blend)

    return RestorationJob(
        given.image,
        given.key,
        settings=(preset, blend, ensemble, given.width),
        restore=enlarge if len(networks) == 1 else enlarge_by_both,
        action="Enlarging",
        input_name=interpolation.lower(),
        baseline=lambda image: interpolate(image, given.width_of(image), interpolation),
        baseline_name=f"{interpolation} {given.width}",
        alpha=given.alpha,
    )


def choose_interpolation() -> str:
    """Show the classical methods, and return the name of one, a key of `INTERPOLATIONS`."""
    return st.segmented_control(
        "Compared with", list(INTERPOLATIONS), default="Bicubic", required=True, key="against", **REMEMBERED
    )


def interpolate(image: Image, width: int, name: str) -> Image:
    """Enlarge an image to a width by a classical method, a key of `INTERPOLATIONS`."""
    height, width = size_of_result(*image.shape[:2], width=width, max_megapixels=np.inf)
    return np.clip(resize(image, height, width, INTERPOLATIONS[name]), 0, 1)


def compare_upscalers(given: UpscaleInput) -> None:
    """Show what every classical method and every network makes of the middle of the image."""
    crop, truth, alpha = given.center_crop(PREVIEW_SIDE)
    rows, columns = round(given.scale * crop.shape[0]), given.width_of(crop)
    methods: dict[str, Callable[[], Image]] = {
        name: partial(interpolate, crop, columns, name) for name in ("Nearest", "Bicubic", "Lanczos")
    }
    methods |= {
        f"Network, {preset_label(preset)}": partial(upscale, crop, None, width=columns, preset=preset)
        for preset in presets("upscale")
    }
    compare_methods(
        methods,
        truth,
        key=("upscaled", given.key, given.width),
        caption=f"The same {crop.shape[1]} x {crop.shape[0]} pixels, enlarged to {columns} x {rows} by every method.",
        pair=("Bicubic", "Network, faithful"),
        alpha=alpha,
    )


def choose_condition() -> None:
    """Show how the low-resolution image of *show me* is degraded."""
    st.segmented_control("Small picture, show me", [CLEAN, DEGRADED], default=CLEAN, required=True, key="condition")


def choose_max_megapixels() -> None:
    """Show the limit on the size of the result."""
    choose_megapixels(LARGEST, LIMIT_KEY, MAX_MEGAPIXELS)


def max_megapixels() -> float:
    """Return the most megapixels that a result may have."""
    return chosen_megapixels(LIMIT_KEY, MAX_MEGAPIXELS)
