"""The path from an image to an image is short: few functions, not deep, and no file is read once a model is loaded."""

import builtins
import io
import sys
from pathlib import Path

import numpy as np
import pytest

import restoration

PACKAGE = str(Path(restoration.__file__).parent)
IMAGE = np.random.default_rng(0).random((48, 64, 3), np.float32)
RUNS = {
    "denoise": (lambda: restoration.denoise(IMAGE, preset="lecture"), 30, 6),
    "upscale": (lambda: restoration.upscale(IMAGE, 2, preset="faithful"), 33, 8),
    "colorize": (lambda: restoration.colorize(IMAGE, preset="lecture"), 35, 6),
}


def entered(function):
    """Call a function; return the functions of the package that it enters, and how deep they lie in each other."""
    names, depth, deepest = set(), 0, 0

    def profile(frame, event, _argument):
        nonlocal depth, deepest
        code = frame.f_code
        if not code.co_filename.startswith(PACKAGE) or code.co_name.startswith("<"):
            return
        if event == "call":
            names.add((Path(code.co_filename).name, code.co_name))
            depth += 1
            deepest = max(deepest, depth)
        elif event == "return":
            depth -= 1

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return names, deepest


@pytest.mark.parametrize("task", RUNS)
def test_a_warm_run_enters_few_functions(task):
    run, most_functions, most_depth = RUNS[task]
    run()  # loads the model
    names, depth = entered(run)
    assert len(names) <= most_functions, sorted(names)
    assert depth <= most_depth


def test_a_warm_run_reads_no_file(monkeypatch):
    run, *_ = RUNS["denoise"]
    run()
    opened = []
    for module in (builtins, io):
        original = module.open

        def spy(path, *arguments, original=original, **options):
            opened.append(str(path))
            return original(path, *arguments, **options)

        monkeypatch.setattr(module, "open", spy)
    run()
    assert not [path for path in opened if not path.startswith("/proc")], opened  # psutil asks for the free memory
