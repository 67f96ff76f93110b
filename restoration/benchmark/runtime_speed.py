"""`speed`: what each runtime makes of this processor, beside NumPy's product and plain convolutions; starts; memory.

And the denoisers beside CDnCNN-B's network.

How time grows with the image shows `size`, what the side of a tile changes shows `tiles`.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from restoration.benchmark.denoising import DNCNN, denoisers
from restoration.benchmark.network_choice import chosen_cards
from restoration.benchmark.timing import TIMED_SIDE, in_fresh_process, interleaved_seconds
from restoration.inference import hardware, openvino_export, openvino_runtime
from restoration.inference.card import card_named, models
from restoration.inference.runtime import RUNTIMES, load_runner

PRODUCT_SIDE = 3000
PLAIN_WIDTH, PLAIN_LAYERS, PLAIN_SIDE = 256, 4, 128  # of the convolutions that show the processor's peak
COLD = {
    "import keras": "import keras",
    "denoise 512 x 512, fast": "import numpy, restoration;"
    "restoration.denoise(numpy.full((512, 512, 3), 0.5, numpy.float32), preset='fast')",
}
TELL_PEAK = "; from restoration.inference.hardware import peak_megabytes; print(peak_megabytes())"


@dataclass(frozen=True)
class SpeedMeasurement:
    """One network in one runtime and precision; one that enlarges by several scales does so by the largest.

    Parameters
    ----------
    name, runtime, precision : str
    seconds_per_megapixel : float
        By the clock, the halo of the tiles not counted.
    gflop_per_second, share : float
        Per second that all cores together worked, which other programs disturb least; and over that of NumPy's
        float32 product of 3000 x 3000, measured between the runs.
    convolution_share : float
        The same over the speed of plain 3 x 3 convolutions from 256 to 256 channels, by OpenVINO in this precision.
    peak_megabytes : float
        Of a fresh process that runs it once.
    """

    name: str
    runtime: str
    precision: str
    seconds_per_megapixel: float
    gflop_per_second: float
    share: float
    convolution_share: float
    peak_megabytes: float


def benchmark_speed(names: Sequence[str] | None = None, rounds: int = 10) -> Iterator[SpeedMeasurement]:
    """Measure networks in each runtime and precision, interleaved so that they meet the same disturbances.

    Parameters
    ----------
    names : sequence of str, optional
        Of cards; all of them when omitted.
    rounds : int
        Repetitions, of which the shortest counts.

    Yields
    ------
    SpeedMeasurement
    """
    for name in names or [card.name for card in models() if card.task != "compress"]:  # which runs in parts
        for row in in_fresh_process(_interleaved, name, rounds):
            yield SpeedMeasurement(*(*row, in_fresh_process(_memory, *row[:3])))


def cold_starts(rounds: int = 3) -> dict[str, tuple[float, float]]:
    """Return {what: (seconds, peak megabytes)} of processes that begin with nothing loaded, interleaved."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        for what, code in COLD.items():
            began = time.perf_counter()
            shown = subprocess.run([sys.executable, "-c", code + TELL_PEAK], capture_output=True, text=True, check=True)
            took = (time.perf_counter() - began, float(shown.stdout))
            best[what] = min(best.get(what, took), took)
    return best


def beside_dncnn(rounds: int = 10) -> dict[str, float]:
    """Return {method: seconds per megapixel} of the denoisers as the app runs them and of CDnCNN-B's network.

    Interleaved in one process, on one image, in the default runtime and precision; the shortest of the rounds.
    """
    return in_fresh_process(_denoisers_interleaved, rounds)


def _denoisers_interleaved(rounds):
    names = [card.name for card in chosen_cards("denoise")]
    image, runs = np.random.default_rng(0).random((TIMED_SIDE, TIMED_SIDE, 3), np.float32), {}
    for name in [*names, DNCNN]:
        maker, arguments, _ = denoisers()[name]
        runs[name] = partial(maker(*arguments), image, 0.0)
    return {name: seconds / TIMED_SIDE**2 * 1e6 for name, seconds in interleaved_seconds(runs, rounds).items()}


def _interleaved(name, rounds):
    card = card_named(name)
    kinds = [(runtime, precision) for precision in hardware.precisions() for runtime in RUNTIMES]
    runners = {(name, *kind): _runner(card, *kind) for kind in kinds}
    batch = _batch(next(iter(runners.values())))
    square = np.random.default_rng(0).random((PRODUCT_SIDE, PRODUCT_SIDE), np.float32)
    work = {"product": (lambda: square @ square, 2 * PRODUCT_SIDE**3 / 1e9)}
    plain, gflop = _plain_convolutions()
    features = np.random.default_rng(0).random((1, PLAIN_WIDTH, PLAIN_SIDE, PLAIN_SIDE), np.float32)
    for precision in hardware.precisions():
        run = openvino_runtime.make_runner(plain, precision)
        work[precision] = (lambda run=run: run(features), gflop)
    megapixels = batch[:, 0].size / 1e6
    work |= {kind: (lambda run=run: run(batch), card.gflop_per_megapixel * megapixels) for kind, run in runners.items()}
    best = dict.fromkeys(work, (np.inf, np.inf))
    for _ in range(rounds):
        for kind, (function, _) in work.items():
            best[kind] = tuple(map(min, best[kind], _took(function)))
    speeds = {kind: gflop / best[kind][1] for kind, (_, gflop) in work.items()}
    return [
        (
            *kind,
            best[kind][0] / megapixels,
            speeds[kind],
            speeds[kind] / speeds["product"],
            speeds[kind] / speeds[kind[2]],
        )
        for kind in runners
    ]


def _plain_convolutions():
    """Return an exported row of equal convolutions, and its GFLOP."""
    import keras

    layers = [keras.layers.Conv2D(PLAIN_WIDTH, 3, padding="same", activation="relu") for _ in range(PLAIN_LAYERS)]
    network = keras.Sequential([keras.Input((PLAIN_SIDE, PLAIN_SIDE, PLAIN_WIDTH), batch_size=1), *layers])
    return openvino_export.export(network), 2 * 9 * PLAIN_WIDTH**2 * PLAIN_LAYERS * PLAIN_SIDE**2 / 1e9


def _memory(name, runtime, precision):
    run = _runner(card_named(name), runtime, precision)
    run(_batch(run))
    return hardware.peak_megabytes()


def _runner(card, runtime, precision):
    """Make a network ready as the app does: of several outputs one, the largest, whose operations the card counts."""
    return load_runner(card, precision, runtime, output=card.output(card.scale))


def _batch(run):
    shape = [fixed or free for fixed, free in zip(run.input_shape, (1, None, TIMED_SIDE, TIMED_SIDE), strict=True)]
    return np.random.default_rng(0).random(shape, np.float32)


def _took(function):
    """Return the seconds of a call by the clock, and those its cores worked."""
    worked = []
    clock = hardware.seconds(lambda: worked.append(hardware.worked_seconds(function)))
    return clock, *worked


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("speed", help="each runtime beside NumPy's product, cold starts, memory")
    parser.add_argument("--only", nargs="+", metavar="CARD", help="names of the networks to measure")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    print(
        f"{'network':24} {'runtime':10} {'precision':9} {'s/MP':>6} {'GFLOP/s':>8} "
        f"{'of NumPy':>9} {'of conv.':>8} {'peak MB':>8}"
    )
    rows = []
    for row in benchmark_speed(chosen.only, chosen.rounds):
        rows.append(asdict(row))
        print(
            f"{row.name:24} {row.runtime:10} {row.precision:9} {row.seconds_per_megapixel:6.2f} "
            f"{row.gflop_per_second:8.0f} {row.share:9.2f} {row.convolution_share:8.2f} {row.peak_megabytes:8.0f}",
            flush=True,
        )
    cold = cold_starts()
    for what, (took, peak) in cold.items():
        print(f"cold process: {what:26} {took:6.2f} s, peak {peak:4.0f} MB")
    beside = beside_dncnn(chosen.rounds)
    for name, seconds in beside.items():
        print(f"interleaved: {name:34} {seconds:6.3f} s/MP, {beside[DNCNN] / seconds:5.1f} times as fast as the last")
    if chosen.json:
        report = {"machine": hardware.describe(), "rows": rows, "cold": cold, "beside": beside}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
