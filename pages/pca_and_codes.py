"""PCA and codes: the same points by PCA and by an autoencoder that is trained while the page shows it."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import code_views, dataset_choice, live_training_views
from restoration.ui.frame import REMEMBERED

CONTROLS = {
    "data": "Data",
    "kind": "Autoencoder",
    "size": "Numbers in the code",
    "train": "Start, step, reset",
    "more": "More",
    "closer": "Look closer",
}

frame.page("PCA and codes", "The same pictures as points, by PCA and by an autoencoder that learns before your eyes.")
task = lesson.introduce(
    "**PCA** turns each picture into a few numbers along the straight axes on which the pictures differ most. A "
    "**linear autoencoder** learns to do the same by trial and error, and finds the very same plane, though with "
    "turned and stretched axes of its own. Layers that bend keep more in a few numbers, where they learn from many "
    "pictures.",
    "pca",
    "**Try this:** let the linear network bring the angle below 2°, then choose *Deep* with 2 numbers on digits. "
    "You should see its error fall below PCA's, which no straight plane can do.",
)
first, second, third, fourth, fifth = st.columns([1.1, 1.4, 1.1, 1.6, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("data"):
    chosen = dataset_choice.choose(below)
with second, lesson.control("kind"):
    kind = live_training_views.choose_kind(bool(chosen.columns))
with fifth, lesson.more(CONTROLS):
    by = st.segmented_control("Colour", ["class", "error"], default="class", required=True, key="by", **REMEMBERED)
    points = live_training_views.choose_points(chosen.data)
    place = st.container()
with third, lesson.control("size"):
    code_size = live_training_views.choose_code_size(chosen.data, points)
with place:
    settings = live_training_views.choose_settings(kind, code_size)
live = live_training_views.current(chosen, settings, points)
with fourth, lesson.control("train"):
    live_training_views.buttons()


def check(pca_error, own_error, angle):
    """Light the check once a linear code lies in PCA's plane and a deep one of two numbers has a smaller error."""
    deep = chosen.key == "digits" and kind == "deep" and code_size == 2
    task.check(angle < 2, deep and own_error < pca_error)


live_training_views.show(live, chosen, by=by, on_snapshot=check)
with lesson.control("closer"):
    code_views.look_closer(live, chosen)
lesson.formula(
    r"\min_{W,\,V}\ \sum_i \lVert x_i - V W x_i \rVert^2 \quad\Rightarrow\quad "
    r"\operatorname{span}(V) = \operatorname{span}(u_1, \dots, u_k)",
    "Of pictures *x* less their average, a linear autoencoder with encoder *W* and decoder *V* loses least where *V* "
    "spans their first *k* principal axes *u*; any invertible *C* gives as good a pair, *VC* and *C*⁻¹*W*, so its axes "
    "may be turned and stretched (Baldi and Hornik 1989, doi:10.1016/0893-6080(89)90014-2). The principal angles "
    "between both planes are those of Björck and Golub 1973, doi:10.1090/S0025-5718-1973-0348991-3. PCA: scikit-learn.",
)
