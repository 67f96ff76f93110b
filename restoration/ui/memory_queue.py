"""How many large photographs are in memory at once: runs of pages with one wait in the order in which they came."""

import threading
from collections.abc import Callable

POLL_SECONDS = 0.25
SMALL_BYTES = 36_000_000  # 3 megapixels: such a photograph never waits
MAX_BYTES = 900_000_000


class MemoryQueue:
    """A bound on the memory that running threads need together; one that would pass it waits, first come, first served.

    A thread leaves when it ends, so nothing is ever left behind. One alone may need more than the bound.

    Parameters
    ----------
    max_bytes
        The bound.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._inside: dict[threading.Thread, int] = {}
        self._waiting: list[threading.Thread] = []

    def enter(self, size: int, on_wait: Callable[[int], object]) -> None:
        """Wait until there is room for `size` bytes; a thread that is inside already only changes its size.

        Parameters
        ----------
        size
            Bytes that this thread will need until it ends.
        on_wait
            ``on_wait(ahead)`` is called about four times a second while it waits, with the number of threads ahead;
            whatever it raises leaves the queue.
        """
        thread = threading.current_thread()
        pause = threading.Event()
        with self._lock:
            if thread in self._inside:
                self._inside[thread] = size
                return
            self._waiting.append(thread)
        try:
            while (ahead := self._try_to_enter(thread, size)) > 0:
                on_wait(ahead)
                pause.wait(POLL_SECONDS)
        finally:
            with self._lock:
                self._waiting.remove(thread)

    def leave(self) -> None:
        """Let others have the room of this thread before it ends."""
        with self._lock:
            self._inside.pop(threading.current_thread(), None)

    def _try_to_enter(self, thread: threading.Thread, size: int) -> int:
        """Enter if it is this thread's turn and there is room, and return how many are ahead."""
        with self._lock:
            self._inside = {other: needed for other, needed in self._inside.items() if other.is_alive()}
            place = self._waiting.index(thread)
            has_room = not self._inside or sum(self._inside.values()) + size <= self.max_bytes
            if place == 0 and has_room:
                self._inside[thread] = size
                return 0
            return place + len(self._inside)


memory_queue = MemoryQueue(MAX_BYTES)
