"""Home: open a photograph, see what it needs, restore it with one button."""

import streamlit as st

from restoration.pipeline import Pipeline, Plan
from restoration.ui import frame, server
from restoration.ui.restore import bench
from restoration.ui.restore.history import note_result, show_history
from restoration.ui.restore.page_layout import PageLayout, restoration_page
from restoration.ui.restore.photo_download import show_download
from restoration.ui.restore.photo_steps import find_plan, find_result, steps_of
from restoration.ui.upload import SourcePhoto, choose_to_keep


def show_home() -> None:
    """Show the page."""
    layout = restoration_page("Home", "Restores photographs on your own computer.")
    file = st.session_state.get("uploaded")
    if file is None:
        layout.line.caption(layout.lead)
        bench.invite(layout.viewer)
    else:
        layout.line.caption(layout.lead)
        with frame.show_errors():
            show_bench(layout, file.open())


def show_bench(layout: PageLayout, source: SourcePhoto) -> None:
    """Show a photograph, then what it needs, and its result; compute last."""
    steps = steps_of(source)
    done = steps.pipeline()
    if done.steps and (result := find_result(source, done)):
        note_result(source, done, result)
    needs, choices = layout.controls.columns([1, 1.8], gap="large")
    found = needs.container()
    with needs:
        choose_to_keep()
        compared = bench.choose_compared(source, done)
    result = bench.show_photo(source, steps, layout.viewer, *compared)
    with layout.download:
        show_download(source, result.pixels if result else None, done, suffix="restored")
    plan = Plan((), Pipeline(), ())
    with frame.show_errors():
        plan = find_plan(source, layout.status)
    findings = [finding.words for finding in plan.findings]
    with found:
        st.markdown("**What it needs**")
        st.markdown("\n".join(f"- {sentence}" for sentence in findings) or "Nothing was found.")
    with choices:
        st.markdown("**What shall be done**")
        chosen = bench.choose_steps(source.key, done if done.steps else plan.pipeline)
    show_history(source, steps)
    if st.session_state.get("restoring") == source.key and not result:
        bench.restore_with_progress(source, done, layout.status)
        return
    status = layout.status.container(horizontal=True, vertical_alignment="center")
    if not result or chosen != done:
        # Where the eye is: below the photograph at first, then at the steps that were changed.
        (choices if result else status).button(
            "Restore photo",
            type="primary",
            on_click=steps.begin,
            args=(source.key, chosen),
            disabled=not chosen.steps,
            icon=":material/auto_fix_high:",
        )
    status.markdown(f"**{bench.describe(done)}**" if result else " · ".join(findings))


if __name__ == "__main__":  # a visit
    show_home()
else:  # `streamlit run` and `latent-darkroom app` import this file at their start, and serve what they find
    app = st.App(__file__, **server.app_settings(__file__))
