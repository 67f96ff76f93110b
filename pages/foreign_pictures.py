"""Foreign pictures: what networks that have seen only digits make of a face or of the visitor's photographs."""

import streamlit as st

from restoration.ui import frame, lesson
from restoration.ui.explore import dataset_choice, foreign_views, laboratory_views

CONTROLS = {
    "known": "What they learn from",
    "foreign": "What they never saw",
    "train": "Start, step, reset",
    "more": "More",
    "result": "The pictures",
}
KNOWN = ("digits", "fashion", "digits8", "faces")
FOREIGN = ("faces", "fashion", "digits", "photos", "pictures")
AHEAD = 6  # dB of PSNR

frame.page("Foreign pictures", "Networks that have seen only digits are shown a face.")
task = lesson.introduce(
    "A **fully connected** autoencoder learns where a digit's strokes may lie, and of a face it can only draw what "
    "digits are made of. A **convolutional** one, whose code keeps its place, learns edges that are the same "
    "everywhere, and puts together a face that it never saw. Both codes have as many numbers, and both draw digits "
    "well.",
    "foreign-pictures",
    "**Try this:** wait for the end. You should see the convolutional networks draw new digits at least as well as "
    f"the fully connected one, and foreign pictures {AHEAD} dB of PSNR or more better.",
)
first, second, third, fourth = st.columns([1, 1, 1.6, 0.7], vertical_alignment="bottom")
below = st.container()
with first, lesson.control("known"):
    known = dataset_choice.choose(below, KNOWN, "known-set", label="They learn from")
with second, lesson.control("foreign"):
    foreign = dataset_choice.choose(below, FOREIGN, "foreign-set", label="They are shown")
with fourth, lesson.more(CONTROLS):
    settings = foreign_views.choose_rest(known)
live = foreign_views.current(known, foreign, settings)
with third, lesson.control("train"):
    laboratory_views.buttons(foreign_views.SLOT)


def check(found):
    """Light the check once a convolutional network is no worse on what is known, and ahead on the foreign."""
    dense = found.found["dense"]
    convolutional = [one for kind, one in found.found.items() if kind != "dense"]
    task.check(any(one.psnr >= dense.psnr and one.foreign_psnr >= dense.foreign_psnr + AHEAD for one in convolutional))


with lesson.control("result"), frame.show_errors():
    foreign_views.show(live, known, foreign, check)
lesson.formula(
    r"\underbrace{h_j = \phi\Big(\sum_i W_{ji}\, x_i\Big)}_{\text{fully connected}} \qquad "
    r"\underbrace{h_j = \phi\Big(\sum_k w_k\, x_{j+k}\Big)}_{\text{convolutional}}",
    "A fully connected unit *h* has a weight *W* for each place *i* of the picture *x*; where no digit ever has ink it "
    "learns nothing. A convolutional one has the same few weights *w* at every place *j*: Y. LeCun et al. 1989, "
    "[doi:10.1162/neco.1989.1.4.541](https://doi.org/10.1162/neco.1989.1.4.541); as autoencoders: J. Masci et al. "
    "2011, [doi:10.1007/978-3-642-21735-7_7](https://doi.org/10.1007/978-3-642-21735-7_7). Checkerboards: A. Odena, "
    "V. Dumoulin and C. Olah 2016, [doi:10.23915/distill.00003](https://doi.org/10.23915/distill.00003).",
)
