"""What is worth keeping while a visitor moves sliders, within a bound on memory."""

from collections import OrderedDict, defaultdict

import streamlit as st

# Kind -> (bytes per visitor, how many are kept whatever their size): one picture of 24 megapixels, or many small ones.
BOUNDS = {
    "noisy": (320_000_000, 1),
    "result": (320_000_000, 1),
    "png": (200_000_000, 2),
    "small": (50_000_000, 1),
}


class Results:
    """A visitor's latest values of each kind, forgotten oldest first.

    Parameters
    ----------
    bounds : dict
        Like `BOUNDS`. Kinds have bounds of their own, so that a large result cannot push out what it was made from.

    Examples
    --------
    >>> results = Results({"result": (10, 1)})
    >>> results.keep("result", "a", "value", size=6)
    >>> results.keep("result", "b", "other", size=6)
    >>> results.find("result", "a"), results.find("result", "b")
    (None, 'other')
    """

    def __init__(self, bounds=None):
        self._bounds = bounds or BOUNDS
        self._kept = defaultdict(OrderedDict)

    def find(self, kind, key):
        """Return the value, or None."""
        kept = self._kept[kind]
        if key not in kept:
            return None
        kept.move_to_end(key)
        return kept[key][0]

    def keep(self, kind, key, value, size):
        """Keep a value of so many bytes."""
        most_bytes, least_count = self._bounds[kind]
        kept = self._kept[kind]
        kept[key] = (value, size)
        kept.move_to_end(key)
        while len(kept) > least_count and sum(size for _, size in kept.values()) > most_bytes:
            kept.popitem(last=False)

    def find_or_make(self, kind, key, make, size):
        """Return the value, made by ``make()`` and kept as ``size(value)`` bytes where it is not there yet.

        Examples
        --------
        >>> results = Results({"png": (10, 1)})
        >>> [results.find_or_make("png", "a", lambda: value, len) for value in (b"first", b"second")]
        [b'first', b'first']
        """
        value = self.find(kind, key)
        if value is None:
            value = make()
            self.keep(kind, key, value, size(value))
        return value


def session_results():
    """Return the results of the visitor who is being served."""
    return st.session_state.setdefault("results", Results())
