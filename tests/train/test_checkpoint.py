"""A checkpoint is taken up whole, or refused in one sentence; nothing of a foreign one gets into the variables."""

import json

import keras
import numpy as np
import pytest

from restoration.train import checkpoint
from restoration.train.checkpoint import CHECKPOINT_FILE, CheckpointError

NAMES = ("step", "seconds")


@pytest.fixture
def variables():
    return [keras.Variable(np.zeros((2, 3), np.float32)), keras.Variable(np.zeros(4, np.float32))]


@pytest.fixture
def saved(tmp_path, variables):
    for variable in variables:
        variable.assign(np.ones(variable.shape))
    checkpoint.save(tmp_path, variables, {"step": 7, "seconds": 1.5})
    for variable in variables:
        variable.assign(np.zeros(variable.shape))
    return tmp_path / CHECKPOINT_FILE


def test_what_was_saved_is_resumed(saved, variables):
    assert checkpoint.resume(saved.parent, variables, NAMES) == {"step": 7, "seconds": 1.5}
    assert all(np.all(variable.numpy() == 1) for variable in variables)


def other(path, **changes):
    """Write a checkpoint of the right names with other values."""
    values = {"v0": np.ones((2, 3)), "v1": np.ones(4), "state": json.dumps({"step": 7, "seconds": 1})} | changes
    np.savez(path, **{name: value for name, value in values.items() if value is not None})


HOSTILE = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_bytes(b"no archive"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "a byte changed": lambda path: path.write_bytes(path.read_bytes().replace(b"\0\0\x80?", b"\0\0\x80A", 1)),
    "objects": lambda path: other(path, v0=np.array([{"pickled": 1}], object)),
    "another shape": lambda path: other(path, v1=np.ones(5)),
    "a variable more": lambda path: other(path, v2=np.ones(5)),
    "a variable less": lambda path: other(path, v1=None),
    "no state": lambda path: other(path, state=None),
    "a state that is no number": lambda path: other(path, state=json.dumps({"step": "x", "seconds": 1})),
    "a state too much": lambda path: other(path, state=json.dumps({"step": 7, "seconds": 1, "network": 1})),
    "a state that is a list": lambda path: other(path, state="[1, 2]"),
}


@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE)
def test_a_broken_or_foreign_checkpoint_is_one_sentence_and_changes_nothing(saved, variables, spoil):
    spoil(saved)
    with pytest.raises(CheckpointError, match="move it away to begin anew") as refused:
        checkpoint.resume(saved.parent, variables, NAMES)
    assert len(str(refused.value)) - len(str(saved)) < 250
    assert all(np.all(variable.numpy() == 0) for variable in variables)
