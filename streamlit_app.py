"""Home: a sample before and after denoising, and the way to every page."""

import streamlit as st

from restoration.photo.sample_photos import sample
from restoration.tasks.denoise import denoise
from restoration.ui import frame, server
from restoration.ui.restore import denoise_controls
from restoration.ui.restore.before_after import show_before_after
from restoration.ui.restore.page_layout import restoration_page
from restoration.ui.restore.restoration_job import RestorationJob, find_restoration, run_job
from restoration.ui.restore.status_line import describe_restoration, show_status

SAMPLE = "Motorcycle"


def show_home() -> None:
    """Show the page."""
    _, viewer_place, status_place = restoration_page(
        "Home", "Photographs restored on your own computer, by networks that show how they work."
    )

    truth = sample(SAMPLE).pixels
    noisy, image_key = denoise_controls.NoiseSettings("gaussian", 35 / 255, seed=0).apply(truth, f"sample:{SAMPLE}")
    job = RestorationJob(
        noisy,
        image_key,
        settings=("best", None),
        restore=lambda image, progress: denoise(image, progress=progress),
        action="Denoising",
        input_name="noisy",
    )
    restoration = find_restoration(job)
    with viewer_place:
        show_before_after(
            job,
            restoration,
            key="home-viewer",
            removed=True,
            labels=("noisy", "denoised"),
            alt="A motorcycle in a workshop, noisy and denoised",
        )

    for rows, label in ((frame.TASKS, "{} a photograph"), (frame.EXPLORE, "Explore: {}")):
        for start in range(0, len(rows), 3):
            for column, (page, title, text) in zip(st.columns(3), rows[start : start + 3], strict=False):
                with column, st.container(border=True, height="stretch"):
                    st.markdown(f"**{title}**")
                    st.write(text)
                    st.page_link(page, label=label.format(title), icon=":material/arrow_forward:")
    st.caption(
        "Nothing you open here leaves this computer: no account, no upload to anyone, no network. "
        "Every result says which network made it; every network has a card: what it was trained on, and where it fails."
    )
    if restoration:
        finding = denoise_controls.describe_noise(denoise_controls.estimated_sigma(noisy, image_key))
        show_status(status_place, describe_restoration(job, restoration, finding=finding, truth=truth))
    else:
        run_job(job, status_place)


if __name__ == "__main__":  # a visit
    show_home()
else:  # `streamlit run` and `latent-darkroom app` import this file at their start, and serve what they find
    app = st.App(__file__, **server.app_settings(__file__))
