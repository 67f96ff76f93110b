"""The step of one page among the steps of a photograph: what comes before it, its own result, what comes after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from restoration.image.types import Image
from restoration.photo import Photo
from restoration.pipeline import Pipeline, Step
from restoration.ui.restore.before_after import show_image
from restoration.ui.restore.kept_photo import keep_photo
from restoration.ui.restore.page_layout import PageLayout
from restoration.ui.restore.photo_download import show_download
from restoration.ui.restore.photo_steps import (
    SHOWN,
    PhotoSteps,
    compute_steps,
    ends_later,
    find_given,
    find_result,
    is_proposed,
    keep_result,
    steps_of,
)
from restoration.ui.restore.restoration_job import Restoration
from restoration.ui.restore.steps_line import show_steps_line
from restoration.ui.upload import SourcePhoto


@dataclass
class PageStep:
    """A page's step.

    Parameters
    ----------
    name : str
        A key of `restoration.pipeline.STEPS`.
    source : SourcePhoto
        As it was opened.
    given : SourcePhoto
        Behind the steps before this one: what the page works on.
    steps : PhotoSteps
    carried : bool
        Whether the step counts on other pages, too: of the visitor's photograph, not of one that was degraded for show.
    layout : PageLayout
    """

    name: str
    source: SourcePhoto
    given: SourcePhoto
    steps: PhotoSteps
    carried: bool
    layout: PageLayout
    _rest: Pipeline | None = None  # what `run_rest` runs

    def finish(
        self,
        restoration: Restoration | None,
        settings: Mapping[str, Any],
        *,
        suffix: str,
        finish: Callable[[Image], Image] | None = None,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Show the download of what the photograph's steps gave, this one among them.

        A look at a page adds no step. It is added once the visitor changes it or asks for it, where they opened the
        photograph on this page, and where Home has measured that it is needed.

        Parameters
        ----------
        restoration : Restoration or None
            The page's result, None while it is still to be computed.
        settings : mapping
            Of the step, as it was run.
        suffix : str
            Added to the file's name where no other step was done.
        finish, size
            As of `show_download`.
        """
        image = restoration.image if restoration else None
        if self.carried:
            self._count(settings, is_done=image is not None)
        whole, step = self.steps.pipeline(), self.steps.steps.get(self.name)
        is_preview = image is not None and step is None
        if is_preview:
            step = Step(self.name, **settings)
            whole = whole.with_step(step)
        if self.carried and step and image is not None:
            photo = find_result(self.source, whole)
            if photo is None:
                photo = self._keep(step, finish(image) if finish else image, whole)
                self._rest = None if photo else whole
            image, finish = photo.pixels if photo else None, None
        if len(whole.steps) > 1:
            suffix = "restored"
        self.show_line(is_preview=is_preview)
        with self.layout.download:
            show_download(self.source, image, whole, suffix=suffix, finish=finish, size=size)

    def show_line(self, *, is_preview: bool = False) -> None:
        """Show the steps so far, or of a photograph that is degraded for show what the page does."""
        if self.carried:
            show_steps_line(self.steps, self.name, self.source.key, self.layout, is_preview=is_preview)
        else:
            self.layout.line.caption(self.layout.lead)

    def run_rest(self) -> None:
        """Run the steps behind this one where their result is not there; called after `finish`, last of all."""
        if self._rest:
            compute_steps(self.source, self._rest, self.layout.status)

    def _count(self, settings: Mapping[str, Any], *, is_done: bool) -> None:
        """Take the step among the photograph's once it was run, unless its page was only looked at."""
        pages, key, added = st.session_state[SHOWN], self.source.key, self.steps.steps.get(self.name)
        if pages.get(self.name, ("", None))[0] != key:
            pages[self.name] = key, None if self.source.opened_on == self.name else settings
        if is_done and not (added and added.settings.items() >= settings.items()):
            is_chosen = added or pages[self.name] != (key, settings)
            pages[self.name] = key, settings
            if is_chosen or is_proposed(self.source, self.name):
                step = Step(self.name, **settings)
                self.steps.change({**self.steps.steps, self.name: step}, self.steps.off - {self.name})
                keep_photo()

    def _keep(self, step: Step, image: Image, whole: Pipeline) -> Photo | None:
        """Keep the page's result, and return it where no step comes behind it."""
        own = Pipeline([*self.steps.pipeline(before=self.name).steps, step])
        if ends_later(own) or (own != whole and find_result(self.source, own)):
            return None
        photo = self.given.photo.with_pixels(image)
        keep_result(self.source, own, photo)
        return photo if own == whole else None


def open_step(
    name: str,
    source: SourcePhoto,
    layout: PageLayout,
    set_widgets: Callable[[Mapping[str, Any]], None],
    *,
    carried: bool = True,
) -> PageStep:
    """Begin a page's step: show the steps so far, and find what the page works on; compute it where it is not there.

    Called before the widgets of the step are drawn, since a step that was done elsewhere (on Home, or taken back) sets
    them.

    Parameters
    ----------
    name : str
        A key of `restoration.pipeline.STEPS`.
    source : SourcePhoto
    layout : PageLayout
    set_widgets : callable
        ``set_widgets(settings)`` brings the page's widgets to the settings of a step.
    carried : bool
        Whether the page works on the visitor's photograph, not on one that it has degraded itself.
    """
    carried = carried and source.uploaded
    steps = steps_of(source) if carried else PhotoSteps()
    step, shown = steps.steps.get(name), st.session_state.setdefault(SHOWN, {})
    if step and shown.get(name) != (source.key, step.settings):
        set_widgets(step.settings)
        shown[name] = source.key, step.settings
    before = steps.pipeline(before=name)
    given = find_given(source, before) if before.steps else source
    if given is None or name in steps.off:
        _show_without(name, source, given, steps, layout)
        if given is None:
            compute_steps(source, before, layout.status)
        st.stop()
    return PageStep(name, source, given, steps, carried, layout)


def _show_without(
    name: str, source: SourcePhoto, given: SourcePhoto | None, steps: PhotoSteps, layout: PageLayout
) -> None:
    """Show the photograph without the page's step."""
    show_steps_line(steps, name, source.key, layout)
    shown, whole = given or source, steps.pipeline()
    with layout.viewer:
        show_image(shown.photo.pixels, shown.key, key="viewer", label="without this step", alpha=shown.photo.alpha)
    result = find_result(source, whole) if name in steps.off and whole.steps else None
    with layout.download:
        show_download(source, result.pixels if result else None, whole, suffix="restored")
    if given is None:
        return
    with layout.status.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{name.capitalize()} is switched off.", width="content")
        st.button(f"{name.capitalize()} this photo", type="primary", on_click=steps.run, args=(name, source.key))
