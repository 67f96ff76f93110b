"""Anomalies: an autoencoder that knows only what is normal draws everything else badly, or so one hopes."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import anomaly_views, dataset_choice, laboratory_views
from restoration.ui.explore.dataset_choice import QUESTIONNAIRES, TITLES

CONTROLS = {
    "data": "Data",
    "normal": "What is normal",
    "train": "Start, step, reset",
    "more": "More",
    "view": "Threshold and what is shown",
}
GOOD = 0.9  # area under the ROC
# Sets of one class, or whose classes are either learned from or tested, have no anomalies.
SETS = tuple(name for name in TITLES if name not in ("faces", "photos", *QUESTIONNAIRES))

frame.page("Anomalies", "Learn what is normal; what is drawn badly is not.")
task = lesson.introduce(
    "An autoencoder that has learned from **normal** samples alone draws those well; a large **error** raises the "
    "alarm, for pictures as for the rows of a table (this is how frauds are looked for). No anomaly is needed to "
    "learn, only a threshold between few false alarms and few misses. It fails where an anomaly is easy to draw: "
    "the error measures that, too.",
    "anomalies",
    f"**Try this:** wait for the end with 0 as normal; you should see an area over {GOOD}. Then find a normal "
    f"digit for which it stays below {GOOD}, and look at *Classes* to see which other digit is so easy to draw.",
)
first, second, third, fourth = st.columns([1.2, 1, 1.6, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("data"):
    chosen = dataset_choice.choose(below, SETS, "anomaly-set")
with second, lesson.control("normal"):
    normal = anomaly_views.choose_normal(chosen)
with fourth, lesson.more(CONTROLS):
    settings = anomaly_views.choose_rest()
live = anomaly_views.current(chosen, normal, settings)
with third, lesson.control("train"):
    laboratory_views.buttons(anomaly_views.SLOT)


def check(found):
    """Light the check once one class was told apart, and one was not."""
    area = found.areas["autoencoder"]
    task.check(area > GOOD, area < GOOD)


with lesson.control("view"), frame.show_errors():
    anomaly_views.show(live, chosen, normal, check)
lesson.formula(
    r"s(x) = \frac1d \lVert x - g(f(x)) \rVert^2 > t, \qquad "
    r"\text{area} = P\big(s(x_{\text{anomaly}}) > s(x_{\text{normal}})\big) + \tfrac12 P(\text{equal})",
    "The score *s* of a sample *x* of *d* numbers is its mean squared error, the alarm is a score over the threshold "
    "*t*: N. Japkowicz, C. Myers and M. Gluck 1995, *A novelty detection approach to classification*, IJCAI. The area "
    "under the ROC: J. Hanley and B. McNeil 1982, [doi:10.1148/radiology.143.1.7063747]"
    "(https://doi.org/10.1148/radiology.143.1.7063747). Isolation forest: F. Liu, K. Ting and Z. Zhou 2008, "
    "[doi:10.1109/ICDM.2008.17](https://doi.org/10.1109/ICDM.2008.17), by scikit-learn. The table: W. Street, "
    "W. Wolberg and O. Mangasarian 1993, by scikit-learn.",
)
