"""A fair lock: one inference at a time, in the order of arrival; whoever waits can be told their place in the queue."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.25


class FairLock:
    """A reentrant lock that threads get in the order in which they asked for it.

    Examples
    --------
    >>> lock = FairLock()
    >>> with lock.hold():
    ...     with lock.hold():  # the thread that holds it need not wait for itself
    ...         lock.waiting
    0
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets: deque[object] = deque()  # the first one is the holder's
        self._holder: int | None = None

    @property
    def waiting(self) -> int:
        """Number of threads that wait, without the one that holds the lock."""
        return max(0, len(self._tickets) - 1)

    @contextmanager
    def hold(self, on_wait: Callable[[int], object] | None = None) -> Iterator[None]:
        """Wait for the lock, hold it, release it.

        Parameters
        ----------
        on_wait
            ``on_wait(ahead)`` is called about four times a second until the lock is free, with the number of threads
            ahead; whatever it raises leaves the queue.
        """
        if self._holder == threading.get_ident():
            yield
            return
        ticket = object()
        with self._changed:
            self._tickets.append(ticket)
        try:
            self._wait(ticket, on_wait)
            self._holder = threading.get_ident()
            yield
        finally:
            with self._changed:
                if self._tickets[0] is ticket:
                    self._holder = None
                self._tickets.remove(ticket)
                self._changed.notify_all()

    def yield_to_waiting(self) -> None:
        """Let all threads that wait now go first, then go on; for long work, between two pieces of it."""
        with self._changed:
            if self._holder != threading.get_ident() or not self.waiting:
                return
            ticket = self._tickets.popleft()
            self._tickets.append(ticket)
            self._holder = None
            self._changed.notify_all()
        self._wait(ticket, None)
        self._holder = threading.get_ident()

    def _wait(self, ticket: object, on_wait: Callable[[int], object] | None) -> None:
        while True:
            with self._changed:
                ahead = self._tickets.index(ticket)
                if ahead == 0:
                    return
                self._changed.wait(POLL_SECONDS)
                ahead = self._tickets.index(ticket)
            if on_wait and ahead:  # outside the condition: it may draw, and it may raise
                on_wait(ahead)


inference_lock = FairLock()
