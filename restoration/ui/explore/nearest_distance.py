"""The distance of decoded images to the nearest training image, as captions under them."""

import numpy as np
import streamlit as st

from restoration.explore import datasets
from restoration.explore.nearest_neighbor import NearestNeighbor
from restoration.explore.pretrained_card import cards
from restoration.image.metrics import psnr
from restoration.image.types import Array
from restoration.tasks.blend import NETWORKS


def distances(name: str, images: Array) -> Array | None:
    """Return the distance (k,) of each image to the nearest training image of a set, None for photographs.

    The photographs that the network was trained on are not part of the project.
    """
    return None if name == "photos" else _nearest(name)(images)[1]


def captions(name: str, images: Array) -> list[str]:
    """Return a caption for each image: its distance in three digits; none for photographs."""
    found = distances(name, images)
    return [] if found is None else [f"{distance:.3f}" for distance in found]


def describe(name: str, images: Array, reconstructed: Array, code_size: int) -> str:
    """Return what the numbers mean, and how well the code holds the chosen images, in one line."""
    held = " and ".join(f"{psnr(*pair):.1f} dB" for pair in zip(reconstructed, images, strict=True))
    size = f"A code is {code_size} numbers for {images[0].size}; it holds the chosen pictures to a PSNR of {held}."
    if name == "photos":
        return f"{size} Large shapes and colours fit in, texture and small things do not."
    mean = cards()[NETWORKS[name]].tested["test pictures to the nearest"]
    return (
        f"Under each picture: its distance to the nearest training picture (root mean square, 0 to 1); "
        f"real pictures that it never saw: {mean:.3f} on average. {size}"
    )


@st.cache_resource(show_spinner=False)
def _nearest(name):
    return NearestNeighbor(np.ascontiguousarray(datasets.load(name).train.images))
