"""`python -m restoration.benchmark COMMAND`: every figure that the project states comes from one of these."""

import argparse

from restoration.benchmark import card, chart, colorize, denoise, eight_bits, files, speed, unseen, upscale

ROOMS = (denoise, unseen, colorize, upscale, card, files, chart, speed, eight_bits)


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
