"""Where a training goes on from after a kill: its variables and counters in one file, written whole or not at all."""

import json
import os
from pathlib import Path

import numpy as np
from keras import ops

NAME = "checkpoint.npz"


def save(folder, variables, state):
    """Write a checkpoint; a kill meanwhile leaves the one before.

    Parameters
    ----------
    folder : path
    variables : sequence of keras.Variable
    state : dict
        Numbers by name.
    """
    unfinished = Path(folder) / "unfinished.npz"
    values = {f"v{index}": ops.convert_to_numpy(variable) for index, variable in enumerate(variables)}
    np.savez(unfinished, state=json.dumps(state), **values)
    os.replace(unfinished, Path(folder) / NAME)


def resume(folder, variables):
    """Put a checkpoint's values into the variables.

    Returns
    -------
    dict
        The state that was saved; empty where there is no checkpoint.
    """
    path = Path(folder) / NAME
    if not path.exists():
        return {}
    with np.load(path) as checkpoint:
        for index, variable in enumerate(variables):
            variable.assign(checkpoint[f"v{index}"])
        return json.loads(str(checkpoint["state"]))
