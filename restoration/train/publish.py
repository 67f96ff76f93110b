"""From a finished training to weights and card."""

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from restoration import networks
from restoration.inference.card import Card
from restoration.paths import WEIGHTS
from restoration.train.recipe import Recipe, ScheduledRecipe

if TYPE_CHECKING:
    from restoration.train.loop import Training


def publish(training: "Training", folder: str | Path = WEIGHTS) -> Card:
    """Write the weights of a training, their card, and the log of what it took.

    Parameters
    ----------
    training
    folder

    Returns
    -------
    Card
        Its scores are still empty: ``python -m restoration.benchmark card NAME`` measures them.
    """
    recipe, network, folder = training.recipe, training.published_network(), Path(folder)
    task, preset, _ = recipe.name.split("-")
    unfinished, path = folder / "unfinished.weights.h5", folder / f"{recipe.name}.weights.h5"
    network.save_weights(unfinished)
    halve_precision(unfinished)
    os.replace(unfinished, path)
    multiple = networks.stride(network)
    reach = 0 if recipe.whole_image else receptive_radius(recipe.builder, recipe.config)
    card = Card(
        name=recipe.name,
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
            **training.trained(),
            "licence": recipe.licence,
            "degradation": recipe.degradation,
            "seed": recipe.seed,
            **repetition(recipe, training.weights, hours=training.hours),
            "steps": training.step,
            "megapixels": round(training.megapixels, 1),
            "hours": round(training.seconds / 3600, 2),
            "machine": machine(),
            "before": _before(start_weights(recipe, training.weights)) if recipe.start else [],
        },
        tested={},
        limits=recipe.limits,
    )
    card.write(folder)
    if training.log_file.exists():  # not yet, where the first minutes are published
        shutil.copyfile(training.log_file, card.log_path(folder))
    return card


def halve_precision(path: str | Path) -> None:
    """Rewrite a file of weights in float16, half as large; Keras computes with them in float32 as before.

    It cost `denoise-fast-9` at most 0.003 dB (weights/trials.md).

    Raises
    ------
    ValueError
        If a weight is beyond the range of float16, 65504.
    """
    unfinished = Path(path).with_suffix(".half")
    with h5py.File(path) as whole, h5py.File(unfinished, "w") as half:

        def rewrite(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Dataset):
                values = item[()]
                if values.dtype == np.float32:
                    with np.errstate(over="ignore"):  # told below
                        values = values.astype(np.float16)
                    if not np.isfinite(values).all():
                        raise ValueError(f"{name} holds weights beyond the range of float16, 65504.")
                target = half.create_dataset(name, data=values)
            else:
                target = half.require_group(name)
            target.attrs.update(item.attrs)

        half.attrs.update(whole.attrs)
        whole.visititems(rewrite)
    os.replace(unfinished, path)


def receptive_radius(builder: str, config: dict[str, Any]) -> int:
    """Return how far a network's influence reaches, measured on one of its shape with a single channel at each width.

    The reach is the same, and takes seconds to measure where the widths would take minutes.

    Parameters
    ----------
    builder, config
        As of `ScheduledRecipe`.
    """
    builders: Mapping[str, Any] = networks.BUILDERS
    return networks.receptive_radius(builders[builder](**config | {"widths": [1] * len(config["widths"])}))


def repetition(recipe: Recipe, folder: str | Path = WEIGHTS, *, hours: float | None = None) -> dict[str, Any]:
    """Return what a card says about repeating the training.

    Parameters
    ----------
    recipe
    folder
        Of the weights.
    hours
        That were asked for, where these are not the recipe's.

    Returns
    -------
    dict
        ``command``, or ``not_repeatable``: why no command can repeat it; and ``differences`` of the published training
        from what the command does today, if there are any.
    """
    if isinstance(recipe, ScheduledRecipe) and recipe.start and not weights_path(recipe.start, folder).exists():
        why = f"It went on from {recipe.start}, whose weights are in the project's history alone, not in its files."
        said: dict[str, Any] = {"not_repeatable": why}
    else:
        other = isinstance(recipe, ScheduledRecipe) and hours not in (None, recipe.hours)
        said = {"command": f"{recipe.command} --hours {hours:g}" if other else recipe.command}
    return said | ({"differences": list(recipe.differences)} if recipe.differences else {})


def weights_path(name: str, folder: str | Path = WEIGHTS) -> Path:
    """Return where the weights of a name lie, or would."""
    return Path(folder) / f"{name}.weights.h5"


def start_weights(recipe: ScheduledRecipe, folder: str | Path = WEIGHTS) -> Path:
    """Return the weights file that a recipe starts from.

    Raises
    ------
    FileNotFoundError
        If it is not in the folder.
    """
    path = weights_path(recipe.start, folder)
    if not path.exists():
        raise FileNotFoundError(
            f"{recipe.name} starts from {path.name}, which is not in {path.parent}; take it and its card from the "
            f"project's history: git log --all -- weights/{path.name}"
        )
    return path


def machine() -> str:
    """Return what a card says of the machine that trained."""
    return f"{os.cpu_count()} cores, {platform.machine()}"


def _before(start):
    """Return the earlier trainings of a weights file, from its card: name, steps, megapixels and hours of each."""
    name = start.name.removesuffix(".weights.h5")
    trained = json.loads(start.with_name(f"{name}.json").read_text())["trained"]
    return [
        *trained.get("before", []),
        {"name": name} | {key: trained[key] for key in ("steps", "megapixels", "hours")},
    ]
