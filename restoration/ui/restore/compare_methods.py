"""Every method on the same crop: a strip of results, and any two of them in a viewer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from restoration.image import metrics
from restoration.image.types import Array, Image, Progress
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import show_error
from restoration.ui.glossary import explain
from restoration.ui.progress import FAILURES, format_duration, run_with_progress
from restoration.ui.session_cache import session_cache

COLUMNS = 4
UNPROCESSED = "As it came"  # the name of the method that does nothing


@dataclass(frozen=True)
class MethodResult:
    """What one method made of the crop; scores are PSNR and SSIM."""

    name: str
    png: bytes
    seconds: float | None
    scores: tuple[float, float] | None


def compare_methods(
    methods: Mapping[str, Callable[[], Image]],
    truth: Image | None,
    *,
    key: tuple,
    caption: str,
    pair: tuple[str, str],
    alpha: Array | None = None,
) -> None:
    """Show a strip of the same crop by every method, and any two of them in a viewer.

    Parameters
    ----------
    methods : dict of str to callable
        Name -> a function without arguments that returns an image (H, W, C), float32.
    truth : ndarray of shape (H, W, C), or None
        Where it is known, PSNR and SSIM are shown.
    key : tuple
        Identity of all of the above.
    caption : str
        What the crop is and what the methods are given.
    pair : tuple of two str
        The methods that stand in the viewer first.
    alpha : ndarray of shape (h, w), optional
        Opacity of the crop. Transparent pixels are scored and not shown.
    """
    place = st.empty()

    def run() -> list[MethodResult]:
        return run_with_progress(lambda progress: _run(methods, truth, alpha, progress), place, "Running every method")[
            0
        ]

    try:
        results = session_cache().get_or_compute("small", ("methods", key), run, _png_bytes)
    except FAILURES as error:
        with place:
            show_error(error)
        return
    st.caption(caption, help=explain(_describe(results[0])))
    for first in range(0, len(results), COLUMNS):
        for column, result in zip(st.columns(COLUMNS), results[first : first + COLUMNS], strict=False):
            with column:
                st.image(result.png, output_format="PNG", width="stretch")
                st.markdown(f"**{result.name}**  \n{_describe(result)}")
    pngs = {result.name: result.png for result in results}
    names = list(pngs)
    left, right = (
        column.selectbox(side, names, index=names.index(name), key=f"beside-{side.lower()}")
        for column, side, name in zip(st.columns(2), ("Left", "Right"), pair, strict=True)
    )
    viewer(pngs[left], pngs[right], key="beside-viewer", labels=(left, right), height=420, alt=f"{left} beside {right}")


def _run(
    methods: Mapping[str, Callable[[], Image]], truth: Image | None, alpha: Array | None, progress: Progress
) -> list[MethodResult]:
    results = []
    for done, (name, method) in enumerate(methods.items()):
        progress(done, len(methods))
        start = time.perf_counter()
        image = method()
        seconds = None if name == UNPROCESSED else time.perf_counter() - start
        scores = None if truth is None else (metrics.psnr(image, truth), metrics.ssim(image, truth))
        results.append(MethodResult(name, encode_png(composite_over_gray(image, alpha)), seconds, scores))
    return results


def _describe(result: MethodResult) -> str:
    parts = []
    if result.scores:
        parts.append(f"PSNR {result.scores[0]:.1f} dB, SSIM {result.scores[1]:.2f}")
    if result.seconds is not None:
        parts.append(format_duration(result.seconds))
    return " · ".join(parts)


def _png_bytes(results: list[MethodResult]) -> int:
    return sum(len(result.png) for result in results)
