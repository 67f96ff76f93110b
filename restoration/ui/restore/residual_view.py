"""The residual of a denoised image: what was removed, examined without knowing the truth."""

import cv2
import numpy as np
import streamlit as st

from restoration.image.crop import middle
from restoration.image.eight_bit import to_uint8
from restoration.image.types import Array, Image
from restoration.tasks.residual_check import SUSPICIOUS, removed
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.session_cache import session_cache

SIDE = 768  # pixels of the middle that are examined
AMPLIFICATION = 4  # of the residual, where it is shown
MAX_EXCESS = 4.0  # the map's brightest colour: so many times what noise explains


def show_residual(noisy: Image, restored: Image, key: tuple, alpha: Array | None = None) -> None:
    """Show the residual, where it exceeds what noise explains, and both as numbers.

    Parameters
    ----------
    noisy, restored : ndarrays of shape (H, W, C), float32
        Of a large image the middle is examined.
    key : tuple
        Identity of the result.
    alpha : ndarray of shape (H, W), optional
        The photograph's opacity: nothing is shown where it is transparent.
    """
    noisy, restored = middle(noisy, SIDE), middle(restored, SIDE)
    opacity = None if alpha is None else middle(alpha, SIDE)
    found, residual, excess = session_cache().get_or_compute(
        "small",
        ("residual", key),
        lambda: _examine(noisy, restored, opacity),
        lambda made: len(made[1]) + len(made[2]),
    )
    left, right = st.columns(2)
    with left:
        st.image(residual, output_format="PNG", width="stretch")
        st.markdown(f"**What was removed**, {AMPLIFICATION} times as strong  \n{_describe(found)}")
    with right:
        st.image(excess, output_format="PNG", width="stretch")
        st.markdown(
            f"**More than noise explains**, dark: no, bright: {MAX_EXCESS:g} times as much  \n"
            f"On {found.suspicious:.0%} of the area over {SUSPICIOUS:g} times: fine detail may have gone with it there."
        )
    st.caption(
        f"Measured on {noisy.shape[1]} x {noisy.shape[0]} pixels, without knowing the truth. Pure noise has a "
        "correlation of 0 with the picture. A little is the price of every careful estimate; a restoration that takes "
        "edges along reaches 0.5."
    )


def _examine(noisy, restored, alpha):
    """Return what `residual_check` finds, and the PNGs of the residual and of its excess over noise."""
    found = removed(noisy, restored)
    residual = np.clip(0.5 + AMPLIFICATION * (noisy - restored), 0, 1)
    share = (found.excess - 1) / (MAX_EXCESS - 1)
    heat_map = cv2.applyColorMap(to_uint8(share), cv2.COLORMAP_INFERNO)[..., ::-1].astype(np.float32) / 255
    return found, *(encode_png(composite_over_gray(image, alpha)) for image in (residual, heat_map))


def _describe(found):
    kind = "white noise" if found.is_white else "noise that is smooth over neighbouring pixels, as of a camera or film"
    return f"Correlation with the picture's detail {found.correlation:.2f}; it looks like {kind}."
