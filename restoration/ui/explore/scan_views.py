"""A scan at a lower dose and denoised: in the viewer, along a line, in a region, beside classical methods, on discs."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from restoration.degrade.low_dose import detect, project, reconstruct
from restoration.degrade.phantoms import contrast_kept
from restoration.image.checks import ImageError
from restoration.image.crop import middle
from restoration.image.hounsfield import SOFT_TISSUE, Window, window_rmse, windowed
from restoration.image.types import Array
from restoration.tasks.baselines import nlm, total_variation, wavelet
from restoration.tasks.denoise_scan import denoise_classically, denoise_scan
from restoration.tasks.upscale import upscale
from restoration.ui.components.bars import Measure, bars
from restoration.ui.components.media import encode_png
from restoration.ui.components.plane import COLOURS
from restoration.ui.components.viewer import viewer
from restoration.ui.explore.scan_source import ScanSource
from restoration.ui.frame import REMEMBERED
from restoration.ui.plot_style import CONFIG, dress
from restoration.ui.session_cache import session_cache

ENLARGED_SIDE = 256  # pixels of the middle that is enlarged
LARGEST_SIDE = 1024  # of a slice that is scanned on the page: a larger one takes minutes
CLASSICAL = {"NLM": nlm, "Total variation": total_variation, "Wavelet": wavelet}
NETWORK = "network"
PROFILE, METHODS, CONTRAST, LARGER, CARD = (
    "Profile and noise",
    "Beside the classical methods",
    "Contrast of discs",
    "Twice as large",
    "Model card",
)
KEPT = 0.9  # of a disc's contrast, at least


@dataclass(frozen=True)
class ScanResult:
    """A slice before and after, in HU; `truth` is its scan free of noise, None where that is not known."""

    before: Array
    after: Array
    truth: Array | None


def run(source: ScanSource, dose: float | None, preset: str) -> ScanResult:
    """Scan a slice at a dose and denoise it; or denoise it as it came, where the dose is None."""
    key, slice_hu = source.slice_key, source.slice_hu
    truth, before = None, slice_hu
    if dose is not None:
        if max(slice_hu.shape) > LARGEST_SIDE:
            raise ImageError(
                f"This slice has {slice_hu.shape[1]} x {slice_hu.shape[0]} pixels, and scanning one of more than "
                f"{LARGEST_SIDE} a side takes too long here; switch the lower dose off."
            )
        pixel_mm = source.pixel_mm
        sinogram = _kept(("sinogram", key), lambda: project(slice_hu, pixel_mm=pixel_mm))
        truth = _kept(("truth", key), lambda: reconstruct(sinogram, slice_hu.shape, pixel_mm=pixel_mm))
        before = _kept(
            ("low dose", key, dose),
            lambda: reconstruct(detect(sinogram, dose, seed=0), slice_hu.shape, pixel_mm=pixel_mm),
        )
    after = _kept(("denoised", key, dose, preset), lambda: denoise_scan(before, dose, preset=preset))
    return ScanResult(before, after, truth)


def show_viewer(result: ScanResult, window: Window, dose: float | None) -> None:
    """Show both in the viewer, with what was removed, and a line on the errors below it."""
    told = "as it came" if dose is None else f"{100 * dose:g} % of the dose"
    images = [encode_png(windowed(one, window)) for one in (result.before, result.after)]
    viewer(
        *images,
        key="scan-viewer",
        labels=(told, "denoised"),
        removed=True,
        gain=2.0,
        height=480,
        alt=f"A slice, {told}",
    )
    if result.truth is None:
        change = window_rmse(result.after, result.before)
        st.markdown(f"Changed by {change:.1f} HU on average (root mean square, soft tissue). The truth is not known.")
    else:
        before, after = (window_rmse(one, result.truth) for one in (result.before, result.after))
        st.markdown(
            f"Error in soft tissue: **{before:.1f} HU** before, **{after:.1f} HU** after, "
            f"{20 * np.log10(before / after):.1f} dB less, against the same scan without noise."
        )


def look_closer(view: str | None, source: ScanSource, result: ScanResult, window: Window) -> None:
    """Show one of the views; None for none."""
    if view == PROFILE:
        _profile(result, window)
    elif view == METHODS:
        _methods(source, result, window)
    elif view == CONTRAST:
        _contrast(source, result)
    elif view == LARGER:
        _larger(result, window)


def shares_kept(source: ScanSource, result: ScanResult) -> list[float]:
    """Return the share of each disc's contrast that is kept; none where there are no discs."""
    return [] if result.truth is None else contrast_kept(result.after, result.truth, source.discs)


def _profile(result, window):
    height, width = result.before.shape
    left, right = st.columns([1.6, 1])
    with left:
        row = 0
        if height > 1:
            row = st.slider("Row of the line", 0, height - 1, height // 2, key="profile-row", **REMEMBERED)
        figure = go.Figure()
        for name, values, colour in _lines(result):
            figure.add_scatter(x=np.arange(width), y=values[row], name=name, mode="lines", line={"color": colour})
        figure.update_xaxes(title_text="column", showgrid=False)
        figure.update_yaxes(title_text="HU", range=[window.low, window.high])
        dress(figure, 340, legend={"orientation": "h", "y": -0.25})
        st.plotly_chart(
            figure, key="scan-profile", width="stretch", config=CONFIG, alt="Values along a row of the slice"
        )
    with right:
        side = max(1, min(height, width) // 24)
        row, column = _flattest(result.after, side)
        part = np.s_[row : row + side, column : column + side]
        lines = _lines(result)
        measures = [
            Measure("Mean, HU", {name: float(values[part].mean()) for name, values, _ in lines}, "{:.1f}"),
            Measure("Noise, HU", {name: float(values[part].std()) for name, values, _ in lines}, "{:.1f}"),
        ]
        bars(measures, key="scan-region", colours={name: colour for name, _, colour in lines})
        st.caption(
            f"The flattest region of soft tissue: {side} x {side} pixels from row {row}, column {column}. Its mean "
            "should stay, its standard deviation fall."
        )


def _lines(result):
    truth = [] if result.truth is None else [("without noise", result.truth, COLOURS[4])]
    return [("before", result.before, COLOURS[7]), *truth, ("denoised", result.after, COLOURS[5])]


def _flattest(slice_hu, side):
    """Return row and column of the square of soft tissue in which the values differ least."""
    import cv2

    shown = np.clip(slice_hu, SOFT_TISSUE.low, SOFT_TISSUE.high).astype(np.float64)
    mean, square = (cv2.blur(part, (side, side), anchor=(0, 0)) for part in (shown, shown**2))
    spread = square - mean**2
    spread[(mean < 0) | (mean > 120)] = np.inf
    inside = spread[: spread.shape[0] - side + 1, : spread.shape[1] - side + 1]
    return (int(one) for one in np.unravel_index(np.argmin(inside), inside.shape))


def _methods(source, result, window):
    truth = result.after if result.truth is None else result.truth
    strength = st.slider("Strength of the classical methods", 0.5, 3.0, 1.4, 0.1, key="scan-strength", **REMEMBERED)
    key = (source.slice_key, float(result.before.sum()), strength)
    slices = {NETWORK: result.after} | {
        name: _kept((name, *key), lambda method=method: denoise_classically(method, result.before, truth, strength))
        for name, method in CLASSICAL.items()
    }
    name = st.segmented_control(
        "Beside", list(CLASSICAL), default="NLM", required=True, key="scan-beside", **REMEMBERED
    )
    images = [encode_png(windowed(slices[one], window)) for one in (name, NETWORK)]
    viewer(*images, key="scan-methods", labels=(name, NETWORK), height=420, alt=f"{name} beside the network")
    if result.truth is not None:
        errors = {one: window_rmse(values, result.truth) for one, values in slices.items()}
        bars([Measure("Error, HU", errors, "{:.1f}")], key="scan-errors")
    st.caption("They see the soft-tissue window alone, and are told how strong the noise is, times the strength above.")


def _contrast(source, result):
    kept = shares_kept(source, result)
    if not kept:
        st.caption("Choose the phantom above: its discs are known, so what is left of them can be measured.")
        return
    of_contrast = {}
    for disc, share in zip(source.discs, kept, strict=True):
        of_contrast.setdefault(disc.contrast, {})[f"radius {disc.radius:g}"] = share
    bars(
        [Measure(f"Discs of {contrast:g} HU", shares, "{:.0%}", 1) for contrast, shares in of_contrast.items()],
        key="scan-discs",
    )
    lost = sum(share < KEPT for share in kept)
    st.caption(
        "How much of each disc's contrast is kept; the radius is in pixels. "
        f"{lost} of {len(kept)} discs have lost more than a tenth of it. Small things that are weaker than "
        "the noise are smoothed away with it: that is why this is not for diagnosis. Of one scan; its noise moves each "
        "figure."
    )


def _larger(result, window):
    part = np.ascontiguousarray(middle(windowed(result.after, window), ENLARGED_SIDE))
    larger = _kept(("larger", part.tobytes()), lambda: upscale(part, scale=2, preset="faithful"))
    plain = np.kron(part[..., 0], np.ones((2, 2), np.float32))[..., None]
    viewer(
        encode_png(plain),
        encode_png(larger),
        key="scan-larger",
        labels=("pixels", "x2"),
        height=420,
        alt="The middle, twice as large",
    )
    st.caption(
        "The middle of the denoised slice, by a network for photographs: edges are guessed, and nothing that the "
        "scanner did not resolve comes back. Not for diagnosis."
    )


def _kept(key, make):
    return session_cache().get_or_compute("small", ("scan", *key), make, lambda made: made.nbytes)
