"""The line above the viewer: the steps of the photograph so far, each to be switched off, changed or removed."""

from pathlib import Path

import streamlit as st

from restoration.pipeline import STEPS
from restoration.ui.frame import TASKS
from restoration.ui.restore.page_layout import PageLayout
from restoration.ui.restore.photo_steps import PhotoSteps

HOME = "streamlit_app.py"
PAGE_OF = {Path(file).stem: file for file, *_ in TASKS}


def show_steps_line(steps: PhotoSteps, current: str, key: str, layout: PageLayout, *, is_preview: bool = False) -> None:
    """Show the steps so far in their order, the page's own among them.

    Parameters
    ----------
    steps : PhotoSteps
    current : str
        The page's own step.
    key : str
        Of the photograph.
    layout : PageLayout
    is_preview : bool
        Whether the page shows what its step would do, so that it can be added.
    """
    row = layout.line.container(key="steps-line", horizontal=True, vertical_alignment="center", gap="xsmall")
    with row:
        is_first = True
        for name in STEPS:
            if name in steps.steps or name == current:
                if not is_first:
                    st.markdown(":material/chevron_right:", width="content")
                is_first = False
            if name in steps.steps:
                _show_step(steps, name, key, is_current=name == current)
            elif name == current and is_preview:
                _show_offer(steps, name, key)
            elif name == current:
                st.markdown(f"**{name.capitalize()}**", width="content")
        st.button("Undo", on_click=steps.undo, disabled=not steps.undone, icon=":material/undo:", key="undo-step")
        st.button("Redo", on_click=steps.redo, disabled=not steps.redone, icon=":material/redo:", key="redo-step")


def _show_step(steps: PhotoSteps, name: str, key: str, *, is_current: bool) -> None:
    title, is_on = name.capitalize(), name not in steps.off
    label = title if is_on else f"~~{title}~~"
    with st.popover(f"**:primary[{label}]**" if is_current else label, key=f"step-{name}"):
        widget = f"on-{name}-{key}"
        st.session_state[widget] = is_on
        st.toggle("Switched on", key=widget, on_change=steps.switch, args=(name,))
        st.button("Remove", key=f"remove-{name}", on_click=steps.remove, args=(name,), icon=":material/close:")
        if not is_current:
            st.page_link(PAGE_OF.get(name, HOME), label="Change", icon=":material/chevron_right:")


def _show_offer(steps: PhotoSteps, name: str, key: str) -> None:
    """Show the button that adds a page's step, which it only previews so far."""
    st.button(
        f"Add {name}",
        on_click=steps.run,
        args=(name, key),
        icon=":material/add:",
        key=f"add-{name}",
        help="What this page shows is a preview: the other pages go on without it until it is added, or changed here.",
    )
