"""The classical methods beside the networks, on the same piece of the same picture."""

import time
from dataclasses import dataclass

import streamlit as st

from restoration import metrics
from restoration.baselines import DENOISERS
from restoration.card import presets
from restoration.tasks.denoise import denoise
from restoration.ui.frame import sentence
from restoration.ui.results import session_results
from restoration.ui.stage import middle
from restoration.ui.viewer import encode_png, viewer
from restoration.ui.work import FAILURES, Work, spoken

COLUMNS = 4


@dataclass(frozen=True)
class Entry:
    """What one method made of the piece."""

    name: str
    png: bytes
    seconds: float | None
    scores: tuple[float, float] | None


def beside(noisy, truth, sigma, key):
    """Show a strip of the same piece by every method, and any two of them in a viewer.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, C), float32
        Of a large picture only the middle is used.
    truth : ndarray of the same shape, or None
        Where it is known, PSNR and SSIM are shown.
    sigma : float in [0, 1]
        What the classical methods are told; they cannot judge it themselves.
    key : tuple
        Names all of the above.
    """
    results = session_results()
    kept = ("beside", key)
    piece = middle(noisy)
    if results.find("small", kept) is None:
        place = st.empty()
        try:
            entries = _entries(piece, None if truth is None else middle(truth), sigma, place)
        except FAILURES as error:
            with place:
                sentence(error)
            return
        results.keep("small", kept, entries, sum(len(entry.png) for entry in entries))
    entries = results.find("small", kept)
    told = f"The classical ones are told the noise level, {sigma * 255:.0f} of 255; the networks judge it themselves."
    st.caption(f"The same {piece.shape[1]} x {piece.shape[0]} pixels by every method. {told}")
    for first in range(0, len(entries), COLUMNS):
        for column, entry in zip(st.columns(COLUMNS), entries[first : first + COLUMNS], strict=False):
            with column:
                st.image(entry.png, output_format="PNG", width="stretch")
                st.markdown(f"**{entry.name}**  \n{_in_words(entry)}")
    by_name = {entry.name: entry for entry in entries}
    names = list(by_name)
    left, right = st.columns(2)
    first = left.selectbox("Left", names, index=names.index("NLM (scikit-image)"), key="beside-left")
    second = right.selectbox("Right", names, index=1, key="beside-right")
    viewer(
        by_name[first].png,
        by_name[second].png,
        key="beside-viewer",
        labels=(first, second),
        height=420,
        alt=f"{first} beside {second}",
    )


def _entries(noisy, truth, sigma, place):
    networks = {f"Network, {preset}": preset for preset in presets("denoise")}
    methods = {name: lambda preset=preset: denoise(noisy, preset=preset) for name, preset in networks.items()}
    methods |= {name: lambda method=method: method(noisy, sigma) for name, method in DENOISERS.items()}

    def run(progress):
        entries = [_entry("As it came", noisy, None, truth)]
        for done, (name, method) in enumerate(methods.items()):
            progress(done, len(methods))
            began = time.perf_counter()
            restored = method()
            entries.append(_entry(name, restored, time.perf_counter() - began, truth))
        return entries

    return Work(place, "Running every method").run(run)[0]


def _entry(name, restored, seconds, truth):
    scores = None if truth is None else (metrics.psnr(restored, truth), metrics.ssim(restored, truth))
    return Entry(name, encode_png(restored), seconds, scores)


def _in_words(entry):
    parts = []
    if entry.scores:
        parts.append(f"{entry.scores[0]:.1f} dB, SSIM {entry.scores[1]:.2f}")
    if entry.seconds is not None:
        parts.append(spoken(entry.seconds))
    return " · ".join(parts)
