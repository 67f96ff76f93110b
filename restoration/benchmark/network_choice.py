"""The denoisers that a command compares: networks by name, or weights files that are not published yet, and NLM."""

import argparse
import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from restoration.benchmark.images import read_images
from restoration.image.crop import middle
from restoration.image.types import Image
from restoration.inference.card import BASELINE, Card, WeightsError, card_for, card_named, presets

WEIGHTS_SUFFIX = ".weights.h5"
PHOTOGRAPHS = 4  # how many are measured on when the command line names no other number
Denoiser = Callable[[Image, float | None], Image]  # (noisy, sigma in [0, 1] or None for blind) -> restored


class UnpublishedCard(Card):
    """The card of a network whose weights lie in another folder than the published ones."""

    folder: Path

    @classmethod
    def in_folder(cls, folder: Path, **values: Any) -> "UnpublishedCard":
        """Make a card of its fields' values, with its weights in a folder."""
        card = cls(**values)
        object.__setattr__(card, "folder", folder)  # no field: those are the JSON's
        return card

    def weights(self, folder: str | Path | None = None) -> Path:
        """Return the path of the weights once their hash is verified."""
        return super().weights(folder or self.folder)


def card_at(path: str | Path) -> Card:
    """Return the card of a weights file anywhere: the JSON beside it, or made from the recipe of the same name.

    Parameters
    ----------
    path : path
        ``NAME.weights.h5``.

    Raises
    ------
    WeightsError
        If the file is missing, or there is neither a card beside it nor a recipe called NAME.
    """
    path = Path(path)
    name = path.name.removesuffix(WEIGHTS_SUFFIX)
    if not path.is_file():
        raise WeightsError(f"There is no weights file {path}; give the name of a card or the path of a weights file.")
    card_path = path.with_name(f"{name}.json")
    if card_path.exists():
        return UnpublishedCard.in_folder(path.parent, **vars(Card.read(card_path)))
    from restoration import networks
    from restoration.train.recipe import ScheduledRecipe
    from restoration.train.recipes import RECIPES

    recipe = RECIPES.get(name)
    if not isinstance(recipe, ScheduledRecipe):
        raise WeightsError(
            f"Beside {path} lies no card {name}.json, and no recipe that restores is called {name}; add either."
        )
    task, preset, _ = recipe.name.split("-")
    build: Any = networks.BUILDERS[recipe.builder]
    network = build(**recipe.config)
    multiple = networks.stride(network)
    return UnpublishedCard.in_folder(
        path.parent,
        name=name,
        task=task,
        preset=preset,
        builder=recipe.builder,
        config=recipe.config,
        scale=recipe.scale,
        multiple_of=multiple,
        halo=-(-networks.receptive_radius(network) // multiple) * multiple,
        parameters=network.count_params(),
        bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        gflop_per_megapixel=round(networks.gflop_per_megapixel(network), 1),
        trained={},
        tested={},
        limits=recipe.limits,
    )


def named_cards(names: Iterable[str]) -> list[Card]:
    """Return the cards of names, or of paths of weights files; SystemExit with one sentence if there is no such one."""
    try:
        return [card_at(name) if str(name).endswith(WEIGHTS_SUFFIX) else card_named(name) for name in names]
    except WeightsError as error:
        raise SystemExit(str(error)) from None


def chosen_cards(task: str, names: Sequence[str] | None = None) -> list[Card]:
    """Return the cards of networks for a task.

    Parameters
    ----------
    task : str
    names : sequence of str, optional
        Names of cards or paths of weights files; the newest network of each preset but the baseline when omitted.

    Raises
    ------
    SystemExit
        With one sentence, if there is no such network or it is for another task.
    """
    cards = named_cards(names or [card_for(task, preset).name for preset in presets(task) if preset != BASELINE])
    for card in cards:
        if card.task != task:
            raise SystemExit(f"{card.name} is a network to {card.task}; give one to {task}.")
    return cards


def denoising_networks(names: Sequence[str] | None = None) -> dict[str, Denoiser]:
    """Return denoisers, ready to run in float32 so that their figures are the same on every machine.

    Parameters and errors as of `chosen_cards`.
    """
    return {card.name: _network(card) for card in chosen_cards("denoise", names)}


def _network(card):
    from restoration.inference.model import Model
    from restoration.tasks.denoise import conditioning

    model = Model(card, "float32")
    return lambda noisy, sigma=None: model(noisy, conditioning(sigma))


def photographs(chosen: argparse.Namespace, side: int) -> list[Image]:
    """Return the middle squares of the chosen folder's colour images, or of the built-in samples."""
    if chosen.images:
        images = read_images(chosen.images)
    else:
        from restoration.photo.sample_photos import SCORED, sample

        images = [sample(name).pixels for name in SCORED]
    return [middle(image, side) for image in images if image.shape[-1] == 3][: chosen.limit]


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the networks."""
    parser.add_argument(
        "--networks", nargs="+", metavar="NAME", help="names of denoisers' cards, or paths of weights files"
    )


def add_photograph_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose the photographs."""
    parser.add_argument("--images", type=Path, help="folder of clean images (default: the built-in samples)")
    parser.add_argument("--limit", type=int, default=PHOTOGRAPHS, help="use only the first so many colour images")
