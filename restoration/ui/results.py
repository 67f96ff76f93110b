"""Results that are worth keeping while a visitor moves sliders, within a bound on memory."""

from collections import OrderedDict

import streamlit as st

MOST_BYTES = 320_000_000  # per visitor: one result of 24 megapixels, or many small ones


class Results:
    """A visitor's latest results: key -> value, forgotten oldest first.

    Parameters
    ----------
    most_bytes : int
        The newest result is kept even if it alone is larger.

    Examples
    --------
    >>> results = Results(most_bytes=10)
    >>> results.put("a", "value", size=6)
    >>> results.put("b", "other", size=6)
    >>> results.get("a"), results.get("b")
    (None, 'other')
    """

    def __init__(self, most_bytes=MOST_BYTES):
        self._most_bytes = most_bytes
        self._kept = OrderedDict()

    def get(self, key):
        """Return the value, or None."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, key, value, size):
        """Keep a value of so many bytes."""
        self._kept[key] = (value, size)
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)


def session_results():
    """Return the results of the visitor who is being served."""
    return st.session_state.setdefault("results", Results())
