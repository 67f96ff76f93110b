"""Upscale: a photograph enlarged, or a large one reduced and enlarged again, so that the truth is known."""

from functools import partial

import streamlit as st

from restoration.inference.card import card_for
from restoration.tasks.upscale_presets import networks_of
from restoration.ui import frame, upload
from restoration.ui.restore import upscale_controls
from restoration.ui.restore.before_after import show_before_after, show_image
from restoration.ui.restore.feature_map_view import FEATURE_MAPS, show_feature_maps
from restoration.ui.restore.model_card import show_model_card
from restoration.ui.restore.page_layout import choose_self_ensemble, restoration_page
from restoration.ui.restore.page_step import open_step
from restoration.ui.restore.restoration_job import find_restoration, run_job
from restoration.ui.restore.status_line import describe_restoration, show_status

METHODS, CARD = "Beside every other method", "Model card"

layout = restoration_page("Upscale", "Makes a small picture larger and keeps it sharp.")
source_column, size_column, network_column = layout.controls.columns([1.3, 1, 1], gap="large")

with source_column:
    source, reduce_first = upload.choose_photo_and_mode("My picture is small", key="upscale_mode")
why_network = upscale_controls.suit_preset(source, layout.status) if source.uploaded and not reduce_first else ""
width_before = source.photo.pixels.shape[1]  # no step before changes it
page_step = open_step(
    "upscale", source, layout, partial(upscale_controls.set_widgets, width_before), carried=not reduce_first
)
source = page_step.given

with size_column:
    given = upscale_controls.choose_size(source, reduce_first=reduce_first)
    interpolation = upscale_controls.choose_interpolation()

with network_column:
    preset, blend = upscale_controls.choose_network(why_network)
    with st.popover("More"):
        ensemble = choose_self_ensemble("ensemble")
        upscale_controls.choose_condition()
        upscale_controls.choose_max_megapixels()
        upload.choose_max_megapixels()

if problem := given.problem():
    page_step.show_line()
    with layout.viewer:
        show_image(given.image, given.key, key="viewer", label="as it came", alpha=given.alpha)
        frame.show_error(problem)
    st.stop()
job = upscale_controls.upscale_job(given, preset, blend, ensemble, interpolation)
restoration = find_restoration(job)

with layout.viewer:
    show_before_after(
        job,
        restoration,
        key="viewer",
        labels=(interpolation.lower(), "network"),
        alt=f"{source.stem}, {interpolation} and network",
    )

page_step.finish(
    restoration,
    {**upscale_controls.size_settings(given), "preset": preset, "blend": blend, "ensemble": ensemble},
    suffix=f"{given.width}-wide",
    size=given.size,
)

view = st.segmented_control(
    "Look closer",
    [METHODS, FEATURE_MAPS, CARD],
    key="upscale_closer",
    bind="query-params",
    label_visibility="collapsed",
)
if view == CARD:
    for network in networks_of(preset, blend):
        show_model_card(card_for("upscale", network))

if restoration:
    show_status(layout.status, *describe_restoration(job, restoration, finding=given.describe(), truth=given.truth))
    if view == METHODS:
        upscale_controls.compare_upscalers(given)
    elif view == FEATURE_MAPS:
        show_feature_maps("upscale", preset, given.image, given.key)
    page_step.run_rest()
else:
    run_job(job, layout.status)
