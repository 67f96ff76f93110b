"""Colorize: believable colours for a gray photograph, and hints for what the network cannot know."""

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
from restoration.ui.restore.photo_download import show_download
from restoration.ui.restore.preview import REDUCED
from restoration.ui.restore.restoration_job import RestorationJob, find_restoration, run_job
from restoration.ui.restore.status_line import show_status

NO_HINT = (0.0, 0.0, 0.0)  # the conditioning of a pixel without a hint
PROPOSALS, UNCERTAINTY, TRUTH, CARD = "Other colourings", "How sure is it", "Beside the truth", "Model card"

download_place, viewer_place, status_place = restoration_page(
    "Colorize", "Gives a gray photograph believable colours. They are invented; its light stays as it is."
)
source_column, hints_column, network_column = st.columns([1, 1.2, 1.1], gap="large")

with source_column:
    source = upload.choose_photo(default_sample="Temple")
    given = colorize_views.prepare_input(source)

with network_column:
    saturation = st.slider("Saturation", 0, 200, 100, format="%d %%", key="saturation", **REMEMBERED) / 100
    warmth = st.slider("Warmth", -100, 100, 0, key="warmth", **REMEMBERED) / 100
    adjustment = ColorAdjustment(saturation, warmth)
    with st.popover("More"):
        preset = choose_preset("colorize", "color-preset", "best", "*best* can be told colours")
        choose_reference()
        upload.choose_max_megapixels()

hints = ColorHints(source.key, given.gray)
takes_hints = preset != "lecture"
request = ColorRequest(preset)
if takes_hints:
    request = ColorRequest(preset, hints.hints, colorize_views.selected_proposal(given))
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

with viewer_place:
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

card = card_for("colorize", preset)
with download_place:
    settings = {"hints": request.hints, "proposal": request.proposal, "saturation": saturation, "warmth": warmth}
    show_download(
        source,
        restoration.image if restoration else None,
        {"task": "colorize", "network": card.name, "sha256": card.sha256, **settings},
        suffix="coloured",
    )

views = [PROPOSALS, UNCERTAINTY, *([TRUTH] if given.truth is not None else []), FEATURE_MAPS, CARD]
view = st.segmented_control("Look closer", views, key="color-closer", bind="query-params", label_visibility="collapsed")
if view == CARD:
    show_model_card(card)

if restoration:
    show_status(status_place, colorize_views.describe_colors(given, request, restoration))
    if view == PROPOSALS:
        colorize_views.show_proposals(given, request, adjustment)
    elif view == UNCERTAINTY:
        colorize_views.show_uncertainty(given, request, restoration.image)
    elif view == TRUTH:
        colorize_views.compare_with_truth(given, restoration)
    elif view == FEATURE_MAPS:
        show_feature_maps("colorize", preset, given.gray, given.key, NO_HINT if takes_hints else ())
else:
    run_job(job, status_place)
