"""What networks that have seen one sort of pictures make of another."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import foreign_pictures
from restoration.explore.foreign_pictures import Foreign, meet_foreign
from restoration.explore.laboratory import Laboratory
from restoration.ui.components.bars import Measure
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED

SLOT = "live-foreign"
KINDS = {
    "dense": "Fully connected",
    "transpose 3": "Convolutional, transposed convolutions of 3 x 3",
    "transpose 4": "Convolutional, transposed convolutions of 4 x 4",
    "upsample": "Convolutional, upsampling",
}
CHANNELS = (1, 2, 4, 8)
POINTS = (500, 1000, 3000, 5000)
MOST_NUMBERS = 4_000_000  # in all training images together
SHOWN = 8


def choose_rest(chosen: ChosenDataset) -> dict[str, int]:
    """Show the settings and return them as arguments of `meet_foreign`."""
    channels = st.select_slider(
        "Channels of the convolutional code", CHANNELS, foreign_pictures.CHANNELS, key="code-channels", **REMEMBERED
    )
    points = st.select_slider("Training pictures", POINTS, 3000, key="foreign-points", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="foreign-seed", **REMEMBERED)
    most = max(100, MOST_NUMBERS // int(np.prod(chosen.data.shape)))
    points = min(points, chosen.data.train_count, most)
    return {"channels": int(channels), "points": points, "seed": int(seed)}


def current(known: ChosenDataset, foreign: ChosenDataset, settings: dict[str, int]) -> Laboratory:
    """Return the visitor's laboratory of these settings."""
    begin = partial(meet_foreign, known.data, _foreign_images(foreign), **settings)
    choices = (known.key, foreign.key, tuple(settings.items()))
    return laboratory_views.laboratory(SLOT, choices, begin, foreign_pictures.EPOCHS)


def _foreign_images(foreign):
    """Return test images, or all of a set that has few of them."""
    return (foreign.data.test if len(foreign.data.test) >= SHOWN else foreign.data).images


def show(live: Laboratory, known: ChosenDataset, foreign: ChosenDataset, on_found: Callable[[Foreign], None]) -> None:
    """Show what was found so far, and go on while it trains.

    Parameters
    ----------
    live : Laboratory
    known, foreign : ChosenDataset
    on_found : callable
        ``on_found(found)`` once the training has ended.
    """

    def draw(state):
        found = state.found
        if found and state.ended:
            on_found(found)
        laboratory_views.progress(state, "All see the same pictures in the same order")
        if not found:
            rows = [
                GalleryRow("They learn from pictures like these", known.data.train.images[:SHOWN]),
                GalleryRow("and are shown pictures like these", _foreign_images(foreign)[:SHOWN]),
            ]
            gallery(rows, key="known-and-foreign", alt="Pictures that are learned from, and foreign ones", tile=72)
            return
        rows = [GalleryRow("New ones of those they learn from, and foreign ones", _both(found.images, found.foreign))]
        for kind, one in found.found.items():
            label = f"{KINDS[kind]}: PSNR {one.psnr:.1f} dB, {one.foreign_psnr:.1f} dB on foreign ones"
            rows.append(GalleryRow(label, _both(one.restored, one.foreign)))
        gallery(rows, key="foreign", alt="Pictures, and what each network makes of them", tile=64)
        left, right = st.columns([1.4, 1], gap="medium")
        with left:
            _numbers(found)
        with right:
            laboratory_views.chart(
                {KINDS[kind]: (range(1, len(one.losses) + 1), one.losses) for kind, one in found.found.items()},
                "mean squared error while training",
                key="foreign-losses",
                across="epoch",
                height=280,
            )

    laboratory_views.follow(live, draw)


def _both(images, foreign):
    return np.clip([*images[:SHOWN], *foreign[:SHOWN]], 0, 1)


def _numbers(found):
    networks = {KINDS[kind]: one for kind, one in found.found.items()}
    measures = [
        Measure("New pictures, PSNR in dB", {name: one.psnr for name, one in networks.items()}, "{:.2f}"),
        Measure("Foreign pictures, PSNR in dB", {name: one.foreign_psnr for name, one in networks.items()}, "{:.2f}"),
        Measure("Checkerboard", {name: one.board for name, one in networks.items()}, "{:.4f}"),
    ]
    laboratory_views.results("Network", measures, "foreign-pictures.csv")
    st.caption(
        f"Every code has {found.code_size} numbers. *Checkerboard*: how strongly the error on foreign pictures changes "
        "from pixel to pixel, in units of white; a kernel of 3 with a stride of 2 gives every other pixel more taps."
    )
