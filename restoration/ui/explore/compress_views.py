"""A photograph in few bytes: the codec beside the usual formats in as many, the curves, and its code."""

from dataclasses import dataclass

import cv2
import numpy as np
import plotly.graph_objects as go
import streamlit as st

from restoration.codec.container import BEST_QUALITY, LOWEST_QUALITY
from restoration.codec.rate_distortion import FORMATS, RatePoint, format_curve, rate_point, rate_where_overtaken
from restoration.explore.patch_pca import patch_codes
from restoration.image.types import Image
from restoration.tasks.compress import code_of, compress, decompress
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.media import encode_png
from restoration.ui.components.plane import COLOURS
from restoration.ui.components.viewer import viewer
from restoration.ui.plot_style import CONFIG, dress
from restoration.ui.session_cache import session_cache

NETWORK, PCA = "network", "PCA"
OTHERS = (*FORMATS, PCA)
COLOUR_OF = dict(zip((NETWORK, *OTHERS), (COLOURS[5], COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[7]), strict=True))
CROP = 512  # pixels: the most of a side that the page works on
QUALITIES = tuple(np.arange(LOWEST_QUALITY, BEST_QUALITY + 0.1).tolist())
CHANNELS, CHANNEL_TILE = 8, 120
CURVES, CODE, BITS = "Curves", "The code", "Where the bits went"


@dataclass(frozen=True)
class StoredImage:
    """A file of an image: its bytes, what it decodes to, and how near that is."""

    data: bytes
    image: Image
    point: RatePoint


def quality_for(image: Image, key: str, rate: float) -> float:
    """Return the quality at which the network's file has about so many bits per pixel."""

    def sizes():
        return [len(compress(image, quality)) for quality in QUALITIES]

    pixels = image[..., 0].size
    rates = 8 * np.array(_kept(("rates", key), sizes)) / pixels
    return float(np.interp(np.log(rate), np.log(np.maximum.accumulate(rates)), QUALITIES))


def by_network(image: Image, key: str, quality: float) -> StoredImage:
    """Return the network's file of a quality."""

    def make():
        data = compress(image, quality)
        decoded = decompress(data)
        return StoredImage(data, decoded, rate_point(image, len(data), decoded))

    return _kept(("network", key, quality), make, image.nbytes)


def by_other(image: Image, key: str, name: str, size: int) -> StoredImage:
    """Return the file of another way to store an image, of at most `size` bytes, or its smallest one."""

    def make():
        if name == PCA:
            codes = patch_codes(image)
            chosen = max([one for one in codes if one.size <= size] or codes[:1], key=lambda one: one.size)
            return StoredImage(b"", chosen.image, rate_point(image, chosen.size, chosen.image))
        data = FORMATS[name].at_most(image, size)
        decoded = FORMATS[name].decode(data, image.shape[-1])
        return StoredImage(data, decoded, rate_point(image, len(data), decoded))

    return _kept(("other", key, name, size), make, image.nbytes)


def show_pair(mine: StoredImage, other: StoredImage, name: str) -> None:
    """Show both in the viewer, and a line on each below it."""
    pictures = [encode_png(one.image) for one in (other, mine)]
    viewer(*pictures, key="compress-viewer", labels=(name, NETWORK), height=440, alt=f"{name} beside the network")
    told = [
        f"**{label}**: {one.point.bits_per_pixel:.2f} bits per pixel, PSNR {one.point.psnr:.1f} dB, "
        f"SSIM {one.point.ssim:.3f}"
        for label, one in ((name, other), (NETWORK, mine))
    ]
    larger = other.point.bits_per_pixel > 1.02 * mine.point.bits_per_pixel
    st.markdown(" · ".join(told) + (f". {name} has no file as small as that." if larger else ""))


def look_closer(view: str | None, image: Image, key: str, mine: StoredImage) -> None:
    """Show one of the views; None for none."""
    if view == CURVES:
        _curves(_kept(("curves", key), lambda: _all_points(image, key)), mine)
    elif view == CODE:
        _code(mine)
    elif view == BITS:
        _bits(image, mine)


def _all_points(image, key):
    network = []
    for quality in QUALITIES:
        data = compress(image, quality)
        network.append(rate_point(image, len(data), decompress(data)))
    found = {NETWORK: network, **{name: format_curve(image, name) for name in FORMATS}}
    return found | {PCA: [rate_point(image, one.size, one.image) for one in patch_codes(image)]}


def _curves(points, mine):
    for column, measure, title in zip(st.columns(2), ("psnr", "ssim"), ("PSNR in dB", "SSIM"), strict=True):
        figure = go.Figure()
        for name, own in points.items():
            rates, values = [one.bits_per_pixel for one in own], [getattr(one, measure) for one in own]
            figure.add_scatter(x=rates, y=values, name=name, mode="lines+markers", line={"color": COLOUR_OF[name]})
        figure.add_scatter(
            x=[mine.point.bits_per_pixel],
            y=[getattr(mine.point, measure)],
            mode="markers",
            name="above",
            marker={"symbol": "star", "size": 14, "color": COLOUR_OF[NETWORK]},
        )
        figure.update_xaxes(title_text="bits per pixel", range=[0, 1.3], showgrid=False)
        dress(figure, 340, title, legend={"orientation": "h", "y": -0.25})
        column.plotly_chart(
            figure, key=f"compress-{measure}", width="stretch", config=CONFIG, alt=f"{title} against bits"
        )
    rate = rate_where_overtaken(points[NETWORK], points["JPEG"])
    told = f"From {rate:.2f} bits per pixel on, JPEG is nearer" if rate else "JPEG is nowhere nearer"
    st.caption(f"{told} to this picture than the network, by PSNR. Bytes of whole files; higher is nearer.")


def _code(mine):
    numbers = code_of(mine.data).numbers
    most = np.sort(np.argsort(-np.abs(numbers).mean(axis=(0, 1)))[:CHANNELS])
    images = [np.float32(0.5 + numbers[..., [one]] / (2 * max(1, np.abs(numbers[..., one]).max()))) for one in most]
    captions = [f"{(numbers[..., one] != 0).mean():.0%} not 0" for one in most]
    gallery([GalleryRow("", images, captions)], key="compress-code", alt="Channels of the code", tile=CHANNEL_TILE)
    height, width, channels = numbers.shape
    st.caption(
        f"{height} x {width} places of {channels} whole numbers, {(numbers == 0).mean():.0%} of them 0; these are the "
        f"{len(most)} busiest channels, gray where a number is 0: as predicted."
    )


def _bits(image, mine):
    bits = np.float32(code_of(mine.data).bits)
    height, width = image.shape[:2]
    large = np.kron(bits, np.ones((16, 16), np.float32))[:height, :width]
    scaled = np.rint(255 * large / max(float(large.max()), 1e-9)).astype(np.uint8)
    colours = cv2.applyColorMap(scaled, cv2.COLORMAP_VIRIDIS)[..., ::-1].astype(np.float32) / 255
    pictures = encode_png(np.broadcast_to(image, colours.shape)), encode_png(colours)
    viewer(*pictures, key="compress-bits", labels=("picture", "bits"), height=400, alt="Where the bits went")
    st.caption(
        f"Bright squares of 16 x 16 pixels took most: up to {bits.max():.0f} bits; the darkest {bits.min():.0f}."
    )


def _kept(key, make, size=2000):
    return session_cache().get_or_compute("small", ("compress", *key), make, lambda _: size)
