"""Running tasks in this process: while the networks restore one file, the next is read and the last is written."""

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from restoration.batch.restore_file import FileReport
from restoration.batch.task import FileTask, OpenedFile, read_file, restore_opened, write_restored
from restoration.pipeline import Step

AHEAD = 1  # file that is read ahead, and that may wait to be written: what bounds the memory

Item = FileTask | FileReport  # a report is of a file that there is nothing to do with
Ended = tuple[Item, FileReport]


class Watcher(Protocol):
    """Who is told how a run gets on."""

    def begin(self, task: FileTask, megapixels: float) -> None:
        """Learn which file is restored now, and how large it is."""

    def on_step(self, step: Step) -> None:
        """Learn which step of it begins."""

    def progress(self, done: int, total: int) -> None:
        """Learn how much of it is restored."""


class _Stopped(Exception):  # noqa: N818 - it is asked for
    """The run was asked to stop between two tiles."""


def run_local(items: Iterator[Item], stop: threading.Event, watcher: Watcher) -> Iterator[Ended]:
    """Run tasks one after the other.

    Parameters
    ----------
    items
        Taken a few at a time; reports are handed on.
    stop
        Once it is set, the file in work is given up behind its tile; those that are restored are written.
    watcher

    Yields
    ------
    (FileTask or FileReport, FileReport)
        In the order of the items, short of what was given up.

    Raises
    ------
    BatchError
        If no further file can be written.
    """

    def progress(done: int, total: int) -> None:
        if stop.is_set():
            raise _Stopped
        watcher.progress(done, total)

    with ThreadPoolExecutor(1, "reader") as reader, ThreadPoolExecutor(1, "writer") as writer:
        reading: deque[tuple[Item, Future[OpenedFile | FileReport] | None]] = deque()
        writing: deque[tuple[FileTask, Future[FileReport]]] = deque()
        while not stop.is_set():
            while len(reading) <= AHEAD and (item := next(items, None)) is not None:
                reading.append((item, reader.submit(read_file, item) if isinstance(item, FileTask) else None))
            if not reading:
                break
            item, future = reading.popleft()
            if isinstance(item, FileReport) or future is None:
                yield item, item  # type: ignore[misc] # a report has no future
                continue
            opened = future.result()
            if isinstance(opened, OpenedFile):
                watcher.begin(item, opened.photo.pixels[..., 0].size / 1e6)
                try:
                    restored = restore_opened(item, opened, progress, watcher.on_step)
                except _Stopped:
                    break
                if not isinstance(restored, FileReport):
                    writing.append((item, writer.submit(write_restored, item, opened, restored)))
                    del opened, restored
                    while len(writing) > AHEAD or (writing and writing[0][1].done()):
                        yield _ended(writing.popleft())
                    continue
                opened = restored
            yield item, opened
        for _, waiting in reading:
            if waiting is not None:
                waiting.cancel()
        while writing:
            yield _ended(writing.popleft())


def _ended(pair: tuple[FileTask, "Future[FileReport]"]) -> Ended:
    task, future = pair
    return task, future.result()
