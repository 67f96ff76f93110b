"""The checkpoint of a training: its variables and counters in one file, written whole or not at all."""

import contextlib
import json
import os
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import ops

CHECKPOINT_FILE = "checkpoint.npz"
OTHER_PLACE = "move it away to begin anew, or give another folder."


class CheckpointError(ValueError):
    """A checkpoint that is damaged or of another training, said in one sentence."""


def save(folder: str | Path, variables: Sequence[keras.Variable], state: Mapping[str, float]) -> None:
    """Write a checkpoint; a kill meanwhile leaves the one before.

    Parameters
    ----------
    folder
    variables
    state
        Numbers by name.
    """
    unfinished = Path(folder) / "unfinished.npz"
    values = {f"v{index}": ops.convert_to_numpy(variable) for index, variable in enumerate(variables)}
    np.savez(unfinished, state=json.dumps(state), **values)
    os.replace(unfinished, Path(folder) / CHECKPOINT_FILE)


def resume(folder: str | Path, variables: Sequence[keras.Variable], names: Collection[str]) -> dict[str, float]:
    """Put a checkpoint's values into the variables: all of them or none.

    Parameters
    ----------
    folder
    variables
    names
        Of the state's numbers.

    Returns
    -------
    dict
        The state that was saved; empty where there is no checkpoint.

    Raises
    ------
    CheckpointError
        If the file is damaged, or its variables or its state are those of another training.
    """
    path = Path(folder) / CHECKPOINT_FILE
    if not path.exists():
        return {}
    with readable(path), path.open("rb") as file, np.load(file) as checkpoint:
        state = json.loads(str(checkpoint["state"]))
        values = [checkpoint[f"v{index}"] for index in range(len(checkpoint.files) - 1)]
    shapes = [value.shape for value in values]
    is_number = [isinstance(state, dict) and isinstance(state.get(name), int | float) for name in names]
    if shapes != [tuple(variable.shape) for variable in variables] or not all(is_number) or len(state) != len(names):
        raise CheckpointError(f"{path} is the checkpoint of another training; {OTHER_PLACE}")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return state


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say what cannot be read of a checkpoint as CheckpointError."""
    try:
        yield
    except (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise CheckpointError(f"{path} cannot be read ({str(error)[:150]}); {OTHER_PLACE}") from error
