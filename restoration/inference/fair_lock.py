"""A fair lock: one inference at a time, in the order of arrival; whoever waits can be told their place in the queue.

Work of many pieces (the tiles of a large image) lets newcomers do one piece between two of its own, so that small work
passes large work. Among large works the first to come is finished first: taking turns, all would end together.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

POLL_SECONDS = 0.25


@dataclass(eq=False)
class _Ticket:
    """A thread's place in the queue: when it came, and whether it has done its first piece and has more."""

    arrival: int
    is_long: bool = False


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
        self._tickets: list[_Ticket] = []  # the first one is the holder's
        self._arrivals = count()
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
        with self._changed:
            ticket = _Ticket(next(self._arrivals))
            long = [place for place, other in enumerate(self._tickets) if other.is_long]
            # Before all long work but the first: that one goes on between the newcomers, however many come.
            self._tickets.insert(long[1] if len(long) > 1 else len(self._tickets), ticket)
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
        """Let the newcomers that wait now go first, then go on; for long work, between two pieces of it.

        After its first piece it also lets all long work go first that came earlier.
        """
        with self._changed:
            if self._holder != threading.get_ident():
                return
            ticket = self._tickets.pop(0)
            ticket.is_long = True
            later = (
                place for place, other in enumerate(self._tickets) if other.is_long and other.arrival > ticket.arrival
            )
            place = next(later, len(self._tickets))
            self._tickets.insert(place, ticket)
            if place == 0:
                return
            self._holder = None
            self._changed.notify_all()
        self._wait(ticket, None)
        self._holder = threading.get_ident()

    def _wait(self, ticket: _Ticket, on_wait: Callable[[int], object] | None) -> None:
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
