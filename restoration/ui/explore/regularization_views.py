"""Five autoencoders that are regularized in different ways: their pictures, activations, units and numbers."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import live_regularization
from restoration.explore.laboratory import Laboratory
from restoration.explore.live_regularization import SideBySide, regularize
from restoration.ui.components.bars import Measure
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED

SLOT = "live-regularize"
KINDS = {
    "plain": "Plain",
    "sparse": "Sparse",
    "contractive": "Contractive",
    "denoising": "Denoising",
    "dropout": "Dropout and L2",
}
COLOUR_OF = dict(zip(KINDS.values(), (COLOURS[7], *COLOURS[:3], COLOURS[5]), strict=True))
# How strongly -> the factor, spread or share that is meant; the middle one is the function's own.
SPARSE = (1e-5, 2e-5, 4e-5, 1e-4, 3e-4, 1e-3)
CONTRACTIVE = (0.001, 0.003, 0.01, 0.03, 0.1)
ACTIVATIONS = ("relu", "sigmoid", "tanh", "elu")
POINTS = (100, 500, 1000, 2000, 5000)
CODE_SIZES = (16, 32, 64, 128, 256)
MOST_NUMBERS = 4_000_000  # in all training images together
SHOWN, MOST_ACTIVATING, BINS = 8, 8, 40
VIEWS = ("Pictures", "Activations", "One unit", "Losses")


def choose_penalty() -> float:
    """Show the strength of the sparse penalty and return it."""
    return st.select_slider(
        "Sparse: weight λ of L1", SPARSE, 4e-5, format_func="{:.5f}".format, key="sparse-weight", **REMEMBERED
    )


def choose_rest(chosen: ChosenDataset) -> dict[str, object]:
    """Show the other settings and return them as arguments of `regularize`, with the strengths of the other kinds."""
    strengths = {
        "contractive": st.select_slider("Contractive: weight", CONTRACTIVE, 0.01, key="contractive", **REMEMBERED),
        "denoising": st.slider("Denoising: strongest noise", 0.1, 1.0, 0.6, 0.1, key="denoising", **REMEMBERED),
        "dropout": st.slider("Dropout: share left out", 0.0, 0.8, 0.2, 0.1, key="dropout", **REMEMBERED),
    }
    code_size = st.select_slider("Units of the code", CODE_SIZES, 256, key="units", **REMEMBERED)
    points = st.select_slider("Training pictures", POINTS, 2000, key="regularize-points", **REMEMBERED)
    most = max(100, MOST_NUMBERS // int(np.prod(chosen.data.shape)))
    activation = st.selectbox("Activation of the code", ACTIVATIONS, key="code-activation", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="regularize-seed", **REMEMBERED)
    return {
        "strengths": strengths,
        "points": min(points, chosen.data.train_count, most),
        "code_size": int(code_size),
        "activation": activation,
        "seed": int(seed),
    }


def current(chosen: ChosenDataset, penalty: float, settings: dict) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    strengths = {"plain": 0.0, "sparse": penalty, **settings["strengths"]}
    others = {name: value for name, value in settings.items() if name != "strengths"}
    begin = partial(regularize, chosen.data, strengths, **others)
    choices = (chosen.key, tuple(strengths.items()), tuple(others.items()))
    return laboratory_views.laboratory(SLOT, choices, begin, live_regularization.EPOCHS)


def show(live: Laboratory, chosen: ChosenDataset, on_found: Callable[[SideBySide], None]) -> None:
    """Show what was found so far, and go on while it trains.

    Parameters
    ----------
    live : Laboratory
    chosen : ChosenDataset
    on_found : callable
        ``on_found(side_by_side)`` each time.
    """
    view = st.segmented_control(
        "Show",
        VIEWS,
        default=VIEWS[0],
        required=True,
        key="regularize-view",
        label_visibility="collapsed",
        **REMEMBERED,
    )

    def draw(state):
        if state.found:
            on_found(state.found)
        laboratory_views.progress(state, "All begin with the same weights and see the same pictures in the same order")
        if not state.found:
            laboratory_views.show_data(chosen.data)
            return
        if view == "Activations":
            _activations(state.found)
        elif view == "One unit":
            _one_unit(state.found, is_table=bool(chosen.columns))
        elif view == "Losses" or chosen.columns:
            _losses(state.found)
        else:
            _pictures(state.found)
        _numbers(state.found)

    laboratory_views.follow(live, draw)


def _pictures(side_by_side):
    images, noisy = side_by_side.images[:SHOWN], side_by_side.noisy[:SHOWN]
    rows = [GalleryRow("New pictures, and the same with noise", [*images, *noisy])]
    for kind, found in side_by_side.found.items():
        both = [*np.clip(found.restored[:SHOWN], 0, 1), *np.clip(found.cleaned[:SHOWN], 0, 1)]
        rows.append(GalleryRow(f"{KINDS[kind]}: what it makes of them", both))
    gallery(rows, key="regularized", alt="Pictures, clean and noisy, and what each network makes of them", tile=64)


def _activations(side_by_side):
    """Show how often the units of each code take which value, as a share of their largest."""
    edges = np.linspace(-1, 1, 2 * BINS + 1) if _has_negative(side_by_side) else np.linspace(0, 1, BINS + 1)
    lines = {}
    for kind, found in side_by_side.found.items():
        share, _ = np.histogram(found.codes / max(np.abs(found.codes).max(), 1e-12), edges)
        lines[KINDS[kind]] = (edges[:-1], np.maximum(share / found.codes.size, 1e-5))
    laboratory_views.chart(
        lines,
        "share of all activations (logarithmic)",
        key="activations",
        across="activation, over the largest",
        logarithmic="y",
        height=330,
        colours=COLOUR_OF,
    )
    st.caption("The sparse code's units are nearly always 0: its line falls from the left faster than the others.")


def _has_negative(side_by_side):
    return any(found.codes.min() < 0 for found in side_by_side.found.values())


def _one_unit(side_by_side, *, is_table):
    kinds = list(side_by_side.found)
    left, right = st.columns(2)
    kind = left.segmented_control(
        "Network", kinds, format_func=KINDS.__getitem__, default="sparse", required=True, key="unit-of", **REMEMBERED
    )
    found = side_by_side.found[kind]
    unit = right.slider("Unit, the busiest first", 1, found.codes.shape[1], 1, key="unit", **REMEMBERED)
    index = np.argsort(-found.codes.var(axis=0), kind="stable")[unit - 1]
    order = np.argsort(-found.codes[:, index], kind="stable")[:MOST_ACTIVATING]
    if is_table:
        st.caption("Rows of a table are no pictures; the numbers below are of all units.")
        return
    weights = found.filters[index]
    drawn = (0.5 + weights / (2 * (np.abs(weights).max() or 1))).astype(np.float32)
    gallery(
        [
            GalleryRow("Its weights: bright pixels excite it, dark ones quiet it", [drawn]),
            GalleryRow(
                "The new pictures that activate it most",
                side_by_side.images[order],
                [f"{found.codes[one, index]:.2f}" for one in order],
            ),
        ],
        key="one-unit",
        alt="What activates one unit",
        columns=MOST_ACTIVATING,
        tile=110,
    )


def _losses(side_by_side):
    laboratory_views.chart(
        {KINDS[kind]: (range(1, len(one.losses) + 1), one.losses) for kind, one in side_by_side.found.items()},
        "loss while training, penalties and noise included",
        key="regularize-losses",
        across="epoch",
        height=330,
        colours=COLOUR_OF,
    )


def _numbers(side_by_side):
    found = {KINDS[kind]: one for kind, one in side_by_side.found.items()}
    measures = [
        Measure("Error, training", {name: one.train_error for name, one in found.items()}, "{:.5f}"),
        Measure("Error, new", {name: one.error for name, one in found.items()}, "{:.5f}"),
        Measure("Noisy, PSNR in dB", {name: decibels(one.noisy_error) for name, one in found.items()}, "{:.2f}"),
        Measure("Units active", {name: one.active for name, one in found.items()}, "{:.0%}", 1),
        Measure("Code moves", {name: one.move for name, one in found.items()}, "{:.4f}"),
        Measure("Jacobian", {name: one.jacobian for name, one in found.items()}, "{:.2f}"),
    ]
    laboratory_views.results("Network", measures, "regularize.csv", COLOUR_OF)
    st.caption(
        "Mean squared errors per number. *Noisy*: PSNR of what it makes of pictures with noise of spread "
        f"{live_regularization.NOISE}. *Units active*: over {live_regularization.ACTIVE:.0%} of the largest "
        "activation. *Code moves*: how far, when the picture moves by noise of spread "
        f"{live_regularization.SMALL_MOVE}, in units of the code's own spread. *Jacobian*: its norm, which a code of "
        "half the size halves for nothing; that is why the "
        "check counts the move in spreads."
    )


def decibels(error: float) -> float:
    """Return the PSNR in dB of a mean squared error of values in [0, 1].

    Examples
    --------
    >>> decibels(0.01)
    20.0
    """
    return float(-10 * np.log10(max(error, 1e-12)))
