"""What the latent map page shows: a set's plane by one network, random samples by both, and the visitor's own digit."""

from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from restoration.explore import datasets, latent_plane, pretrained
from restoration.explore.classifier import classify
from restoration.explore.clusters import k_means, purity
from restoration.explore.mnist_format import to_fashion_mnist_format, to_mnist_format
from restoration.image.checks import ImageError
from restoration.photo import Photo, PhotoError
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.media import encode_png, media_url
from restoration.ui.components.pad import pad
from restoration.ui.components.plane import plane, plot
from restoration.ui.explore import nearest_distance, result_downloads
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.upload import max_megapixels

NETWORKS = {"plain": "Plain", "variational": "Variational"}
SHOWN = ("Classes", "Clusters", "Decoded", "Gaps")
POINTS, GRID, SAMPLED = 5000, 24, 500
DRAWN_FROM = ("the standard normal", "the spread of its own codes")
CLEAR = 0.9  # confidence from which a sample counts as clear
FARTHEST = 0.12  # from a code, in widths of the plane: the end of the map's scale of gaps


@dataclass(frozen=True, eq=False)
class Map:
    """A set's training pictures on the plane of a network, and what is known of it.

    Parameters
    ----------
    data : DataSet
    network : Autoencoder
        With codes of two numbers.
    codes : ndarray of shape (POINTS, 2)
        Of the first training pictures.
    region : tuple (left, right, bottom, top)
    """

    data: object
    network: object
    codes: np.ndarray
    region: tuple

    @property
    def labels(self):
        """Class of each code."""
        return self.data.train.labels[: len(self.codes)]

    def decoded(self, codes):
        """Return the pictures (n, h, w, c), in [0, 1], of codes (n, 2)."""
        return np.clip(self.network.decode(np.asarray(codes, np.float32)), 0, 1)


@st.cache_resource(show_spinner=False)
def latent_map(name, kind):
    """Return the Map of a set by a network ("plain" or "variational"); made once for all visitors."""
    data, network = datasets.load(name), pretrained.load(f"map-{name}-{kind}-1")
    codes = network.encode(data.train.images[:POINTS])
    return Map(data, network, codes, latent_plane.extent(codes))


def confidence(name, images):
    """Return the label and the confidence that the set's classifier has in each picture."""
    return classify(pretrained.load(f"classifier-{name}-1"), images)


@st.cache_data(show_spinner=False)
def _sheet(name, kind):
    """Return the decoded grid as PNG bytes."""
    one = latent_map(name, kind)
    return encode_png(latent_plane.sheet(one.decoded(latent_plane.grid(one.region, GRID)), GRID))


@st.cache_data(show_spinner=False)
def _gaps(name, kind):
    """Return the map of distances to the nearest code as PNG bytes, and the share of the plane in gaps."""
    one = latent_map(name, kind)
    far = latent_plane.gaps(one.codes, one.region, 160)
    steps = np.rint(255 * np.clip(far / FARTHEST, 0, 1)).astype(np.uint8)
    coloured = cv2.applyColorMap(steps, cv2.COLORMAP_CIVIDIS)[..., ::-1] / np.float32(255)
    return encode_png(coloured), float((far > latent_plane.GAP).mean())


@st.cache_data(show_spinner=False)
def _clusters(name, kind, count):
    return k_means(latent_map(name, kind).codes, count)[0]


def _nearest_code(one, at):
    """Return the index of the training picture whose code is nearest, and whether the place lies in a gap."""
    distance = np.linalg.norm(one.codes - at, axis=1)
    index = int(distance.argmin())
    return index, bool(distance[index] > latent_plane.GAP * (one.region[1] - one.region[0]))


@st.fragment
def explore(one, kind, shown, count):
    """Show the plane, what the decoder draws where the visitor points, and his own digit; runs alone.

    Parameters
    ----------
    one : Map
    kind : str
        Of its network, a key of `NETWORKS`.
    shown : str
        One of `SHOWN`.
    count : int
        Number of clusters.
    """
    name = one.data.name
    left, right = st.columns([1.2, 1], gap="large")
    with right:
        pointed, drawing = st.columns(2)
        with drawing:
            st.markdown("**Draw yours**" if name == "digits" else "**Add yours**")
            own = _own(name)
    marks = []
    if own is not None:
        own_code = one.network.encode(own[None])[0]
        marks = [(*own_code, "yours")]
    labels, names, background, said = _dressed(one, name, kind, shown, count)
    with left:
        at = plane(
            one.codes,
            labels,
            names,
            one.region,
            key=f"plane-{name}-{kind}",
            at=_address_place(one.region),
            alt=f"{len(one.codes)} codes of {name} by the {kind} network",
            background=background,
            marks=marks,
            show_points=shown in SHOWN[:2],
        )
        st.caption(said)
    st.query_params["at"] = f"{at[0]:.3g},{at[1]:.3g}"
    with pointed:
        _point(one, name, at)
    with right:
        if own is not None:
            _landed(one, name, own, own_code)
        _save(one, name, kind, labels)


def _point(one, name, at):
    """Show what the decoder draws at a place, and how sure the classifier is of it."""
    st.markdown("**The decoder draws**")
    drawn = one.decoded([at])
    (label,), (sure,) = confidence(name, drawn)
    index, in_gap = _nearest_code(one, at)
    gallery([GalleryRow("", drawn)], key="drawn", alt="What the decoder draws at the pointed place", tile=168)
    where = "in a **gap**, no code near" if in_gap else f"beside codes of {one.data.label_names[one.labels[index]]}"
    st.markdown(f"({at[0]:.2f}, {at[1]:.2f}), {where}. Taken for **{one.data.label_names[label]}**, {sure:.0%} sure.")


def _own(name):
    """Let the visitor draw or upload a picture; return it as one of the set's, or None."""
    drawn = pad(key="pad", label="Draw a digit with mouse, pen or finger") if name == "digits" else None
    upload = st.file_uploader("Upload", key="own-digit", label_visibility="collapsed")
    try:
        if drawn is not None:
            return to_mnist_format(drawn)
        if upload is not None:
            photograph = Photo.open(upload.getvalue(), max_megapixels=max_megapixels()).pixels
            return to_mnist_format(photograph) if name == "digits" else to_fashion_mnist_format(photograph)
    except (ImageError, PhotoError) as error:
        show_error(error)
    return None


def _landed(one, name, own, code):
    """Say where the visitor's picture landed, and show what its two numbers hold of it."""
    index, in_gap = _nearest_code(one, code)
    label, sure = (found[0] for found in confidence(name, own[None]))
    names = one.data.label_names
    nearest = one.data.train.images[index]
    gallery(
        [GalleryRow("", [own, one.decoded([code])[0], nearest], ["yours", "decoded", "nearest code"])],
        key="landed",
        alt="Your picture, what its code decodes to, and the training picture with the nearest code",
        tile=100,
    )
    place = "in a gap" if in_gap else f"among {names[one.labels[index]]}"
    st.markdown(f"Yours lands **{place}**; the classifier takes it for **{names[label]}**, {sure:.0%} sure.")


def _dressed(one, name, kind, shown, count):
    """Return labels, their names, the background, and one line about what is shown."""
    names = one.data.label_names
    if shown == "Clusters":
        assigned = _clusters(name, kind, count)
        pure = purity(assigned, one.labels)
        said = f"{count} clusters by k-means, purity {pure:.2f}: the share that has its cluster's commonest class."
        return assigned, [f"cluster {number + 1}" for number in range(count)], "", said
    if shown == "Decoded":
        return (
            one.labels,
            names,
            media_url(_sheet(name, kind), key="sheet"),
            f"What {GRID} x {GRID} places of the plane decode to.",
        )
    if shown == "Gaps":
        picture, share = _gaps(name, kind)
        said = (
            f"**{share:.0%}** of this square lies in gaps: farther than {latent_plane.GAP:.0%} of its width from every "
            "code (dark: a code is near, yellow: far)."
        )
        return one.labels, names, media_url(picture, key="gaps"), said
    return (
        one.labels,
        names,
        "",
        f"{len(one.codes)} training pictures, each a point; click on a class to see it alone.",
    )


def _address_place(region):
    """Return the place that the address names, the middle of the region if it names none inside."""
    try:
        x, y = (float(part) for part in st.query_params.get("at", "").split(","))
    except ValueError:
        x = y = np.nan
    if region[0] <= x <= region[1] and region[2] <= y <= region[3]:
        return x, y
    return (region[0] + region[1]) / 2, (region[2] + region[3]) / 2


def _save(one, name, kind, labels):
    with st.container(horizontal=True):
        result_downloads.offer("Codes", lambda: _codes(one), f"latent-{name}-{kind}-codes.csv")
        result_downloads.offer(
            "Plot", lambda: result_downloads.png(plot(one.codes, labels, one.region)), f"latent-{name}-{kind}.png"
        )
        result_downloads.offer(
            "Decoded grid",
            lambda: _sheet(name, kind),
            f"latent-{name}-{kind}-grid.png",
        )


def _codes(one):
    names = np.array(one.data.label_names)
    return result_downloads.table({"class": names[one.labels], "code": one.codes})


@st.fragment
def samples(name, task, count=20):
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
    found = []
    for column, (kind, title) in zip(st.columns(2, gap="large"), NETWORKS.items(), strict=True):
        network, own = _sampler(name, kind)
        like = None if drawn_from == DRAWN_FROM[0] else own
        drawn = np.clip(network.decode(latent_plane.sample_codes(SAMPLED, network.code_size, seed, like)), 0, 1)
        _, sure = confidence(name, drawn)
        found.append(float(sure.mean()))
        with column:
            gallery(
                [GalleryRow(f"{title}: the classifier is {sure.mean():.0%} sure on average", drawn[:count])],
                key=f"samples-{kind}",
                alt=f"Random samples of the {kind} network",
                columns=10,
                tile=60,
            )
            st.caption(
                f"{SAMPLED} codes of {network.code_size} numbers; {(sure > CLEAR).mean():.0%} are clear (over "
                f"{CLEAR:.0%} sure), {nearest_distance.distances(name, drawn).mean():.3f} from the nearest "
                f"training picture. Its own codes have a spread of {own.std(axis=0).mean():.1f}; the standard normal "
                "has 1."
            )
    task(*found)


@st.cache_resource(show_spinner=False)
def _sampler(name, kind):
    """Return a network with codes of 16 numbers, and its codes of the training pictures."""
    network = pretrained.load(f"blend-{name}-1" if kind == "variational" else f"sample-{name}-plain-1")
    return network, network.encode(datasets.load(name).train.images)
