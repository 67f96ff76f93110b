"""A long computation of an exploration page: with progress, a button that cancels it, and its result kept."""

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from restoration.image.types import Progress
from restoration.ui.frame import show_error
from restoration.ui.progress import FAILURES, begin_run, run_with_progress
from restoration.ui.session_cache import session_cache

Result = TypeVar("Result")


def find_or_run(
    key: Hashable, run: Callable[[Progress], Result], size: Callable[[Result], int], label: str
) -> Result | None:
    """Return the result of a run that this session has kept, or run it now.

    Parameters
    ----------
    key : hashable
        Identity of the result.
    run : callable
        ``run(progress)``; it calls ``progress`` at least once.
    size : callable
        Of a result, in bytes.
    label : str
        What is being done: "Compressing 24.0 megapixels".

    Returns
    -------
    object or None
        None where it was cancelled, or failed: then the page says why.
    """
    kept: Result | None = session_cache().get("result", key)
    if kept is not None:
        return kept
    place = st.empty()
    bar = begin_run(key, place)
    if bar is None:
        return None
    try:
        result: Result = run_with_progress(run, bar, label)[0]
    except FAILURES as error:
        with place:
            show_error(error)
        return None
    session_cache().put("result", key, result, size(result))
    place.empty()
    return result
