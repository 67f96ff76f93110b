"""How near made pictures are to real ones, in numbers under them."""

import numpy as np
import streamlit as st

from restoration.explore import datasets
from restoration.explore.nearest_neighbor import NearestNeighbor
from restoration.explore.pretrained_card import cards
from restoration.image.metrics import psnr
from restoration.tasks.blend import NETWORKS


def distances(name, images):
    """Return the distance (k,) of each picture to the nearest training picture of a set, None for photographs.

    The photographs that the network has learned from are not part of the project.
    """
    return None if name == "photos" else _nearest(name)(images)[1]


def captions(name, images):
    """Return a caption for each picture: its distance in three digits; none for photographs."""
    found = distances(name, images)
    return () if found is None else [f"{distance:.3f}" for distance in found]


def explained(name, images, reconstructed, code_size):
    """Say in one line what the numbers mean, and what the code holds of the chosen pictures."""
    held = " and ".join(f"{psnr(*pair):.1f} dB" for pair in zip(reconstructed, images, strict=True))
    size = f"A code is {code_size} numbers for {images[0].size}; it holds the chosen pictures to {held}."
    if name == "photos":
        return f"{size} Large shapes and colours fit in, texture and small things do not."
    usual = cards()[NETWORKS[name]].tested["test pictures to the nearest"]
    return (
        f"Under each picture: its distance to the nearest training picture (root mean square, 0 to 1); "
        f"real pictures that it never saw: {usual:.3f} on average. {size}"
    )


@st.cache_resource(show_spinner=False)
def _nearest(name):
    return NearestNeighbor(np.ascontiguousarray(datasets.load(name).train.images))
