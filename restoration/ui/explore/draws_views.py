"""Draws and likelihoods: what codes drawn for one picture decode to, and the two terms that are weighed."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import datasets, likelihoods
from restoration.explore.laboratory import Laboratory
from restoration.explore.likelihoods import TwoVariances, halve_the_variance
from restoration.ui.components.bars import Measure
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.explore import laboratory_views
from restoration.ui.frame import REMEMBERED

SLOT = "live-draws"
VARIANCES = (0.01, 0.02, 0.05, 0.1, 0.2)
CODE_SIZES = (2, 8, 16)


def choose(name: str) -> Laboratory:
    """Show the settings and return the visitor's laboratory of them.

    Parameters
    ----------
    name : str
        Data set.
    """
    first, second, third, fourth = st.columns([1.4, 1, 0.8, 1.6], vertical_alignment="bottom")
    variance = first.select_slider(
        "Variance that the decoder assumes of a pixel", VARIANCES, 0.1, key="variance", **REMEMBERED
    )
    code_size = second.select_slider("Numbers in the code", CODE_SIZES, 8, key="draws-code", **REMEMBERED)
    seed = third.number_input("Seed of the training", 0, 9999, 0, key="draws-seed", **REMEMBERED)
    begin = partial(halve_the_variance, datasets.load(name), variance, code_size=int(code_size), seed=int(seed))
    choices = (name, variance, code_size, seed)
    live = laboratory_views.laboratory(SLOT, choices, begin, likelihoods.EPOCHS)
    with fourth:
        laboratory_views.buttons(SLOT)
    return live


def show(live: Laboratory, on_found: Callable[[TwoVariances], None]) -> None:
    """Show draws and terms of both networks, and go on while they train.

    Parameters
    ----------
    live : Laboratory
    on_found : callable
        ``on_found(two_variances)`` once the training has ended.
    """
    index = st.slider("Picture", 1, likelihoods.DRAWN, 4, key="draws-picture", **REMEMBERED) - 1

    def draw(state):
        found = state.found
        if found and state.ended:
            on_found(found)
        laboratory_views.progress(state, "Two networks from the same weights: the whole variance, and half of it")
        if not found:
            return
        one = min(index, len(found.images) - 1)
        rows = []
        for terms in found.terms:
            draws, mean = terms.draws[one], terms.draws[one].mean(axis=0)
            rows.append(
                GalleryRow(
                    f"Variance {terms.variance:g}: the picture, its code's mean decoded, the average of the draws, "
                    "and eight draws of its code",
                    [found.images[one], np.clip(terms.mean[one], 0, 1), np.clip(mean, 0, 1), *np.clip(draws, 0, 1)],
                )
            )
            rows.append(GalleryRow("drawn from the prior, no picture's code", np.clip(terms.from_prior, 0, 1)))
        gallery(rows, key="draws-decoded", alt="Draws of one picture's code, decoded", tile=80)
        left, right = st.columns([1.5, 1], gap="medium")
        with left:
            _numbers(found, one)
        with right:
            laboratory_views.chart(
                {
                    f"variance {terms.variance:g}": (range(1, terms.spread.shape[1] + 1), np.sort(terms.spread[one]))
                    for terms in found.terms
                },
                "posterior spread of this picture's code; 1 is the prior's",
                key="spread",
                across="number of the code, smallest first",
                top=1.1,
                height=260,
            )

    laboratory_views.follow(live, draw)


def _numbers(found, one):
    terms = {f"variance {each.variance:g}": each for each in found.terms}
    measures = [
        Measure("Squared error", {name: each.squared_error for name, each in terms.items()}, "{:.4f}"),
        Measure("Gaussian (nats)", {name: each.gaussian for name, each in terms.items()}, "{:.1f}"),
        Measure("Bernoulli (nats)", {name: each.bernoulli for name, each in terms.items()}, "{:.1f}"),
        Measure("Divergence (nats)", {name: each.kl for name, each in terms.items()}, "{:.2f}"),
        Measure("Lower bound", {name: -each.gaussian - each.kl for name, each in terms.items()}, "{:.1f}"),
        Measure("This one, Gaussian", {name: each.each[one, 0] for name, each in terms.items()}, "{:.1f}"),
        Measure("This one, Bernoulli", {name: each.each[one, 1] for name, each in terms.items()}, "{:.1f}"),
        Measure("This one, divergence", {name: each.each[one, 2] for name, each in terms.items()}, "{:.2f}"),
    ]
    laboratory_views.results("Network", measures, "draws.csv")
    st.caption(
        "-log p(picture | code) and divergence: means over new pictures, with one draw of each code. The same "
        "drawing has two likelihoods: squared error is the Gaussian one, cross entropy the Bernoulli one. Half the "
        "variance doubles the price of an error: the code then tells more (a larger divergence, narrower draws). "
        "The average of many draws is blurred, and so is what the mean decodes to: where the network cannot know "
        "an edge's place, the average of all places costs the least squared error."
    )
