"""A small denoiser that learns while the page shows it, and what it makes of noise that it never saw."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import live_denoiser
from restoration.explore.laboratory import Laboratory
from restoration.explore.live_denoiser import Denoised, DenoiserSettings, learn_to_denoise
from restoration.ui.components.bars import Measure
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED

SLOT = "live-denoiser"
NOISES = {"normal": "Normal noise", "salt and pepper": "White and black points", "holes": "A hole", "none": "No noise"}
METHODS = {"given": "With the noise", "autoencoder": "Autoencoder", "pca": "PCA", "median": "Median filter"}
LOSSES = {
    "mean_squared_error": "squared error",
    "mean_absolute_error": "absolute error",
    "binary_crossentropy": "cross entropy",
}
DOWN = {"stride": "strided convolutions", "pool": "convolutions and pooling"}
UP = {"transpose": "transposed convolutions", "upsample": "upsampling and convolutions"}
CODE_SIZES = (8, 16, 32, 64, 128)
POINTS = (500, 1000, 3000, 5000)
MOST_NUMBERS = 4_000_000  # in all training images together
SHOWN = 10


def choose_noise() -> tuple[str, float]:
    """Show the noise to learn from and return its kind and level."""
    left, right = st.columns(2, vertical_alignment="bottom")
    noise = left.selectbox(
        "Noise to learn from", live_denoiser.NOISES, format_func=NOISES.__getitem__, key="learned-noise", **REMEMBERED
    )
    level = right.slider("Level", 0.1, 0.9, 0.5, 0.1, key="learned-level", **REMEMBERED)
    return noise, level


def choose_rest(chosen: ChosenDataset, noise: str, level: float) -> DenoiserSettings:
    """Show the other settings and return all."""
    code_size = st.select_slider("Numbers in the code", CODE_SIZES, 32, key="denoiser-code", **REMEMBERED)
    down = st.selectbox("Smaller by", DOWN, format_func=DOWN.__getitem__, key="downscaling", **REMEMBERED)
    up = st.selectbox("Larger by", UP, format_func=UP.__getitem__, key="upscaling", **REMEMBERED)
    loss = st.selectbox("Loss", LOSSES, format_func=LOSSES.__getitem__, key="denoiser-loss", **REMEMBERED)
    points = st.select_slider("Training pictures", POINTS, 3000, key="denoiser-points", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="denoiser-seed", **REMEMBERED)
    most = max(100, MOST_NUMBERS // int(np.prod(chosen.data.shape)))
    points = min(points, chosen.data.train_count, most)
    return DenoiserSettings(noise, level, int(code_size), down, up, loss, points, int(seed))


def current(chosen: ChosenDataset, settings: DenoiserSettings) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    begin = partial(learn_to_denoise, chosen.data, settings)
    return laboratory_views.laboratory(SLOT, (chosen.key, settings), begin, live_denoiser.EPOCHS)


def show(
    live: Laboratory, chosen: ChosenDataset, settings: DenoiserSettings, on_found: Callable[[Denoised, str], None]
) -> None:
    """Show what was found so far, and go on while it trains.

    Parameters
    ----------
    live : Laboratory
    chosen : ChosenDataset
    settings : DenoiserSettings
    on_found : callable
        ``on_found(denoised, noise)`` each time, with the noise that is shown.
    """
    tested = st.segmented_control(
        "Test it with", list(NOISES), format_func=NOISES.__getitem__, default=settings.noise, required=True,
        key=f"tested-noise-{settings.noise.replace(' ', '-')}", **REMEMBERED,
    )  # fmt: skip

    def draw(state):
        found = state.found
        if found:
            on_found(found, tested)
        laboratory_views.progress(state, f"{settings.points} training pictures, seed {settings.seed}")
        if not found:
            laboratory_views.show_data(chosen.data)
            return
        results, psnr = found.results[tested], found.psnr[tested]
        rows = [GalleryRow("New pictures, as they are", found.images[:SHOWN])]
        for method, title in METHODS.items():
            label = f"{title}: PSNR {psnr[method]:.1f} dB" if psnr[method] < 100 else title
            tint = "accent" if method == "autoencoder" else ""
            rows.append(GalleryRow(label, np.clip(results[method][:SHOWN], 0, 1), tint=tint))
        gallery(rows, key="denoised", alt="Pictures, with noise, and what each method makes of them", tile=72)
        left, right = st.columns([1.4, 1], gap="medium")
        with left:
            _numbers(found, settings)
        with right:
            laboratory_views.chart(
                {LOSSES[settings.loss]: (range(1, len(found.losses) + 1), found.losses)},
                "loss while training",
                key="denoiser-loss",
                across="epoch",
            )

    laboratory_views.follow(live, draw)


def _numbers(found, settings):
    measures = [
        Measure(
            title + (" (learned)" if noise == settings.noise else ""),
            {METHODS[method]: min(found.psnr[noise][method], 99.0) for method in live_denoiser.METHODS},
            "{:.2f}",
        )
        for noise, title in NOISES.items()
    ]
    laboratory_views.results("PSNR, dB", measures, "denoiser.csv")
    st.caption(
        f"PSNR in dB on {len(found.images)} new pictures. PCA keeps as many numbers as the code, and is that of the "
        f"clean pictures; the median filter takes the middle value of {live_denoiser.MEDIAN} x {live_denoiser.MEDIAN} "
        "pixels. A PSNR of 99 dB is no difference at all."
    )
