"""Colorize: believable colours for a gray photograph, and the visitor's word on what the network cannot know."""

import streamlit as st

from restoration.card import card_for
from restoration.ui import coloring, download, frame, source, stage
from restoration.ui.frame import REMEMBERED
from restoration.ui.hints import Hints, choose_reference
from restoration.ui.model_card import model_card
from restoration.ui.see_inside import SEE_INSIDE, see_inside

NO_HINTS = (0.0, 0.0, 0.0)  # what the network is told where it is told nothing
OTHERS, UNSURE, TRUTH, CARD = "Other colourings", "How sure is it", "Beside the truth", "Model card"


frame.page("Colorize", "Gives a gray photograph believable colours. They are invented; its light stays as it is.")
place, status = stage.places()
pick, tell, tune = st.columns([1, 1.2, 1.1], gap="large")

with pick:
    picture = source.choose("Drop a photo", first="Temple")
    given = coloring.given(picture)

with tune:
    saturation = st.slider("Saturation", 0, 200, 100, format="%d %%", key="saturation", **REMEMBERED) / 100
    warmth = st.slider("Warmth", -100, 100, 0, key="warmth", **REMEMBERED) / 100
    left, right = st.columns(2)
    with right, st.popover("More", width="stretch"):
        preset = stage.choose_network("colorize", "color-preset", "best", "*best* can be told colours")
        choose_reference()
        source.choose_limit()

hints = Hints(picture.key, given.gray)
best = preset != "lecture"
asked = (preset, hints.told if best else (), coloring.taken(given) if best else 0)
job = stage.Job(
    given.gray,
    given.name,
    (*asked, saturation, warmth, tuple(given.tone)),
    lambda image, progress: coloring.colored(image, given, asked, (saturation, warmth), progress),
    "Colorizing",
    "gray",
    preview=("reduced", coloring.reduced),
    alpha=picture.photo.alpha,
)
found = stage.outcome(job)

with place:
    stage.show(
        job,
        key="color-viewer",
        labels=("gray", "coloured"),
        alt=f"{picture.stem}, gray and coloured",
        marks=hints.marks() if best else (),
        on_pick=hints.pick if best else None,
    )

with tell:
    if best:
        hints.choose(coloring.kept_prediction(given, *asked))

card = card_for("colorize", preset)
with left:
    settings = {"hints": asked[1], "proposal": asked[2], "saturation": saturation, "warmth": warmth}
    download.download(
        picture,
        lambda: found.restored,
        {"task": "colorize", "network": card.name, "sha256": card.sha256, **settings},
        suffix="coloured",
        disabled=found is None,
    )

closer = [OTHERS, UNSURE, *([TRUTH] if given.truth is not None else []), SEE_INSIDE, CARD]
shown = st.segmented_control(
    "Look closer", closer, key="color-closer", bind="query-params", label_visibility="collapsed"
)
if shown == CARD:
    model_card(card)

if found:
    stage.say(status, coloring.in_words(given, asked, found, job.settings))
    if shown == OTHERS:
        coloring.proposals(given, asked, (saturation, warmth))
    elif shown == UNSURE:
        coloring.unsure(given, asked, found.restored)
    elif shown == TRUTH:
        coloring.beside_truth(given, asked, job.settings, found.restored)
    elif shown == SEE_INSIDE:
        see_inside("colorize", preset, given.gray, given.name, NO_HINTS if best else ())
else:
    stage.work(job, status)
