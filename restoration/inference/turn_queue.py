"""One inference at a time: whoever comes second waits his turn, in order, and can be told his place."""

import threading
from collections import deque
from contextlib import contextmanager

POLL_SECONDS = 0.25


class Turns:
    """A queue of threads of which one at a time may work.

    Examples
    --------
    >>> turns = Turns()
    >>> with turns.mine():
    ...     with turns.mine():  # whoever has the turn need not wait for himself
    ...         turns.waiting
    0
    """

    def __init__(self):
        self._changed = threading.Condition()
        self._tickets = deque()
        self._owner = None

    @property
    def waiting(self):
        """Number of threads that wait, without the one that works."""
        return max(0, len(self._tickets) - 1)

    @contextmanager
    def mine(self, waiting=None):
        """Wait for the turn, hold it, hand it on.

        Parameters
        ----------
        waiting : callable, optional
            ``waiting(place)`` is called about four times a second until the turn comes, with the number of
            threads ahead; whatever it raises leaves the queue.
        """
        if self._owner == threading.get_ident():
            yield
            return
        ticket = object()
        with self._changed:
            self._tickets.append(ticket)
        try:
            self._wait(ticket, waiting)
            self._owner = threading.get_ident()
            yield
        finally:
            with self._changed:
                if self._tickets[0] is ticket:
                    self._owner = None
                self._tickets.remove(ticket)
                self._changed.notify_all()

    def hand_on(self):
        """Let everybody who waits go first, then go on; for long work, between two pieces of it."""
        with self._changed:
            if self._owner != threading.get_ident() or not self.waiting:
                return
            ticket = self._tickets.popleft()
            self._tickets.append(ticket)
            self._owner = None
            self._changed.notify_all()
        self._wait(ticket, None)
        self._owner = threading.get_ident()

    def _wait(self, ticket, waiting):
        while True:
            with self._changed:
                place = self._tickets.index(ticket)
                if place == 0:
                    return
                self._changed.wait(POLL_SECONDS)
                place = self._tickets.index(ticket)
            if waiting and place:  # outside the lock: it may draw, and it may raise
                waiting(place)


inference = Turns()
