"""The cards: what is known about each network, as JSON beside its weights. Read without loading any of them."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar, get_origin

from restoration.image.checks import check_one_of
from restoration.paths import WEIGHTS

BASELINE = "lecture"  # the preset that lectures draw, to learn from


class WeightsError(RuntimeError):
    """Weights or a card that are missing, changed or malformed, said in one sentence."""


class WeightsCard:
    """JSON beside a weights file whose hash it holds: a dataclass with `name` and `sha256`."""

    name: str
    sha256: str

    trained: dict

    @property
    def repetition(self) -> str:
        """How the training is repeated, or why it cannot be, in sentences."""
        if "command" in self.trained:
            again = f"Repeat it: `{self.trained['command']}`."
        else:
            again = f"It cannot be repeated exactly. {self.trained['not_repeatable']}"
        differences = " ".join(self.trained.get("differences", []))
        return f"{again} What was different then: {differences}" if differences else again

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Read a card.

        Raises
        ------
        WeightsError
            If the file cannot be read, or is not a card of this kind and name.
        """
        path = Path(path)
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise WeightsError(f"The card {path.name} cannot be read ({error}). Restore the file.") from error
        card = cls(**cls._checked(path, values))
        try:
            card._check()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsError(f"The card {path.name} has an odd value ({error!r}). Restore the file.") from error
        return card

    @classmethod
    def _checked(cls, path: Path, values: Any) -> dict[str, Any]:
        """Return the values of a card if each has a name and a type that the card has."""
        types: dict[str, Any] = {field.name: get_origin(field.type) or field.type for field in fields(cls)}  # type: ignore[arg-type]
        if not isinstance(values, dict) or values.keys() != types.keys():
            wrong = ", ".join(sorted(values.keys() ^ types.keys())) if isinstance(values, dict) else "all of them"
            raise WeightsError(f"The card {path.name} has missing or unknown keys: {wrong[:200]}. Restore the file.")
        for name, kind in types.items():
            if not isinstance(values[name], (int, float) if kind is float else kind):
                raise WeightsError(f"The card {path.name} has an odd value of {name}. Restore the file.")
        if values["name"] != path.stem:
            raise WeightsError(f"The card {path.name} is that of {values['name'][:100]!r}. Restore the file.")
        return values

    @property
    def order(self) -> tuple:
        """What cards are listed by."""
        return (self.name,)

    def _check(self) -> None:
        """Derive from the card what the pages show; fails where a value cannot be used."""
        _ = self.repetition

    def write(self, folder: Path | str = WEIGHTS) -> Path:
        """Write the card as JSON into the folder and return its path."""
        path = Path(folder) / f"{self.name}.json"
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")  # type: ignore[call-overload]
        installed.cache_clear()
        return path

    def weights(self, folder: Path | str = WEIGHTS) -> Path:
        """Return the path of the weights file once its hash is verified.

        Raises
        ------
        WeightsError
            If the file is missing or is not the one that the card describes.
        """
        path = Path(folder) / f"{self.name}.weights.h5"
        if not path.exists():
            raise WeightsError(f"The weights {path.name} are missing from {path.parent}; install the project again.")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise WeightsError(
                f"The weights {path.name} are not the ones on the card (sha256 {found[:12]}..., expected "
                f"{self.sha256[:12]}...); they were not loaded. Install the project again."
            )
        return path


AnyCard = TypeVar("AnyCard", bound=WeightsCard)


@dataclass(frozen=True)
class Card(WeightsCard):
    """All that is claimed of one network; a test recomputes every claim.

    Parameters
    ----------
    name : str
        ``task-preset-version``; immutable: better weights are a new version.
    task, preset : str
    builder, config : str, dict
        The function of `restoration.networks` that builds it, and its arguments.
    scale : int
        Output pixels per input pixel along one side; the largest, where `config` lists several.
    multiple_of : int
        Height and width of a tile are multiples of this.
    halo : int
        Pixels around a tile that its result depends on: at least the measured receptive field.
    parameters, bytes : int
        Of the network, and of the weights file.
    sha256 : str
        Of the weights file, verified before it is loaded.
    gflop_per_megapixel : float
        Cost of the convolutions for 10^6 input pixels.
    trained : dict
        data, licence, degradation, seed, command, steps, megapixels, hours, machine; before: name, steps, megapixels
        and hours of each version that it went on from; start_share: of the last one's weights in the published;
        not_repeatable: in place of command, why none can repeat it; differences: of the published training from the
        command's.
    tested : dict
        Per test set and noise level (of 255) the mean PSNR in dB before and after.
    limits : str
        Where it fails.
    """

    name: str
    task: str
    preset: str
    builder: str
    config: dict
    scale: int
    multiple_of: int
    halo: int
    parameters: int
    bytes: int
    sha256: str
    gflop_per_megapixel: float
    trained: dict
    tested: dict
    limits: str

    @property
    def scales(self) -> list[int]:
        """Every scale that the network has an output for, in rising order."""
        return sorted(self.config.get("scales", [self.scale]))

    @property
    def order(self) -> tuple:
        """Task, preset and version."""
        return self.task, self.preset, self.version

    @property
    def version(self) -> int:
        """The number at the end of the name."""
        return int(self.name.rsplit("-", 1)[1])

    def _check(self) -> None:
        _ = self.repetition, self.scales, self.version, self.went_on_from()

    def output(self, scale: int) -> int:
        """Return which of the network's outputs enlarges by `scale`."""
        return self.config["scales"].index(scale) if "scales" in self.config else 0

    def log_path(self, folder: Path | str = WEIGHTS) -> Path:
        """Return where the log of the training lies, if it was kept."""
        return Path(folder) / f"{self.name}.jsonl"

    def log(self, folder: Path | str = WEIGHTS) -> list[dict[str, Any]]:
        """Return the lines of the log of the training, each a dict (`restoration.train.loop`); none if unknown."""
        path = self.log_path(folder)
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def learned(self, folder: Path | str = WEIGHTS) -> list[tuple[int, float]]:
        """Return how the training went: (step, dB on photographs that were held back) pairs; none if unknown."""
        return [(line["step"], line["held_back_psnr"]) for line in self.log(folder) if "held_back_psnr" in line]

    def went_on_from(self) -> str:
        """Return a sentence on the versions whose weights the training began from; empty where it began from none."""
        before, kept = self.trained.get("before", []), self.trained.get("start_share", 0)
        told = [f"{one['name']} ({one['steps']} steps, {one['megapixels']:.0f} megapixels)" for one in before]
        sentence = f" It went on from {', before that '.join(reversed(told))}." if told else ""
        if told and kept:
            shares = f"{100 * kept:.0f} % those of {before[-1]['name']}"
            sentence += f" The weights published are {shares}, the rest what it came to."
        return sentence


def models(folder: Path | str = WEIGHTS) -> list[Card]:
    """Return the card of every network that is installed; the files are read once a process.

    Returns
    -------
    list of Card
        Ordered by task, preset and version.
    """
    return list(installed(Card, Path(folder), "*-[0-9]*.json"))


@cache
def installed(kind: type[AnyCard], folder: Path, pattern: str = "*.json") -> tuple[AnyCard, ...]:
    """Return the cards of a folder; one that cannot be read takes out its own network alone, with one warning."""
    cards = []
    for path in sorted(folder.glob(pattern)):
        try:
            cards.append(kind.read(path))
        except WeightsError as error:
            logging.getLogger(__name__).warning("%s Until then its network is not offered.", error)
    return tuple(sorted(cards, key=lambda card: card.order))


def card_for(task: str, preset: str) -> Card:
    """Return the newest card of a task and preset.

    Raises
    ------
    ImageError
        If there is none; the message lists the presets that exist.
    """
    cards = {card.preset: card for card in models() if card.task == task}
    check_one_of(f"The preset to {task}", preset, sorted(cards))
    return cards[preset]


def card_named(name: str) -> Card:
    """Return the card of a name.

    Raises
    ------
    WeightsError
        If there is none; the message lists the names that exist.
    """
    cards = {card.name: card for card in models()}
    if name not in cards:
        raise WeightsError(f"No card is called {name}; there are {', '.join(cards)}.")
    return cards[name]


def presets(task: str) -> list[str]:
    """Return the names of the presets that have a network of their own: in alphabetical order, the baseline last."""
    return sorted({card.preset for card in models() if card.task == task}, key=lambda name: (name == BASELINE, name))
