"""Colorize: believable colours for a gray photograph, and hints for what the network cannot know."""

from functools import partial

import streamlit as st

from restoration.inference.card import card_for
from restoration.ui import upload
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore import colorize_views
from restoration.ui.restore.before_after import show_before_after
from restoration.ui.restore.colorize_hints import ColorHints, choose_reference
from restoration.ui.restore.colorize_views import ColorAdjustment, ColorRequest
from restoration.ui.restore.feature_map_view import FEATURE_MAPS, show_feature_maps
from restoration.ui.restore.model_card import show_model_card
from restoration.ui.restore.page_layout import choose_preset, restoration_page
from restoration.ui.restore.page_step import open_step
from restoration.ui.restore.preview import REDUCED
from restoration.ui.restore.restoration_job import RestorationJob, find_restoration, run_job
from restoration.ui.restore.status_line import show_status

NO_HINT = (0.0, 0.0, 0.0)  # the conditioning of a pixel without a hint
PROPOSALS, UNCERTAINTY, TRUTH, CARD = "Other colourings", "How sure is it", "Beside the truth", "Model card"

layout = restoration_page(
    "Colorize", "Gives a gray photograph believable colours. They are invented; its light stays as it is."
)
source_column, hints_column, network_column = layout.controls.columns([1, 1.2, 1.1], gap="large")

with source_column:
    opened = upload.choose_photo(default_sample="Temple")
    page_step = open_step("colorize", opened, layout, partial(colorize_views.set_widgets, opened.key))
    source = page_step.given
    given = colorize_views.prepare_input(source)

with network_column:
    saturation = st.slider("Saturation", 0, 200, 100, format="%d %%", key="saturation", **REMEMBERED) / 100
    warmth = st.slider("Warmth", -100, 100, 0, key="warmth", **REMEMBERED) / 100
    adjustment = ColorAdjustment(saturation, warmth)
    with st.popover("More"):
        preset = choose_preset("colorize", "color-preset", "best", "*best* can be told colours")
        choose_reference()
        upload.choose_max_megapixels()

hints = ColorHints(opened.key, given.gray)
takes_hints = preset != "lecture"
request = ColorRequest(preset)
if takes_hints:
    request = ColorRequest(preset, hints.hints, colorize_views.selected_proposal(opened.key))
job = RestorationJob(
    given.gray,
    given.key,
    settings=(request, adjustment, tuple(given.tone)),
    restore=lambda image, progress: colorize_views.colorize_image(image, given, request, adjustment, progress),
    action="Colorizing",
    input_name="gray",
    preview=REDUCED,
    alpha=source.photo.alpha,
)
restoration = find_restoration(job)

with layout.viewer:
    show_before_after(
        job,
        restoration,
        key="color-viewer",
        labels=("gray", "coloured"),
        alt=f"{source.stem}, gray and coloured",
        marks=hints.marks() if takes_hints else (),
        on_pick=hints.pick if takes_hints else None,
    )

with hints_column:
    if takes_hints:
        hints.show_controls(colorize_views.find_prediction(given, request))

page_step.finish(
    restoration,
    {**request._asdict(), **adjustment._asdict(), "keep_toning": bool(given.tone.any())},
    suffix="coloured",
)

views = [PROPOSALS, UNCERTAINTY, *([TRUTH] if given.truth is not None else []), FEATURE_MAPS, CARD]
view = st.segmented_control("Look closer", views, key="color-closer", bind="query-params", label_visibility="collapsed")
if view == CARD:
    show_model_card(card_for("colorize", preset))

if restoration:
    show_status(layout.status, *colorize_views.describe_colors(given, request, restoration))
    if view == PROPOSALS:
        colorize_views.show_proposals(opened.key, given, request, adjustment)
    elif view == UNCERTAINTY:
        colorize_views.show_uncertainty(given, request, restoration.image)
    elif view == TRUTH:
        colorize_views.compare_with_truth(given, restoration)
    elif view == FEATURE_MAPS:
        show_feature_maps("colorize", preset, given.gray, given.key, NO_HINT if takes_hints else ())
    page_step.run_rest()
else:
    run_job(job, layout.status)
