"""Values kept for one visitor's session while they move sliders, with a bound on memory for each kind."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import streamlit as st

# Kind -> (bytes per visitor, how many are kept whatever their size): one image of 24 megapixels, or many small ones.
BOUNDS = {
    "input": (320_000_000, 1),
    "result": (320_000_000, 1),
    "preview": (200_000_000, 1),
    "png": (200_000_000, 2),
    "small": (50_000_000, 1),
}


class SessionCache:
    """A least-recently-used cache with a bound for each kind of value.

    Parameters
    ----------
    bounds : mapping, optional
        Like `BOUNDS`. Each kind has its own bound, so that a large result cannot push out the image it was made from.

    Examples
    --------
    >>> cache = SessionCache({"result": (10, 1)})
    >>> cache.put("result", "a", "value", size=6)
    >>> cache.put("result", "b", "other", size=6)
    >>> cache.get("result", "a"), cache.get("result", "b")
    (None, 'other')
    """

    def __init__(self, bounds: Mapping[str, tuple[int, int]] | None = None) -> None:
        self._bounds = bounds or BOUNDS
        self._entries: dict[str, OrderedDict[Hashable, tuple[Any, int]]] = defaultdict(OrderedDict)

    def get(self, kind: str, key: Hashable) -> Any:
        """Return the value, or None."""
        entries = self._entries[kind]
        if key not in entries:
            return None
        entries.move_to_end(key)
        return entries[key][0]

    def put(self, kind: str, key: Hashable, value: object, size: int) -> None:
        """Keep a value of `size` bytes; the least recently used ones make room for it."""
        max_bytes, min_count = self._bounds[kind]
        entries = self._entries[kind]
        entries[key] = (value, size)
        entries.move_to_end(key)
        while len(entries) > min_count and sum(size for _, size in entries.values()) > max_bytes:
            entries.popitem(last=False)

    def get_or_compute(self, kind: str, key: Hashable, compute: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        """Return the value; where it is missing, ``compute()`` makes it and it is kept as ``size(value)`` bytes.

        Examples
        --------
        >>> cache = SessionCache({"png": (10, 1)})
        >>> [cache.get_or_compute("png", "a", lambda: value, len) for value in (b"first", b"second")]
        [b'first', b'first']
        """
        value = self.get(kind, key)
        if value is None:
            value = compute()
            self.put(kind, key, value, size(value))
        return value


def session_cache() -> SessionCache:
    """Return the cache of the current session."""
    if "cache" not in st.session_state:
        st.session_state.cache = SessionCache()
    return st.session_state.cache
