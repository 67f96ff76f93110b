"""Values kept for one visitor's session while they move sliders, with a bound on memory for each kind and for all."""

import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import count
from typing import Any
from weakref import WeakSet

import streamlit as st

# Kind -> (bytes per visitor, how many are kept whatever their size): one image of 24 megapixels, or many small ones.
BOUNDS = {
    "photo": (320_000_000, 1),
    "input": (320_000_000, 1),
    "result": (320_000_000, 1),
    "step": (320_000_000, 1),
    "before": (320_000_000, 1),
    "preview": (200_000_000, 1),
    "png": (200_000_000, 2),
    "probability": (100_000_000, 1),
    "mask": (60_000_000, 1),
    "small": (50_000_000, 1),
}

ALL_BYTES = 1_000_000_000  # of all visitors' values together


class CacheBudget:
    """A bound on the memory of several caches together: the value goes first that nobody has used for the longest."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.lock = threading.RLock()
        self.uses = count()
        self._caches: WeakSet[SessionCache] = WeakSet()  # a visitor's is gone when their session is

    def join(self, cache: "SessionCache") -> None:
        """Count a cache in."""
        with self.lock:
            self._caches.add(cache)

    def make_room(self, user: "SessionCache") -> None:
        """Drop what was not used for the longest, of whichever cache, but nothing that its `user` needs right now."""
        with self.lock:
            if sum(map(SessionCache.total, self._caches)) <= self.max_bytes:
                return
            needed = user.needed()
            every = [entry for cache in self._caches for entry in cache.entries()]
            total = sum(size for _, size, *_ in every)
            for _, size, cache, kind, key in sorted(every, key=lambda entry: entry[0]):
                if total <= self.max_bytes:
                    return
                if cache is not user or (kind, key) not in needed:
                    cache.drop(kind, key)
                    total -= size


class SessionCache:
    """A least-recently-used cache with a bound for each kind of value.

    Parameters
    ----------
    bounds : mapping, optional
        Like `BOUNDS`. Each kind has its own bound, so that a large result cannot push out the image it was made from.
    budget : CacheBudget, optional
        Shared with other caches; one without end when omitted.

    Examples
    --------
    >>> cache = SessionCache({"result": (10, 1)})
    >>> cache.put("result", "a", "value", size=6)
    >>> cache.put("result", "b", "other", size=6)
    >>> cache.get("result", "a"), cache.get("result", "b")
    (None, 'other')
    """

    def __init__(self, bounds: Mapping[str, tuple[int, int]] | None = None, budget: CacheBudget | None = None) -> None:
        self._bounds = bounds or BOUNDS
        self._budget = budget or CacheBudget(2**63)
        self._entries: dict[str, OrderedDict[Hashable, tuple[Any, int, int]]] = defaultdict(OrderedDict)
        self._sizes: Counter[str] = Counter()
        self._budget.join(self)

    def get(self, kind: str, key: Hashable) -> Any:
        """Return the value, or None."""
        with self._budget.lock:
            entries = self._entries[kind]
            if key not in entries:
                return None
            value, size, _ = entries.pop(key)
            entries[key] = (value, size, next(self._budget.uses))
            return value

    def put(self, kind: str, key: Hashable, value: object, size: int) -> None:
        """Keep a value of `size` bytes; the least recently used ones make room for it."""
        max_bytes, min_count = self._bounds[kind]
        with self._budget.lock:
            entries = self._entries[kind]
            _, old_size, _ = entries.pop(key, (None, 0, 0))
            entries[key] = (value, size, next(self._budget.uses))
            self._sizes[kind] += size - old_size
            while len(entries) > min_count and self._sizes[kind] > max_bytes:
                _, (_, old_size, _) = entries.popitem(last=False)
                self._sizes[kind] -= old_size
            self._budget.make_room(self)

    def entries(self) -> Iterator[tuple[int, int, "SessionCache", str, Hashable]]:
        """Yield (last use, bytes, this cache, kind, key) of every value."""
        for kind, entries in self._entries.items():
            for key, (_, size, last_use) in entries.items():
                yield last_use, size, self, kind, key

    def needed(self) -> set[tuple[str, Hashable]]:
        """Return the (kind, key) of the values that are kept whatever their size."""
        return {(kind, key) for kind, entries in self._entries.items() for key in [*entries][-self._bounds[kind][1] :]}

    def drop(self, kind: str, key: Hashable) -> None:
        """Let go of a value."""
        self._sizes[kind] -= self._entries[kind].pop(key)[1]

    def total(self) -> int:
        """Return the bytes of all values."""
        return self._sizes.total()

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


_all_sessions = CacheBudget(ALL_BYTES)


def session_cache() -> SessionCache:
    """Return the cache of the current session."""
    if "cache" not in st.session_state:
        st.session_state.cache = SessionCache(budget=_all_sessions)
    return st.session_state.cache
