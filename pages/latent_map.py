"""Latent map: the images of a set as points on a plane, and what the decoder draws between them."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import draws_views, latent_map_views
from restoration.ui.frame import REMEMBERED

SETS = {"digits": "Digits", "fashion": "Clothes"}
CONTROLS = {
    "set": "Data set",
    "network": "Network",
    "show": "What the plane shows",
    "more": "More",
    "samples": "Random samples",
    "draws": "Draws and likelihoods",
}

frame.page("Latent map", "Every picture a point, every point a picture.")
lesson.idea(
    "An autoencoder with a code of **two numbers** gives each picture a place on a plane, and its decoder draws a "
    "picture for every place: click or drag anywhere. The plain one leaves gaps, for nothing tells it where to put its "
    "codes. The variational one is made to fill the plane around the middle, so that places between make sense too."
)
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    with lesson.control("set", "content"):
        name = st.segmented_control(
            "Data set",
            list(SETS),
            format_func=SETS.__getitem__,
            default="digits",
            required=True,
            key="set",
            **REMEMBERED,
        )
    with lesson.control("network", "content"):
        kind = st.segmented_control(
            "Network",
            list(latent_map_views.NETWORKS),
            format_func=latent_map_views.NETWORKS.__getitem__,
            default="variational",
            required=True,
            key="network",
            **REMEMBERED,
        )
    with lesson.control("show", "content"):
        view = st.segmented_control(
            "The plane shows", latent_map_views.SHOWN, default="Classes", required=True, key="show", **REMEMBERED
        )
    with lesson.more(CONTROLS, "content"):
        clusters = st.slider("Clusters", 2, 20, 10, key="clusters", **REMEMBERED)
plane, below = st.container(), st.container()
with below:
    task = lesson.Exercise(
        "latent-map",
        "**Try this:** turn on *Random samples*. You should see strokes that are no digits from the plain network, "
        "digits from the variational one, and the larger confidence beside those.",
    )


def check(plain, variational):
    task.check(name == "digits" and variational > plain + 0.1)


with plane, frame.show_errors():
    latent_map_views.explore(latent_map_views.latent_map(name, kind), view, clusters)
with lesson.control("samples"), frame.show_errors():
    if st.toggle("Random samples of both networks", key="samples", **REMEMBERED):
        latent_map_views.samples(name, check)
with lesson.control("draws"), frame.show_errors():
    if st.toggle("Draws and likelihoods: the code is a distribution", key="draws", **REMEMBERED):
        weighing = lesson.Exercise(
            "draws",
            "**Try this:** wait for the end and compare both rows of numbers. Half the assumed variance doubles what "
            "an error costs, so you should see the divergence rise by a tenth or more and the squared error fall.",
        )

        def check_draws(found):
            whole, half = found.terms
            weighing.check(half.kl > 1.1 * whole.kl and half.squared_error < whole.squared_error)

        draws_views.show(draws_views.choose(name), check_draws)
lesson.formula(
    r"\mathcal L = -\,\mathbb E_{q(z\mid x)}\log p(x\mid z) \;+\; "
    r"\tfrac12\sum_j\big(\mu_j^2+\sigma_j^2-1-\log\sigma_j^2\big)",
    "The first term asks for likeness, the second draws the code's distribution, normal with mean $\\mu$ and spread "
    "$\\sigma$, to the standard normal: D. Kingma and M. Welling 2014, *Auto-encoding variational Bayes*, "
    "[arXiv:1312.6114](https://arxiv.org/abs/1312.6114). The plain one has the first term alone (G. Hinton and "
    "R. Salakhutdinov 2006, [doi:10.1126/science.1127647](https://doi.org/10.1126/science.1127647)). Purity: "
    "C. Manning, P. Raghavan and H. Schütze 2008, *Introduction to information retrieval*, chapter 16. With normal "
    "pixels of variance $v$ around the decoded picture the first term is the squared error over $2v$ and a constant, "
    "with Bernoulli pixels the cross entropy.",
)
