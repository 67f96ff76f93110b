"""The noise controls of the denoise page: a known noise for a clean picture, or the level of an unknown one."""

import sys
from dataclasses import dataclass

import numpy as np
import streamlit as st

from restoration.degrade.noise import add_noise
from restoration.inference.card import presets
from restoration.tasks.baselines import DENOISERS
from restoration.tasks.denoise import denoise, estimate_sigma
from restoration.ui.frame import REMEMBERED
from restoration.ui.glossary import explain
from restoration.ui.restore.compare_methods import AS_IT_CAME, beside
from restoration.ui.restore.stage import middle
from restoration.ui.session_cache import session_cache

# Kind -> (label of its slider, least, most, default, format, from the slider to `add_noise`'s level).
KINDS = {
    "gaussian": ("Noise level, sigma of 255", 0, 75, 25, "%d", lambda value: value / 255),
    "camera": ("Noise level, about sigma of 255 at mid-gray", 0, 75, 25, "%d", lambda value: value / 255),
    "poisson": ("Noise level, sigma of 255 at mid-gray", 0, 75, 25, "%d", lambda value: value / 255),
    "salt and pepper": ("Spoiled pixels", 0, 50, 10, "%d %%", lambda value: value / 100),
    "jpeg": ("JPEG quality", 1, 100, 15, "%d", lambda value: 1 - value / 100),
}
SIDE = 768  # pixels of the middle on which the removed noise is measured


@dataclass(frozen=True)
class Spoiling:
    """A kind and a level of noise."""

    kind: str
    level: float
    seed: int

    def apply(self, truth, picture):
        """Return the spoiled image and the name of its pixels; made once and kept."""
        name = f"{picture}:{self.kind}:{self.level:.4f}:{self.seed}"
        noisy = session_cache().get_or_compute(
            "input", name, lambda: add_noise(truth, self.kind, self.level, seed=self.seed), lambda made: made.nbytes
        )
        return noisy, name


def choose_spoiling():
    """Show kind and level, and return the Spoiling."""
    kind = st.selectbox("Noise", list(KINDS), key="kind", format_func=_named, **REMEMBERED)
    label, least, most, default, form, to_level = KINDS[kind]
    value = st.slider(
        label,
        least,
        most,
        default,
        format=form,
        key=f"level-{kind.replace(' ', '-')}",
        help=explain(label),
        **REMEMBERED,
    )
    return Spoiling(kind, to_level(value), seed())


def seed():
    """Return the seed of the noise; its control stands under *More*."""
    return int(st.session_state.get("seed", 0))


def choose_seed():
    """Show the seed's control."""
    st.number_input("Seed of the noise", 0, 9999, 0, key="seed", **REMEMBERED)


def estimated(image, picture):
    """Return the estimated sigma of an image; measured once for each picture."""
    return session_cache().get_or_compute("small", ("sigma", picture), lambda: estimate_sigma(image), sys.getsizeof)


def judged(noisy, restored, picture, key):
    """Return the noise level (sigma in [0, 1]) that a restoration shows.

    The estimate from the noisy picture alone is too low for noise that is smooth over neighbouring pixels, as a
    camera's; there what was removed tells more.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, C), float32
    restored : ndarray of the same shape, or None
        By a network that judged the noise itself, and can; None where there is no such.
    picture, key : hashable
        Name the noisy picture and the restoration.
    """

    def removed():
        difference = middle(noisy, SIDE) - middle(restored, SIDE)
        return float(np.sqrt(difference.var(axis=(0, 1)).mean()))  # a channel that moved as a whole is no noise

    level = estimated(noisy, picture)
    if restored is None:
        return level
    return max(level, session_cache().get_or_compute("small", ("removed sigma", key), removed, sys.getsizeof))


def in_words(sigma):
    """Say a noise level."""
    return f"estimated noise {sigma * 255:.0f} of 255"


def choose_sigma(estimate, picture):
    """Let the network judge the noise level, or tell it.

    Parameters
    ----------
    estimate : float in [0, 1]
        Where the slider stands at first.
    picture : str
        Names the picture; for another one the slider goes to its estimate.

    Returns
    -------
    float in [0, 1], or None for the network's own judgement
    """
    estimate_255 = min(75, round(estimate * 255))
    if st.session_state.get("estimated", picture) != picture:
        st.session_state.sigma = estimate_255
    st.session_state.estimated = picture
    blind = st.toggle("Judge the noise level itself", True, key="blind", **REMEMBERED)
    sigma_255 = st.slider(
        "Noise level, sigma of 255",
        0,
        75,
        estimate_255,
        key="sigma",
        disabled=blind,
        help=explain("of 255"),
        **REMEMBERED,
    )
    return None if blind else sigma_255 / 255


def every_method(noisy, truth, name, sigma, alpha=None):
    """Show what every network and every classical method makes of the middle of a noisy picture.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, C), float32
    truth : ndarray of the same shape, or None
    name : str
        Names the picture's pixels.
    sigma : float in [0, 1]
        The noise level that the classical ones are told.
    alpha : ndarray of shape (H, W), optional
        The picture's opacity.
    """
    piece = middle(noisy)
    methods = {AS_IT_CAME: lambda: piece}
    methods |= {
        f"Network, {preset}": lambda preset=preset: denoise(piece, preset=preset) for preset in presets("denoise")
    }
    methods |= {title: lambda method=method: method(piece, sigma) for title, method in DENOISERS.items()}
    told = f"The classical ones are told the noise level, {sigma * 255:.0f} of 255; the networks judge it themselves."
    beside(
        methods,
        middle(truth),
        key=(name, sigma),
        caption=f"The same {piece.shape[1]} x {piece.shape[0]} pixels by every method. {told}",
        pair=("NLM (scikit-image)", "Network, best"),
        alpha=middle(alpha),
    )


def _named(kind):
    return {"jpeg": "JPEG compression", "camera": "A camera's"}.get(kind, kind.capitalize())
