"""A long computation on a page: its place in the queue, its progress, and the time it still needs."""

import time
from collections.abc import Callable, Hashable
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.image.types import Progress
from restoration.inference.fair_lock import inference_lock

FAILURES = (ValueError, MemoryError, RuntimeError)  # what a computation may raise; each has its one sentence


class ProgressBar:
    """A bar in a place (``st.empty()``) that says how long the work will still take; the work calls it as `Progress`.

    Parameters
    ----------
    place : streamlit container
        Made with ``st.empty()``.
    label : str, or callable that returns it
        What is being done: "Denoising 24.0 megapixels".
    expected : float, optional
        Seconds that it is likely to take, shown until the first tile gives a better estimate.
    width : int, optional
        In CSS pixels; as wide as its place when omitted.
    """

    started = 0.0  # by the clock `time.perf_counter`; 0 before the first report

    def __init__(
        self,
        place: DeltaGenerator,
        label: str | Callable[[], str],
        expected: float | None = None,
        *,
        width: int | Literal["stretch"] = "stretch",
    ) -> None:
        self._place, self._expected, self._width = place, expected, width
        self._name = label if callable(label) else lambda: label

    def show_queue(self, ahead: int) -> None:
        """Show the place in a queue."""
        self._place.progress(0.0, f"{self._name()}: waiting, {ahead} ahead in the queue")

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done."""
        now = time.perf_counter()
        self.started = self.started or now
        text = self._name()
        if done == 0 and self._expected:
            text += f": about {format_duration(self._expected)}"
        elif 0 < done < total:
            text += f": about {format_duration((now - self.started) / done * (total - done))} left"
        self._place.progress(done / total, text, width=self._width)


def run_with_progress(
    function: Callable[[Progress], Any],
    place: DeltaGenerator,
    label: str | Callable[[], str],
    expected: float | None = None,
) -> tuple[Any, float]:
    """Wait in the inference queue, call a function with a progress bar in a place, then clear the place.

    Streamlit stops a script that is no longer wanted at its next ``st`` call. Each tile makes one, so a moved
    slider, a closed page or the cancel button end the computation within a tile.

    Parameters
    ----------
    function : callable
        ``function(progress)``; it calls ``progress`` at least once.
    place : streamlit container
        Made with ``st.empty()``.
    label : str, or callable that returns it
        What is being done: "Denoising 24.0 megapixels".
    expected : float, optional
        Seconds that it is likely to take, shown until the first tile gives a better estimate.

    Returns
    -------
    result : object
        What the function returned.
    seconds : float
        Since the first report of progress: without the queue and without the loading of a network.
    """
    bar = ProgressBar(place, label, expected)
    with inference_lock.hold(bar.show_queue):
        result = function(bar)
        seconds = time.perf_counter() - bar.started
    place.empty()
    return result, seconds


def begin_run(key: Hashable, place: DeltaGenerator) -> DeltaGenerator | None:
    """Show a button that cancels a run, and return the place of its progress; None, and why, where it was cancelled.

    Parameters
    ----------
    key : hashable
        Identity of what is run.
    place : container
        Made with ``st.empty()``.
    """
    with place.container(horizontal=True, vertical_alignment="center"):
        if st.session_state.get("cancelled") == key:
            st.caption("Cancelled; the picture is as it was.", width="content")
            st.button("Run again", on_click=_forget_cancel)
            return None
        bar = st.empty()
        st.button("Cancel", on_click=_cancel, args=(key,), icon=":material/close:")
    return bar


def format_duration(seconds: float) -> str:
    """Return a duration in the largest unit that suits it.

    Examples
    --------
    >>> format_duration(0.01), format_duration(0.42), format_duration(7.6), format_duration(150)
    ('under 0.1 s', '0.4 s', '8 s', '2 min 30 s')
    """
    if seconds < 0.05:
        return "under 0.1 s"
    if seconds < 2:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _cancel(key: Hashable) -> None:
    st.session_state.cancelled = key


def _forget_cancel() -> None:
    st.session_state.pop("cancelled", None)
