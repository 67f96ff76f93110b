"""Losses and shapes: two autoencoders that differ in loss, depth, width, activation or optimizer, side by side."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import comparison_views, dataset_choice, laboratory_views

CONTROLS = {
    "data": "Data",
    "settings": "Settings of both",
    "train": "Start, step, reset",
    "more": "More",
    "result": "Pictures and errors",
    "maps": "t-SNE of pixels, PCA and codes",
}

frame.page("Losses and shapes", "Two autoencoders that differ in what you choose, side by side.")
lesson.idea(
    "A network becomes what its **loss** asks for: the squared error punishes few large mistakes, the absolute one "
    "many small ones, cross entropy takes each pixel for a probability. Its **shape** (depth, width, activation, the "
    "size of the code) decides what it can draw at all, and the **optimizer** how soon. Change one thing in A or B, "
    "and see which error falls, and which does not."
)
task = lesson.Exercise(
    "losses-and-shapes",
    "**Try this:** wait for the end with squared error in A and absolute error in B, on digits. You should see B draw "
    "next to nothing: black is the middle value of most pixels, the absolute error leads there first, and the network "
    "hardly gets away. Then let B have tanh, or another rate, or cross entropy.",
)
first, second, third = st.columns([1.2, 1.8, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("data"):
    chosen = dataset_choice.choose(below)
settings = st.container()
with third, lesson.more(CONTROLS):
    more = st.container()
    with settings, lesson.control("settings"):
        both = (comparison_views.choose(chosen, "A", more), comparison_views.choose(chosen, "B", more))
live = comparison_views.current(chosen, both)
with second, lesson.control("train"):
    laboratory_views.buttons(comparison_views.SLOT)
found = live.snapshot().found
if found and live.snapshot().ended and {one.loss for one in both} == {"mean_squared_error", "mean_absolute_error"}:
    squared, absolute = sorted(zip(both, found.found, strict=True), key=lambda one: one[0].loss, reverse=True)
    task.check(comparison_views.ink(found, squared[1]) > 0.5 and comparison_views.ink(found, absolute[1]) < 0.25)
with lesson.control("result"), frame.show_errors():
    comparison_views.show(live, chosen)
with lesson.control("maps"), frame.show_errors():
    comparison_views.maps(live, chosen)
lesson.formula(
    r"\ell_2 = \sum_j (x_j - \hat x_j)^2 \qquad \ell_1 = \sum_j |x_j - \hat x_j| \qquad "
    r"\ell_{\text{ce}} = -\sum_j x_j \log \hat x_j + (1 - x_j) \log(1 - \hat x_j)",
    "Where the network cannot know a pixel, the least squared error is at the mean of what it may be, the least "
    "absolute error at the median: C. Bishop 2006, *Pattern recognition and machine learning*, chapter 1.5.5. Adam: "
    "D. Kingma and J. Ba 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). t-SNE: L. van der Maaten and "
    "G. Hinton 2008, *Visualizing data using t-SNE*, JMLR 9, by scikit-learn.",
)
