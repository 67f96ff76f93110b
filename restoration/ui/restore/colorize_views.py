"""The colorize page's input, its kept predictions, and its views: proposals, uncertainty, the truth."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
import streamlit as st

from restoration.image import metrics
from restoration.image.eight_bit import to_uint8
from restoration.image.lab import toning
from restoration.image.resample import reduce
from restoration.image.types import Array, Image, Progress
from restoration.inference.model import model_for
from restoration.tasks.color_upsampling import strip_count, upsample_colors
from restoration.tasks.colorize import (
    PROPOSALS,
    UNSURE,
    adjusted,
    check_settings,
    gray_of,
    predict,
    step_counter,
    toning_of,
    uncertainty,
)
from restoration.ui.components.media import encode_png
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.progress import FAILURES, format_duration, run_with_progress
from restoration.ui.restore.colorize_hints import set_hints
from restoration.ui.restore.preview import REDUCED_SIDE
from restoration.ui.restore.restoration_job import Restoration
from restoration.ui.restore.status_line import format_gain
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import SourcePhoto

THUMBNAIL_SIDE = 360
SCORED_SIDE = 1024
UNSURE_FROM = 0.4  # an expected error of 20 in a and b: another colour, not another shade


@dataclass(frozen=True)
class ColorizeInput:
    """A photograph as the colorize page takes it.

    Parameters
    ----------
    gray : ndarray of shape (H, W, 1), float32
    truth : ndarray of shape (H, W, 3), float32, or None
        The photograph itself where it is coloured.
    tone : ndarray of shape (2,), float32
        a and b that are added to the colours: those of a toned print whose toning is kept.
    key : str
        Equal for equal pixels of `gray`.
    """

    gray: Image
    truth: Image | None
    tone: Array
    key: str


class ColorRequest(NamedTuple):
    """What a prediction depends on beside the image, as `restoration.colorize` takes it."""

    preset: str
    hints: tuple = ()
    proposal: int = 0


class ColorAdjustment(NamedTuple):
    """Saturation, 1 as predicted; and warmth in [-1, 1]."""

    saturation: float
    warmth: float


def prepare_input(source: SourcePhoto) -> ColorizeInput:
    """Turn a photograph gray, and show the choice about its toning where it has one."""
    cache, pixels = session_cache(), source.photo.pixels
    kind = cache.get_or_compute("small", ("toning", source.key), lambda: toning(pixels), sys.getsizeof)
    gray = cache.get_or_compute("input", ("gray", source.key), lambda: gray_of(pixels), lambda image: image.nbytes)
    tone = np.zeros(2, np.float32)
    if kind == "toned" and not st.toggle("Take the toning out", True, key="neutral", **REMEMBERED):
        tone = toning_of(pixels)
    if kind == "coloured":
        st.caption("Turned gray first, so that the truth is known.")
    return ColorizeInput(gray, pixels if kind == "coloured" else None, tone, f"{source.key}:gray")


def find_prediction(given: ColorizeInput, request: ColorRequest) -> Any:
    """Return the prediction for an input, None while it is still to be made."""
    return session_cache().get("small", ("prediction", given.key, request))


def colorize_image(
    image: Image,
    given: ColorizeInput,
    request: ColorRequest,
    adjustment: ColorAdjustment,
    progress: Progress | None = None,
) -> Image:
    """Colour an image with the prediction for an input; the prediction is made once and kept.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1), float32
        The input's image, or a reduced copy of it.
    given : ColorizeInput
    request : ColorRequest
    adjustment : ColorAdjustment
    progress : callable, optional

    Returns
    -------
    ndarray of shape (H, W, 3), float32
    """

    def make_prediction() -> Any:
        check_settings(given.gray, request.hints, 1.0, request.preset, request.proposal)
        return predict(given.gray, request.hints, request.preset, request.proposal)

    model_for("colorize", request.preset)  # loaded before the first step is counted
    step = step_counter(progress, 1 + strip_count(image))
    step()
    prediction = session_cache().get_or_compute(
        "small", ("prediction", given.key, request), make_prediction, lambda made: made.colors().nbytes * 90
    )
    step()
    return upsample_colors(image, adjusted(prediction.colors(), *adjustment, given.tone), step)


def describe_colors(given: ColorizeInput, request: ColorRequest, restoration: Restoration) -> tuple[str, str]:
    """Describe a result in one line: scores where the truth is known, the share of uncertain colours; then details."""
    prediction = find_prediction(given, request)
    parts = []
    if hasattr(prediction, "spread"):
        share = float((prediction.spread() / UNSURE > UNSURE_FROM).mean())
        parts = [f"{share * 100:.0f} % of the area uncertain"]
    if given.truth is not None:
        (gray_psnr, _, truth_colorfulness), (psnr, _, colorfulness) = _scores(given, restoration)
        parts = [
            f"**PSNR {psnr:.1f} dB**, {format_gain(psnr - gray_psnr)} than gray",
            f"{100 * colorfulness / max(truth_colorfulness, 1e-6):.0f} % as vivid as the truth",
            *parts,
        ]
    return " · ".join(["Colours are guessed", *parts]), format_duration(restoration.seconds)


def _scores(given: ColorizeInput, restoration: Restoration) -> tuple[tuple[float, float, float], ...]:
    """Return (PSNR, error of a and b, colourfulness) of gray and of the result; the third of gray's is the truth's."""

    def measure():
        truth, gray, coloured = (reduce(image, SCORED_SIDE) for image in (given.truth, given.gray, restoration.image))
        gray = np.repeat(gray, 3, axis=-1)
        return (
            (metrics.psnr(gray, truth), metrics.ab_rmse(gray, truth), metrics.colorfulness(truth)),
            (metrics.psnr(coloured, truth), metrics.ab_rmse(coloured, truth), metrics.colorfulness(coloured)),
        )

    return session_cache().get_or_compute("small", ("scores", restoration.key), measure, sys.getsizeof)


def show_proposals(photo_key: str, given: ColorizeInput, request: ColorRequest, adjustment: ColorAdjustment) -> None:
    """Show every proposal as a thumbnail with a button that selects it."""
    if request.preset == "lecture":
        st.caption("The simple network knows one colouring only.")
        return
    st.caption("Each of the others starts from another plausible colour where the network is least sure.")
    thumbnail = reduce(given.gray, THUMBNAIL_SIDE)
    place = st.empty()

    def run(progress: Progress) -> list[bytes]:
        pngs = []
        for number in range(PROPOSALS):
            progress(number, PROPOSALS)
            pngs.append(encode_png(colorize_image(thumbnail, given, request._replace(proposal=number), adjustment)))
        return pngs

    key = ("proposals", given.key, request[:2], adjustment, tuple(given.tone))
    try:
        pngs = session_cache().get_or_compute(
            "small",
            key,
            lambda: run_with_progress(run, place, "Other colourings")[0],
            lambda made: sum(len(png) for png in made),
        )
    except FAILURES as error:
        with place:
            show_error(error)
        return
    for number, (column, png) in enumerate(zip(st.columns(PROPOSALS), pngs, strict=True)):
        with column:
            st.image(png, output_format="PNG", width="stretch")
            label = "Likeliest" if number == 0 else f"Another, {number}"
            st.button(
                label,
                key=f"take-{number}",
                disabled=number == request.proposal,
                on_click=_select_proposal,
                args=(photo_key, number),
            )


def selected_proposal(photo_key: str) -> int:
    """Return the number of the proposal that was selected for a photograph; 0 is the likeliest."""
    return st.session_state.get(f"proposal:{photo_key}", 0)


def _select_proposal(photo_key: str, number: int) -> None:
    st.session_state[f"proposal:{photo_key}"] = number


def set_widgets(photo_key: str, settings: Mapping[str, Any]) -> None:
    """Bring the page's controls, and what was chosen for a photograph, to the settings of a step."""
    st.session_state.update(
        saturation=min(200, round(100 * settings["saturation"])),
        warmth=round(100 * settings["warmth"]),
        neutral=not settings["keep_toning"],
    )
    st.session_state["color-preset"] = settings["preset"]
    _select_proposal(photo_key, settings["proposal"])
    set_hints(photo_key, settings["hints"])


def compare_with_truth(given: ColorizeInput, restoration: Restoration) -> None:
    """Show a result beside the truth, and how far it is from it; nothing where the truth is unknown."""
    if given.truth is None:
        return
    (_, gray_error, _), (_, error, _) = _scores(given, restoration)
    st.caption(
        f"The network saw only the light of the picture on the right. Its colours miss by {error:.1f} units of a and b "
        f"(CIELAB, root mean square), {error / max(gray_error, 1e-6):.2f} of what gray misses by."
    )
    result, truth = (encode_png(reduce(image, SCORED_SIDE)) for image in (restoration.image, given.truth))
    viewer(result, truth, key="truth", labels=("coloured", "the truth"), height=420, alt="The result beside the truth")


def show_uncertainty(given: ColorizeInput, request: ColorRequest, coloured: Image) -> None:
    """Show where the colours are least certain, as a heat map over the image."""
    prediction = find_prediction(given, request)
    if not hasattr(prediction, "spread"):
        st.caption("The simple network predicts one colour and no probabilities.")
        return
    st.caption(
        "Bright: the true colour may be far from the one shown (white: quite another colour). "
        "Dark: the network is sure, which is not the same as right."
    )
    coloured = reduce(coloured, REDUCED_SIDE)
    height, width = coloured.shape[:2]
    share = cv2.resize(uncertainty(prediction), (width, height), interpolation=cv2.INTER_AREA)
    heat_map = cv2.applyColorMap(to_uint8(np.asarray(share)), cv2.COLORMAP_INFERNO)[..., ::-1] / np.float32(255)
    overlay = 0.35 * reduce(given.gray, REDUCED_SIDE) + 0.65 * heat_map
    viewer(
        encode_png(coloured),
        encode_png(overlay.astype(np.float32)),
        key="unsure",
        labels=("coloured", "how uncertain"),
        height=420,
        alt="Where the colours are least sure",
    )
