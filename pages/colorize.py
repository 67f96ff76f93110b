"""Colorize: believable colours for a gray photograph, and the visitor's word on what the network cannot know."""

import streamlit as st

from restoration.inference.card import card_for
from restoration.ui import frame, upload
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore import colorize_views, photo_download, stage
from restoration.ui.restore.colorize_hints import Hints, choose_reference
from restoration.ui.restore.feature_map_view import SEE_INSIDE, see_inside
from restoration.ui.restore.model_card import model_card

NO_HINTS = (0.0, 0.0, 0.0)  # what the network is told where it is told nothing
OTHERS, UNSURE, TRUTH, CARD = "Other colourings", "How sure is it", "Beside the truth", "Model card"


frame.page("Colorize", "Gives a gray photograph believable colours. They are invented; its light stays as it is.")
place, status = stage.places()
pick, tell, tune = st.columns([1, 1.2, 1.1], gap="large")

with pick:
    picture = upload.choose_photo("Drop a photo", default_sample="Temple")
    given = colorize_views.given(picture)

with tune:
    saturation = st.slider("Saturation", 0, 200, 100, format="%d %%", key="saturation", **REMEMBERED) / 100
    warmth = st.slider("Warmth", -100, 100, 0, key="warmth", **REMEMBERED) / 100
    left, right = st.columns(2)
    with right, st.popover("More", width="stretch"):
        preset = stage.choose_network("colorize", "color-preset", "best", "*best* can be told colours")
        choose_reference()
        upload.choose_max_megapixels()

hints = Hints(picture.key, given.gray)
best = preset != "lecture"
asked = (preset, hints.told if best else (), colorize_views.taken(given) if best else 0)
job = stage.Job(
    given.gray,
    given.name,
    (*asked, saturation, warmth, tuple(given.tone)),
    lambda image, progress: colorize_views.colored(image, given, asked, (saturation, warmth), progress),
    "Colorizing",
    "gray",
    preview=("reduced", colorize_views.reduced),
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
        hints.choose(colorize_views.kept_prediction(given, *asked))

card = card_for("colorize", preset)
with left:
    settings = {"hints": asked[1], "proposal": asked[2], "saturation": saturation, "warmth": warmth}
    photo_download.download(
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
    stage.say(status, colorize_views.in_words(given, asked, found, job.settings))
    if shown == OTHERS:
        colorize_views.proposals(given, asked, (saturation, warmth))
    elif shown == UNSURE:
        colorize_views.unsure(given, asked, found.restored)
    elif shown == TRUTH:
        colorize_views.beside_truth(given, asked, job.settings, found.restored)
    elif shown == SEE_INSIDE:
        see_inside("colorize", preset, given.gray, given.name, NO_HINTS if best else ())
else:
    stage.work(job, status)
