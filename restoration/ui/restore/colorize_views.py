"""What the page of colours needs: the gray picture and its truth, cached predictions, proposals and the uncertainty."""

import sys
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from restoration.image import metrics
from restoration.image.eight_bit import to_uint8
from restoration.image.lab import to_gray, to_lab, toning
from restoration.inference.model import model_for
from restoration.tasks.color_upsampling import paint, strips
from restoration.tasks.colorize import (
    PROPOSALS,
    UNSURE,
    check_settings,
    counted,
    predict,
    uncertainty,
)
from restoration.ui.components.media import encode_png
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.progress import FAILURES, format_duration, run_with_progress
from restoration.ui.session_cache import session_cache

PREVIEW_SIDE = 768
STRIP_SIDE = 360  # of a thumbnail
SCORED_SIDE = 1024
UNSURE_FROM = 0.4  # an expected error of 20 in a and b: another colour, not another shade
WARM = np.array([3.0, 12.0], np.float32)  # the change of a and b at full warmth


@dataclass(frozen=True)
class Given:
    """A picture as the page takes it.

    Parameters
    ----------
    gray : ndarray of shape (H, W, 1), float32
    truth : ndarray of shape (H, W, 3), float32, or None
        Of a coloured picture, itself.
    tone : ndarray of 2 numbers
        a and b that are laid over the colours: those of a toned print whose toning is kept.
    name : str
        Names the gray pixels.
    """

    gray: np.ndarray
    truth: np.ndarray | None
    tone: np.ndarray
    name: str


def given(picture):
    """Return the Given of a SourcePhoto, and ask about its toning where it has one."""
    cache, pixels = session_cache(), picture.photo.pixels
    kind = cache.get_or_compute("small", ("toning", picture.key), lambda: toning(pixels), sys.getsizeof)
    gray = cache.get_or_compute("input", ("gray", picture.key), lambda: to_gray(pixels), lambda made: made.nbytes)
    tone = np.zeros(2, np.float32)
    if kind == "toned" and not st.toggle("Take the toning out", True, key="neutral", **REMEMBERED):
        small = cv2.resize(pixels, (64, 64), interpolation=cv2.INTER_AREA)
        tone = to_lab(small)[..., 1:].mean(axis=(0, 1))
    if kind == "coloured":
        st.caption("Turned gray first, so that the truth is known.")
    return Given(gray, pixels if kind == "coloured" else None, tone, f"{picture.key}:gray")


def reduced(image, side=PREVIEW_SIDE):
    """Return a picture made smaller: at most so many pixels a side."""
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], -1)


def kept_prediction(picture, preset, hints, proposal):
    """Return the prediction for a Given, or None while it is still to be made."""
    return session_cache().get("small", ("prediction", picture.name, preset, hints, proposal))


def prediction(picture, preset, hints, proposal):
    """Return the prediction for a Given; made once and kept."""

    def make():
        check_settings(picture.gray, hints, 1.0, preset, proposal)
        return predict(picture.gray, hints, preset, proposal)

    key = ("prediction", picture.name, preset, hints, proposal)
    return session_cache().get_or_compute("small", key, make, lambda made: made.colors().nbytes * 90)


def colored(image, picture, asked, look, progress=None):
    """Paint an image of a Given's contents, of any size.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1), float32
    picture : Given
    asked : tuple of preset, hints and proposal
        As `restoration.colorize` takes them.
    look : tuple of saturation and warmth
    progress : callable, optional

    Returns
    -------
    ndarray of shape (H, W, 3), float32
    """
    saturation, warmth = look
    model_for("colorize", asked[0])  # loaded before the first step is counted
    step = counted(progress, 1 + strips(image))
    step()
    colors = prediction(picture, *asked).colors()
    step()
    return paint(image, np.float32(saturation) * colors + warmth * WARM + picture.tone, step)


def in_words(picture, asked, found, settings):
    """Say in one line what is known of a result: the scores where the truth is, and how much of it is unsure."""
    guess = kept_prediction(picture, *asked)
    parts = [format_duration(found.seconds)]
    if hasattr(guess, "spread"):
        share = float((guess.spread() / UNSURE > UNSURE_FROM).mean())
        parts = [f"{share:.0%} unsure", *parts]
    if picture.truth is not None:
        (gray, _, vivid), (score, _, colorful) = _kept_scores(picture, asked, settings, found.restored)
        change = f"{abs(score - gray):.1f} {'better' if score >= gray else 'worse'} than gray"
        parts = [f"**{score:.1f} dB**, {change}", f"{colorful / max(vivid, 1e-6):.0%} as vivid as the truth", *parts]
    return "Invented · " + " · ".join(parts)


def _kept_scores(picture, asked, settings, painted):
    key = ("scores", picture.name, asked, settings)
    return session_cache().get_or_compute("small", key, lambda: _scores(picture, painted), sys.getsizeof)


def _scores(picture, painted):
    """Return (PSNR, error of a and b, colourfulness) of gray and of the result; the third of gray's is the truth's."""
    truth, gray, painted = (reduced(image, SCORED_SIDE) for image in (picture.truth, picture.gray, painted))
    gray = np.repeat(gray, 3, axis=-1)
    before = metrics.psnr(gray, truth), metrics.ab_rmse(gray, truth), metrics.colorfulness(truth)
    return before, (metrics.psnr(painted, truth), metrics.ab_rmse(painted, truth), metrics.colorfulness(painted))


def proposals(picture, asked, look):
    """Show every proposal as a thumbnail with a button that takes it."""
    preset, hints, chosen = asked
    if preset == "lecture":
        st.caption("The lecture's network knows one colouring only.")
        return
    st.caption("Each of the others starts from another plausible colour where the network is least sure.")
    small = reduced(picture.gray, STRIP_SIDE)
    place = st.empty()

    def run(progress):
        pictures = []
        for number in range(PROPOSALS):
            progress(number, PROPOSALS)
            pictures.append(colored(small, picture, (preset, hints, number), look))
        return [encode_png(one) for one in pictures]

    key = ("proposals", picture.name, preset, hints, look, tuple(picture.tone))
    try:
        made = session_cache().get_or_compute(
            "small", key, lambda: run_with_progress(run, place, "Other colourings")[0], _size
        )
    except FAILURES as error:
        with place:
            show_error(error)
        return
    for number, (column, png) in enumerate(zip(st.columns(PROPOSALS), made, strict=True)):
        with column:
            st.image(png, output_format="PNG", width="stretch")
            label = "Likeliest" if number == 0 else f"Another, {number}"
            st.button(label, key=f"take-{number}", disabled=number == chosen, on_click=_take, args=(picture, number))


def taken(picture):
    """Return the number of the proposal that the visitor has taken for a Given; 0 is the likeliest."""
    return st.session_state.get(_taken_key(picture), 0)


def _take(picture, number):
    st.session_state[_taken_key(picture)] = number


def _taken_key(picture):
    return f"proposal:{picture.name}"


def beside_truth(picture, asked, settings, painted):
    """Show a result beside the truth that it was not told, and how far it is from it."""
    (_, gray, _), (_, error, _) = _kept_scores(picture, asked, settings, painted)
    st.caption(
        f"The network saw only the light of the picture on the right. Its colours miss by {error:.1f} units of a and b "
        f"(CIELAB, root mean square), {error / max(gray, 1e-6):.2f} of what gray misses by."
    )
    pictures = [encode_png(reduced(image, SCORED_SIDE)) for image in (painted, picture.truth)]
    viewer(*pictures, key="truth", labels=("coloured", "the truth"), height=420, alt="The result beside the truth")


def unsure(picture, asked, painted):
    """Show where the colours are least sure, over the picture."""
    guess = kept_prediction(picture, *asked)
    if not hasattr(guess, "spread"):
        st.caption("The lecture's network predicts one colour and no chances.")
        return
    st.caption(
        "Bright: the true colour may be far from the one shown (white: 50 units of CIELAB's a and b are expected). "
        "Dark: the network is sure, which is not the same as right."
    )
    small = reduced(painted)
    height, width = small.shape[:2]
    share = cv2.resize(uncertainty(guess), (width, height), interpolation=cv2.INTER_AREA)
    heat = cv2.applyColorMap(to_uint8(share), cv2.COLORMAP_INFERNO)[..., ::-1] / np.float32(255)
    overlay = 0.35 * reduced(picture.gray) + 0.65 * heat
    pictures = [encode_png(small), encode_png(overlay.astype(np.float32))]
    viewer(
        *pictures, key="unsure", labels=("coloured", "how unsure"), height=420, alt="Where the colours are least sure"
    )


def _size(pictures):
    return sum(len(png) for png in pictures)
