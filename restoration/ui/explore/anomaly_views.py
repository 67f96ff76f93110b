"""Anomalies: errors of normal samples and others, the threshold between them, and what each method makes of it."""

from collections.abc import Callable
from functools import partial

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from sklearn.metrics import precision_recall_curve, roc_curve

from restoration.explore import anomalies
from restoration.explore.anomalies import Detection, confusion, detect
from restoration.explore.csv_table import csv_table
from restoration.explore.laboratory import Laboratory
from restoration.ui.components.bars import Measure, bars
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.explore import laboratory_views, result_downloads
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED
from restoration.ui.plot_style import CLEAR, SAVE_CONFIG, dress

SLOT = "live-anomalies"
METHODS = {"autoencoder": "Autoencoder", "pca": "PCA", "isolation forest": "Isolation forest"}
COLOUR_OF = dict(zip(METHODS.values(), (COLOURS[5], COLOURS[7], COLOURS[4]), strict=True))
CODE_SIZES = (2, 4, 8, 16, 32, 64)
CURVES, SAMPLES, CLASSES = "Curves", "Samples", "Classes"
SHOWN = 8


def choose_normal(chosen: ChosenDataset) -> int:
    """Show the classes and return the one that is normal."""
    names = list(dict.fromkeys(chosen.data.label_names))
    key = f"normal-{'own' if ':' in chosen.key else chosen.key}"
    first = "benign" if "benign" in names else names[0]
    bind = {} if ":" in chosen.key else REMEMBERED  # names of own classes are no matter of the address
    name = st.selectbox("Normal is", names, names.index(first), key=key, **bind)
    return chosen.data.label_names.index(name)


def choose_rest() -> dict[str, int]:
    """Show the other settings and return them as arguments of `detect`."""
    code_size = st.select_slider("Numbers in the code", CODE_SIZES, 16, key="anomaly-code", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="anomaly-seed", **REMEMBERED)
    return {"code_size": int(code_size), "seed": int(seed)}


def current(chosen: ChosenDataset, normal: int, settings: dict[str, int]) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    begin = partial(detect, chosen.data, normal, **settings)
    choices = (chosen.key, normal, tuple(settings.items()))
    return laboratory_views.laboratory(SLOT, choices, begin, anomalies.EPOCHS)


def show(live: Laboratory, chosen: ChosenDataset, normal: int, on_found: Callable[[Detection], None]) -> None:
    """Show what was found so far, and go on while it trains.

    Parameters
    ----------
    live : Laboratory
    chosen : ChosenDataset
    normal : int
        The class that is normal.
    on_found : callable
        ``on_found(detection)`` each time the training has ended.
    """
    left, right = st.columns([1, 1], gap="medium", vertical_alignment="bottom")
    with left:
        view = st.segmented_control(
            "Show", (SAMPLES, CURVES, CLASSES), default=SAMPLES, required=True, key="anomaly-view",
            label_visibility="collapsed", **REMEMBERED,
        )  # fmt: skip
    with right:
        alarms = st.slider(
            "Threshold: false alarms in a hundred normal ones", 1, 50, 5, key="false-alarms", **REMEMBERED
        )

    def draw(state):
        found = state.found
        if found and state.ended:
            on_found(found)
        name = chosen.data.label_names[normal]
        laboratory_views.progress(state, f"Normal is {name}; nothing else is learned from")
        if not found:
            laboratory_views.show_data(chosen.data)
            return
        threshold = float(np.quantile(found.normal_scores, 1 - alarms / 100))
        first, second = st.columns([1.3, 1], gap="medium")
        with first:
            if view == CLASSES:
                _classes(found)
            elif view == SAMPLES:
                _samples(found, threshold, is_table=bool(chosen.columns))
            else:
                _curves(found)
        with second:
            _numbers(found, threshold, name)
        _downloads(found)

    laboratory_views.follow(live, draw)


def _curves(found):
    lines, recalls = {}, {}
    for method, title in METHODS.items():
        false_alarms, hits, _ = roc_curve(found.is_anomaly, found.scores[method])
        lines[title] = (false_alarms, hits)
        precision, recall, _ = precision_recall_curve(found.is_anomaly, found.scores[method])
        recalls[title] = (recall, precision)
    left, right = st.columns(2)
    with left:
        laboratory_views.chart(
            lines, "ROC: anomalies found", key="roc", across="false alarms", height=300, top=1.02, colours=COLOUR_OF
        )
    with right:
        laboratory_views.chart(
            recalls, "alarms that are right", key="recall", across="anomalies found", height=300, top=1.02,
            colours=COLOUR_OF,
        )  # fmt: skip


def _classes(found):
    names = sorted(found.class_areas, key=found.class_areas.__getitem__)
    figure = go.Figure(go.Bar(x=[found.class_areas[name] for name in names], y=names, orientation="h"))
    figure.update_traces(marker_color=COLOUR_OF["Autoencoder"])
    figure.update_xaxes(range=[0, 1])
    figure.update_yaxes(type="category")
    dress(figure, 60 + 26 * len(names), "ROC area against each other class alone, hardest first")
    st.plotly_chart(
        figure, key="plot-classes", config=SAVE_CONFIG, width="stretch", alt="ROC area against each other class alone"
    )
    st.caption(
        "Under 0.5 its samples have smaller errors than the normal ones: they are simple and any network draws them. "
        "A *1* is one stroke; its error is small even for a network that has never seen one. An error tells how hard a "
        "sample is to draw, and only by that how strange it is."
    )


def _samples(found, threshold, *, is_table):
    scores = found.scores["autoencoder"]
    alarm = scores > threshold
    kinds = {
        "Missed: anomalies with the smallest errors": found.is_anomaly & ~alarm,
        "False alarms: normal ones with the largest errors": ~found.is_anomaly & alarm,
        "Found: anomalies with the largest errors": found.is_anomaly & alarm,
    }
    names = found.tested.label_names
    for index, (title, which) in enumerate(kinds.items()):
        order = np.flatnonzero(which)
        order = order[np.argsort(scores[order] * (1 if index == 0 else -1), kind="stable")][:SHOWN]
        if is_table:
            rows = ", ".join(f"row {found.tested.points[one] + 1} ({scores[one]:.2f})" for one in order)
            st.text(f"{title}: {rows or 'none'}")
            continue
        if not len(order):
            st.text(f"{title}: none")
            continue
        images, restored = found.tested.images[order], np.clip(found.restored[order], 0, 1)
        captions = [f"{names[found.tested.labels[one]]}: {scores[one]:.3f}" for one in order]
        errors = np.abs(images - restored).mean(axis=-1, keepdims=True)
        gallery(
            [
                GalleryRow(title, images, captions),
                GalleryRow("as the network draws them", restored),
                GalleryRow("where the error is", errors),
            ],
            key=f"samples-{index}",
            alt=title,
            columns=SHOWN,
            tile=56,
        )


def _numbers(found, threshold, name):
    counts = confusion(found.scores["autoencoder"], found.is_anomaly, threshold)
    normal, others = counts.passed + counts.false_alarms, counts.missed + counts.hits
    alarms = {f"normal ({name})": counts.false_alarms / normal, "anomalies": counts.hits / others}
    areas = {title: found.areas[method] for method, title in METHODS.items()}
    measures = [Measure("Area under the ROC", areas, "{:.3f}", 1), Measure("Share with an alarm", alarms, "{:.1%}", 1)]
    bars(measures, key="anomaly-numbers", colours=COLOUR_OF)
    st.caption(
        "The area is how likely an anomaly has a higher score than a normal one; 0.5 is guessing. Alarms: for "
        f"{counts.false_alarms} of {normal} normal ones, and {counts.hits} of {others} anomalies."
    )
    figure = go.Figure()
    scores = found.scores["autoencoder"]
    edges = np.linspace(0, float(np.quantile(scores, 0.99)) or 1.0, 41)
    for title, which, colour in (
        ("normal", ~found.is_anomaly, COLOURS[4]), ("anomaly", found.is_anomaly, COLOURS[5]),
    ):  # fmt: skip
        share, _ = np.histogram(scores[which], edges)
        figure.add_bar(x=edges[:-1], y=share / which.sum(), name=title, opacity=0.6, marker_color=colour)
    figure.add_vline(threshold, line_dash="dash", line_color=COLOURS[7])
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(title_text="error of the autoencoder, the threshold dashed", title_standoff=4)
    dress(figure, 210, "share of samples", legend={"x": 1, "xanchor": "right", "y": 1, "bgcolor": CLEAR})
    st.plotly_chart(
        figure, key="plot-errors", config=SAVE_CONFIG, width="stretch", alt="Errors of normal samples and of anomalies"
    )


def _downloads(found):
    def make():
        names = [found.tested.label_names[label] for label in found.tested.labels]
        return csv_table({"point": found.tested.points, "class": names, **found.scores}).encode()

    with st.container(width="content"):
        result_downloads.offer("Scores as CSV", make, "anomaly-scores.csv")
