"""Few labels: what an encoder that has learned without labels is worth when only a few are known."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import dataset_choice, few_labels_views, laboratory_views

CONTROLS = {"data": "Data", "train": "Start, step, reset", "more": "More", "result": "The curves"}
# Faces and people who answer a questionnaire have no classes to tell apart.
SETS = ("digits", "fashion", "digits8", "cancer", "pictures", "table")

frame.page("Few labels", "Learn from many pictures without labels, then from a few with.")
task = lesson.introduce(
    "Pictures are cheap, **labels** are dear. An autoencoder learns from all pictures without any label; then its "
    "encoder becomes the first part of a **classifier** that needs only a few: frozen, as features, or tuned on. "
    "Beside it stand the same network from scratch, and plain regressions on PCA's numbers and on the pixels.",
    "few-labels",
    "**Try this:** wait until all repetitions are done. You should see pretraining 5 points or more ahead of the "
    "network from scratch where labels are few, and the gap close where they are many.",
)
first, second, third = st.columns([1.2, 1.8, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("data"):
    chosen = dataset_choice.choose(below, SETS, "labelled-set")
with third, lesson.more(CONTROLS):
    settings = few_labels_views.choose_rest(chosen)
live = few_labels_views.current(chosen, settings)
with second, lesson.control("train"):
    laboratory_views.buttons(few_labels_views.SLOT)


def check(found):
    """Light the check once pretraining was worth five points."""
    task.check(few_labels_views.gain(found) >= 0.05)


with lesson.control("result"), frame.show_errors():
    few_labels_views.show(live, chosen, settings, check)
lesson.formula(
    r"\underbrace{\min_{f,\,g} \sum_{\text{all } x} \lVert x - g(f(\tilde x)) \rVert^2}_{\text{without labels}}, "
    r"\qquad \underbrace{\min_{W,\,(f)} -\sum_{\text{few } (x,\,y)} \log \operatorname{softmax}(W f(x))_y}"
    r"_{\text{with a few}}",
    "First encoder *f* and decoder *g* learn to fill in pictures of which half the pixels are hidden, then the last "
    "layer *W* learns from the labels, and where tuned *f* goes on: G. Hinton and R. Salakhutdinov 2006, "
    "[doi:10.1126/science.1127647](https://doi.org/10.1126/science.1127647); why it helps: D. Erhan et al. 2010, "
    "*Why does unsupervised pre-training help deep learning?*, JMLR 11. Logistic regression and PCA: scikit-learn.",
)
