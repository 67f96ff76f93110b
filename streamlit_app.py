"""Home: what can be done for a photograph, shown before it is said."""

import streamlit as st

from restoration.photo.sample_photos import sample
from restoration.tasks.denoise import denoise
from restoration.ui import frame
from restoration.ui.restore import denoise_controls, stage

SAMPLE = "Motorcycle"

frame.page("Home", "Photographs restored on your own computer, by networks that show how they work.")
place, status = stage.places()

noisy, name = denoise_controls.Spoiling("gaussian", 35 / 255, seed=0).apply(sample(SAMPLE).pixels, f"sample:{SAMPLE}")
job = stage.Job(
    noisy, name, ("best", None), lambda image, progress: denoise(image, progress=progress), "Denoising", "noisy"
)
with place:
    stage.show(
        job,
        key="home-viewer",
        removed=True,
        labels=("noisy", "denoised"),
        alt="A motorcycle in a workshop, noisy and denoised",
    )

for rows, label in ((frame.TASKS, "{} a photograph"), (frame.EXPLORE, "Explore: {}")):
    for column, (page, title, text) in zip(st.columns(max(3, len(rows))), rows, strict=False):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            st.write(text)
            st.page_link(page, label=label.format(title), icon=":material/arrow_forward:")
st.caption(
    "Nothing you open here leaves this computer: no account, no upload to anyone, no network. "
    "Every result says which network made it; every network has a card: what it was trained on, and where it fails."
)
found = stage.outcome(job)
if found:
    known = denoise_controls.in_words(denoise_controls.estimated(noisy, name))
    stage.say(status, stage.in_words(job, found, known=known, truth=sample(SAMPLE).pixels))
else:
    stage.work(job, status)
