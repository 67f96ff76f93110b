"""`batch`: a folder of photographs by one process and by several, against the networks alone."""

import argparse
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from restoration.batch.batch import Batch
from restoration.batch.local_runner import run_local
from restoration.benchmark.images import repeated
from restoration.benchmark.timing import in_fresh_process
from restoration.degrade.noise import add_noise
from restoration.photo import Photo
from restoration.photo.sample_photos import SAMPLES, sample
from restoration.pipeline import Pipeline

SAMPLED_EVERY = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class BatchSpeed:
    """One run over a folder.

    Attributes
    ----------
    seconds : float
        Wall time, from before the networks are loaded to the last line of the ledger.
    peak_megabytes : float
        The most that all of its processes held together.
    estimated : float or None
        Seconds that were said to be left after a tenth of the files, over those that were; None where there was no
        estimate.
    """

    seconds: float
    peak_megabytes: float
    estimated: float | None


def write_photographs(folder: Path, count: int, megapixels: float) -> None:
    """Write so many noisy JPEG files of a size into a folder, made of the samples, each with noise of its own."""
    names = list(SAMPLES)
    for number in range(count):
        image = repeated(sample(names[number % len(names)]).pixels, megapixels)
        noisy = add_noise(np.ascontiguousarray(image), level=15 / 255, seed=number)
        Photo(np.clip(noisy, 0, 1)).save(folder / f"{number:04}.jpg", quality=92)


def networks_alone(folder: Path, steps: str) -> float:
    """Return the seconds that the steps take on the photographs of a folder, without reading and writing."""
    pipeline, seconds = Pipeline.parse(steps), 0.0
    for path in sorted(folder.iterdir()):
        photo = Photo.open(path)
        began = time.perf_counter()
        pipeline.run(photo, keep_steps=False)
        seconds += time.perf_counter() - began
    return seconds


def run_batch(source: Path, target: Path, steps: str, processes: int) -> BatchSpeed:
    """Run a batch, and watch its time and memory."""
    runner = run_local
    if processes > 1:
        from restoration.batch.dask_runner import DaskRunner

        runner = DaskRunner(processes=processes)
    stop, peak = threading.Event(), [0.0]
    watching = threading.Thread(target=_watch_memory, args=(stop, peak))
    watching.start()
    began = time.perf_counter()
    batch = Batch(source, target, Pipeline.parse(steps))
    said = at = None
    try:
        for number, _report in enumerate(batch.run(_Nobody(), runner=runner), start=1):
            if said is None and number * 10 >= batch.estimate.files:
                said, at = batch.estimate.seconds_left(), time.perf_counter()
    finally:
        batch.close()
        stop.set()
        watching.join()
    ended = time.perf_counter()
    return BatchSpeed(ended - began, peak[0], None if said is None or at is None else said / (ended - at))


class _Nobody:
    """Who looks at no progress."""

    def begin(self, task, megapixels):
        pass

    def on_step(self, step):
        pass

    def progress(self, done, total):
        pass


def _watch_memory(stop, peak):
    """Keep the largest sum of the resident memory of this process and its children, in 10^6 bytes."""
    import psutil

    this = psutil.Process()
    over = False
    while not over:
        over = stop.wait(SAMPLED_EVERY)  # and once more at the end: a short run has that sample alone
        held = 0
        for process in [this, *this.children(recursive=True)]:
            try:
                held += process.memory_info().rss
            except psutil.Error:  # it has ended
                continue
        peak[0] = max(peak[0], held / 1e6)


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("batch", help="a folder of photographs by one process and by several")
    parser.add_argument("--count", type=int, default=20, help="photographs (default 20)")
    parser.add_argument("--megapixels", type=float, default=3, help="of each (default 3)")
    parser.add_argument("--steps", default="denoise preset=fast", help="what is done (default denoise preset=fast)")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2], help="default 1 2")
    parser.set_defaults(run=_run)


def _run(chosen):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        source.mkdir()
        write_photographs(source, chosen.count, chosen.megapixels)
        alone = in_fresh_process(networks_alone, source, chosen.steps)
        print(f"{chosen.count} photographs of {chosen.megapixels:g} megapixels, {chosen.steps}")
        print(f"the networks alone: {alone:.1f} s")
        for line in _lines(source, Path(folder), chosen.steps, chosen.processes, alone):
            print(line, flush=True)


def _lines(source: Path, folder: Path, steps: str, processes: Sequence[int], alone: float):
    count = len(list(source.iterdir()))
    for number in processes:
        speed = in_fresh_process(run_batch, source, folder / f"out{number}", steps, number)
        estimate = "no estimate" if speed.estimated is None else f"estimate after a tenth {speed.estimated:.2f} of it"
        yield (
            f"{number} process{'es' if number > 1 else ''}: {speed.seconds:.1f} s, {60 * count / speed.seconds:.1f} "
            f"photographs a minute, {speed.seconds / alone:.2f} times the networks alone, peak "
            f"{speed.peak_megabytes:.0f} MB, {estimate}"
        )
