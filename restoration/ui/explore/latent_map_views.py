"""What the latent map page shows: the plane of a set's codes, random samples, and the visitor's own digit."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from restoration.explore import datasets, latent_plane, pretrained
from restoration.explore.classifier import classify
from restoration.explore.clusters import k_means, purity
from restoration.explore.csv_table import csv_table
from restoration.explore.datasets import DataSet
from restoration.explore.mnist_format import to_fashion_mnist_format, to_mnist_format
from restoration.explore.pretrained import PretrainedAutoencoder
from restoration.image.checks import ImageError
from restoration.image.montage import montage
from restoration.image.types import Array, Image
from restoration.inference.fair_lock import inference_lock
from restoration.photo import Photo, PhotoError
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.media import encode_png, media_url
from restoration.ui.components.pad import pad
from restoration.ui.components.plane import plane, plot
from restoration.ui.explore import nearest_distance, result_downloads
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import max_megapixels

NETWORKS = {"plain": "Plain", "variational": "Variational"}
SHOWN = ("Classes", "Clusters", "Decoded", "Gaps")
POINTS, GRID, SAMPLED = 5000, 24, 500
DRAWN_FROM = ("the standard normal", "the spread of its own codes")
CLEAR = 0.9  # confidence from which a sample counts as clear
OWN_BYTES = 10_000  # of an own image, its code and its reconstruction, at most
NEIGHBOURS = 15  # nearest codes, of which the commonest class is named
FARTHEST = 0.12  # from a code, in widths of the plane: the end of the colour scale of gaps


@dataclass(frozen=True, eq=False)
class LatentMap:
    """The codes of a set's training images by a network with codes of two numbers.

    Parameters
    ----------
    data : DataSet
    kind : {"plain", "variational"}
    network : PretrainedAutoencoder
    codes : ndarray of shape (POINTS, 2)
        Of the first training images.
    region : tuple (left, right, bottom, top)
    """

    data: DataSet
    kind: str
    network: PretrainedAutoencoder
    codes: Array
    region: latent_plane.Region

    @property
    def name(self) -> str:
        """Name of the data set."""
        return self.data.name

    @property
    def labels(self) -> np.ndarray:
        """Class of each code."""
        return self.data.train.labels[: len(self.codes)]

    def nearest_codes(self, at: tuple[float, float] | Array) -> tuple[np.ndarray, bool]:
        """Return the indices of the `NEIGHBOURS` nearest codes, nearest first, and whether the place lies in a gap."""
        distance = np.linalg.norm(self.codes - at, axis=1)
        nearest = distance.argsort()[:NEIGHBOURS]
        return nearest, bool(distance[nearest[0]] > latent_plane.GAP * (self.region[1] - self.region[0]))

    def commonest_class(self, nearest: np.ndarray) -> tuple[str, int]:
        """Return the name of the commonest class of some codes, and how many of them are of it."""
        counts = np.bincount(self.labels[nearest])
        return self.data.label_names[counts.argmax()], int(counts.max())


@dataclass(frozen=True, eq=False)
class OwnImage:
    """The visitor's own image, its code, what the decoder makes of the code, and what the classifier takes it for."""

    image: Image
    code: Array
    decoded: Image
    label: int
    confidence: float


# Streamlit's caches hold a lock of their own while they compute, so what runs a network queues before it asks them.


def latent_map(name: str, kind: str) -> LatentMap:
    """Return the LatentMap of a set by a network ("plain" or "variational"); made once for all visitors."""
    with inference_lock.hold():
        return _latent_map(name, kind)


@st.cache_resource(show_spinner=False)
def _latent_map(name, kind):
    data, network = datasets.load(name), pretrained.load_autoencoder(f"map-{name}-{kind}-1")
    codes = network.encode(data.train.images[:POINTS])
    return LatentMap(data, kind, network, codes, latent_plane.extent(codes))


@st.cache_data(show_spinner=False)
def _decoded_grid(name, kind):
    """Return what a grid of places decodes to, as PNG bytes."""
    shown = latent_map(name, kind)
    return encode_png(montage(shown.network.decode(latent_plane.grid(shown.region, GRID)), GRID))


@st.cache_data(show_spinner=False)
def _gaps(name, kind):
    """Return the distances to the nearest code in colours as PNG bytes, and the share of the plane in gaps."""
    shown = latent_map(name, kind)
    far = latent_plane.gaps(shown.codes, shown.region, 160)
    steps = np.rint(255 * np.clip(far / FARTHEST, 0, 1)).astype(np.uint8)
    coloured = cv2.applyColorMap(steps, cv2.COLORMAP_CIVIDIS)[..., ::-1] / np.float32(255)
    return encode_png(coloured), float((far > latent_plane.GAP).mean())


@st.cache_data(show_spinner=False)
def _clusters(name, kind, count):
    return k_means(latent_map(name, kind).codes, count)[0]


@st.fragment
def explore(shown: LatentMap, view: str, clusters: int) -> None:
    """Show the plane, what the decoder draws at the pointer, and the visitor's own image; runs alone.

    Parameters
    ----------
    shown : LatentMap
    view : str
        What the plane shows, one of `SHOWN`.
    clusters : int
    """
    left, right = st.columns([1.2, 1], gap="medium")
    with right:
        pointed, drawing = st.columns(2)
        with drawing:
            st.markdown("**Draw yours**" if shown.name == "digits" else "**Add yours**")
            image = _own_image(shown.name)
    with inference_lock.hold():  # queue once for all that a click asks of the networks
        own = None if image is None else _encode_own(shown, image)
        labels, names, background, caption = _view(shown, view, clusters)
        with left:
            at = plane(
                shown.codes,
                labels,
                names,
                shown.region,
                key=f"plane-{shown.name}-{shown.kind}",
                at=_place_in_address(shown.region),
                alt=f"{len(shown.codes)} codes of {shown.name} by the {shown.kind} network",
                background=background,
                marks=[(*own.code, "yours")] if own else (),
                show_points=view in SHOWN[:2],
            )
            st.caption(caption)
        with pointed:
            _show_place(shown, at)
    st.query_params["at"] = f"{at[0]:.3g},{at[1]:.3g}"
    with right:
        if own:
            _show_own(shown, own)
        _offer_downloads(shown, labels)


def _show_place(shown, at):
    """Show what the decoder draws at a place, and how sure the classifier is of it."""
    st.markdown("**The decoder draws**")
    decoded = shown.network.decode(np.array([at], np.float32))
    (label,), (confidence,) = classify(pretrained.load_classifier(shown.name), decoded)
    nearest, in_gap = shown.nearest_codes(at)
    gallery([GalleryRow("", decoded)], key="drawn", alt="What the decoder draws at the pointed place", tile=168)
    names = shown.data.label_names
    where = "in a **gap**, no code near" if in_gap else f"beside codes of {shown.commonest_class(nearest)[0]}"
    st.markdown(f"({at[0]:.2f}, {at[1]:.2f}), {where}. Taken for **{names[label]}**, {confidence:.0%} sure.")


def _own_image(name):
    """Let the visitor draw or upload an image; return it as one of the set's, or None. A file is decoded once."""
    drawn = pad(key="pad", label="Draw a digit with mouse, pen or finger") if name == "digits" else None
    upload = st.file_uploader("Or open a picture of one" if name == "digits" else "Open a picture", key="own-digit")
    if drawn is None and upload is None:
        return None
    content = upload.getvalue() if drawn is None else drawn.tobytes()

    def read():
        try:
            image = Photo.open(content, max_megapixels=max_megapixels()).on_paper() if drawn is None else drawn
            return to_mnist_format(image) if name == "digits" else to_fashion_mnist_format(image)
        except (ImageError, PhotoError) as error:
            return str(error)

    key = ("own image", name, max_megapixels(), hashlib.sha256(content).digest())
    image = session_cache().get_or_compute("small", key, read, size=lambda _: OWN_BYTES)
    if isinstance(image, str):
        show_error(image)
        return None
    return image


def _encode_own(shown, image):
    def encode():
        code = shown.network.encode(image[None])
        (label,), (confidence,) = classify(pretrained.load_classifier(shown.name), image[None])
        return OwnImage(image, code[0], shown.network.decode(code)[0], int(label), float(confidence))

    key = ("own code", shown.name, shown.kind, image.tobytes())
    return session_cache().get_or_compute("small", key, encode, size=lambda _: OWN_BYTES)


def _show_own(shown, own):
    """Say where the visitor's image lies on the plane, and show what its two numbers hold of it."""
    indices, in_gap = shown.nearest_codes(own.code)
    (around, count), taken_for = shown.commonest_class(indices), shown.data.label_names[own.label]
    nearest = shown.data.train.images[indices[0]]
    gallery(
        [GalleryRow("", [own.image, own.decoded, nearest], ["yours", "decoded", "nearest code"])],
        key="own",
        alt="Your picture, what its code decodes to, and the training picture with the nearest code",
        tile=100,
    )
    place = "in a gap" if in_gap else f"among {around}"
    said = (
        f"Yours lands **{place}**: of the {NEIGHBOURS} nearest codes {count} are of {around}. The classifier takes it "
        f"for **{taken_for}**, {own.confidence:.0%} sure."
    )
    if around != taken_for:
        said += (
            f" They differ because the classifier sees all {own.image.size} pixels, the map two numbers of them, and "
            "classes overlap there."
        )
    st.markdown(said)


def _view(shown, view, clusters):
    """Return labels, their names, the background's URL, and a caption."""
    names = shown.data.label_names
    if view == "Clusters":
        assigned = _clusters(shown.name, shown.kind, clusters)
        pure = purity(assigned, shown.labels)
        caption = (
            f"{clusters} clusters by k-means, purity {pure:.2f}: the share that has its cluster's commonest class."
        )
        return assigned, [f"cluster {number + 1}" for number in range(clusters)], "", caption
    if view == "Decoded":
        background = media_url(_decoded_grid(shown.name, shown.kind), key="decoded-grid")
        return shown.labels, names, background, f"What {GRID} x {GRID} places of the plane decode to."
    if view == "Gaps":
        image, share = _gaps(shown.name, shown.kind)
        caption = (
            f"**{share:.0%}** of this square lies in gaps: farther than {latent_plane.GAP:.0%} of its width from every "
            "code (dark: a code is near, yellow: far)."
        )
        return shown.labels, names, media_url(image, key="gaps"), caption
    caption = f"{len(shown.codes)} training pictures, each a point; click on a class to see it alone."
    return shown.labels, names, "", caption


def _place_in_address(region):
    """Return the place that the address names, the middle of the region if it names none inside."""
    try:
        x, y = (float(part) for part in st.query_params.get("at", "").split(","))
    except ValueError:
        x = y = np.nan
    if region[0] <= x <= region[1] and region[2] <= y <= region[3]:
        return x, y
    return (region[0] + region[1]) / 2, (region[2] + region[3]) / 2


def _offer_downloads(shown, labels):
    stem = f"latent-{shown.name}-{shown.kind}"
    with st.container(horizontal=True):
        result_downloads.offer("Codes", lambda: _codes(shown), f"{stem}-codes.csv")
        result_downloads.offer("Plot", lambda: encode_png(plot(shown.codes, labels, shown.region)), f"{stem}.png")
        result_downloads.offer("Decoded grid", lambda: _grid(shown), f"{stem}-grid.png")


def _grid(shown):
    with inference_lock.hold():
        return _decoded_grid(shown.name, shown.kind)


def _codes(shown):
    names = np.array(shown.data.label_names)
    return csv_table({"class": names[shown.labels], "code": shown.codes}).encode()


@st.fragment
def samples(name: str, task: Callable[[float, float], None], count: int = 20) -> None:
    """Show what random codes of 16 numbers decode to by a plain and by a variational network.

    Parameters
    ----------
    name : str
        Data set.
    task : callable
        ``task(plain, variational)`` with the classifier's mean confidence in the samples of each.
    count : int
        Samples shown of each; the numbers are of `SAMPLED`.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        seed = st.number_input("Seed of the samples", 0, 9999, 0, key="sample-seed", width=160, **REMEMBERED)
        drawn_from = st.segmented_control(
            "Codes drawn from", DRAWN_FROM, default=DRAWN_FROM[0], required=True, key="drawn-from", **REMEMBERED
        )
    standard_normal = drawn_from == DRAWN_FROM[0]
    with inference_lock.hold():
        sampled = [_sampled(name, kind, seed, standard_normal) for kind in NETWORKS]
    for column, kind, (images, confidence, codes) in zip(st.columns(2, gap="medium"), NETWORKS, sampled, strict=True):
        sure, distances = confidence.mean(), nearest_distance.distances(name, images)
        assert distances is not None  # None is for photographs, and there is no map of those
        with column:
            gallery(
                [GalleryRow(f"{NETWORKS[kind]}: the classifier is {sure:.0%} sure on average", images[:count])],
                key=f"samples-{kind}",
                alt=f"Random samples of the {kind} network",
                columns=10,
                tile=60,
            )
            st.caption(
                f"{SAMPLED} codes of {codes.shape[1]} numbers; {(confidence > CLEAR).mean():.0%} are clear (over "
                f"{CLEAR:.0%} sure), {distances.mean():.3f} from the nearest "
                f"training picture. Its own codes have a spread of {codes.std(axis=0).mean():.1f}; the standard normal "
                "has 1."
            )
    task(*(float(confidence.mean()) for _, confidence, _ in sampled))


def _sampled(name, kind, seed, standard_normal):
    """Return decoded random codes, the classifier's confidence in each, and the codes of the training images."""
    network, codes = _sampler(name, kind)
    like = None if standard_normal else codes
    images = network.decode(latent_plane.sample_codes(SAMPLED, network.code_size, seed, like))
    return images, classify(pretrained.load_classifier(name), images)[1], codes


@st.cache_resource(show_spinner=False)
def _sampler(name, kind):
    """Return a network with codes of 16 numbers, and its codes of the training images."""
    network = pretrained.load_autoencoder(f"blend-{name}-1" if kind == "variational" else f"sample-{name}-plain-1")
    return network, network.encode(datasets.load(name).train.images)
