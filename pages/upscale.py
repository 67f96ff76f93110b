"""Upscale: the visitor's picture larger, or a large one shrunk on purpose and enlarged again."""

import streamlit as st

from restoration.inference.card import card_for
from restoration.tasks.upscale import upscale
from restoration.ui import frame, upload
from restoration.ui.restore import photo_download, stage, upscale_controls
from restoration.ui.restore.feature_map_view import SEE_INSIDE, see_inside
from restoration.ui.restore.model_card import model_card

BESIDE = "Beside every other method"

frame.page("Upscale", "Makes a small picture larger and keeps it sharp.")
place, status = stage.places()
pick, size, tune = st.columns([1.3, 1, 1], gap="large")

with pick:
    picture, show = upload.choose_photo_and_mode("My picture is small", "Drop a picture", key="upscale_mode")

with size:
    given = upscale_controls.choose(picture, shrink_first=show)
    against = upscale_controls.choose_classical()

with tune:
    told_apart = "*faithful* is for clean pictures, *photo* for soft, noisy or compressed ones"
    preset = stage.choose_network("upscale", "enlarger", "faithful", told_apart)
    left, right = st.columns(2)
    with right, st.popover("More", width="stretch"):
        ensemble = stage.choose_ensemble("ensemble")
        upscale_controls.choose_past()
        upscale_controls.choose_limit()
        upload.choose_max_megapixels()

if problem := given.problem():
    with place:
        stage.show_alone(given.small, given.name, key="viewer", label="as it came", alpha=given.alpha)
        frame.show_error(problem)
    st.stop()
job = stage.Job(
    given.small,
    given.name,
    (preset, ensemble, given.width),
    lambda image, progress: upscale(
        image, None, width=given.width_of(image), preset=preset, ensemble=ensemble, progress=progress
    ),
    "Enlarging",
    against.lower(),
    comparable=lambda image: upscale_controls.classical(image, given.width_of(image), against),
    compared=f"{against} {given.width}",
    alpha=given.alpha,
)
found = stage.outcome(job)

with place:
    stage.show(job, key="viewer", labels=(against.lower(), "network"), alt=f"{picture.stem}, {against} and network")

with left:
    card = card_for("upscale", preset)
    photo_download.download(
        picture,
        lambda: found.restored,
        {"task": "upscale", "network": card.name, "sha256": card.sha256, "scale": given.scale, "ensemble": ensemble},
        suffix=f"{given.width}-wide",
        disabled=found is None,
        size=given.size,
    )

shown = st.segmented_control(
    "Look closer",
    [BESIDE, SEE_INSIDE, "Model card"],
    key="upscale_closer",
    bind="query-params",
    label_visibility="collapsed",
)
if shown == "Model card":
    model_card(card)

if found:
    stage.say(status, stage.in_words(job, found, known=given.in_words(), truth=given.truth))
    if shown == BESIDE:
        upscale_controls.every_method(given)
    elif shown == SEE_INSIDE:
        see_inside("upscale", preset, given.small, given.name)
else:
    stage.work(job, status)
