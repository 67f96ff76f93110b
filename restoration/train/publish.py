"""From a finished run to weights and card."""

import hashlib
import json
import os
import platform
import shutil
from pathlib import Path

from restoration import networks
from restoration.inference.card import WEIGHTS, Card
from restoration.train.loop import LOG


def publish(name, run, command, folder=WEIGHTS, start=None):
    """Write the weights of a run, their card, and the log of what it took.

    Parameters
    ----------
    name : str
        The card's name: task, preset and version.
    run : Run or ColorRun
    command : str
        What repeats the training.
    folder : path
    start : path, optional
        The weights file that the run began from; the card beside it tells what had been learned before.

    Returns
    -------
    Card
        Its scores are still empty: ``python -m restoration.benchmark card NAME`` measures them.
    """
    recipe, network = run.recipe, run.finished()
    task, preset, _ = name.split("-")
    folder = Path(folder)
    unfinished, path = folder / "unfinished.weights.h5", folder / f"{name}.weights.h5"
    network.save_weights(unfinished)
    os.replace(unfinished, path)
    multiple = networks.stride(network)
    reach = 0 if recipe.sees_all else networks.receptive_radius(network)
    card = Card(
        name=name,
        task=task,
        preset=preset,
        builder=recipe.builder,
        config=recipe.config,
        scale=recipe.scale,
        multiple_of=multiple,
        halo=-(-reach // multiple) * multiple,
        parameters=network.count_params(),
        bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        gflop_per_megapixel=round(networks.gflop_per_megapixel(network), 1),
        trained={
            **run.source(),
            "command": command,
            "steps": run.step,
            "megapixels": round(run.megapixels, 1),
            "hours": round(run.seconds / 3600, 2),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}",
            "before": _before(start) if start else [],
        },
        tested={},
        limits=recipe.limits,
    )
    card.write(folder)
    if (log := run.folder / LOG).exists():  # not yet, where the first minutes are published
        shutil.copyfile(log, card.log_path(folder))
    return card


def _before(start):
    """Return the earlier trainings of a weights file, from its card: name, steps, megapixels and hours of each."""
    name = Path(start).name.removesuffix(".weights.h5")
    trained = json.loads(Path(start).with_name(f"{name}.json").read_text())["trained"]
    return [
        *trained.get("before", []),
        {"name": name} | {key: trained[key] for key in ("steps", "megapixels", "hours")},
    ]
