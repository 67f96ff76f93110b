"""`python -m restoration.benchmark COMMAND`: every figure that the project states comes from one of these."""

import argparse

from restoration.benchmark import (
    card_scores,
    chart,
    colorizing,
    denoising,
    file_costs,
    int8,
    speed,
    unseen_camera,
    upscaling,
)

ROOMS = (denoising, unseen_camera, colorizing, upscaling, card_scores, file_costs, chart, speed, int8)


def main(arguments=None):
    """Run one of the benchmarks and print its table.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process when omitted.
    """
    parser = argparse.ArgumentParser(prog="python -m restoration.benchmark", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for room in ROOMS:
        room.register(commands)
    chosen = parser.parse_args(arguments)
    chosen.run(chosen)


if __name__ == "__main__":
    main()
