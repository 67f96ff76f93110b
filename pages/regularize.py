"""Regularize: the same autoencoder trained in five ways, side by side, and what that does to its code."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import dataset_choice, laboratory_views, regularization_views
from restoration.ui.explore.regularization_views import decibels

CONTROLS = {
    "data": "Data",
    "penalty": "Weight of the sparse penalty",
    "train": "Start, step, reset",
    "more": "More",
    "view": "Pictures, activations, units, losses",
}

frame.page("Regularize", "One autoencoder, trained in five ways: what keeps it from merely copying.")
task = lesson.introduce(
    "An autoencoder with many units could copy its input and learn nothing of use, so it is **regularized**. A "
    "**sparse** one pays for every active unit, a **contractive** one for a code that moves when the picture moves "
    "a little, a **denoising** one must undo noise, and **dropout** takes units away at random. Each buys another "
    "property of the code, and the numbers below say at which price.",
    "regularize",
    "**Try this:** wait until the training has ended. You should see the sparse network with under a quarter of "
    "its units active at less than 10 % more error, the contractive code move less than half as far as the plain "
    "one (in units of its own spread: a code that is only smaller proves nothing), and the denoising network "
    "3 dB of PSNR or more ahead on noisy pictures.",
)
first, second, third, fourth = st.columns([1.1, 1.4, 1.6, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("data"):
    chosen = dataset_choice.choose(below)
with second, lesson.control("penalty"):
    penalty = regularization_views.choose_penalty()
with fourth, lesson.more(CONTROLS):
    settings = regularization_views.choose_rest(chosen)
live = regularization_views.current(chosen, penalty, settings)
with third, lesson.control("train"):
    laboratory_views.buttons(regularization_views.SLOT)


def check(side_by_side):
    """Light the check by what each network has and the plain one has not."""
    plain, sparse, contractive, denoising = (
        side_by_side.found[kind] for kind in ("plain", "sparse", "contractive", "denoising")
    )
    task.check(
        sparse.active < 0.25 and sparse.error < 1.1 * plain.error,
        contractive.move < 0.5 * plain.move,
        decibels(denoising.noisy_error) >= decibels(plain.noisy_error) + 3,
    )


with lesson.control("view"), frame.show_errors():
    regularization_views.show(live, chosen, check)
lesson.formula(
    r"\min_{f,\,g}\ \sum_x \lVert x - g(f(\tilde x)) \rVert^2 + \lambda\,\Omega, \qquad "
    r"\Omega_{\text{sparse}} = \sum_x \lVert f(x) \rVert_1, \qquad "
    r"\Omega_{\text{contractive}} = \frac{\sum_x \lVert \partial f(x) / \partial x \rVert_F^2}"
    r"{\operatorname{var} f}, \qquad \Omega_{\text{L2}} = \lVert W \rVert^2",
    "Encoder *f*, decoder *g*; the denoising network is given a noisy *x̃* and must draw the clean *x*, the others are "
    "given *x* itself. Sparse: A. Ng 2011, *Sparse autoencoder*. Contractive: S. Rifai et al. 2011, *Contractive "
    "auto-encoders*, ICML; here the penalty is divided by the variance of the code, so that shrinking it gains "
    "nothing. Denoising: P. Vincent et al. 2008, [doi:10.1145/1390156.1390294]"
    "(https://doi.org/10.1145/1390156.1390294). Dropout: N. Srivastava et al. 2014, *Dropout*, JMLR 15.",
)
