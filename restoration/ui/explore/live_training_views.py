"""PCA beside an autoencoder that is trained while the page shows it: planes, curves, reconstructions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from restoration.explore.datasets import DataSet
from restoration.explore.live_training import UNSEEN, LiveTraining, Settings, Snapshot
from restoration.explore.pca import reconstruction_errors
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.components.two_planes import Sprite, sprite_png, two_planes
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.frame import REMEMBERED
from restoration.ui.plot_style import CLEAR, CONFIG, dress
from restoration.ui.session_cache import session_cache

KINDS = {"linear": "Linear", "deep": "Deep", "convolutional": "Convolutional"}
CODE_SIZES = (2, 4, 8, 16, 32, 64)
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu")
RATES = (0.0003, 0.001, 0.002, 0.004, 0.01, 0.03, 0.1)
OWN_RATE = "the kind's own"
POINTS = (500, 1000, 2000, 5000)
MOST_NUMBERS = 8_000_000  # in all images together, so that a step takes a tenth of a second at most

SHOWN = 8  # reconstructions
SLOT = "live"  # in the session


def choose_kind(is_table: bool) -> str:
    """Show the kinds of autoencoders and return one; a table has no convolutional one."""
    kinds = [kind for kind in KINDS if not (is_table and kind == "convolutional")]
    return st.segmented_control(
        "Autoencoder",
        kinds,
        format_func=KINDS.__getitem__,
        default="linear",
        required=True,
        key="kind-of-code",
        **REMEMBERED,
    )


def choose_code_size(data: DataSet, points: int) -> int:
    """Show the sizes that a code can have and return one."""
    most = min(points, data.train_count, int(np.prod(data.shape)))
    sizes = [size for size in CODE_SIZES if size <= most]
    return st.select_slider("Numbers in the code", sizes, sizes[0], key="code-size", **REMEMBERED)


def choose_points(data: DataSet) -> int:
    """Show how many points are used and return the number."""
    points = st.select_slider("Points", POINTS, 2000, key="points", **REMEMBERED)
    return min(points, data.train_count, max(100, MOST_NUMBERS // int(np.prod(data.shape))))


def choose_settings(kind: str, code_size: int) -> Settings:
    """Show the other settings of a training and return its Settings."""
    depth = st.segmented_control(
        "Hidden layers", [1, 2, 3], default=2, required=True, key="depth", disabled=kind == "linear", **REMEMBERED
    )
    activation = st.selectbox("Activation", ACTIVATIONS, key="activation", disabled=kind == "linear", **REMEMBERED)
    rate = st.selectbox("Learning rate", [OWN_RATE, *map(str, RATES)], key="rate", **REMEMBERED)
    seed = st.number_input("Seed", 0, 9999, 0, key="training-seed", **REMEMBERED)
    if kind == "linear":  # which they do not change, so that a change of theirs starts no new training
        depth, activation = Settings.depth, Settings.activation
    return Settings(kind, code_size, depth, activation, None if rate == OWN_RATE else float(rate), int(seed))


def current(chosen: ChosenDataset, settings: Settings, points: int) -> LiveTraining:
    """Return the visitor's LiveTraining; start a new one where the choices have changed."""
    choices = (chosen.key, settings, points)
    live: LiveTraining = laboratory_views.current(SLOT, choices, lambda: LiveTraining(chosen.data, settings, points))
    return live


def buttons() -> None:
    """Show start or pause, step and reset."""
    laboratory_views.buttons(SLOT)


def show(
    live: LiveTraining, chosen: ChosenDataset, *, by: str, on_snapshot: Callable[[float, float, float], None]
) -> None:
    """Show PCA and the training side by side, and update both while it runs.

    Parameters
    ----------
    live : LiveTraining
    chosen : ChosenDataset
    by : {"class", "error"}
        What the points' colour encodes.
    on_snapshot : callable
        ``on_snapshot(pca_error, own_error, angle)`` with the mean squared errors on what is shown and the angle to
        PCA's plane in degrees, which a linear network alone has; infinite where not measured.
    """
    laboratory_views.follow(live, lambda found: _draw(live, chosen, found, by, on_snapshot))


@dataclass(frozen=True)
class _View:
    """A snapshot as it is shown: of PCA and, once there is a snapshot of it, of the autoencoder."""

    live: LiveTraining
    chosen: ChosenDataset
    found: Snapshot
    codes: list[np.ndarray]
    images: list[np.ndarray]
    errors: list[np.ndarray]

    @property
    def titles(self) -> tuple[str, str]:
        return ("PCA", f"{KINDS[self.live.settings.kind]} autoencoder")


def _draw(live, chosen, found, by, on_snapshot):
    codes, images, errors = ([one] for one in _pca_view(live, chosen))
    if found.codes is not None:
        codes.append(found.codes)
        images.append(found.reconstructed)
        errors.append(reconstruction_errors(live.images, found.reconstructed))
    # First and on every run: a fragment may only draw where it drew in the page's last full run.
    on_snapshot(
        float(errors[0].mean()),
        float(errors[1].mean()) if len(errors) == 2 else np.inf,
        max(found.angles[-1]) if found.angles else np.inf,
    )
    view = _View(live, chosen, found, codes, images, errors)
    left, right = st.columns([2.2, 1], gap="medium")
    with left:
        selected = _planes(view, by)
    with right:
        _numbers(view)
    if not chosen.columns:
        _reconstructions(view, selected)


def _pca_view(live, chosen):
    """Return codes, reconstructions and errors by PCA; computed once."""
    key = ("pca view", chosen.key, live.settings.code_size, len(live.images))

    def make():
        pca = live.pca()
        codes = pca.encode(live.images)
        images = pca.decode(codes)
        return codes, images, reconstruction_errors(live.images, images)

    return session_cache().get_or_compute("small", key, make, lambda made: sum(part.nbytes for part in made))


def _planes(view, by):
    live, chosen = view.live, view.chosen
    size, count = live.settings.code_size, len(live.images)
    more = "" if size == 2 else f", numbers 1 and 2 of {size}"
    both = [codes[:, :2] for codes in view.codes] + [None] * (2 - len(view.codes))
    sprite = None
    if not chosen.columns:
        png = session_cache().get_or_compute(
            "small", ("sprite", chosen.key, count), lambda: sprite_png(live.images), len
        )
        sprite = Sprite(png, count, chosen.data.shape, "points")
    return two_planes(
        {title + more: places for title, places in zip(view.titles, both, strict=True)},
        chosen.data.labels[:count],
        chosen.data.label_names,
        key="pca-and-codes",
        name=f"{chosen.key} {count}",
        errors=view.errors if len(view.errors) == 2 else (),
        by=by,
        sprite=sprite,
        same_scale=live.settings.kind == "linear",
        missing=laboratory_views.NOT_TRAINED,
        alt=f"{count} points of {chosen.data.name}",
    )


def _numbers(view):
    """Show the angles to PCA's plane and axes, and how they and the loss have changed."""
    live, found, errors = view.live, view.found, view.errors
    laboratory_views.progress(found, f"{len(live.images)} points, seed {live.settings.seed}")
    if found.angles:
        first, second = st.columns(2)
        first.metric(
            "Angle to PCA's plane",
            f"{max(found.angles[-1]):.2f}°",
            help="The largest principal angle between what both span: 0 where every reconstruction is the same.",
        )
        second.metric(
            "Angle of its axes",
            f"{max(found.axes[-1]):.0f}°",
            help="The largest angle between an axis of PCA and the code's unit of the same number: "
            "the plane is PCA's, its axes are turned and stretched in it.",
        )
        _plot(found.measured, np.transpose(found.angles), "principal angles, degrees", key="angles", top=90)
    if len(errors) == 2:
        _variance_kept(view)
        _plot(
            range(1, found.epoch + 1),
            [found.losses, [float(errors[0].mean())] * found.epoch],
            "mean squared error",
            key="loss",
            names=("autoencoder", "PCA"),
        )


def _variance_kept(view):
    """Say which share of the variance each keeps, of new points: of those it has learned from a network keeps more."""
    live, found, new = view.live, view.found, view.chosen.data.test.images[:UNSEEN]
    if found.unseen_error is None:
        return

    def make():
        pca = live.pca()
        variance = float(np.mean((new.reshape(len(new), -1) - pca.mean) ** 2))
        return variance, float(reconstruction_errors(new, pca.reconstruct(new)).mean())

    key = ("variance", view.chosen.key, len(live.images), live.settings.code_size)
    variance, pca_error = session_cache().get_or_compute("small", key, make, lambda _: 16)
    if variance:
        kept = [1 - error / variance for error in (pca_error, found.unseen_error)]
        st.caption(f"Of the variance of new points PCA keeps {kept[0]:.1%}, the autoencoder {kept[1]:.1%}.")


def _plot(across, lines, title, *, key, names=(), top=None):
    figure = go.Figure()
    across = list(across)
    for index, line in enumerate(lines):
        figure.add_scatter(
            x=across,
            y=list(line),
            mode="lines",
            name=names[index] if names else "",
            showlegend=bool(names),
            line={"width": 2, "color": COLOURS[(1, 5, 2, 6, 4, 3)[index % 6]]},
        )
    figure.update_xaxes(showgrid=False, title_text="epoch", title_standoff=4)
    figure.update_yaxes(rangemode="tozero", range=[0, top] if top else None, nticks=4)
    beside_title = {"orientation": "h", "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "bgcolor": CLEAR}
    dress(figure, 165, title, legend=beside_title)
    st.plotly_chart(figure, key=f"plot-{key}", config=CONFIG, width="stretch", alt=title)


def _reconstructions(view, selected):
    """Show some images and their reconstructions by both: those that are selected, or one of each class."""
    live = view.live
    which = (selected or _one_of_each(view.chosen.data.labels[: len(live.images)]))[:SHOWN]
    hint = "those you selected" if selected else "select some in a plane to see them here"
    rows = [GalleryRow(f"Pictures ({hint})", live.images[which])]
    for name, images, errors in zip(view.titles, view.images, view.errors, strict=False):
        rows.append(GalleryRow(name, np.clip(images[which], 0, 1), [f"error {errors[index]:.3f}" for index in which]))
    gallery(rows, key="reconstructions", alt="Pictures and their reconstructions", tile=96)


def _one_of_each(labels):
    _, first = np.unique(labels, return_index=True)
    rest = [index for index in range(len(labels)) if index not in first]
    return [*first.tolist(), *rest][:SHOWN]
