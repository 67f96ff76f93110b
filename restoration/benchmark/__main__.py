"""`python -m restoration.benchmark COMMAND`: every figure that the project states comes from one of these."""

import argparse
from collections.abc import Sequence

from restoration.benchmark import (
    batch_speed,
    card_scores,
    clean_graphics,
    colorizing,
    compressing,
    cost_chart,
    denoising,
    int8_quantization,
    jpeg_grid,
    mutated_files,
    noise_kinds,
    other_decoder,
    plan_findings,
    reductions,
    repairing,
    runtime_speed,
    scanning,
    size_and_tiles,
    unseen_camera,
    upscaling,
    waiting,
)

# Modules with one command each; a module adds its command to the parser by `register`.
BENCHMARKS = (
    denoising,
    noise_kinds,
    jpeg_grid,
    mutated_files,
    other_decoder,
    clean_graphics,
    unseen_camera,
    colorizing,
    upscaling,
    reductions,
    plan_findings,
    repairing,
    compressing,
    scanning,
    card_scores,
    size_and_tiles,
    cost_chart,
    runtime_speed,
    int8_quantization,
    batch_speed,
    waiting,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the benchmarks and print its table.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process when omitted.
    """
    parser = argparse.ArgumentParser(prog="python -m restoration.benchmark", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for benchmark in BENCHMARKS:
        benchmark.register(commands)
    chosen = parser.parse_args(arguments)
    chosen.run(chosen)


if __name__ == "__main__":
    main()
