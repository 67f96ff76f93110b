"""A classifier in a domain that it has no labels of: what it reads there, how that changes, and its codes."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import another_domain
from restoration.explore.another_domain import Adapted, adapted
from restoration.explore.laboratory import Laboratory
from restoration.explore.t_sne_map import t_sne
from restoration.ui.components.bars import Measure
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.components.two_planes import two_planes
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED

SLOT = "live-domain"
NAMES = {
    "source": "Source only",
    "normalized": "Normalised anew",
    "adapted": "Adapted",
    "target": "Target labels",
}
COLOUR_OF = dict(zip(NAMES.values(), (COLOURS[7], COLOURS[4], COLOURS[5], COLOURS[2]), strict=True))
POINTS = (500, 1000, 3000, 5000)
MOST_NUMBERS = 4_000_000  # in the training images of a domain together
SHOWN = 12
MAPPED = 300  # codes of each domain in a t-SNE: some seconds
PICTURES, CURVES, CODES = "Pictures", "Curves", "Codes"


def choose_rest(source: ChosenDataset, target: ChosenDataset) -> dict[str, int]:
    """Show the settings and return them as arguments of `adapted`."""
    points = st.select_slider("Training pictures of each", POINTS, 3000, key="domain-points", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="domain-seed", **REMEMBERED)
    most = max(100, MOST_NUMBERS // int(np.prod(source.data.shape)))
    return {"points": min(points, most), "seed": int(seed)}


def current(source: ChosenDataset, target: ChosenDataset, settings: dict[str, int]) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    begin = partial(adapted, source.data, target.data, **settings)
    choices = (source.key, target.key, tuple(settings.items()))
    return laboratory_views.laboratory(SLOT, choices, begin, another_domain.EPOCHS)


def show(live: Laboratory, source: ChosenDataset, target: ChosenDataset, on_found: Callable[[Adapted], None]) -> None:
    """Show what was found so far, and go on while it trains.

    Parameters
    ----------
    live : Laboratory
    source, target : ChosenDataset
    on_found : callable
        ``on_found(adapted)`` once the training has ended.
    """
    view = st.segmented_control(
        "View", [PICTURES, CURVES, CODES], default=PICTURES, required=True, key="domain-view",
        label_visibility="collapsed", **REMEMBERED,
    )  # fmt: skip

    def draw(state):
        found = state.found
        if found and state.ended:
            on_found(found)
        laboratory_views.progress(state, "All three networks are alike and begin with the same weights")
        if not found:
            rows = [
                GalleryRow("With labels", source.data.train.images[:SHOWN]),
                GalleryRow("Without", target.data.train.images[-SHOWN:]),
            ]
            gallery(rows, key="both-domains", alt="Pictures of both domains", tile=72)
            return
        left, right = st.columns([1.5, 1], gap="medium")
        with left:
            {PICTURES: _pictures, CURVES: _curves, CODES: partial(_codes, live)}[view](found)
        with right:
            _numbers(found)

    laboratory_views.follow(live, draw)


def _pictures(found):
    """Show new images of both domains, and what is read before and after."""
    names, labels = found.target.label_names, found.target.labels

    def captions(kind):
        return [
            f"{names[guess]}{'' if guess == label else ' ✗'}"
            for guess, label in zip(found.guessed[kind][:SHOWN], labels[:SHOWN], strict=True)
        ]

    images = found.target.images[:SHOWN]
    rows = [
        GalleryRow("With labels", found.source.images[:SHOWN], [names[one] for one in found.source.labels[:SHOWN]]),
        GalleryRow("Without labels, as read by source only", images, captions("source")),
        GalleryRow(
            "As reconstructed, and as read by adapted",
            np.clip(found.reconstructed[:SHOWN], 0, 1),
            captions("adapted"),
            "accent",
        ),
    ]
    gallery(rows, key="domains", alt="New pictures of both domains, and what was read", tile=64)


def _curves(found):
    epochs = range(1, len(found.losses) + 1)
    laboratory_views.chart(
        {NAMES[kind]: (epochs, values) for kind, values in found.accuracy.items()},
        "accuracy on new pictures without labels",
        key="domain-accuracy",
        across="epoch",
        top=1.0,
        height=300,
        colours=COLOUR_OF,
    )
    laboratory_views.chart(
        {"adapted": (epochs, found.losses)},
        "mean squared error of the reconstructions",
        key="domain-losses",
        across="epoch",
        height=220,
    )


def _codes(live, found):
    """Show the codes of both domains in one t-SNE, before and after, once the visitor asks for it."""
    left, right = st.columns([1, 2.5], vertical_alignment="center")
    by = right.segmented_control(
        "Colour", ["Domain", "Class"], default="Domain", required=True, key="domain-colour", **REMEMBERED
    )
    if left.button("Lay them out", disabled=live.snapshot().running, help="Once the training is paused or has ended."):
        with st.spinner("Laying out two maps: some seconds"):
            maps = {
                title: t_sne(np.concatenate([one[:MAPPED] for one in found.codes[kind]]))
                for title, kind in (("Before: source only", "source"), ("After: adapted", "adapted"))
            }
        st.session_state["domain-maps"] = (live, maps)
    training, maps = st.session_state.get("domain-maps", (None, {}))
    if training is not live:
        st.caption(
            "t-SNE of the codes of new pictures: neighbours stay neighbours, distances between groups mean nothing."
        )
        return
    both = [found.source.labels[:MAPPED], found.target.labels[:MAPPED]]
    domains = np.repeat([0, 1], [len(one) for one in both])
    two_planes(
        maps,
        domains if by == "Domain" else np.concatenate(both),
        ("With labels", "Without") if by == "Domain" else found.target.label_names,
        key="domain-maps-planes",
        name=f"domains {id(live)}",
        alt="Codes of both domains",
    )


def _numbers(found):
    without = {NAMES[kind]: values[-1] for kind, values in found.accuracy.items()}
    at_home = {NAMES[kind]: found.at_home[kind] for kind in ("source", "adapted")}
    measures = [Measure("Without labels", without, "{:.1%}", 1), Measure("With labels", at_home, "{:.1%}", 1)]
    laboratory_views.results("Network", measures, "another-domain.csv", COLOUR_OF)
    st.caption(
        f"Accuracy on {len(found.target)} new pictures without labels, and on {len(found.source)} of those with. "
        "*Normalised anew* is source only, with mean and variance of its features taken from the new domain. *Adapted* "
        f"is normalised so, too, and learns to reconstruct: {100 * found.gain('normalized'):+.1f} points more. *Target "
        "labels* is the same network, told the labels that the others lack."
    )
