"""A training goes on where it was killed, by the faster kind of step."""

import json
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

from restoration.train import loop
from restoration.train.photographs import load_photos
from restoration.train.recipes import RECIPES
from restoration.train.train_restore import RestorationTraining


@pytest.mark.parametrize("xla_wins", [False, True])
def test_the_faster_kind_of_step_is_kept_and_the_timing_changes_nothing(photos, tmp_path, monkeypatch, xla_wins):
    training = RestorationTraining(RECIPES["denoise-lecture-1"], *load_photos(photos), tmp_path / "run")
    before = [np.array(keras.ops.convert_to_numpy(variable)) for variable in training._variables()]

    def timed(function):
        function()
        return 1.0 if training.network.jit_compile == xla_wins else 2.0

    monkeypatch.setattr(loop, "seconds", timed)
    assert training._faster_with_xla() is xla_wins
    assert training.network.jit_compile is xla_wins
    for variable, value in zip(training._variables(), before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable), value)


def test_a_kill_at_any_moment_loses_little(photos, tmp_path):
    """Kill a run twice, then see that it went on from its checkpoint and not from the start."""
    folder = tmp_path / "run"
    code = (
        "import sys; from restoration.train import loop, __main__;"
        "loop.CHECKPOINT_SECONDS, loop.REPORT_STEPS = 0.3, 5;"
        f"sys.argv[1:] = ['denoise-lecture-1', '--photos', {str(photos)!r}, '--folder', {str(folder)!r},"
        "'--hours', '1', '--precision', 'float32', '--no-xla']; __main__.main()"
    )
    steps = []
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log, lines = folder / "log.jsonl", _lines(folder / "log.jsonl")
        while len(_lines(log)) < len(lines) + 4:
            assert process.poll() is None, "the training ended by itself"
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with np.load(folder / "checkpoint.npz") as checkpoint:
            steps.append(json.loads(str(checkpoint["state"]))["step"])
    assert 0 < steps[0] < steps[1]
    second_begins = _lines(log)[len(lines)]["step"]
    assert second_begins >= steps[0]


def _lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
