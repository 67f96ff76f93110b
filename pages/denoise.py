"""Denoise: the visitor's photograph without its noise, or a clean one spoiled on purpose and restored."""

import streamlit as st

from restoration.image.checks import blend_strength
from restoration.inference.card import BASELINE, card_for
from restoration.tasks.denoise import conditions, denoise
from restoration.ui import frame, upload
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore import denoise_controls, photo_download, stage
from restoration.ui.restore.feature_map_view import SEE_INSIDE, see_inside
from restoration.ui.restore.model_card import model_card
from restoration.ui.restore.residual_view import how_sure

frame.page("Denoise", "Takes the noise out and leaves the photograph.")
place, status = stage.places()
pick, spoil, tune = st.columns([1.3, 1, 1], gap="large")

with pick:
    picture, show = upload.choose_photo_and_mode("My photo is noisy", "Drop a photo", key="mode")

with spoil:
    if show:
        truth, sigma = picture.photo.pixels, None
        noisy, name = denoise_controls.choose_spoiling().apply(truth, picture.key)
    else:
        truth, noisy, name = None, picture.photo.pixels, picture.key
        sigma = denoise_controls.choose_sigma(denoise_controls.estimated(noisy, name), name)

with tune:
    preset = stage.choose_network("denoise", "preset", "best", "*best* keeps most detail, *fast* takes less time")
    strength = st.slider(
        "Strength",
        0,
        100,
        100,
        format="%d %%",
        key="strength",
        help="How much of the result is mixed into the picture: at 0 % it stays as it came.",
        **REMEMBERED,
    )
    strength /= 100
    left, right = st.columns(2)
    with right, st.popover("More", width="stretch"):
        ensemble = stage.choose_ensemble("denoise-ensemble")
        denoise_controls.choose_seed()
        upload.choose_max_megapixels()

job = stage.Job(
    noisy,
    name,
    (preset, sigma, ensemble),
    lambda image, progress: denoise(image, sigma, preset=preset, ensemble=ensemble, progress=progress),
    "Denoising",
    "noisy",
    alpha=picture.photo.alpha,
)
found = stage.outcome(job)

with place:
    stage.show(
        job,
        key="viewer",
        strength=strength,
        removed=True,
        labels=("noisy", "denoised"),
        alt=f"{picture.stem}, noisy and denoised",
    )

card = card_for("denoise", preset)
with left:
    settings = {"sigma": sigma, "strength": strength, "ensemble": ensemble}
    photo_download.download(
        picture,
        lambda: blend_strength(noisy, found.restored, strength),
        {"task": "denoise", "network": card.name, "sha256": card.sha256, **settings},
        suffix="denoised",
        disabled=found is None,
    )

shown = st.segmented_control(
    "Look closer",
    ["Beside the classical methods", "How sure is it", SEE_INSIDE, "Model card"],
    key="closer",
    bind="query-params",
    label_visibility="collapsed",
)
if shown == "Model card":
    model_card(card)

if found:
    judged_itself = sigma is None and preset != BASELINE
    level = denoise_controls.judged(noisy, found.restored if judged_itself else None, name, job.key)
    stage.say(
        status, stage.in_words(job, found, known=denoise_controls.in_words(level), strength=strength, truth=truth)
    )
    if shown == "Beside the classical methods":
        denoise_controls.every_method(noisy, truth, name, level, picture.photo.alpha)
    elif shown == "How sure is it":
        how_sure(noisy, found.restored, job.key, picture.photo.alpha)
    elif shown == SEE_INSIDE:
        see_inside("denoise", preset, noisy, name, conditions(sigma))
else:
    stage.work(job, status)
