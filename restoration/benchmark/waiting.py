"""`waiting`: how true the time is that a progress says is left, while a photograph is restored."""

import argparse
import time
from collections.abc import Iterator, Sequence

import numpy as np

from restoration.benchmark.images import repeated
from restoration.degrade.noise import add_noise
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.pipeline import Pipeline

STEPS = (
    "denoise preset=fast",
    "repair",
    "upscale scale=2",
    "upscale scale=3.5",
    "repair; denoise preset=fast; upscale",
)
MOMENTS = np.linspace(0.2, 0.9, 8)  # shares of the time, at which what is said is judged


def said_and_true(reports: Sequence[tuple[float, float]], seconds: float) -> list[float]:
    """Return how the time that is said to be left compares with the time that was, at each of `MOMENTS`.

    1 is right, and NaN that nothing was said yet.

    Parameters
    ----------
    reports : sequence of (float, float)
        Seconds since the first report, and the share that was then done. What was said last stays in sight until the
        next one.
    seconds : float
        From the first report to the end.

    Examples
    --------
    >>> said_and_true([(0, 0)] + [(0.1 * second, 0.01 * second) for second in range(1, 101)], 10)[:2]
    [1.0, 1.0]
    """
    ratios = []
    for moment in (MOMENTS * seconds).tolist():
        then, share = max((one for one in reports if one[0] <= moment + 1e-9 and one[1] > 0), default=(0.0, np.nan))
        ratios.append(round((then / share - then) / (seconds - moment), 3))
    return ratios


def benchmark_waiting(megapixels: float, steps: Sequence[str] = STEPS) -> Iterator[tuple[str, float, list[float]]]:
    """Yield (steps, seconds, `said_and_true`) of a noisy photograph of so many megapixels."""
    photo = sample("Coffee cup")
    small = photo.with_pixels(np.clip(add_noise(photo.pixels[:64, :64], level=10 / 255), 0, 1))
    large = photo.with_pixels(np.clip(add_noise(repeated(photo.pixels, megapixels), level=10 / 255), 0, 1))
    for text in steps:
        pipeline = Pipeline.parse(text)
        pipeline.run(small)  # loads the networks
        yield (text, *_measure(pipeline, large))


def _measure(pipeline: Pipeline, photo: Photo) -> tuple[float, list[float]]:
    reports: list[tuple[float, float]] = []
    start = time.perf_counter()
    pipeline.run(photo, lambda done, total: reports.append((time.perf_counter() - start, done / total)))
    first = reports[0][0]
    seconds = time.perf_counter() - start - first
    return seconds, said_and_true([(then - first, share) for then, share in reports], seconds)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `waiting` to a parser."""
    parser = commands.add_parser("waiting", help="the time left that a progress says, against the time that was left")
    parser.add_argument("--megapixels", type=float, default=3.0)
    parser.add_argument("--steps", nargs="+", default=STEPS, help="pipelines to measure")
    parser.set_defaults(run=_print)


def _print(arguments):
    print("Time said to be left over the time that was left, at shares of the time:")
    print(f"| steps | MP | seconds | {' | '.join(f'{moment:.0%}' for moment in MOMENTS)} |")
    print("|---" * (3 + len(MOMENTS)) + "|")
    for text, seconds, ratios in benchmark_waiting(arguments.megapixels, arguments.steps):
        cells = " | ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"| {text} | {arguments.megapixels:g} | {seconds:.1f} | {cells} |", flush=True)
