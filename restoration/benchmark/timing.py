"""Timing that other programs disturb little: interleaved rounds, and processes that begin with nothing loaded."""

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from restoration.inference import hardware

TIMED_SIDE = 512  # pixels of the timed image: beyond it the speed hardly changes


def interleaved_seconds(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return {name: seconds} of functions without arguments, the shortest of some rounds.

    They are called one after the other in each round, so that all meet the same disturbances.
    """
    best = dict.fromkeys(runs, np.inf)
    for _ in range(rounds):
        for name, run in runs.items():
            best[name] = min(best[name], hardware.seconds(run))
    return best


def in_fresh_process(function: Callable[..., Any], *arguments: object) -> Any:
    """Return what a function returns in a new process, so that its memory and its loading are its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
