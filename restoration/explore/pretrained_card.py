"""The cards of the small networks, in ``weights/explore/``. Read without loading any of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restoration.inference.card import WEIGHTS, WeightsCard, installed

FOLDER = WEIGHTS / "explore"


@dataclass(frozen=True)
class ExploreCard(WeightsCard):
    """All that is claimed of one small network; a test recomputes every claim.

    Parameters
    ----------
    name : str
        ``purpose-data-...-version``; immutable: better weights are a new version.
    data : str
        The data set whose images it takes.
    config : dict
        Arguments of `restoration.explore.small_autoencoders.build` beside the shape; empty for a classifier.
    parameters, bytes : int
        Of encoder and decoder (or of the classifier), and of the weights file.
    sha256 : str
        Of the weights file, verified before it is loaded.
    trained : dict
        data, licence, command, seed, epochs, pictures (seen in all), minutes, machine.
    tested : dict
        What was measured on the test part: see `restoration.benchmark.explore_scores`.
    limits : str
        What it cannot do.
    """

    name: str
    data: str
    config: dict[str, Any]
    parameters: int
    bytes: int
    sha256: str
    trained: dict[str, Any]
    tested: dict[str, float]
    limits: str


def cards(folder: Path = FOLDER) -> dict[str, ExploreCard]:
    """Return {name: ExploreCard} of every network that is installed, in alphabetical order."""
    return {card.name: card for card in installed(ExploreCard, Path(folder))}


def readme(all_cards: dict[str, ExploreCard]) -> str:
    """Return weights/explore/README.md: what each card says."""
    lines = [
        "# The small networks of the exploration pages",
        "",
        "Made from the cards by `python -m restoration.benchmark.report`; measured by "
        "`python -m restoration.benchmark.explore_scores`: "
        "PSNR in dB and accuracy on the test part of the set, the classifier's confidence in 1000 random samples, "
        "and the distance (root mean square, 0 to 1) of 200 half-way blends to the nearest training picture. The "
        "photographs that blend-photos-1 has learned from are not part of the project: its distances are to the crops "
        "of five others, so they tell nothing of what it has seen.",
        "",
    ]
    for card in all_cards.values():
        trained = card.trained
        lines += [
            f"## {card.name}",
            "",
            f"{_what(card.config)}, {card.parameters / 1e3:.0f} thousand parameters, {card.bytes / 1e6:.1f} MB.",
            "",
            f"- Trained on {trained['data']} ({trained['licence']}): {trained['epochs']} epochs, {trained['pictures']} "
            f"pictures in all, {trained['minutes']:g} minutes on {trained['machine']}.",
            f"- {card.repetition}",
            "- Measured: " + "; ".join(f"{what} {value:g}" for what, value in card.tested.items()) + ".",
            f"- Limits: {card.limits}",
            "",
        ]
    return "\n".join(lines)


def _what(config):
    if not config:
        return "Convolutional classifier"
    return f"{config['kind'].capitalize()} autoencoder, code of {config['code_size']} numbers"
