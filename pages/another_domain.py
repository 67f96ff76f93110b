"""Another domain: a classifier of one kind of digits is adapted to another kind that has no labels."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import dataset_choice, domain_views, laboratory_views

CONTROLS = {
    "source": "What has labels",
    "target": "What has none",
    "train": "Start, step, reset",
    "more": "More",
    "view": "Pictures, curves, codes",
}
SETS = ("digits", "digits-on-photos", "digits8", "pictures")
WORTH = 0.05  # accuracy

frame.page("Another domain", "A classifier meets pictures unlike those that it has learned from.")
task = lesson.introduce(
    "A classifier that reads one kind of digits well can fail at another: their **domain** has changed. Labels for "
    "the new domain are missing, but its pictures are there. So one **encoder** is shared: the classifier learns "
    "from its code of the labelled pictures, and a decoder **reconstructs** the new ones from it.",
    "another-domain",
    "**Try this:** wait for the end with labelled digits and unlabelled digits over photographs. You should see "
    "*adapted* 5 points or more ahead of *source only*. Then choose the small digits as the new domain: there, "
    "nearly all of the gain is that of *normalised anew*.",
)
first, second, third, fourth = st.columns([1, 1, 1.6, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("source"):
    source = dataset_choice.choose(below, SETS[:-1], "source-set", label="With labels")
with second, lesson.control("target"):
    target = dataset_choice.choose(below, SETS, "target-set", label="Without labels", default="digits-on-photos")
with fourth, lesson.more(CONTROLS):
    settings = domain_views.choose_rest(source, target)
live = domain_views.current(source, target, settings)
with third, lesson.control("train"):
    laboratory_views.buttons(domain_views.SLOT)


def check(found):
    """Light the check once adapting to the new pictures was worth five points."""
    task.check(found.gain("source") >= WORTH)


with lesson.control("view"), frame.show_errors():
    domain_views.show(live, source, target, check)
lesson.formula(
    r"\min_{f,\,c,\,g}\ \underbrace{-\sum_{(x,\,y)\,\in\,\text{source}} \log c(f(x))_y}_{\text{classification}} \ +\ "
    r"\underbrace{\sum_{x\,\in\,\text{target}} \lVert x - g(f(\tilde x)) \rVert^2}_{\text{reconstruction}}",
    "Encoder *f*, classifier *c*, decoder *g*; *x̃* is *x* with a fifth of its pixels hidden. Both sums take steps in "
    "turn, each with an optimizer of its own: M. Ghifary et al. 2016, *Deep reconstruction-classification networks for "
    "unsupervised domain adaptation*, [arXiv:1607.03516](https://arxiv.org/abs/1607.03516). *Normalised anew* takes "
    "mean and variance of the features from the new domain: Y. Li et al. 2016, "
    "[arXiv:1603.04779](https://arxiv.org/abs/1603.04779). Digits over photographs are made as MNIST-M is: Y. Ganin "
    "and V. Lempitsky 2015, [arXiv:1409.7495](https://arxiv.org/abs/1409.7495). t-SNE: scikit-learn.",
)
