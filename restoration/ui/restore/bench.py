"""Home: the first photograph, what it needs as switches, and its result behind any of the steps."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.degrade.noise import add_noise
from restoration.image.lab import to_gray
from restoration.image.resample import reduce, resize, shrink
from restoration.image.types import Image
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.pipeline import STEPS, Choice, Number, Pipeline, Step
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.components.photo_opener import photo_opener
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import show_error
from restoration.ui.progress import FAILURES
from restoration.ui.restore.before_after import VIEWER_HEIGHT
from restoration.ui.restore.history import SHARE, comparable_results
from restoration.ui.restore.photo_steps import PhotoSteps, find_result, run_pipeline
from restoration.ui.restore.steps_line import PAGE_OF
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import MAX_MEGAPIXELS, SourcePhoto, UploadedFile, slug

THUMBNAIL_SIDE = 220  # pixels
ORIGINAL = "As it came"


def _old_print() -> Image:
    gray = np.clip(shrink(to_gray(sample("Temple").pixels[:426, :640]), 2), 0, 1)
    return add_noise(0.22 + 0.5 * gray, "gaussian", 12 / 255, seed=1)


def _noisy() -> Image:
    return add_noise(sample("Motorcycle").pixels, "camera", 35 / 255, seed=0)


def _small() -> Image:
    return np.clip(shrink(sample("Cat").pixels[:300, :450], 2), 0, 1)


# Name shown -> the degraded image.
TRIES: dict[str, Callable[[], Image]] = {"An old print": _old_print, "A noisy photo": _noisy, "A small photo": _small}


@lru_cache(maxsize=len(TRIES))
def _try_photo(name: str) -> Photo:
    photo = sample("Cat").with_pixels(np.clip(TRIES[name](), 0, 1).astype(np.float32))
    photo.pixels.flags.writeable = False
    return photo


def invite(place: DeltaGenerator) -> None:
    """Show the place for the first photograph, and a few to try."""
    with place:
        photo_opener("Drop a photograph here, or press to choose one", "upload", key="first-photo", large=True)
        st.caption("It stays on this computer. Or try one of these:")
        with st.container(horizontal=True, gap="xsmall"):
            for name in TRIES:
                with st.container(width=112, gap="xsmall"):
                    st.image(_thumbnail(name), output_format="PNG", width="stretch", alt=name)
                    st.button(name, key=f"try-{slug(name)}", on_click=_open_try, args=(name,), width="stretch")


@lru_cache(maxsize=len(TRIES))
def _thumbnail(name: str) -> bytes:
    pixels = _try_photo(name).pixels
    side = min(pixels.shape[:2])
    first = [(length - side) // 2 for length in pixels.shape[:2]]
    square = pixels[first[0] : first[0] + side, first[1] : first[1] + side]
    return encode_png(reduce(square, THUMBNAIL_SIDE))


def _open_try(name: str) -> None:
    """Open one of them, as a file like a visitor's own."""
    photo = _try_photo(name)
    data, size = photo.to_bytes("PNG"), photo.pixels.nbytes
    st.session_state.uploaded = UploadedFile(data, f"try:{slug(name)}", slug(name), MAX_MEGAPIXELS, size)


def choose_steps(key: str, proposed: Pipeline, linked: bool = True) -> Pipeline:
    """Show each step as a switch with its main control and a link to its page.

    Parameters
    ----------
    key : str
        Of what the steps are for.
    proposed : Pipeline
        What is switched on at first.
    linked : bool
        Whether the links are shown.

    Returns
    -------
    Pipeline
    """
    on = {step.name: step for step in proposed.steps}
    chosen = []
    for name, kind in STEPS.items():
        step = on.get(name, Step(name))
        row = st.container(horizontal=True, vertical_alignment="center", gap="small")
        with row:
            wanted = st.toggle(
                name.capitalize(), name in on, key=f"use-{name}-{key}", help=f"To {kind.help}.", width=150
            )
            value = _main_control(step, key) if wanted else None
            if linked and name in PAGE_OF:
                st.page_link(PAGE_OF[name], label="Open", icon=":material/chevron_right:", icon_position="right")
        if wanted:
            chosen.append(step if value is None else step.with_settings(**{kind.main: value}))
    return Pipeline(chosen)


def _main_control(step: Step, key: str) -> float | str | None:
    """Show the control of the setting that matters most, and return its value; None where it has none."""
    setting = step.kind.setting(step.kind.main)
    label, key = f"{setting.label} of {step.name}", f"main-{step.name}-{key}"
    value = step.settings[setting.name]
    if isinstance(setting, Number):
        share = setting.high <= SHARE
        low, high = (round(100 * setting.low), round(100 * setting.high)) if share else (2, int(setting.high))
        chosen = st.slider(
            label,
            low,
            high,
            round(100 * value) if share else round(value),
            step=5 if share else 1,
            format="%d %%" if share else "x%d",
            key=key,
            label_visibility="collapsed",
            width=220,
        )
        return chosen / 100 if share else float(chosen)
    if isinstance(setting, Choice):
        choices = list(setting.choices())
        return st.selectbox(label, choices, choices.index(value), key=key, label_visibility="collapsed", width=220)
    return None


def describe(pipeline: Pipeline) -> str:
    """Say what the steps have changed.

    Examples
    --------
    >>> describe(Pipeline.parse("denoise; colorize"))
    'Noise taken out, colours guessed'
    """
    text = ", ".join(step.kind.done for step in pipeline.steps if not step.kind.unchanged(step.settings))
    return text[:1].upper() + text[1:] or "Nothing changed"


def choose_compared(source: SourcePhoto, done: Pipeline) -> tuple[Pipeline, str]:
    """Show what the result of some steps can be compared with; return the steps of what was chosen, and its name."""
    choices = {ORIGINAL: Pipeline()}
    if done.steps and find_result(source, done):
        choices |= {f"After {step.name}": Pipeline(done.steps[:n]) for n, step in enumerate(done.steps[:-1], start=1)}
        choices |= comparable_results(source, done)
    if len(choices) == 1:
        return choices[ORIGINAL], ORIGINAL
    name = st.selectbox("Compare the result with", list(choices), key=f"compared-{source.key}-{done.key}")
    return choices[name], name


def show_photo(
    source: SourcePhoto, steps: PhotoSteps, place: DeltaGenerator, before_steps: Pipeline, before_label: str
) -> Photo | None:
    """Show a photograph in the viewer, with the result of its steps where it is there, and return that result.

    Parameters
    ----------
    source : SourcePhoto
    steps : PhotoSteps
    place : container
    before_steps : Pipeline
        Whose result stands before, where it is kept; without steps the photograph as it came.
    before_label : str
        The name of that.
    """
    pipeline = steps.pipeline()
    result = find_result(source, pipeline) if pipeline.steps else None
    with place:
        viewer(
            *_encoded_pair(source, before_steps, pipeline if result else Pipeline()),
            key="home-viewer",
            labels=(before_label.lower(), "after") if result else ("as it came", "as it came"),
            height=VIEWER_HEIGHT,
            alt=f"{source.stem}, before and after" if result else source.stem,
            subject=f"{source.key} {pipeline.key}",
        )
    return result


def _encoded_pair(source: SourcePhoto, before: Pipeline, after: Pipeline) -> tuple[bytes, bytes]:
    """Return the PNGs of what two pipelines gave, both in the size of the second; made once and kept."""
    photos = [find_result(source, pipeline) or source.photo for pipeline in (before, after)]
    size = photos[1].pixels.shape[:2]
    return _png(source, before, photos[0], size), _png(source, after, photos[1], size)


def _png(source, pipeline, photo, size):
    def make():
        pixels = photo.pixels if photo.pixels.shape[:2] == size else np.clip(resize(photo.pixels, *size), 0, 1)
        return encode_png(composite_over_gray(pixels, photo.alpha))

    return session_cache().get_or_compute("png", ("steps", source.key, pipeline.key, size), make, len)


def restore_with_progress(source: SourcePhoto, pipeline: Pipeline, place: DeltaGenerator) -> None:
    """Run a pipeline in a place (``st.empty()``), with a progress that names the step and can be cancelled."""
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.empty()
        st.button("Cancel", on_click=_cancel, icon=":material/close:")
    try:
        run_pipeline(source, pipeline, bar)
        bar.progress(1.0, "Making the pictures to compare")
        _encoded_pair(source, Pipeline(), pipeline)
    except FAILURES as error:
        _cancel()
        with place:
            show_error(error)
        return
    _cancel()
    st.rerun()


def _cancel() -> None:
    st.session_state.pop("restoring", None)
