"""Running tasks in several processes, here or on other machines, by Dask's scheduler (the extra `batch`).

Each worker does a file at a time, from reading to writing; the ledger stays with the process that began the run.
"""

import contextlib
import logging
import os
import signal
import threading
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Worker, WorkerPlugin, wait

from restoration.batch.errors import BatchError
from restoration.batch.local_runner import Ended, Item, Watcher
from restoration.batch.restore_file import FileReport
from restoration.batch.task import FileTask, run_task

MOST_DEATHS = 3  # of workers with one file, which is then set aside
POLL_SECONDS = 0.5  # how often a wish to pause is seen
CONNECT_SECONDS, RECONNECT_SECONDS = 10, 60  # how long a scheduler is waited for: at first, and once it was there


class DaskRunner:
    """What runs the tasks of a batch in several processes; called as `run_local`, but the files end in any order.

    Parameters
    ----------
    processes
        So many on this machine, which share its cores.
    address
        Of a scheduler that runs, such as "tcp://10.0.0.5:8786", in place of own processes. Its workers must see the
        files under the same absolute paths; they may join and leave, and it may be started anew.
    work
        What a worker does with a task.
    """

    def __init__(
        self,
        *,
        processes: int = 1,
        address: str | None = None,
        work: Callable[[FileTask], FileReport] = run_task,
    ) -> None:
        self._processes = processes
        self._address = address
        self._work = work

    def __call__(self, items: Iterator[Item], stop: threading.Event, watcher: Watcher) -> Iterator[Ended]:
        """Run tasks; see `run_local`."""
        running: dict[Future, FileTask] = {}
        seconds = CONNECT_SECONDS
        while True:
            lost = False
            with self._client(seconds) as client:
                try:
                    yield from self._run(client, running, items, stop, watcher)
                except (CancelledError, OSError):
                    lost = self._address is not None and client.status != "running"
                    if not lost:
                        raise
            if not lost:
                return
            # The scheduler is gone, and what it knew with it: the files in work are given to the next one.
            items, running = chain(list(running.values()), items), {}
            seconds = RECONNECT_SECONDS

    def _run(
        self,
        client: Client,
        running: dict[Future, FileTask],
        items: Iterator[Item],
        stop: threading.Event,
        watcher: Watcher,
    ) -> Iterator[Ended]:
        more = True
        while running or more:
            if client.status != "running":
                raise ConnectionError("The scheduler is gone.")
            # No more than workers can begin: a file that merely waits where another kills its worker is not to blame.
            while more and not stop.is_set() and len(running) < _count_workers(client):
                item = next(items, None)
                if item is None:
                    more = False
                elif isinstance(item, FileReport):
                    yield item, item
                else:
                    running[client.submit(self._work, _with_absolute_paths(item), pure=False)] = item
            if stop.is_set():
                more = False
            if running:
                with contextlib.suppress(TimeoutError):
                    wait(list(running), timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
            for future in [future for future in running if future.done()]:
                report = _report(running[future], future)
                yield running.pop(future), report
                watcher.progress(0, 1)

    @contextlib.contextmanager
    def _client(self, seconds: int) -> Iterator[Client]:
        if self._address is not None:
            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a scheduler that is gone is waited for
            try:
                client = Client(self._address, timeout=seconds)
            except (OSError, ValueError) as error:
                raise BatchError(
                    f"No scheduler of Dask answers at {self._address}. Start it, or check the address."
                ) from error
            with client:
                yield client
            return
        allowed = {"distributed.scheduler.allowed-failures": MOST_DEATHS - 1}
        with (
            dask.config.set(allowed),
            LocalCluster(
                n_workers=self._processes, threads_per_worker=1, memory_limit=0, dashboard_address=None, silence_logs=50
            ) as cluster,
            Client(cluster) as client,
        ):
            client.register_plugin(_OwnCores(self._processes))
            yield client


class _OwnCores(WorkerPlugin):
    """Gives each worker of this machine cores of its own, and leaves Ctrl-C to the process that began the run."""

    name = "own-cores"

    def __init__(self, processes: int) -> None:
        self._processes = processes

    def setup(self, worker: Worker) -> None:
        """Prepare a worker, also one that takes the place of a dead one."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            place = int(worker.name)
            os.sched_setaffinity(0, cores[place :: self._processes] or [cores[place % len(cores)]])


def _report(task: FileTask, future: Future) -> FileReport:
    try:
        report = future.result()
    except KilledWorker:
        error = BatchError(f"Workers died of this file, {MOST_DEATHS} times; it is set aside. Try it alone.")
        return task.failed(task.source, error)
    return replace(report, source=str(task.source), target=str(task.target))


def _with_absolute_paths(task: FileTask) -> FileTask:
    return replace(task, source=task.source.absolute(), target=task.target.absolute())


def _count_workers(client: Client) -> int:
    return max(1, len(client.scheduler_info(n_workers=-1).get("workers", ())))  # none named while it is away
