"""How sure is it: what was removed, looked at without knowing the truth."""

import cv2
import numpy as np
import streamlit as st

from restoration.tasks.residual_check import SUSPICIOUS, removed
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.restore.stage import middle
from restoration.ui.session_cache import session_cache

SIDE = 768  # pixels of the middle that are examined
AMPLIFIED = 4  # the removed part is shown so many times as strong
CEILING = 4.0  # times what noise explains that the map's brightest colour stands for


def how_sure(noisy, restored, key, alpha=None):
    """Show what was removed, where it is more than noise explains, and both as numbers.

    Parameters
    ----------
    noisy, restored : ndarrays of shape (H, W, C), float32
        Of a large picture the middle is examined.
    key : tuple
        Names the result.
    alpha : ndarray of shape (H, W), optional
        The picture's opacity: nothing is shown where it is transparent.
    """
    first, second = middle(noisy, SIDE), middle(restored, SIDE)
    opacity = middle(alpha, SIDE)
    found, difference, excess = session_cache().get_or_compute(
        "small", ("removed", key), lambda: _examined(first, second, opacity), lambda made: len(made[1]) + len(made[2])
    )
    left, right = st.columns(2)
    with left:
        st.image(difference, output_format="PNG", width="stretch")
        st.markdown(f"**What was removed**, {AMPLIFIED} times as strong  \n{_correlation_in_words(found)}")
    with right:
        st.image(excess, output_format="PNG", width="stretch")
        st.markdown(
            f"**More than noise explains**, dark: no, bright: {CEILING:g} times as much  \n"
            f"On {found.suspicious:.0%} of the area over {SUSPICIOUS:g} times: fine detail may have gone with it there."
        )
    st.caption(
        f"Judged on {first.shape[1]} x {first.shape[0]} pixels, without knowing the truth. Pure noise has a "
        "correlation of 0 with the picture. A little is the price of every careful estimate; a restoration that takes "
        "edges along reaches 0.5."
    )


def _examined(noisy, restored, alpha):
    found = removed(noisy, restored)
    difference = np.clip(0.5 + AMPLIFIED * (noisy - restored), 0, 1)
    share = np.clip((found.excess - 1) / (CEILING - 1), 0, 1)
    colored = cv2.applyColorMap((255 * share).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    pictures = difference, colored.astype(np.float32) / 255
    return found, *(encode_png(composite_over_gray(picture, alpha)) for picture in pictures)


def _correlation_in_words(found):
    kind = "white noise" if found.is_white else "noise that is smooth over neighbouring pixels, as of a camera or film"
    return f"Correlation with the picture's detail {found.correlation:.2f}; it looks like {kind}."
