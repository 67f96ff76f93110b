"""Latent map: all pictures of a set on a plane, and what a decoder draws between them."""

import streamlit as st

from restoration.ui import frame, latent_plane, lesson
from restoration.ui.frame import REMEMBERED

SETS = {"digits": "Digits", "fashion": "Clothes"}
CONTROLS = {"set": "Data set", "network": "Network", "show": "What the plane shows", "samples": "Random samples"}

frame.page("Latent map", "Every picture a point, every point a picture.")
told, tried = st.columns([1.2, 1], gap="large")
with told:
    lesson.idea(
        "An autoencoder with a code of **two numbers** gives each picture a place on a plane, and its decoder draws a "
        "picture for every place: click or drag anywhere. The plain one leaves gaps, for nothing tells it where to put "
        "its codes. The variational one is made to fill the plane around the middle, so that random places make sense."
    )
with tried:
    task = lesson.Task(
        "latent-map",
        "**Try this:** turn on *Random samples* below the plane. You should see strokes that are no digits from the "
        "plain network, digits from the variational one, and the larger confidence beside those.",
    )

first, second, third, fourth = st.columns([1, 1, 2, 1], vertical_alignment="bottom")
with first, lesson.control("set"):
    name = st.segmented_control(
        "Data set", list(SETS), format_func=SETS.get, default="digits", required=True, key="set", **REMEMBERED
    )
with second, lesson.control("network"):
    kind = st.segmented_control(
        "Network",
        list(latent_plane.NETWORKS),
        format_func=latent_plane.NETWORKS.get,
        default="variational",
        required=True,
        key="network",
        **REMEMBERED,
    )
with third, lesson.control("show"):
    shown = st.segmented_control(
        "The plane shows", latent_plane.SHOWN, default="Classes", required=True, key="show", **REMEMBERED
    )
with fourth, lesson.control("more"), st.popover("More", width="stretch"):
    count = st.slider("Clusters", 2, 20, 10, key="clusters", **REMEMBERED)
    lesson.make_lesson(CONTROLS)


def seen(plain, variational):
    task.check(name == "digits" and variational > plain + 0.1)


with frame.sentences():
    latent_plane.explore(latent_plane.map_of(name, kind), kind, shown, count)
with lesson.control("samples"), frame.sentences():
    if st.toggle("Random samples of both networks", key="samples", **REMEMBERED):
        latent_plane.samples(name, seen)
lesson.formula(
    r"\mathcal L = -\,\mathbb E_{q(z\mid x)}\log p(x\mid z) \;+\; "
    r"\tfrac12\sum_j\big(\mu_j^2+\sigma_j^2-1-\log\sigma_j^2\big)",
    "The first term asks for likeness, the second draws the code's distribution, normal with mean $\\mu$ and spread "
    "$\\sigma$, to the standard normal: D. Kingma and M. Welling 2014, *Auto-encoding variational Bayes*, "
    "[arXiv:1312.6114](https://arxiv.org/abs/1312.6114). The plain one has the first term alone (G. Hinton and "
    "R. Salakhutdinov 2006, [doi:10.1126/science.1127647](https://doi.org/10.1126/science.1127647)). Purity: "
    "C. Manning, P. Raghavan and H. Schütze 2008, *Introduction to information retrieval*, chapter 16.",
)
