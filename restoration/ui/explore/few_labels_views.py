"""Accuracy against the number of labels: with and without an encoder that has learned without labels."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import few_labels
from restoration.explore.few_labels import Accuracies, learn_from_few
from restoration.explore.laboratory import Laboratory
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED

SLOT = "live-few-labels"
METHODS = {
    "scratch": "From scratch",
    "tuned": "Pretrained, tuned on",
    "frozen": "Pretrained, frozen",
    "pca": "PCA's numbers",
    "pixels": "Pixels",
}
COLOUR_OF = dict(zip(METHODS.values(), (COLOURS[7], COLOURS[5], COLOURS[0], COLOURS[4], COLOURS[2]), strict=True))
POINTS = (1000, 2000, 5000, 10000)
CODE_SIZES = (8, 16, 32, 64)
SHOWN = 20
MOST_NUMBERS = 4_000_000  # in all training images together


def choose_rest(chosen: ChosenDataset) -> dict[str, int]:
    """Show the settings and return them as arguments of `learn_from_few`."""
    points = st.select_slider("Pictures without labels", POINTS, 5000, key="unlabelled", **REMEMBERED)
    code_size = st.select_slider("Numbers in the code", CODE_SIZES, few_labels.CODE_SIZE, key="few-code", **REMEMBERED)
    seeds = st.slider("Repetitions", 2, 10, few_labels.SEEDS, key="few-seeds", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="few-seed", **REMEMBERED)
    most = max(100, MOST_NUMBERS // int(np.prod(chosen.data.shape)))
    points = min(points, chosen.data.train_count, most)
    return {"points": points, "code_size": int(code_size), "seeds": int(seeds), "seed": int(seed)}


def current(chosen: ChosenDataset, settings: dict[str, int]) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    begin = partial(learn_from_few, chosen.data, **settings)
    choices = (chosen.key, tuple(settings.items()))
    return laboratory_views.laboratory(SLOT, choices, begin, few_labels.epochs(settings["seeds"]))


def gain(found: Accuracies) -> float:
    """Return by how much pretraining beats scratch at best: accuracy, the mean of the repetitions."""
    scratch = found.accuracy["scratch"]
    return max(
        (
            float(np.mean(found.accuracy[method][count]) - np.mean(accuracies))
            for count, accuracies in scratch.items()
            for method in ("tuned", "frozen")
        ),
        default=-1.0,
    )


def show(
    live: Laboratory, chosen: ChosenDataset, settings: dict[str, int], on_found: Callable[[Accuracies], None]
) -> None:
    """Show what was found so far, and go on while it trains.

    Parameters
    ----------
    live : Laboratory
    chosen : ChosenDataset
    settings : dict
    on_found : callable
        ``on_found(accuracies)`` once all repetitions are done.
    """
    if not chosen.columns:
        labels = chosen.data.train.labels
        _, first = np.unique(labels, return_index=True)
        names = [chosen.data.label_names[labels[one]] for one in first[:SHOWN]]
        row = GalleryRow("One label of each class", chosen.data.train.images[first[:SHOWN]], names)
        gallery([row], key="one-label", alt="One picture of each class with its label", tile=56)

    def draw(state):
        found = state.found
        if found and state.ended:
            on_found(found)
        before = few_labels.PRETRAINING_EPOCHS
        phase = "Pretraining without labels" if state.epoch < before else "Repetitions with a few labels each"
        laboratory_views.progress(state, phase, f"{settings['points']} pictures, seed {settings['seed']}")
        if not found:
            return
        done = {
            METHODS[method]: counts
            for method, counts in sorted(found.accuracy.items(), key=lambda one: list(METHODS).index(one[0]))
            if counts
        }
        if not done:
            laboratory_views.chart(
                {"pretraining": (range(1, len(found.losses) + 1), found.losses)},
                "mean squared error while pretraining",
                key="pretraining",
                across="epoch",
                height=380,
            )
            return
        laboratory_views.chart(
            {name: (list(counts), [np.mean(one) for one in counts.values()]) for name, counts in done.items()},
            "accuracy on new pictures; the bands hold all repetitions",
            key="few-labels",
            across="labels of each class (logarithmic)",
            logarithmic="x",
            top=1.0,
            height=400,
            colours=COLOUR_OF,
            spread={
                name: ([min(one) for one in counts.values()], [max(one) for one in counts.values()])
                for name, counts in done.items()
            },
        )
        _numbers(found, done)

    laboratory_views.follow(live, draw)


def _numbers(found, done):
    columns = {"Labels of each class": list(next(iter(done.values())))}
    for name, counts in done.items():
        columns[name] = [f"{np.mean(one):.3f} ± {np.std(one):.3f}" for one in counts.values()]
    repetitions = max(len(one) for one in next(iter(done.values())).values())
    st.caption(
        f"Accuracy on {found.tested} new pictures of {found.classes} classes, the mean of {repetitions} choices of "
        f"labels. Scratch and tuned are the same network with the same {few_labels.STEPS} "
        "steps; the others are logistic regressions."
    )
    laboratory_views.save(columns, "few-labels.csv")
