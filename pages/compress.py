"""Compress: a photograph as a code of few bytes, beside the usual formats in as many bytes."""

import numpy as np
import streamlit as st

from restoration.image.crop import middle
from restoration.tasks.compress import NOT_INSTALLED, is_installed
from restoration.ui import frame, lesson, upload
from restoration.ui.explore import compress_views, compressed_file
from restoration.ui.frame import REMEMBERED
from restoration.ui.progress import FAILURES

CONTROLS = {
    "photo": "Photo",
    "rate": "Bits per pixel",
    "beside": "Beside",
    "more": "More",
    "closer": "Look closer",
    "file": "A file to keep",
}

with frame.page("Compress", "A photograph as a code of few bytes, beside other formats in just as many."):
    upload.show_opener("Compress")
upload.show_upload_error()
task = lesson.introduce(
    "An autoencoder's **code** is a short description of a picture. To store it in few bytes it is not enough to "
    "make it small: the network is trained for its **bits** as well as for its error, its numbers are rounded, and "
    "a second code says how likely each is. Plain numbers of a code, as PCA gives them, lose badly.",
    "compress",
    "**Try this:** beside JPEG, begin at 0.1 bits per pixel: you should see the network ahead. Then raise the rate "
    "until JPEG is nearer to the photograph; with some photographs it is not even at 1.",
)
if not is_installed():
    st.info(NOT_INSTALLED)
    st.stop()
first, second, third, fourth = st.columns([1.3, 1.4, 1.4, 0.7], vertical_alignment="bottom")
with first, lesson.control("photo"):
    source = upload.choose_photo()
with second, lesson.control("rate"):
    rate = st.slider("Bits per pixel", 0.1, 1.0, 0.2, 0.05, key="rate", **REMEMBERED)
with third, lesson.control("beside"):
    beside = st.segmented_control(
        "Beside", compress_views.OTHERS, default="JPEG", required=True, key="beside", **REMEMBERED
    )
with fourth, lesson.more(CONTROLS):
    pass  # the lesson alone
try:
    with st.spinner("Compressing"):
        whole = source.photo.on_paper()
        image = np.ascontiguousarray(middle(whole, compress_views.CROP))
        quality = compress_views.quality_for(image, source.key, rate)
        mine = compress_views.by_network(image, source.key, quality)
        other = compress_views.by_other(image, source.key, beside, len(mine.data))
    compress_views.show_pair(mine, other, beside)
    if image.size < whole.size:
        st.caption(f"This is the middle of the photograph, {image.shape[1]} x {image.shape[0]} pixels.")
    if beside == "JPEG":
        ahead = mine.point.psnr > other.point.psnr
        task.check(ahead and rate <= 0.2, not ahead or rate == 1)
    with lesson.control("closer"):
        views = [compress_views.CURVES, compress_views.CODE, compress_views.BITS]
        view = st.segmented_control(
            "Look closer", views, key="compress-closer", bind="query-params", label_visibility="collapsed"
        )
        with st.spinner("Looking closer"):
            compress_views.look_closer(view, image, source.key, mine)
    with lesson.control("file"):
        compressed_file.show(source, quality)
except FAILURES as error:
    frame.show_error(error)
lesson.formula(
    r"\min\ \underbrace{-\log_2 p(\hat y \mid \hat z) - \log_2 p(\hat z)}_{\text{bits}} + "
    r"\lambda \lVert x - g(\hat y) \rVert^2, \qquad \hat y = \operatorname{round}(f(x))",
    "The code *y* of a picture *x* is rounded and coded in as many bits as it is unlikely, given the second code *z*; "
    "λ is the price of an error, one for each quality. J. Ballé et al. 2018, "
    "[arXiv:1802.01436](https://arxiv.org/abs/1802.01436); D. Minnen et al. 2018, "
    "[arXiv:1809.02736](https://arxiv.org/abs/1809.02736). JPEG, WebP and AVIF: Pillow. PCA: scikit-learn, of patches "
    "of 16 x 16 pixels, each number in 16 bits.",
)
