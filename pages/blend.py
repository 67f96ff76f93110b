"""Blend: two images mixed by their pixels, and by their codes."""

import streamlit as st

from restoration.explore import interpolation
from restoration.inference.fair_lock import inference_lock
from restoration.ui import frame, lesson
from restoration.ui.explore import blend_images, blend_views
from restoration.ui.frame import REMEMBERED

TWO, FOUR = "Two pictures", "Four corners"
CONTROLS = {"set": "Data set", "mode": "Two or four", "pictures": "Pictures", "weight": "Weight", "more": "More"}

frame.page("Blend", "Two pictures mixed: their pixels, or their codes.")
lesson.idea(
    "Mix the **pixels** of two pictures and both show through each other, like a double exposure. Mix their **codes**, "
    "the few numbers that an autoencoder keeps of each, and its decoder draws something between them. The number under "
    "a picture (photographs have none) is its distance to the nearest one that the network has learned from."
)
shown, chosen = st.container(), st.container()
task = lesson.Exercise(
    "blend",
    "**Try this:** of the digits, take a 3 and an 8 and move the weight to the middle. You should see two ghosts by "
    "content, one digit by representation, and the smaller number under it.",
)

with chosen:
    left, middle, right = st.columns([1.6, 1, 0.5], vertical_alignment="bottom")
    with left, lesson.control("set"):
        name = st.segmented_control(
            "Data set",
            list(blend_images.TITLES),
            format_func=blend_images.TITLES.__getitem__,
            default="digits",
            required=True,
            key="data",
            **REMEMBERED,
        )
    with middle, lesson.control("mode"):
        mode = st.segmented_control("What to blend", [TWO, FOUR], default=TWO, required=True, key="mode", **REMEMBERED)
    with right, lesson.more(CONTROLS):
        path = st.segmented_control(
            "Way between the codes", interpolation.PATHS, default="line", required=True, key="path", **REMEMBERED
        )
        blend_images.choose_seed()
    if name == "photos":
        blend_images.uploader()
    names, draw = blend_images.choose(name, 2 if mode == TWO else 4)


def check(weight, distances):
    near = abs(weight - 0.5) <= 0.1
    task.check(name == "digits" and {"3", "8"} <= set(names) and near and distances[1] < distances[0])


with shown, frame.show_errors(), inference_lock.hold():
    ends = blend_views.endpoints(name, draw(), path)
    if mode == TWO:
        blend_views.steps(ends, check)
    else:
        blend_views.corners(ends)
    with chosen:
        blend_views.downloads(ends)
lesson.formula(
    r"\underbrace{(1-w)\,x_1 + w\,x_2}_{\text{content}} \qquad "
    r"\underbrace{D\big((1-w)\,E(x_1) + w\,E(x_2)\big)}_{\text{representation}}",
    "$E$ is the encoder, $D$ the decoder, $w$ the weight. On the *sphere* the codes go along the arc between them, for "
    "codes of many normal numbers lie near a sphere (T. White 2016, *Sampling generative networks*, "
    "[arXiv:1609.04468](https://arxiv.org/abs/1609.04468)). The autoencoder is variational: D. Kingma and M. Welling "
    "2014, [arXiv:1312.6114](https://arxiv.org/abs/1312.6114); blending digits by their codes: G. Hinton and "
    "R. Salakhutdinov 2006, [doi:10.1126/science.1127647](https://doi.org/10.1126/science.1127647).",
)
