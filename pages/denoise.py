"""Denoise: a noisy photograph, or a clean one with noise added, so that the truth is known."""

import streamlit as st

from restoration.image.checks import blend_strength
from restoration.image.types import Image
from restoration.inference.card import BASELINE, card_for
from restoration.tasks.denoise import conditioning, denoise
from restoration.ui import upload
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore import denoise_controls
from restoration.ui.restore.before_after import show_before_after
from restoration.ui.restore.feature_map_view import FEATURE_MAPS, show_feature_maps
from restoration.ui.restore.model_card import show_model_card
from restoration.ui.restore.page_layout import choose_preset, choose_self_ensemble, restoration_page
from restoration.ui.restore.page_step import open_step
from restoration.ui.restore.residual_view import show_residual
from restoration.ui.restore.restoration_job import RestorationJob, find_restoration, run_job
from restoration.ui.restore.status_line import describe_restoration, show_status

METHODS, RESIDUAL, CARD = "Beside the classical methods", "How sure is it", "Model card"

layout = restoration_page("Denoise", "Takes the noise out and leaves the photograph.")
source_column, noise_column, network_column = layout.controls.columns([1.3, 1, 1], gap="large")

with source_column:
    source, add_noise = upload.choose_photo_and_mode("My photo is noisy", key="mode")
page_step = open_step("denoise", source, layout, denoise_controls.set_widgets, carried=not add_noise)
source = page_step.given
image, alpha = source.photo.pixels, source.photo.alpha

with noise_column:
    truth: Image | None = None
    if add_noise:
        truth, sigma = image, None
        noisy, image_key = denoise_controls.choose_noise().apply(truth, source.key)
    else:
        noisy, image_key = image, source.key
        sigma = denoise_controls.choose_sigma(noisy, image_key)

with network_column:
    preset = choose_preset("denoise", "preset", "best", "*best* keeps most detail, *fast* takes less time")
    strength = (
        st.slider(
            "Strength",
            0,
            100,
            100,
            format="%d %%",
            key="strength",
            help="How much of the result is mixed into the picture: at 0 % it stays as it came.",
            **REMEMBERED,
        )
        / 100
    )
    with st.popover("More"):
        ensemble = choose_self_ensemble("denoise-ensemble")
        if add_noise:
            denoise_controls.choose_seed()
        upload.choose_max_megapixels()

job = RestorationJob(
    noisy,
    image_key,
    settings=(preset, sigma, ensemble),
    restore=lambda image, progress: denoise(image, sigma, preset=preset, ensemble=ensemble, progress=progress),
    action="Denoising",
    input_name="noisy",
    alpha=alpha,
)
restoration = find_restoration(job)

with layout.viewer:
    show_before_after(
        job,
        restoration,
        key="viewer",
        strength=strength,
        removed=True,
        labels=("noisy", "denoised"),
        alt=f"{source.stem}, noisy and denoised",
    )

page_step.finish(
    restoration,
    {"strength": strength, "sigma": sigma, "preset": preset, "ensemble": ensemble},
    suffix="denoised",
    finish=(lambda image: blend_strength(noisy, image, strength)) if strength < 1 else None,
)

view = st.segmented_control(
    "Look closer",
    [METHODS, RESIDUAL, FEATURE_MAPS, CARD],
    key="closer",
    bind="query-params",
    label_visibility="collapsed",
)
if view == CARD:
    show_model_card(card_for("denoise", preset))

if restoration:
    level = denoise_controls.estimated_sigma(noisy, image_key)
    if sigma is None and preset != BASELINE:  # the baseline removes detail too, so its residual is no noise
        level = max(level, denoise_controls.residual_sigma(noisy, restoration.image, job.key))
    finding = denoise_controls.describe_noise(level)
    show_status(layout.status, *describe_restoration(job, restoration, finding=finding, strength=strength, truth=truth))
    if view == METHODS:
        denoise_controls.compare_denoisers(noisy, truth, image_key, level, alpha)
    elif view == RESIDUAL:
        show_residual(noisy, restoration.image, job.key, alpha)
    elif view == FEATURE_MAPS:
        show_feature_maps("denoise", preset, noisy, image_key, conditioning(sigma))
    page_step.run_rest()
else:
    run_job(job, layout.status)
