"""Every method beside every other, on the same piece of the same picture."""

import time
from dataclasses import dataclass

import streamlit as st

from restoration.image import metrics
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import show_error
from restoration.ui.glossary import explain
from restoration.ui.progress import FAILURES, format_duration, run_with_progress
from restoration.ui.session_cache import session_cache

COLUMNS = 4
AS_IT_CAME = "As it came"  # the name of the method that does nothing


@dataclass(frozen=True)
class Entry:
    """What one method made of the piece."""

    name: str
    png: bytes
    seconds: float | None
    scores: tuple[float, float] | None


def beside(methods, truth, *, key, caption, pair, alpha=None):
    """Show a strip of the same piece by every method, and any two of them in a viewer.

    Parameters
    ----------
    methods : dict of str to callable
        Name to a function without arguments that returns an image (H, W, C), float32.
    truth : ndarray of shape (H, W, C), or None
        Where it is known, PSNR and SSIM are shown.
    key : tuple
        Names all of the above.
    caption : str
        What the piece is and what the methods are told.
    pair : tuple of two str
        The methods that stand in the viewer first.
    alpha : ndarray of shape (h, w), optional
        Opacity of the piece: what it hides is scored as the rest, and not shown.
    """
    cache = session_cache()
    kept = ("beside", key)
    if cache.get("small", kept) is None:
        place = st.empty()
        try:
            entries = _entries(methods, truth, alpha, place)
        except FAILURES as error:
            with place:
                show_error(error)
            return
        cache.put("small", kept, entries, sum(len(entry.png) for entry in entries))
    entries = cache.get("small", kept)
    st.caption(caption, help=explain(_in_words(entries[0])))
    for first in range(0, len(entries), COLUMNS):
        for column, entry in zip(st.columns(COLUMNS), entries[first : first + COLUMNS], strict=False):
            with column:
                st.image(entry.png, output_format="PNG", width="stretch")
                st.markdown(f"**{entry.name}**  \n{_in_words(entry)}")
    by_name = {entry.name: entry for entry in entries}
    names = list(by_name)
    columns = zip(st.columns(2), ("Left", "Right"), pair, strict=True)
    first, second = (
        column.selectbox(side, names, index=names.index(name), key=f"beside-{side.lower()}")
        for column, side, name in columns
    )
    viewer(
        by_name[first].png,
        by_name[second].png,
        key="beside-viewer",
        labels=(first, second),
        height=420,
        alt=f"{first} beside {second}",
    )


def _entries(methods, truth, alpha, place):
    def run(progress):
        entries = []
        for done, (name, method) in enumerate(methods.items()):
            progress(done, len(methods))
            began = time.perf_counter()
            made = method()
            entries.append(_entry(name, made, time.perf_counter() - began, truth, alpha))
        return entries

    return run_with_progress(run, place, "Running every method")[0]


def _entry(name, restored, seconds, truth, alpha):
    seconds = None if name == AS_IT_CAME else seconds
    scores = None if truth is None else (metrics.psnr(restored, truth), metrics.ssim(restored, truth))
    return Entry(name, encode_png(composite_over_gray(restored, alpha)), seconds, scores)


def _in_words(entry):
    parts = []
    if entry.scores:
        parts.append(f"{entry.scores[0]:.1f} dB, SSIM {entry.scores[1]:.2f}")
    if entry.seconds is not None:
        parts.append(format_duration(entry.seconds))
    return " · ".join(parts)
