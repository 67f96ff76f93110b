"""Feature maps: what a page's network and the lecture's make of the photograph, layer by layer.

And the arithmetic of one kernel at a chosen pixel.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import plotly.graph_objects as go
import streamlit as st

from restoration.explore import feature_maps
from restoration.image.crop import middle
from restoration.image.types import Array, Image
from restoration.inference.card import BASELINE, card_for, card_named, presets
from restoration.inference.fair_lock import inference_lock
from restoration.ui.components.media import encode_png
from restoration.ui.frame import show_error
from restoration.ui.plot_style import CONFIG, dress
from restoration.ui.progress import FAILURES
from restoration.ui.session_cache import session_cache

FEATURE_MAPS = "See inside"  # as the visitor reads it
CROP_SIDE = 192  # pixels: some tenths of a second for the largest network
MAPS, MAPS_A_ROW, MAP_SIDE = 8, 4, 128  # shown of each resolution, and their size in pixels
GAP = 4  # pixels between two maps
CHANNELS = ("red", "green", "blue")


def show_feature_maps(task: str, preset: str, image: Image, image_key: str, conditioning: Sequence[float] = ()) -> None:
    """Show the feature maps of a network and of the lecture's on the middle of an image.

    Parameters
    ----------
    task, preset : str
        Of the network.
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Its input.
    image_key : str
        Equal for equal pixels.
    conditioning : sequence of float
        Its further inputs, one number per channel.
    """
    crop = middle(image, CROP_SIDE)
    shown = list(dict.fromkeys([preset, *({BASELINE} & set(presets(task)))]))
    names = [card_for(task, one).name for one in shown]
    try:
        with inference_lock.hold():
            with st.spinner("Looking inside"):
                mosaics = [_mosaics(name, crop, image_key, conditioning) for name in names]
            _show_mosaics(names, mosaics, crop)
            _show_arithmetic(names[0], crop, conditioning)
    except FAILURES as error:
        show_error(error)


@lru_cache(maxsize=4)
def _network(name):
    return feature_maps.load_network(card_named(name))


def _mosaics(name, crop, image_key, conditioning):
    """Return [(layer, part, shape of its maps, their mosaic as PNG)] of one network."""

    def make():
        network = _network(name)
        found = feature_maps.by_resolution(network, feature_maps.to_batch(network, crop, conditioning))
        return [(level.layer, level.part, level.maps.shape, encode_png(mosaic(level.maps))) for level in found]

    key = ("feature maps", name, image_key, conditioning)
    return session_cache().get_or_compute("small", key, make, lambda made: sum(len(png) for *_, png in made))


def _show_mosaics(names, mosaics, crop):
    """Show each network's mosaics in a column."""
    st.caption(
        f"The middle {crop.shape[1]} x {crop.shape[0]} pixels on their way through. Every small picture is one of a "
        f"layer's maps, dark where it says little and bright where it says much; of each layer the {MAPS} that differ "
        "most from place to place."
    )
    for column, name, layers in zip(st.columns(len(names), gap="large"), names, mosaics, strict=True):
        with column:
            st.markdown(f"**{name}**")
            for layer, part, (height, width, count), png in layers:
                title = f"**{part.capitalize()}** · {height} x {width} x {count}"
                if part == "code":
                    title += f" · {height * width * count / crop.size:.2g} numbers for each number of the picture"
                st.markdown(title)
                st.image(png, output_format="PNG", width="stretch")
                st.caption(f"Layer {layer}")


def mosaic(maps: Array) -> Image:
    """Draw the maps that vary most, side by side, each stretched to the whole range.

    Parameters
    ----------
    maps : ndarray of shape (h, w, c)

    Returns
    -------
    ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        The maps themselves as an image where there are one or three; else in the colours of viridis.
    """
    if maps.shape[-1] in (1, 3) and min(maps.shape[:2]) > 1:
        return np.clip(maps, 0, 1)
    if maps.shape[:2] == (1, 1):  # a dense layer: all its numbers, 32 a row
        numbers = maps.reshape(-1)
        maps = np.pad(numbers, (0, -len(numbers) % 32), mode="edge").reshape(-1, 32, 1)
    most = np.argsort(maps.std(axis=(0, 1)))[::-1][:MAPS]
    tiles = [_colored(maps[..., index]) for index in sorted(most)]
    if len(tiles) == 1:
        return tiles[0]
    blank = np.ones_like(tiles[0])
    tiles += [blank] * (-len(tiles) % MAPS_A_ROW)
    rows = [_joined(tiles[first : first + MAPS_A_ROW], axis=1) for first in range(0, len(tiles), MAPS_A_ROW)]
    return _joined(rows, axis=0)


def _colored(one):
    """(h, w) -> (h', w', 3), enlarged without smoothing."""
    least, most = one.min(), one.max()
    gray = np.uint8(np.rint(255 * (one - least) / max(most - least, np.float32(1e-12))))
    factor = max(1, round(MAP_SIDE / max(one.shape)))
    large = np.kron(gray, np.ones((factor, factor), np.uint8))
    return cv2.applyColorMap(large, cv2.COLORMAP_VIRIDIS)[..., ::-1] / np.float32(255)


def _joined(parts, axis):
    """Join images with a gray gap between them."""
    shape = list(parts[0].shape)
    shape[axis] = GAP
    gap = np.full(shape, 0.5, np.float32)
    joined = [part for one in parts for part in (one, gap)][:-1]
    return np.concatenate(joined, axis=axis)


def _show_arithmetic(name, crop, conditioning):
    """Show the choice of a map and a pixel, and the sum that gives its number."""
    st.markdown("**One number, by hand**")
    network = _network(name)
    batch = feature_maps.to_batch(network, crop, conditioning)
    layer = feature_maps.first_convolution(network)
    height, width, count = feature_maps.map_shape(network, batch, layer)
    columns = st.columns(4)
    channel = columns[0].number_input("Map of the first layer", 0, count - 1, 0, key="inside-map")
    row = columns[1].number_input("Row", 0, height - 1, height // 2, key="inside-row")
    column = columns[2].number_input("Column", 0, width - 1, width // 2, key="inside-column")
    found = feature_maps.arithmetic(network, batch, layer, (row, column), channel)
    # The conditioning may enter at another layer than the image.
    colors = min(found.patch.shape[-1], batch.shape[-1] - len(conditioning))
    conditions = [f"condition {number + 1}" for number in range(found.patch.shape[-1] - colors)]
    inputs = [*(CHANNELS if colors == len(CHANNELS) else ["gray"] * colors), *conditions]
    chosen = columns[3].selectbox("Channel of its input", range(len(inputs)), format_func=inputs.__getitem__)
    parts = (("what it lies on", found.patch), ("times the kernel", found.kernel), ("gives", found.products))
    for place, (title, values) in zip(st.columns(3), parts, strict=True):
        figure = _matrix_figure(title, values[..., chosen])
        place.plotly_chart(figure, config=CONFIG, key=f"kernel-{title}", alt=title)
    sums = found.products.sum(axis=(0, 1))
    terms = " + ".join(f"{value:.3f} ({name})" for value, name in zip(sums, inputs, strict=True))
    bias = f" + {found.bias:.3f} (bias)" if found.bias else ""
    at = f"the number in the map at row {row}, column {column}"
    st.markdown(f"{terms}{bias} = **{found.total:.3f}**, {describe_activation(found)}: {at}.")


def describe_activation(found: feature_maps.Arithmetic) -> str:
    """Say what the activation makes of the total; the network sums in float32, so nearly equal is equal."""
    stays = math.isclose(found.value, found.total, rel_tol=1e-4, abs_tol=1e-6)
    return "which stays" if stays else f"of which the activation makes **{found.value:.3f}**"


def _matrix_figure(title, values):
    """Draw a small matrix with its numbers in it."""
    largest = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values[::-1],
            text=[[f"{value:.2f}" for value in row] for row in values[::-1]],
            texttemplate="%{text}",
            colorscale="RdBu",
            zmin=-largest,
            zmax=largest,
            showscale=False,
            hoverinfo="skip",
            xgap=2,
            ygap=2,
        )
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return dress(figure, 240, title, title_x=0.5)
