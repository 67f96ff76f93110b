"""Train a denoiser: a small autoencoder learns to undo one noise before your eyes, and is tested on others."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import dataset_choice, denoiser_views, laboratory_views

CONTROLS = {
    "data": "Data",
    "noise": "Noise to learn from",
    "train": "Start, step, reset",
    "more": "More",
    "test": "Noise to test with",
}

frame.page("Train a denoiser", "A small network learns to undo noise before your eyes.")
task = lesson.introduce(
    "Give an autoencoder a **noisy** picture and ask it for the **clean** one: the code has no room for the noise, "
    "so it learns what pictures look like. It does better than **PCA** with as many numbers, which can only weigh "
    "fixed patterns. But it knows the one noise it has learned from, and can fail at any other, even at none.",
    "train-denoiser",
    "**Try this:** wait for the end; you should see its PSNR 3 dB or more ahead of PCA's. Then test it with "
    "another noise, or with none, until its pictures are worse than those it was given, or than the median "
    "filter's.",
)
first, second, third, fourth = st.columns([1, 2.2, 1.6, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("data"):
    chosen = dataset_choice.choose(below, dataset_choice.IMAGE_SETS, "image-set")
with second, lesson.control("noise"):
    noise, level = denoiser_views.choose_noise()
with fourth, lesson.more(CONTROLS):
    settings = denoiser_views.choose_rest(chosen, noise, level)
live = denoiser_views.current(chosen, settings)
with third, lesson.control("train"):
    laboratory_views.buttons(denoiser_views.SLOT)


def check(found, tested):
    """Light the check once it was ahead of PCA on its noise, and behind on another."""
    own, other = found.psnr[noise], found.psnr[tested]
    task.check(
        own["autoencoder"] >= own["pca"] + 3,
        tested != noise and other["autoencoder"] < max(other["given"], other["median"]),
    )


with lesson.control("test"), frame.show_errors():
    denoiser_views.show(live, chosen, settings, check)
lesson.formula(
    r"\min_{f,\,g}\ \sum_x \ell\big(x,\ g(f(\tilde x))\big), \qquad \tilde x \sim q(\tilde x \mid x)",
    "Encoder *f*, decoder *g*, loss $\\ell$, and *q* the noise: P. Vincent, H. Larochelle, Y. Bengio and "
    "P.-A. Manzagol 2008, *Extracting and composing robust features with denoising autoencoders*, "
    "[doi:10.1145/1390156.1390294](https://doi.org/10.1145/1390156.1390294). Median filter: SciPy; PCA: scikit-learn. "
    "Transposed convolutions here have kernels of a multiple of their stride, without checkerboards: A. Odena et al. "
    "2016, [doi:10.23915/distill.00003](https://doi.org/10.23915/distill.00003).",
)
