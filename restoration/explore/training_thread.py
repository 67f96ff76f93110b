"""A training in a thread of its own, with start, pause and step, that shares the processor with everybody else."""

import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from restoration.image.checks import ImageError, check_whole
from restoration.inference.fair_lock import inference_lock

# A training whose state nobody has asked for in so long has no visitor any more and ends.
ABANDONED_SECONDS = 60.0


@dataclass(frozen=True)
class TrainingState:
    """How far a training is.

    Parameters
    ----------
    epoch, epochs : int
        Finished, and asked for so far.
    running : bool
    problem : str
        Why it ended early, one sentence; "" otherwise.
    """

    epoch: int = 0
    epochs: int = 0
    running: bool = False
    problem: str = ""


class TrainingThread:
    """What every training that a page shows has in common; a snapshot of its state never waits for it.

    The thread exists only while it trains. It queues for the inference lock at every step
    (`restoration.inference.fair_lock`), so whoever restores a photograph waits for milliseconds, and trainings share
    the processor fairly. It ends by itself when nobody has asked for its state for `ABANDONED_SECONDS`.

    Parameters
    ----------
    state : TrainingState
        Before the first step.
    """

    def __init__(self, state: TrainingState) -> None:
        self._state: Any = state
        self._changing = threading.Lock()  # of `_state` and `_thread`, held for no longer than it takes to write
        self._working = threading.Lock()  # by the thread that trains, so that a new one waits for the old one's end
        self._thread: threading.Thread | None = None
        self._stop: threading.Event | None = None
        self._seen = time.monotonic()

    @property
    def usual_epochs(self) -> int:
        """Epochs that `start` trains for unless told otherwise."""
        raise NotImplementedError

    def snapshot(self) -> Any:
        """Return the latest state; asking keeps the training alive."""
        self._seen = time.monotonic()
        return self._state

    def start(self, epochs: int | None = None) -> None:
        """Train for so many more epochs (the usual number when omitted); do nothing if it is running."""
        if epochs is None:
            epochs = self.usual_epochs
        check_whole("The number of epochs", epochs, 1)
        with self._changing:
            if self._state.running or self._state.problem:
                return
            target = self._state.epoch + epochs
            self._state = replace(self._state, running=True, epochs=target)
            self._seen = time.monotonic()
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._train, args=(self._stop, target), name="live-training", daemon=True
            )
            self._thread.start()

    def step(self) -> None:
        """Train for one epoch."""
        self.start(1)

    def pause(self) -> None:
        """Stop after the current step; `start` continues from there."""
        with self._changing:
            if self._stop:
                self._stop.set()
            self._state = replace(self._state, running=False)

    def wait(self, seconds: float) -> bool:
        """Wait until the thread has ended, and return whether it has; waiting keeps the training alive."""
        thread, last = self._thread, time.monotonic() + seconds
        while thread and thread.is_alive() and time.monotonic() < last:
            self.snapshot()
            thread.join(0.2)
        return not (thread and thread.is_alive())

    # ---- in the thread

    def _train_until(self, stop: threading.Event, target: int) -> None:
        """Train until `target` epochs are finished: each step in a turn (`_turn`), each result by `_update`."""
        raise NotImplementedError

    def _train(self, stop: threading.Event, target: int) -> None:
        with self._working:
            try:
                self._train_until(stop, target)
            except _StoppedError:
                pass
            except (ImageError, FloatingPointError) as error:
                self._update(stop, problem=str(error))
            except Exception as error:  # shown on the page: nobody sees what a thread raises
                self._update(stop, problem=f"The training stopped ({type(error).__name__}: {error}). Reset it.")
            self._update(stop, running=False)

    def _turn(self, stop: threading.Event) -> AbstractContextManager[None]:
        """Queue for the inference lock; leave the queue, or end, when paused or abandoned."""

        def check(place: int = 0) -> None:
            if stop.is_set() or time.monotonic() - self._seen > ABANDONED_SECONDS:
                raise _StoppedError

        check()
        return inference_lock.hold(check)

    def _update(self, stop: threading.Event, **changes: object) -> None:
        with self._changing:
            if stop is not self._stop:  # a newer thread waits to take over; only it says whether it runs
                changes.pop("running", None)
            self._state = replace(self._state, **changes)


class _StoppedError(Exception):
    """Paused, or abandoned."""
