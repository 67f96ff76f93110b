"""The steps of a photograph, whichever page they were done on: kept for the session, with what each of them gave."""

import sys
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.image.types import Progress
from restoration.photo import Photo
from restoration.pipeline import STEPS, Pipeline, Plan, Step, StepResult, plan
from restoration.ui.progress import run_with_progress
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import SourcePhoto


@dataclass
class PhotoSteps:
    """The steps that were done to one photograph, at most one of each kind, and which of them are switched off."""

    steps: dict[str, Step] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)

    def pipeline(self, before: str | None = None, after: str | None = None) -> Pipeline:
        """Return the steps that are on, in the order in which they are best run.

        Parameters
        ----------
        before, after : str, optional
            Only those before or after the step of this name.
        """
        order = list(STEPS)
        first = 0 if after is None else order.index(after) + 1
        last = len(order) if before is None else order.index(before)
        return Pipeline(self.steps[name] for name in order[first:last] if name in self.steps and name not in self.off)

    def begin(self, key: str, pipeline: Pipeline) -> None:
        """Take a pipeline's steps in the place of these; the page of this photograph then runs them."""
        self.steps, self.off = {step.name: step for step in pipeline.steps}, set()
        st.session_state.restoring = key


def steps_of(source: SourcePhoto) -> PhotoSteps:
    """Return the steps of a photograph; none of a sample's are kept."""
    if not source.uploaded:
        return PhotoSteps()
    return st.session_state.setdefault("photo steps", {}).setdefault(source.key, PhotoSteps())


def find_plan(source: SourcePhoto) -> Plan:
    """Return what a photograph needs; it is measured once and kept."""
    return session_cache().get_or_compute("small", ("plan", source.key), lambda: plan(source.photo), sys.getsizeof)


def find_result(source: SourcePhoto, pipeline: Pipeline) -> Photo | None:
    """Return what a pipeline gave for a photograph, None while it is still to be computed."""
    return session_cache().get("step", _key(source, pipeline)) if pipeline.steps else source.photo


def keep_result(source: SourcePhoto, pipeline: Pipeline, photo: Photo) -> None:
    """Keep what a pipeline gave for a photograph."""
    session_cache().put("step", _key(source, pipeline), photo, photo.pixels.nbytes)


def after_steps(source: SourcePhoto, pipeline: Pipeline, photo: Photo) -> SourcePhoto:
    """Return a photograph behind the steps of a pipeline, with an identity of its own."""
    return replace(source, photo=photo, key=f"{source.key}>{pipeline}") if pipeline.steps else source


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
        if len(steps) == len(pipeline.steps) or not _ends_later(steps):
            keep_result(source, Pipeline(steps), result.photo)
    return results[-1].photo if results else start


def _known_steps(source, pipeline):
    """Return of how many steps from the first the result is kept."""
    for count in range(len(pipeline.steps), 0, -1):
        steps = pipeline.steps[:count]
        whole = count == len(pipeline.steps)
        if (whole or not _ends_later(steps)) and find_result(source, Pipeline(steps)) is not None:
            return count
    return 0


def _ends_later(steps):
    """Tell whether one of the steps does something behind the last one, so that what is between is not the whole."""
    return any(step.kind.at_end for step in steps)


def _key(source, pipeline):
    return source.key, pipeline.to_json()
