"""The noise controls of the denoise page: a known degradation of a clean image, or the level of unknown noise."""

import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from restoration.degrade.noise import add_noise
from restoration.image.crop import middle
from restoration.image.noise_level import estimate_sigma
from restoration.image.types import Array, Image
from restoration.inference.card import presets
from restoration.tasks.baselines import DENOISERS
from restoration.tasks.denoise import denoise
from restoration.ui.frame import REMEMBERED
from restoration.ui.glossary import explain
from restoration.ui.restore.compare_methods import UNPROCESSED, compare_methods
from restoration.ui.restore.page_layout import preset_label
from restoration.ui.restore.preview import PREVIEW_SIDE
from restoration.ui.session_cache import session_cache

# Kind -> (label of its slider, least, most, default, format, from the slider to `add_noise`'s level).
KINDS = {
    "gaussian": ("Noise level, of 255", 0, 75, 25, "%d", lambda value: value / 255),
    "camera": ("Noise level at mid-gray, about, of 255", 0, 75, 25, "%d", lambda value: value / 255),
    "poisson": ("Noise level at mid-gray, of 255", 0, 75, 25, "%d", lambda value: value / 255),
    "salt and pepper": ("Pixels that are lost", 0, 50, 10, "%d %%", lambda value: value / 100),
    "jpeg": ("JPEG quality", 1, 100, 15, "%d", lambda value: 1 - value / 100),
}
KIND_LABELS = {"jpeg": "JPEG compression", "camera": "A camera's"}  # where they are not the kind itself
RESIDUAL_SIDE = 768  # pixels of the middle on which the residual is measured
JPEG_GRID = 16  # pixels: a JPEG that is cut there keeps its blocks where they were


@dataclass(frozen=True)
class NoiseSettings:
    """The kind, level and seed of `restoration.add_noise`."""

    kind: str
    level: float
    seed: int

    def apply(self, truth: Image, image_key: str) -> tuple[Image, str]:
        """Return the noisy image and its key; it is computed once and kept."""
        key = f"{image_key}:{self.kind}:{self.level:.4f}:{self.seed}"
        noisy = session_cache().get_or_compute(
            "input", key, lambda: add_noise(truth, self.kind, self.level, seed=self.seed), lambda image: image.nbytes
        )
        return noisy, key


def choose_noise() -> NoiseSettings:
    """Show the kind and the level of the noise."""
    kind = st.selectbox("Noise", list(KINDS), key="kind", format_func=kind_label, **REMEMBERED)
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
    return NoiseSettings(kind, to_level(value), int(st.session_state.get("seed", 0)))


def kind_label(kind: str) -> str:
    """Return how the visitor reads a kind of noise."""
    return KIND_LABELS.get(kind, kind.capitalize())


def choose_seed() -> None:
    """Show the seed of the noise, which `choose_noise` reads."""
    st.number_input("Seed of the noise", 0, 9999, 0, key="seed", **REMEMBERED)


def set_widgets(settings: Mapping[str, Any]) -> None:
    """Bring the page's controls to the settings of a step."""
    state, sigma = st.session_state, settings["sigma"]
    state.update(strength=round(100 * settings["strength"]), preset=settings["preset"], blind=sigma is None)
    state["denoise-ensemble"] = settings["ensemble"]
    if sigma is not None:
        state.sigma = min(75, round(255 * sigma))
        state.pop("estimated", None)  # the level stays where it was set


def choose_sigma(noisy: Image, image_key: str) -> float | None:
    """Show the noise level that conditions the network; for a new image the slider goes to its estimate.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, C), float32
    image_key : str
        Equal for equal pixels.

    Returns
    -------
    float in [0, 1], or None where the network shall estimate the level itself
    """
    sigma_255 = min(75, round(255 * estimated_sigma(noisy, image_key)))
    if st.session_state.get("estimated", image_key) != image_key:
        st.session_state.sigma = sigma_255
    st.session_state.estimated = image_key
    blind = st.toggle("Find the noise level by itself", True, key="blind", **REMEMBERED)
    sigma_255 = st.slider(
        "Noise level, of 255",
        0,
        75,
        sigma_255,
        key="sigma",
        disabled=blind,
        help=explain("of 255"),
        **REMEMBERED,
    )
    return None if blind else sigma_255 / 255


def estimated_sigma(image: Image, image_key: str) -> float:
    """Return the estimated noise level of an image; it is measured once and kept."""
    return session_cache().get_or_compute("small", ("sigma", image_key), lambda: estimate_sigma(image), sys.getsizeof)


def residual_sigma(noisy: Image, restored: Image, key: Hashable) -> float:
    """Return the standard deviation of what a restoration removed; measured once for each `key` of a result.

    `estimated_sigma` is too low for noise that is smooth over neighbouring pixels, as a camera's; this is not.
    """

    def measure() -> float:
        residual = middle(noisy, RESIDUAL_SIDE) - middle(restored, RESIDUAL_SIDE)
        return float(np.sqrt(residual.var(axis=(0, 1)).mean()))  # a shift of a whole channel is no noise

    return session_cache().get_or_compute("small", ("residual sigma", key), measure, sys.getsizeof)


def describe_noise(sigma: float) -> str:
    """Return a noise level as the visitor reads it."""
    return f"estimated noise {sigma * 255:.0f} of 255"


def compare_denoisers(
    noisy: Image, truth: Image | None, image_key: str, sigma: float, alpha: Array | None = None
) -> None:
    """Show what every network and every classical method makes of the middle of a noisy image.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, C), float32
    truth : ndarray of the same shape, or None
    image_key : str
        Equal for equal pixels.
    sigma : float in [0, 1]
        The noise level that the classical methods are given.
    alpha : ndarray of shape (H, W), optional
        The photograph's opacity.
    """
    cut = partial(middle, side=PREVIEW_SIDE, grid=JPEG_GRID)
    crop = cut(noisy)
    methods: dict[str, Callable[[], Image]] = {UNPROCESSED: lambda: crop}
    methods |= {
        f"Network, {preset_label(preset)}": partial(denoise, crop, preset=preset) for preset in presets("denoise")
    }
    methods |= {name: partial(method, crop, sigma) for name, method in DENOISERS.items()}
    compare_methods(
        methods,
        None if truth is None else cut(truth),
        key=(image_key, sigma),
        caption=f"The same {crop.shape[1]} x {crop.shape[0]} pixels by every method. The classical ones are told the "
        f"noise level, {sigma * 255:.0f} of 255; the networks judge it themselves.",
        pair=("NLM (scikit-image)", "Network, best"),
        alpha=None if alpha is None else cut(alpha),
    )
