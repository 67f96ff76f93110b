"""A live experiment: several small networks trained side by side while a page shows what was found so far."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from restoration.explore.training_thread import TrainingState, TrainingThread

# Yields None after each short piece of work, and what has been found at the end of each epoch.
Experiment: TypeAlias = Iterator[Any]


@dataclass(frozen=True)
class LaboratoryState(TrainingState):
    """The state of an experiment.

    Parameters
    ----------
    found : object
        What the experiment yielded last; None before.
    ended : bool
        Whether there is nothing left to do.
    """

    found: Any = None
    ended: bool = False


class Laboratory(TrainingThread):
    """Run an experiment with start, pause, step and reset, without blocking other visitors.

    Between two pieces of its work everybody who waits for the processor goes first.

    Parameters
    ----------
    begin : callable
        ``begin()`` returns a new Experiment, an iterator; it is called in the thread.
    epochs : int
        How many times the experiment will yield something found.

    Examples
    --------
    >>> laboratory = Laboratory(lambda: iter([None, "a", None, "b"]), 2)
    >>> laboratory.step()
    >>> laboratory.wait(10), laboratory.snapshot().found
    (True, 'a')
    >>> laboratory.start()
    >>> laboratory.wait(10), laboratory.snapshot().found, laboratory.snapshot().ended
    (True, 'b', True)
    """

    def __init__(self, begin: Callable[[], Experiment], epochs: int) -> None:
        super().__init__(LaboratoryState())
        self.begin, self.epochs = begin, epochs
        self._experiment: Experiment | None = None

    @property
    def usual_epochs(self) -> int:
        """Epochs that are left."""
        return max(1, self.epochs - self._state.epoch)

    def reset(self) -> "Laboratory":
        """Stop, and return a new one that has not begun."""
        self.pause()
        return Laboratory(self.begin, self.epochs)

    # ---- in the thread

    def _train_until(self, stop, target):
        if self._experiment is None:
            self._experiment = self.begin()
        while not self._state.ended and self._state.epoch < target:
            with self._turn(stop):
                found = next(self._experiment, None)
            if found is not None:
                epoch = self._state.epoch + 1
                self._update(stop, epoch=epoch, found=found, ended=epoch >= self.epochs)
