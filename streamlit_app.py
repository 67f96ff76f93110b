"""Home: what can be done for a photograph, shown before it is said."""

import streamlit as st

from restoration.tasks.denoise import denoise
from restoration.ui import frame, stage
from restoration.ui.noise import Spoiling
from restoration.samples import sample

frame.page("Home", "Photographs restored on your own computer, by networks that show how they work.")
place, status = st.container(), st.empty()

st.subheader("Denoise")
st.write("Takes the noise out of a photograph and leaves the rest as it came: size, colours, 16 bits, transparency, profile.")
st.page_link("pages/denoise.py", label="Denoise a photograph", icon=":material/arrow_forward:")

noisy, name = Spoiling("gaussian", 35 / 255, seed=0).apply(sample("Coffee cup").pixels, "sample:Coffee cup")
job = stage.Job(noisy, name, ("best", None), lambda image, progress: denoise(image, progress=progress), "Denoising")
with place:
    stage.show(job, key="home-viewer", labels=("noisy", "denoised"), alt="A cup of coffee, noisy and denoised")
stage.work(job, status)
