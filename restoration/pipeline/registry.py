"""The steps that there are: one row each, which the parser, the command line, JSON and the pages' controls read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from restoration.image.types import Image, Progress
from restoration.inference.card import Card, card_for, models, presets
from restoration.pipeline.settings import Choice, Hints, Number, PipelineError, Setting, Strokes, Switch, nearest
from restoration.tasks import repair_presets, upscale_presets

Settings = Mapping[str, Any]
Size = tuple[int, int]  # height and width in pixels

ENSEMBLE_RUNS = 8  # of a network, with the self-ensemble
# Seconds on the machine of docs/speed.md, to weigh steps against each other: what a network's convolutions and what
# the work around them takes.
SECONDS_PER_GFLOP, SECONDS_PER_MEGAPIXEL = 1e-3, 0.05


@dataclass(frozen=True)
class StepKind:
    """One row: a step that a pipeline can have.

    Attributes
    ----------
    name : str
    help : str
        One line: what it does.
    doing, done : str
        The same while it runs and afterwards, as a stranger reads it: "Taking the noise out", "noise taken out".
    function : str
        ``module:function`` of the task, called as ``function(image, **settings, progress=progress)``.
    settings : tuple of Setting
    main : str
        The name of the one setting that matters most.
    networks : tuple of (str, str or None)
        Task and preset of the cards of its networks; None where the settings choose.
    card_presets : callable
        ``card_presets(settings)``: the presets of the cards that the settings choose.
    check : callable
        ``check(settings)`` raises ImageError where settings do not go together.
    unchanged : callable
        ``unchanged(settings)``: whether the step is known to change nothing. It is then not run.
    size : callable
        ``size((height, width), settings)`` of the result; raises ImageError where it would be too large.
    seconds : callable
        ``seconds((height, width), settings, cards)``: what it costs, to weigh the progress of several.
    at_end : str
        ``module:function``, if not empty: called as ``function(image, **settings)`` with what the step is given, it
        returns what is done with the image behind the last step, a callable, or None.
    ends_later : callable
        ``ends_later(settings)``: whether `at_end` may return something.
    """

    name: str
    help: str
    doing: str
    done: str
    function: str
    settings: tuple[Setting, ...]
    main: str
    networks: tuple[tuple[str, str | None], ...] = ()
    card_presets: Callable[[Settings], Sequence[str]] = lambda settings: (settings["preset"],)
    check: Callable[[Settings], object] = lambda settings: None
    unchanged: Callable[[Settings], bool] = lambda settings: False
    size: Callable[[Size, Settings], Size] = lambda size, settings: size
    seconds: Callable[[Size, Settings, list[Card]], float] = lambda size, settings, cards: (
        SECONDS_PER_MEGAPIXEL * _megapixels(size)
    )
    at_end: str = ""
    ends_later: Callable[[Settings], bool] = lambda settings: False

    def setting(self, name: str) -> Setting:
        """Return a setting by its name; PipelineError, with the nearest one, if there is none."""
        for setting in self.settings:
            if setting.name == name:
                return setting
        raise PipelineError(
            f"{self.name} has no setting {name!r}; {nearest(name, [setting.name for setting in self.settings])}"
        )

    def run(self, image: Image, settings: Settings, progress: Progress | None = None) -> Image:
        """Run the task on an image, or return that very image where the settings change nothing."""
        if self.unchanged(settings):
            return image
        return _function(self.function)(image, **settings, progress=progress)

    def finisher(self, image: Image, settings: Settings) -> Callable[[Image], Image] | None:
        """Return what is still to be done behind the last step, from what this one is given; None for nothing."""
        return _function(self.at_end)(image, **settings) if self.at_end else None

    def cards(self, settings: Settings) -> list[Card]:
        """Return the cards of the networks that the step runs."""
        return [
            card_for(task, one)
            for task, preset in self.networks
            for one in ([preset] if preset else self.card_presets(settings))
        ]

    @property
    def is_installed(self) -> bool:
        """Whether the networks that it needs are there."""
        there = {(card.task, preset) for card in models() for preset in (card.preset, None)}
        return there >= set(self.networks)


def step_kind(name: str) -> StepKind:
    """Return the row of a name; PipelineError, with the nearest one, if there is none."""
    if not isinstance(name, str) or name not in STEPS:
        raise PipelineError(f"There is no step {name!r}; {nearest(name, STEPS)}")
    return STEPS[name]


def _function(path):
    module, name = path.split(":")
    return getattr(import_module(module), name)


def _megapixels(size):
    return size[0] * size[1] / 1e6


def _network_seconds(size, settings, cards):
    runs = ENSEMBLE_RUNS if settings.get("ensemble") else 1
    gflop = sum(card.gflop_per_megapixel for card in cards) * runs
    return (SECONDS_PER_GFLOP * gflop + SECONDS_PER_MEGAPIXEL) * _megapixels(size)


def _colorize_seconds(size, settings, cards):
    # The network sees the picture at a fixed size, twice where another proposal is asked for.
    return 0.2 * (1 + bool(settings["proposal"])) + 0.25 * _megapixels(size)


def _upscale_seconds(size, settings, cards):
    enlarged = _upscaled_size(size, settings)
    return sum(_enlarging_seconds(size, enlarged, settings, card) for card in cards)


def _enlarging_seconds(size, enlarged, settings, card):
    megapixels = _megapixels(size)
    if card.scale == 1:
        megapixels = _megapixels(enlarged)
    elif enlarged[0] > card.scale * size[0]:  # a network of the smallest scale comes first
        megapixels *= 1 + card.scales[0] ** 2
    runs = ENSEMBLE_RUNS if settings["ensemble"] else 1
    return runs * SECONDS_PER_GFLOP * card.gflop_per_megapixel * megapixels + SECONDS_PER_MEGAPIXEL * _megapixels(
        enlarged
    )


def _upscaled_size(size, settings):
    from restoration.tasks.upscale import size_of_result

    return size_of_result(*size, **{name: settings[name] for name in ("scale", "width", "max_megapixels")})


def _upscaling_networks(settings):
    return upscale_presets.networks_of(settings["preset"], settings["blend"])


def _preset(task, default):
    choices = partial(presets, task)
    return Choice("preset", default, "which network", "Network", choices=choices)


_ENSEMBLE = Switch("ensemble", False, "mean over eight flips and turns: a little better, eight times as slow", "Slow")

# In the order in which they are best run: what is missing first, what makes the picture larger last.
_ROWS = (
    StepKind(
        name="repair",
        help="find scratches, creases, dust and holes, and fill them",
        doing="Filling the damage in",
        done="damage filled in",
        function="restoration.tasks.repair:repair",
        settings=(
            Number(
                "sensitivity",
                0.5,
                "0 fills what is beyond doubt, 1 all that might be damage; with none only strokes are filled",
                "Sensitivity",
                optional=True,
            ),
            Strokes("strokes", (), "of a brush, added to what is filled or spared", "Strokes"),
            Choice("preset", "best", "which network fills", "Network", choices=repair_presets.offered_presets),
        ),
        main="sensitivity",
        networks=((repair_presets.TASK, repair_presets.DAMAGE), (repair_presets.TASK, None)),
        card_presets=lambda settings: (repair_presets.COMPLETION[settings["preset"]],),
        seconds=_network_seconds,
    ),
    StepKind(
        name="denoise",
        help="take the noise, the grain and the blocks of JPEG out",
        doing="Taking the noise out",
        done="noise taken out",
        function="restoration.tasks.denoise:denoise",
        settings=(
            Number("strength", 1.0, "share of the change that is applied", "Strength"),
            Number(
                "sigma", None, "noise level as a share of white; estimated when omitted", "Noise level", optional=True
            ),
            _preset("denoise", "best"),
            _ENSEMBLE,
        ),
        main="strength",
        networks=(("denoise", None),),
        unchanged=lambda settings: settings["strength"] == 0,
        seconds=_network_seconds,
    ),
    StepKind(
        name="tone",
        help="give a faded picture its black, its white and its neutral grays back",
        doing="Bringing the tones back",
        done="tones brought back",
        function="restoration.tasks.tone:tone",
        settings=(
            Number("strength", 1.0, "share of the change that is applied", "Strength"),
            Choice(
                "toning",
                "keep",
                "what becomes of sepia: kept, neutralised, or put back behind the last step",
                "Sepia",
                choices=lambda: ("keep", "neutralise", "put-back"),
            ),
        ),
        main="strength",
        unchanged=lambda settings: settings["strength"] == 0,
        at_end="restoration.tasks.tone:toning_to_put_back",
        ends_later=lambda settings: settings["toning"] == "put-back",
    ),
    StepKind(
        name="colorize",
        help="give a gray picture believable colours",
        doing="Guessing the colours",
        done="colours guessed",
        function="restoration.tasks.colorize:colorize",
        settings=(
            Number("saturation", 1.0, "1 is as vivid as photographs are, 0 gray", "Vividness", high=3.0),
            Number("warmth", 0.0, "1 is warmer, -1 colder", "Warmth", low=-1.0),
            Switch("keep_toning", False, "let the toning of a sepia print shine through", "Keep the toning"),
            Number("proposal", 0, "0 the likeliest colouring, 1 to 3 others", "Proposal", high=3, whole=True),
            Hints("hints", (), "known colours", "Known colours"),
            _preset("colorize", "best"),
        ),
        main="saturation",
        networks=(("colorize", None),),
        seconds=_colorize_seconds,
    ),
    StepKind(
        name="upscale",
        help="make the picture larger",
        doing="Making it larger",
        done="made larger",
        function="restoration.tasks.upscale:upscale",
        settings=(
            Number("scale", 2.0, "times as wide and high", "Scale", low=1.1, high=8.0),
            Number(
                "width",
                None,
                "of the result, in pixels; takes the scale's place",
                "Width",
                low=1,
                high=65535,
                whole=True,
                optional=True,
            ),
            _preset("upscale", "faithful"),
            Number("blend", 0.0, "share of faithful in the result, with the preset photo only", "Blend with faithful"),
            _ENSEMBLE,
            Number(
                "max_megapixels", 100.0, "larger results are refused before the work", "Limit", low=0.001, high=1000.0
            ),
        ),
        main="scale",
        networks=(("upscale", None),),
        card_presets=_upscaling_networks,
        check=_upscaling_networks,
        size=_upscaled_size,
        seconds=_upscale_seconds,
    ),
)
STEPS = {row.name: row for row in _ROWS if row.is_installed}
