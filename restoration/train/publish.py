"""From a finished run to weights and card."""

import hashlib
import os
import platform
from pathlib import Path

from restoration import networks
from restoration.card import WEIGHTS, Card


def publish(name, recipe, run, command, folder=WEIGHTS):
    """Write the run's averaged weights and their card.

    Parameters
    ----------
    name : str
        The card's name.
    recipe : Recipe
    run : Run
    command : str
        What repeats the training.
    folder : path

    Returns
    -------
    Card
        Its scores are still empty: ``python -m restoration.benchmark card NAME`` measures them.
    """
    network = run.averaged()
    folder = Path(folder)
    unfinished, path = folder / "unfinished.weights.h5", folder / f"{name}.weights.h5"
    network.save_weights(unfinished)
    os.replace(unfinished, path)
    multiple = networks.stride(network)
    card = Card(
        name=name,
        task=recipe.task,
        preset=recipe.preset,
        builder=recipe.builder,
        config=recipe.config,
        scale=recipe.scale,
        multiple_of=multiple,
        halo=-(-networks.receptive_radius(network) // multiple) * multiple,
        parameters=network.count_params(),
        bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        gflop_per_megapixel=round(networks.gflop_per_megapixel(network), 1),
        trained={
            "data": f"{len(run.patches.photos)} photographs: {recipe.data}",
            "licence": recipe.licences,
            "degradation": recipe.degradation,
            "seed": recipe.seed,
            "command": command,
            "steps": run.step,
            "megapixels": round(run.megapixels, 1),
            "hours": round(run.seconds / 3600, 2),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        },
        tested={},
        limits=recipe.limits,
    )
    card.write(folder)
    return card
