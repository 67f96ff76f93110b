"""The last results of a session: a small picture of each with its steps; any of them can be shown and compared."""

from dataclasses import dataclass

import streamlit as st

from restoration.image.resample import reduce
from restoration.photo import Photo
from restoration.pipeline import Number, Pipeline, Step
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.restore.photo_steps import PhotoSteps, find_result
from restoration.ui.upload import SourcePhoto

SHARE = 3  # a number whose highest is more is a factor, else a share of 1
MOST_RESULTS, SIDE = 8, 220  # the oldest goes first; pixels of the small picture


@dataclass(frozen=True)
class PastResult:
    """What a pipeline gave for a photograph: the pixels themselves are kept elsewhere, as long as there is memory."""

    number: int
    pipeline: Pipeline
    png: bytes

    @property
    def name(self) -> str:
        """As the visitor reads it."""
        return f"Result {self.number}"


def note_result(source: SourcePhoto, pipeline: Pipeline, photo: Photo) -> None:
    """Take a result among the last ones, where it is a new one."""
    results = st.session_state.setdefault("results", {})
    key = source.key, pipeline.key
    if key not in results:
        number = 1 + max((one.number for (other, _), one in results.items() if other == source.key), default=0)
        png = encode_png(reduce(composite_over_gray(photo.pixels, photo.alpha), SIDE))
        results[key] = PastResult(number, pipeline, png)
    while len(results) > MOST_RESULTS:
        del results[next(iter(results))]


def past_results(source: SourcePhoto) -> list[PastResult]:
    """Return the last results of a photograph, the oldest first."""
    return [one for (key, _), one in st.session_state.get("results", {}).items() if key == source.key]


def comparable_results(source: SourcePhoto, current: Pipeline) -> dict[str, Pipeline]:
    """Return name and pipeline of each result but the current one whose pixels are still kept."""
    return {
        one.name: one.pipeline
        for one in past_results(source)
        if one.pipeline != current and find_result(source, one.pipeline)
    }


def show_history(source: SourcePhoto, steps: PhotoSteps) -> None:
    """Show the last results of a photograph, each with a button that takes its steps; nothing where there is but one.

    One whose pixels are no longer kept is computed again.
    """
    results, current = past_results(source), steps.pipeline()
    if len(results) < 2:
        return
    st.markdown("**Results so far**")
    with st.container(horizontal=True, gap="small"):
        for one in results:
            with st.container(width=150, gap="xsmall"):
                st.image(one.png, output_format="PNG", width=112)
                st.button(
                    one.name,
                    key=f"result-{one.number}-{source.key}",
                    on_click=steps.begin,
                    args=(source.key, one.pipeline),
                    disabled=one.pipeline == current,
                    help=f"Show it again, and compare it with the others: {one.pipeline}",
                )
                st.caption(", ".join(map(_words, one.pipeline.steps)))


def _words(step: Step) -> str:
    """Return a step with the setting that matters most, as its control shows it."""
    setting = step.kind.setting(step.kind.main)
    value = step.settings[setting.name]
    if not isinstance(setting, Number) or value is None:
        return step.name.capitalize()
    shown = f"{100 * value:.0f} %" if setting.high <= SHARE else f"x{value:g}"
    return f"{step.name.capitalize()} {shown}"
