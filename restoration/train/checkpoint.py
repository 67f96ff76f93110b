"""The checkpoint of a training: its variables and counters in one file, written whole or not at all."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import ops

CHECKPOINT_FILE = "checkpoint.npz"


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


def resume(folder: str | Path, variables: Sequence[keras.Variable]) -> dict[str, float]:
    """Put a checkpoint's values into the variables.

    Returns
    -------
    dict
        The state that was saved; empty where there is no checkpoint.
    """
    path = Path(folder) / CHECKPOINT_FILE
    if not path.exists():
        return {}
    with np.load(path) as checkpoint:
        for index, variable in enumerate(variables):
            variable.assign(checkpoint[f"v{index}"])
        return json.loads(str(checkpoint["state"]))
