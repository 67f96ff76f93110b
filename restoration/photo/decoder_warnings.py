"""What Pillow warns of: kept from the terminal, and heard by the thread in which it happened.

Python's own `warnings.catch_warnings` changes the filters of all threads: of two that overlap, the one that ends last
would leave those of the other behind.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()
_filters: list[warnings.catch_warnings] = []  # what restores them, while any thread is inside
_heard = threading.local()
_inside: list[int] = []  # the threads that are


@contextmanager
def quiet() -> Iterator[list[str]]:
    """Keep warnings from the terminal inside a ``with`` statement, and give the list of those of this thread.

    The filters are changed by the first thread that comes and restored by the last one that goes.
    """
    outer, _heard.texts = getattr(_heard, "texts", None), []
    with _lock:
        if not _inside:
            _filters.append(warnings.catch_warnings())
            _filters[0].__enter__()
            warnings.simplefilter("always")
            warnings.showwarning = _hear
        _inside.append(threading.get_ident())
    try:
        yield _heard.texts
    finally:
        _heard.texts = outer
        with _lock:
            _inside.remove(threading.get_ident())
            if not _inside:
                _filters.pop().__exit__(None, None, None)


def _hear(message: Warning | str, *_where: Any, **_more: Any) -> None:
    texts = getattr(_heard, "texts", None)
    if texts is not None:
        texts.append(str(message))
