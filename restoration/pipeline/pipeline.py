"""Several steps in a row: read from text, JSON or a file, run on a photograph, recorded in the result."""

import json
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from restoration.image.progress_share import split_progress
from restoration.image.types import Image, Progress
from restoration.inference.card import models
from restoration.photo import Photo
from restoration.photo.file_bytes import Source
from restoration.photo.recorded_settings import read_settings
from restoration.pipeline.registry import STEPS
from restoration.pipeline.settings import PipelineError
from restoration.pipeline.step import Step

MOST_STEPS = 50


@dataclass(frozen=True)
class StepResult:
    """The photograph behind one step, and the seconds that the step took."""

    step: Step
    photo: Photo
    seconds: float


@dataclass(frozen=True)
class Pipeline:
    """Steps that are run one after the other.

    Parameters
    ----------
    steps : sequence of Step
    notes : tuple of str
        What a replay has to say: that the weights are others now. Told with the result, too.

    Examples
    --------
    >>> pipeline = Pipeline.parse("denoise strength=0.8; upscale")
    >>> [step.name for step in pipeline.steps], str(pipeline)
    (['denoise', 'upscale'], 'denoise strength=0.8; upscale')
    >>> Pipeline.from_json(pipeline.to_json()) == pipeline
    True
    """

    steps: tuple[Step, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __init__(self, steps: Iterable[Step] = (), notes: Iterable[str] = ()) -> None:
        steps = tuple(steps)
        for step in steps:
            if not isinstance(step, Step):
                raise PipelineError(f"A pipeline holds steps, not {step!r:.60}; write Step(...) or Pipeline.parse.")
        if len(steps) > MOST_STEPS:
            raise PipelineError(f"The pipeline has {len(steps)} steps; the limit is {MOST_STEPS}.")
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "notes", tuple(notes))

    @classmethod
    def parse(cls, text: str) -> "Pipeline":
        """Read steps with semicolons between them: "denoise strength=0.8; tone; upscale scale=2".

        Raises
        ------
        PipelineError
            If a step, setting or value does not exist; the sentence names the nearest one.
        """
        return cls(Step.parse(part) for part in text.split(";") if part.strip())

    @classmethod
    def from_json(cls, text: "str | dict[str, Any]") -> "Pipeline":
        """Read what `to_json` or `record` wrote; also from what that JSON decodes to.

        Raises
        ------
        PipelineError
            If it is no JSON of a pipeline, or a step, setting or value does not exist.
        """
        form = 'write {"steps": [{"name": "denoise", "settings": {"strength": 0.8}}]}.'
        try:
            document = json.loads(text) if isinstance(text, (str, bytes)) else text
        except (ValueError, RecursionError) as error:
            raise PipelineError(f"This is no JSON ({error}); {form}") from None
        if not isinstance(document, dict) or not isinstance(document.get("steps"), list):
            raise PipelineError(f"This JSON is no pipeline; {form}")
        steps, notes = [], []
        for row in document["steps"]:
            known = {"name", "settings", "networks"}
            if not isinstance(row, dict) or not isinstance(row.get("settings", {}), dict) or row.keys() - known:
                raise PipelineError(f"{row!r:.60} in this JSON is no step; {form}")
            steps.append(Step(row.get("name", ""), **row.get("settings", {})))
            notes += _other_weights(steps[-1], row.get("networks"))
        return cls(steps, notes)

    @classmethod
    def from_photo(cls, source: Source | Photo) -> "Pipeline":
        """Read the pipeline that a result's file records, to replay it on the same or on another photograph.

        Parameters
        ----------
        source : str, os.PathLike, bytes, binary file object or Photo
            A file that was saved from the result of `run`, or the result itself. A file that one of the commands for a
            single task has written gives a pipeline of that task.

        Returns
        -------
        Pipeline
            Its `notes` say so where a network is another one than then. With the same networks, the same photograph
            gives the same pixels.

        Raises
        ------
        PipelineError
            If nothing is recorded there, or what is recorded cannot be run.
        PhotoError
            If the file is no readable photograph.
        """
        recorded = source.settings if isinstance(source, Photo) else read_settings(source)
        if recorded is not None and str(recorded.get("task")) in STEPS:
            recorded = {"steps": [_recorded_task(recorded)]}
        if recorded is None or "steps" not in recorded:
            raise PipelineError("This photo does not say what was done to it; give the file of a result.")
        return cls.from_json({"steps": recorded["steps"]})

    @cached_property
    def key(self) -> str:
        """Equal for equal steps: `to_json`, written once."""
        return self.to_json()

    def to_json(self) -> str:
        """Write the steps with all of their settings, so that a later version's defaults change nothing."""
        steps = [{"name": step.name, "settings": dict(step.settings)} for step in self.steps]
        return json.dumps({"steps": steps}, indent=2)

    def record(self) -> dict[str, Any]:
        """Return what a result's file records: the steps, their settings, and the networks with their hashes."""
        steps = [
            {
                "name": step.name,
                "settings": dict(step.settings),
                "networks": {card.name: card.sha256 for card in step.kind.cards(step.settings)},
            }
            for step in self.steps
        ]
        return {"task": "pipeline", "steps": steps}

    def with_step(self, step: Step) -> "Pipeline":
        """Return the pipeline with a step more: before the first one that is better run later."""
        order = list(STEPS)
        place = next(
            (n for n, other in enumerate(self.steps) if order.index(other.name) > order.index(step.name)),
            len(self.steps),
        )
        return Pipeline((*self.steps[:place], step, *self.steps[place:]))

    def size(self, height: int, width: int) -> tuple[int, int]:
        """Return the height and width of the result; ImageError where a step would make the picture too large."""
        return self._sizes(height, width)[-1]

    def seconds(self, height: int, width: int) -> float:
        """Estimate how long a photograph of a size takes, on the machine that docs/speed.md names."""
        return sum(self._costs(height, width))

    def run(
        self,
        photo: Photo,
        progress: Progress | None = None,
        *,
        on_step: Callable[[Step], object] | None = None,
        keep_steps: bool = True,
    ) -> Photo:
        """Run all steps.

        Parameters
        ----------
        photo
        progress
            ``progress(done, total)`` over all steps, each weighing what it is expected to cost; whatever it raises
            cancels the run.
        on_step
            Called with each step before it begins.
        keep_steps
            Keep what each step gave for as long as the result lives, for `steps_of`; it takes as much memory.

        Returns
        -------
        Photo
            With the colour profile, metadata, bits and opacity of the given one. Its `settings` are `record()`, so a
            file that is saved from it says what was done.

        Raises
        ------
        ImageError
            If the result would be too large (before any work), or the memory left is too small.
        """
        results: list[StepResult] = []
        last = StepResult(Step("denoise"), photo, 0.0)
        for last in self.run_steps(photo, progress, on_step=on_step):
            if keep_steps:
                results.append(last)
        result = replace(last.photo, settings=self.record(), notes=(*photo.notes, *self.notes))
        if keep_steps:
            # The last one is the result: a value that held it would keep its own key alive.
            _kept[result] = [(one.step, one.photo if one is not last else None, one.seconds) for one in results]
        return result

    def run_steps(
        self, photo: Photo, progress: Progress | None = None, *, on_step: Callable[[Step], object] | None = None
    ) -> Iterator[StepResult]:
        """Run the steps one by one and give the photograph behind each, as it comes.

        Parameters
        ----------
        photo, progress, on_step
            As in `run`.

        Yields
        ------
        StepResult
            One a step. Where sepia is put back at the end, that counts to the last step.
        """
        height, width = photo.pixels.shape[:2]
        parts = split_progress(progress, self._costs(height, width))
        finishers: list[Callable[[Image], Image]] = []
        for index, (step, part) in enumerate(zip(self.steps, parts, strict=True)):
            if on_step:
                on_step(step)
            began = time.perf_counter()
            if finisher := step.kind.finisher(photo.pixels, step.settings):
                finishers.append(finisher)
            pixels = step.kind.run(photo.pixels, step.settings, part)
            if index == len(self.steps) - 1:
                for finish in reversed(finishers):
                    pixels = finish(pixels)
            photo = photo if pixels is photo.pixels else photo.with_pixels(pixels)
            del pixels
            if part:
                part(1, 1)
            yield StepResult(step, photo, time.perf_counter() - began)

    @staticmethod
    def steps_of(result: Photo) -> list[StepResult]:
        """Return what each step of a run gave, for a viewer that compares any two.

        Parameters
        ----------
        result
            What `run` returned, itself; not another Photo of the same pixels.

        Returns
        -------
        list of StepResult

        Raises
        ------
        PipelineError
            If the photo is no result of `run`, or the run was not to keep its steps.
        """
        if result not in _kept:
            raise PipelineError("The steps of this photo were not kept; run the pipeline with keep_steps=True.")
        return [StepResult(step, photo or result, seconds) for step, photo, seconds in _kept[result]]

    def __str__(self) -> str:
        """Write the pipeline as `parse` reads it."""
        return "; ".join(map(str, self.steps))

    def _sizes(self, height, width):
        sizes = [(height, width)]
        for step in self.steps:
            sizes.append(step.kind.size(sizes[-1], step.settings))
        return sizes

    def _costs(self, height, width):
        sizes = self._sizes(height, width)
        return [
            step.kind.seconds(size, step.settings, step.kind.cards(step.settings))
            for step, size in zip(self.steps, sizes, strict=False)
        ]


_kept: "weakref.WeakKeyDictionary[Photo, list[tuple[Step, Photo | None, float]]]" = weakref.WeakKeyDictionary()


def _other_weights(step, networks):
    """Yield a sentence for each network that a step was run with and would not be run with now."""
    now = {card.name: card.sha256 for card in step.kind.cards(step.settings)}
    if not isinstance(networks, dict) or networks == now:
        return
    installed = {card.name: card.sha256 for card in models()}
    for name, digest in networks.items():
        if now.get(name) != digest:
            why = "whose weights are others now" if name in now else "and would be run with " + ", ".join(now)
            if name not in installed and name not in now:
                why = "which is not installed; it would be run with " + ", ".join(now)
            yield f"The step {step.name} was run with {name!s:.60}, {why}: the result may differ a little."


def _recorded_task(settings):
    """Return the step that a command for a single task has recorded."""
    step = STEPS[settings["task"]]
    names = [setting.name for setting in step.settings]
    known = {name: value for name, value in settings.items() if name in names}
    network = settings.get("network")
    if "preset" not in known and isinstance(network, str) and network.count("-") >= 2:
        known["preset"] = network.split("-")[1]
    return {"name": step.name, "settings": known, "networks": {network: settings.get("sha256")} if network else None}
