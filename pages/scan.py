"""Scan: computed tomography at a lower dose, and its noise taken out. For teaching and research, not for diagnosis."""

import streamlit as st

from restoration.image.hounsfield import NOT_FOR_DIAGNOSIS
from restoration.inference.card import card_for, presets
from restoration.scan.sample_slices import CREDIT, SAMPLES
from restoration.ui import frame, lesson
from restoration.ui.explore import scan_download, scan_source, scan_views
from restoration.ui.frame import REMEMBERED
from restoration.ui.progress import FAILURES
from restoration.ui.restore.model_card import show_model_card

CONTROLS = {"scan": "Scan", "dose": "Dose", "window": "Window", "more": "More", "closer": "Look closer"}

frame.page("Scan", f"Computed tomography at a lower dose, and its noise taken out. **{NOT_FOR_DIAGNOSIS}**")
task = lesson.introduce(
    "Less dose means fewer **photons**, and their number varies more, relative to itself, the fewer arrive. The "
    "noise of the slice is not white: it comes out of the reconstruction, in streaks along what absorbs most. An "
    "autoencoder trained on pairs of a low dose and none of its noise takes it out, and with it what is weaker.",
    "scan",
    "**Try this:** the phantom with discs at 5 % of the dose: *Contrast of discs* shows that some are lost. "
    "Then raise the dose until two in three keep nine tenths of their contrast.",
)
if not presets("scan"):
    st.info("The network for scans is not installed; install the project again.")
    st.stop()
first, second, third, fourth = st.columns([1.3, 1.4, 1.2, 1.3], vertical_alignment="bottom")
try:
    with first, lesson.control("scan"):
        source = scan_source.choose_scan()
    if source is None:
        st.stop()
    with second, lesson.control("dose"):
        simulated = not source.own or st.toggle("Show me a lower dose", False, key="show-dose", **REMEMBERED)
        percent = st.slider("Dose, %", 2, 100, 25, key="dose", disabled=not simulated, **REMEMBERED)
        dose = percent / 100 if simulated else None
    with third, lesson.control("window"):
        window = scan_source.choose_window(source)
    buttons = fourth.container(horizontal=True, gap="small")
    with buttons, lesson.more(CONTROLS, "content"):
        preset = st.segmented_control(
            "Network", presets("scan"), default=presets("scan")[0], required=True, key="scan-preset", **REMEMBERED
        )
    with st.spinner("Scanning and denoising"):
        result = scan_views.run(source, dose, preset)
    with buttons, st.popover("Download"):
        scan_download.show_download(source, result.after, window, preset)
    scan_views.show_viewer(result, window, dose)
    if source.key in SAMPLES:
        st.caption(CREDIT)
    with lesson.control("closer"):
        views = [scan_views.PROFILE, scan_views.METHODS, scan_views.CONTRAST, scan_views.LARGER, scan_views.CARD]
        view = st.segmented_control(
            "Look closer", views, key="scan-closer", bind="query-params", label_visibility="collapsed"
        )
        with st.spinner("Looking closer"):
            scan_views.look_closer(view, source, result, window)
        if view == scan_views.CARD:
            show_model_card(card_for("scan", preset))
    if kept := scan_views.shares_kept(source, result):
        share = sum(one >= scan_views.KEPT for one in kept) / len(kept)
        task.check(percent <= 5 and share < 1 and view == scan_views.CONTRAST, share >= 2 / 3)
except FAILURES as error:
    frame.show_error(error)
lesson.formula(
    r"N \sim \operatorname{Poisson}\left(d\, N_0\, e^{-p}\right), \qquad \hat p = -\ln \frac{N}{d\, N_0}, \qquad "
    r"\operatorname{var} \hat p \approx \frac{e^{p}}{d\, N_0}",
    "Of *d N₀* photons at a dose *d*, *N* arrive behind a body whose attenuation along the ray adds up to *p*; the "
    "slice is made of all *p* by filtered back projection: A. Kak and M. Slaney 1988, "
    "[doi:10.1137/1.9780898719277](https://doi.org/10.1137/1.9780898719277). A network from low dose to full dose: "
    "H. Chen et al. 2017, [doi:10.1109/TMI.2017.2715284](https://doi.org/10.1109/TMI.2017.2715284). NLM, total "
    "variation, wavelet: scikit-image. DICOM: pydicom and GDCM; NIfTI: nibabel.",
)
