"""Repair: scratches, creases, dust and missing pieces found and filled, and whatever else the brush marks."""

from functools import partial

import streamlit as st

from restoration.inference.card import card_for
from restoration.pipeline import Pipeline
from restoration.tasks.repair_presets import COMPLETION, DAMAGE, TASK, offered_presets
from restoration.ui import upload
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore import repair_views
from restoration.ui.restore.before_after import show_before_after, show_image
from restoration.ui.restore.feature_map_view import FEATURE_MAPS, show_feature_maps
from restoration.ui.restore.model_card import show_model_card
from restoration.ui.restore.page_layout import preset_label, restoration_page
from restoration.ui.restore.page_step import open_step
from restoration.ui.restore.photo_download import show_download
from restoration.ui.restore.repair_mask import MaskStrokes
from restoration.ui.restore.repair_views import FOUND, PAINTED, RepairInput, RepairRequest
from restoration.ui.restore.restoration_job import RestorationJob, find_restoration, run_job
from restoration.ui.restore.status_line import describe_restoration, show_status

METHODS, CARD = "Beside the classical methods", "Model card"
RESULT, MARKING = "Result", "What is filled"
NO_MASK = (0.0,)  # the conditioning of a pixel that is not filled

layout = restoration_page(
    "Repair", "Finds scratches, creases, dust and missing pieces, and fills them. What it fills in is invented."
)
presets = offered_presets()
if "best" not in presets or not repair_views.can_find():
    source = upload.choose_photo()
    layout.line.caption(layout.lead)
    with layout.viewer:
        show_image(source.photo.pixels, source.key, key="viewer", label="as it came", alpha=source.photo.alpha)
    with layout.download:
        show_download(source, None, Pipeline(), suffix="repaired")
    st.info("The networks that repair are not part of this installation.")
    st.stop()
source_column, fill_column, view_column = layout.controls.columns([1.3, 1, 1], gap="large")

with source_column:
    source, damage_first = upload.choose_photo_and_mode("My photo is damaged", key="repair-mode")
page_step = open_step("repair", source, layout, partial(repair_views.set_widgets, source.key), carried=not damage_first)
alpha = source.photo.alpha

with fill_column:
    fill = st.segmented_control(
        "Fill", [FOUND, PAINTED], default=FOUND, required=True, key="fill", help=repair_views.FILL_HELP, **REMEMBERED
    )
    percent = st.slider(
        "Sensitivity",
        0,
        100,
        50,
        format="%d %%",
        key="sensitivity",
        disabled=fill == PAINTED,
        help="Higher finds fainter damage, and takes more of the picture for damage.",
        **REMEMBERED,
    )

with source_column:
    if damage_first and fill == FOUND:
        given = repair_views.damage_sample(source.photo.pixels, source.key)
    else:
        given = RepairInput(source.photo.pixels, source.key)
name = "damaged" if given.truth is not None else "as it came"
strokes = MaskStrokes(f"{given.key}:{fill}")
with view_column:
    view = st.segmented_control(
        "Show", [RESULT, MARKING], default=RESULT, required=True, key="repair-view", **REMEMBERED
    )
    if view == MARKING:
        st.caption("Paint over what shall be filled too, or be spared.")
    with st.popover("More"):
        preset = st.selectbox("Network", presets, key="repair-preset", format_func=preset_label, **REMEMBERED)
        repair_views.choose_damage()
        st.button("Take all strokes back", on_click=strokes.clear, disabled=not strokes.strokes)
        upload.choose_max_megapixels()

request = RepairRequest(percent / 100 if fill == FOUND else None, strokes.strokes)
job = RestorationJob(
    given.image,
    given.key,
    settings=(preset, request),
    restore=lambda image, progress: repair_views.repair_image(image, given, request, preset, progress),
    action="Repairing",
    input_name="damaged",
    alpha=alpha,
)
restoration, mask = find_restoration(job), repair_views.known_mask(given, request)

with layout.viewer:
    if view == MARKING and mask is not None:
        repair_views.show_mask(given, mask, strokes, alpha)
    elif view == MARKING:
        show_image(given.image, given.key, key="viewer", label=name, alpha=alpha)
    else:
        show_before_after(
            job,
            restoration,
            key="viewer",
            labels=(name, "repaired"),
            alt=f"{source.stem}, {name} and repaired",
        )

page_step.finish(restoration, {**request._asdict(), "preset": preset}, suffix="repaired")

closer = st.segmented_control(
    "Look closer",
    [METHODS, FEATURE_MAPS, CARD],
    key="repair-closer",
    bind="query-params",
    label_visibility="collapsed",
)
if closer == CARD:
    show_model_card(card_for(TASK, COMPLETION[preset]))
    show_model_card(card_for(TASK, DAMAGE))

if mask is not None and (restoration or view == MARKING):
    finding, details = repair_views.describe_mask(given, request, mask), ""
    if restoration:
        finding, details = describe_restoration(job, restoration, finding=finding, truth=given.truth)
    show_status(layout.status, finding, details)
    if closer == METHODS:
        repair_views.compare_inpainters(given, mask, request, alpha)
    elif closer == FEATURE_MAPS:
        show_feature_maps(TASK, COMPLETION[preset], given.image, given.key, NO_MASK)
    if restoration:
        page_step.run_rest()
elif view == MARKING:
    repair_views.run_search(given, layout.status)
else:
    run_job(job, layout.status)
