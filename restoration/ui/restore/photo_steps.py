"""The steps of a photograph, whichever page they were done on: kept for the session, with what each of them gave."""

import hashlib
import sys
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.image.types import Progress
from restoration.photo import Photo
from restoration.pipeline import FINDINGS, STEPS, Pipeline, Plan, Step, StepResult, plan, suited_network
from restoration.ui.frame import show_error
from restoration.ui.progress import FAILURES, begin_run, run_with_progress
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import SourcePhoto

MOST_UNDO = 50
# In the session: step -> a photograph's key, and the settings of the step as its page has shown them last; None where
# the visitor has asked for the step, so that whatever the controls have is a change.
SHOWN = "shown settings"

State: TypeAlias = tuple[dict[str, Step], frozenset[str]]  # the steps by name, and which are switched off


@dataclass
class PhotoSteps:
    """The steps that were done to one photograph, at most one of each kind, and which of them are switched off.

    Each change can be undone and redone. A step that was removed counts as switched off, too: its page does not do it
    again by itself.
    """

    steps: dict[str, Step] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    undone: list[State] = field(default_factory=list)
    redone: list[State] = field(default_factory=list)
    _pipelines: dict[tuple[str | None, str | None], Pipeline] = field(default_factory=dict)  # until a change

    def pipeline(self, before: str | None = None, after: str | None = None) -> Pipeline:
        """Return the steps that are on, in the order in which they are best run.

        Parameters
        ----------
        before, after : str, optional
            Only those before or after the step of this name.
        """
        if (before, after) not in self._pipelines:
            order = list(STEPS)
            first = 0 if after is None else order.index(after) + 1
            last = len(order) if before is None else order.index(before)
            on = [self.steps[name] for name in order[first:last] if name in self.steps and name not in self.off]
            self._pipelines[before, after] = Pipeline(on)
        return self._pipelines[before, after]

    def change(self, steps: dict[str, Step], off: frozenset[str]) -> None:
        """Take other steps in the place of these, so that it can be undone."""
        self.undone = [*self.undone, (self.steps, self.off)][-MOST_UNDO:]
        self.redone = []
        self._set(steps, off)

    def switch(self, name: str) -> None:
        """Switch a step off, or on again."""
        self.change(self.steps, self.off ^ {name})

    def run(self, name: str, key: str) -> None:
        """Let a page do its step to a photograph of a key, and take it among these as the page's controls have it."""
        if name in self.steps:
            self.switch(name)
        else:
            self.off -= {name}
            st.session_state[SHOWN][name] = key, None

    def remove(self, name: str) -> None:
        """Take a step out."""
        self.change({other: step for other, step in self.steps.items() if other != name}, self.off | {name})

    def undo(self) -> None:
        """Take the last change back."""
        self.redone.append((self.steps, self.off))
        steps, off = self.undone.pop()
        self._set(steps, off | (self.steps.keys() - steps.keys()))  # a page does not do by itself what was taken back

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.undone.append((self.steps, self.off))
        self._set(*self.redone.pop())

    def _set(self, steps: dict[str, Step], off: frozenset[str]) -> None:
        self.steps, self.off = steps, off
        self._pipelines.clear()

    def begin(self, key: str, pipeline: Pipeline) -> None:
        """Take a pipeline's steps in the place of these; the page of this photograph then runs them."""
        self.change({step.name: step for step in pipeline.steps}, frozenset())
        st.session_state.restoring = key


def steps_of(source: SourcePhoto) -> PhotoSteps:
    """Return the steps of a photograph; none of a sample's are kept."""
    if not source.uploaded:
        return PhotoSteps()
    return st.session_state.setdefault("photo steps", {}).setdefault(source.key, PhotoSteps())


def find_plan(source: SourcePhoto, place: DeltaGenerator) -> Plan:
    """Return what a photograph needs; it is measured once, which is said in a place (``st.empty()``), and kept."""

    def measure() -> Plan:
        with place, st.spinner("Looking for what it needs"):
            return plan(source.photo)

    return session_cache().get_or_compute("small", ("plan", source.key), measure, sys.getsizeof)


def find_suited_network(source: SourcePhoto, place: DeltaGenerator) -> tuple[str, str]:
    """Return the preset that a photograph is enlarged by, and why, as `restoration.pipeline.suited_network`.

    It is measured once, which is said in a place (``st.empty()``), and kept. What Home has measured is not measured
    again.
    """

    def measure() -> tuple[str, str]:
        if known := session_cache().get("small", ("plan", source.key)):
            return suited_network(known.__getitem__)
        with place, st.spinner("Looking how clean it is"):
            image = source.photo.on_paper()
            return suited_network(lambda name: FINDINGS[name](image))

    return session_cache().get_or_compute("small", ("suited network", source.key), measure, sys.getsizeof)


def is_proposed(source: SourcePhoto, name: str) -> bool:
    """Tell whether Home has measured that a photograph needs a step."""
    plan = session_cache().get("small", ("plan", source.key))
    return plan is not None and name in [step.name for step in plan.pipeline.steps]


def find_result(source: SourcePhoto, pipeline: Pipeline) -> Photo | None:
    """Return what a pipeline gave for a photograph, None while it is still to be computed."""
    return session_cache().get("step", _key(source, pipeline)) if pipeline.steps else source.photo


def keep_result(source: SourcePhoto, pipeline: Pipeline, photo: Photo) -> None:
    """Keep what a pipeline gave for a photograph."""
    session_cache().put("step", _key(source, pipeline), photo, photo.pixels.nbytes)


def find_given(source: SourcePhoto, before: Pipeline) -> SourcePhoto | None:
    """Return a photograph behind the steps before a page's own, None while that is still to be computed.

    It stays as long as the page works on it, whatever else is kept.
    """
    cache, key = session_cache(), _key(source, before)
    photo = cache.get("before", key) or cache.get("step", key)
    if photo is None:
        return None
    cache.put("before", key, photo, photo.pixels.nbytes)
    digest = hashlib.sha256(before.key.encode()).hexdigest()[:16]
    return replace(source, photo=photo, key=f"{source.key}>{digest}")


def run_pipeline(source: SourcePhoto, pipeline: Pipeline, place: DeltaGenerator) -> Photo:
    """Run a pipeline on a photograph with progress that names the step, from the last step whose result is kept.

    Parameters
    ----------
    source : SourcePhoto
    pipeline : Pipeline
    place : streamlit container
        Made with ``st.empty()``.

    Raises
    ------
    ImageError
        If a step cannot be run.
    """
    done = _known_steps(source, pipeline)
    start = find_result(source, Pipeline(pipeline.steps[:done]))
    assert start is not None
    rest = Pipeline(pipeline.steps[done:])
    doing: list[str] = [rest.steps[0].kind.doing] if rest.steps else []
    results: list[StepResult] = []

    def run(progress: Progress) -> None:
        progress(0, 1)
        results.extend(rest.run_steps(start, progress, on_step=lambda step: doing.append(step.kind.doing)))

    run_with_progress(run, place, lambda: doing[-1])
    for number, result in enumerate(results, start=1):
        steps = pipeline.steps[: done + number]
        if len(steps) == len(pipeline.steps) or not ends_later(Pipeline(steps)):
            keep_result(source, Pipeline(steps), result.photo)
    return results[-1].photo if results else start


def compute_steps(source: SourcePhoto, pipeline: Pipeline, place: DeltaGenerator) -> None:
    """Run a pipeline as `run_pipeline`, with a button that cancels it, then run the page again.

    A cancelled one is not run; the place offers to run it again.
    """
    bar = begin_run(_key(source, pipeline), place)
    if bar is None:
        return
    try:
        run_pipeline(source, pipeline, bar)
    except FAILURES as error:
        with place:
            show_error(error)
        return
    st.rerun()


def ends_later(pipeline: Pipeline) -> bool:
    """Tell whether a step does something behind the last one, so that what is between is not the whole."""
    return any(step.kind.ends_later(step.settings) for step in pipeline.steps if step.kind.at_end)


def _known_steps(source, pipeline):
    """Return of how many steps from the first the result is kept."""
    for count in range(len(pipeline.steps), 0, -1):
        part = Pipeline(pipeline.steps[:count])
        whole = count == len(pipeline.steps)
        if (whole or not ends_later(part)) and find_result(source, part) is not None:
            return count
    return 0


def _key(source, pipeline):
    return source.key, pipeline.key
