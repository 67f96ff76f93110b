"""Two autoencoders that differ in loss, shape or optimizer, side by side; their codes beside PCA and the pixels."""

from functools import partial

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.explore import live_comparison
from restoration.explore.laboratory import Laboratory
from restoration.explore.live_comparison import Compared, Comparison, compare
from restoration.explore.live_training import LOSSES, OPTIMIZERS, WIDTHS, Settings
from restoration.explore.t_sne_map import t_sne
from restoration.ui.components.bars import Measure
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED
from restoration.ui.plot_style import SAVE_CONFIG, dress

SLOT = "live-comparison"
NAMES = ("A", "B")
KINDS = {"linear": "Linear", "deep": "Deep", "convolutional": "Convolutional"}
LOSS_NAMES = dict(zip(LOSSES, ("squared error", "absolute error", "cross entropy"), strict=True))
OPTIMIZER_NAMES = dict(zip(OPTIMIZERS, ("Adam", "RMSprop", "SGD with momentum"), strict=True))
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "linear")
CODE_SIZES = (2, 4, 8, 16, 32, 64)
RATES = (0.0003, 0.001, 0.002, 0.004, 0.01, 0.03, 0.1, 0.3)
MOST_NUMBERS = 4_000_000  # in all training images together
POINTS = 2000
SHOWN = 10
COLOUR_OF = {"A": COLOURS[5], "B": COLOURS[4], "PCA": COLOURS[7]}


def choose(chosen: ChosenDataset, name: str, more: DeltaGenerator) -> Settings:
    """Show the controls of one of both and return its Settings.

    Parameters
    ----------
    chosen : ChosenDataset
    name : {"A", "B"}
        They begin alike but for the loss.
    more : streamlit container
        Where what few need is shown.
    """
    table = bool(chosen.columns)
    key = f"{name.lower()}-{'table' if table else 'image'}"
    kinds = [kind for kind in KINDS if not (table and kind == "convolutional")]
    losses = LOSSES[:2] if table else LOSSES
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.selectbox(
            f"**{name}**: kind", kinds, kinds.index("deep"), format_func=KINDS.__getitem__, key=f"kind-{key}",
            width=150, **REMEMBERED,
        )  # fmt: skip
        if kind == "linear":
            losses = LOSSES[:2]
        loss = st.selectbox(
            "Loss", losses, 0 if name == "A" else 1, format_func=LOSS_NAMES.__getitem__,
            key=f"loss-{key}-{len(losses)}", width=150, **REMEMBERED,
        )  # fmt: skip
        code_size = st.selectbox("Code", CODE_SIZES, 3, key=f"code-{key}", width=80, **REMEMBERED)
        layers = kind != "linear"
        depth = st.selectbox("Layers", (1, 2, 3), 1, key=f"depth-{key}", disabled=not layers, width=80, **REMEMBERED)
        width = st.selectbox("Width", WIDTHS, 2, key=f"width-{key}", disabled=not layers, width=90, **REMEMBERED)
        activation = st.selectbox(
            "Activation", ACTIVATIONS, key=f"activation-{key}", disabled=not layers, width=120, **REMEMBERED
        )
        optimizer = st.selectbox(
            "Optimizer", OPTIMIZERS, format_func=OPTIMIZER_NAMES.__getitem__, key=f"optimizer-{key}", width=170,
            **REMEMBERED,
        )  # fmt: skip
        rate = st.selectbox("Rate", RATES, 2, key=f"rate-{key}", width=100, **REMEMBERED)
    symmetric = more.toggle(
        f"**{name}**: mirrored decoder", True, key=f"mirrored-{key}", disabled=kind != "deep", **REMEMBERED
    )
    seed = more.number_input(f"**{name}**: seed", 0, 9999, 0, key=f"seed-{key}", **REMEMBERED)
    if not layers:
        return Settings(kind, int(code_size), 1, "relu", rate, int(seed), loss, optimizer)
    mirrored = symmetric or kind != "deep"
    return Settings(
        kind, int(code_size), int(depth), activation, rate, int(seed), loss, optimizer, float(width), mirrored
    )


def current(chosen: ChosenDataset, both: tuple[Settings, Settings]) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    points = min(POINTS, chosen.data.train_count, max(100, MOST_NUMBERS // int(np.prod(chosen.data.shape))))
    begin = partial(compare, chosen.data, both, points=points)
    return laboratory_views.laboratory(SLOT, (chosen.key, both), begin, live_comparison.EPOCHS)


def ink(found: Comparison, one: Compared) -> float:
    """Return how much light a network's pictures have, as a share of what the pictures have that it was given."""
    return float(one.restored.mean() / max(float(found.tested.images.mean()), 1e-6))


def show(live: Laboratory, chosen: ChosenDataset) -> None:
    """Show what was found so far, and go on while they train."""

    def draw(state):
        laboratory_views.progress(state, "Both see the same samples")
        found = state.found
        if not found:
            laboratory_views.show_data(chosen.data)
            return
        if not chosen.columns:
            rows = [GalleryRow("New pictures", found.tested.images[:SHOWN])]
            rows.append(GalleryRow("PCA with A's numbers", np.clip(found.pca_restored[:SHOWN], 0, 1)))
            for name, one in zip(NAMES, found.found, strict=True):
                rows.append(GalleryRow(name, np.clip(one.restored[:SHOWN], 0, 1)))
            gallery(rows, key="compared", alt="Pictures, and what each makes of them", tile=72)
        left, middle, right = st.columns([1, 1, 1.2], gap="medium")
        with left:
            _errors(found, "squared", "mean squared error, new samples")
        with middle:
            _errors(found, "absolute", "mean absolute error, new samples")
        with right:
            _numbers(found)

    laboratory_views.follow(live, draw)


def _errors(found, kind, title):
    lines = {
        name: (range(1, len(one.losses) + 1), getattr(one.errors, kind))
        for name, one in zip(NAMES, found.found, strict=True)
    }
    difference = found.tested.images - found.pca_restored
    pca = float(np.mean(difference**2) if kind == "squared" else np.mean(np.abs(difference)))
    epochs = max(len(one.losses) for one in found.found)
    lines["PCA"] = ([1, max(epochs, 2)], [pca, pca])
    laboratory_views.chart(
        lines, title, key=f"compared-{kind}", across="epoch", height=260, dashed=("PCA",), colours=COLOUR_OF
    )


def _numbers(found):
    both = dict(zip(NAMES, found.found, strict=True))
    measures = [
        Measure("Squared error", {name: one.errors.squared[-1] for name, one in both.items()}, "{:.5f}"),
        Measure("Absolute error", {name: one.errors.absolute[-1] for name, one in both.items()}, "{:.4f}"),
        Measure("Light", {name: ink(found, one) for name, one in both.items()}, "{:.0%}", 1),
        Measure("Weights", {name: one.parameters for name, one in both.items()}, "{:d}"),
    ]
    laboratory_views.results("Network", measures, "losses-and-shapes.csv", COLOUR_OF)
    st.caption("On new samples. *Light*: of what is drawn, over that of the samples; the average, not for a table.")


def maps(live: Laboratory, chosen: ChosenDataset) -> None:
    """Show t-SNE of the data as they are, of PCA's scores and of both codes, once the visitor asks for it.

    Parameters
    ----------
    live : Laboratory
    chosen : ChosenDataset
    """
    state = live.snapshot()
    found = state.found
    left, right = st.columns([1, 3], vertical_alignment="center")
    what = "columns" if chosen.columns else "pixels"
    right.caption(
        f"t-SNE of the {what}, of PCA's numbers, and of both codes, of the same {live_comparison.UNSEEN} or fewer new "
        "samples: neighbours stay neighbours, distances between groups mean nothing."
    )
    if left.button("Lay them out", disabled=found is None or state.running):
        sources = {
            f"The {what}": found.tested.images.reshape(len(found.tested), -1),
            "PCA's numbers": found.pca_codes,
            **{f"Code of {name}": one.codes for name, one in zip(NAMES, found.found, strict=True)},
        }
        with right, st.spinner("Laying out four maps: some seconds"):
            st.session_state["compared-maps"] = (live, {title: t_sne(one) for title, one in sources.items()})
    training, laid_out = st.session_state.get("compared-maps", (None, {}))
    if training is not live or found is None:
        return
    for column, (title, places) in zip(st.columns(len(laid_out)), laid_out.items(), strict=True):
        with column:
            _scatter(places, found.tested, title)


def _scatter(places, data, title):
    figure = go.Figure()
    for label, name in enumerate(data.label_names):
        which = data.labels == label
        if which.any():
            figure.add_scatter(
                x=places[which, 0], y=places[which, 1], mode="markers", name=name, showlegend=False,
                marker={"size": 4, "color": COLOURS[label % len(COLOURS)]},
            )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    dress(figure, 280, title)
    st.plotly_chart(figure, key=f"map-{title}", config=SAVE_CONFIG, width="stretch", alt=f"t-SNE: {title}")
