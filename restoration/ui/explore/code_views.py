"""Views of codes: reconstruction error against code size, t-SNE, the axes as images, and a table."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from restoration.explore.csv_table import csv_table
from restoration.explore.error_curves import CODE_SIZES, FILE, IMAGES, METHODS, read_curves
from restoration.explore.live_training import LiveTraining
from restoration.explore.pca import Pca, chance_shares, reconstruction_errors, share_between_classes
from restoration.explore.t_sne_map import t_sne
from restoration.ui.components.bars import Measure, bars
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.components.two_planes import two_planes
from restoration.ui.explore import laboratory_views
from restoration.ui.explore.dataset_choice import ChosenDataset
from restoration.ui.explore.live_training_views import KINDS
from restoration.ui.plot_style import CLEAR, SAVE_CONFIG, dress
from restoration.ui.session_cache import session_cache

CURVES, T_SNE, AXES, TABLE = "Error against code size", "t-SNE of the code", "What the axes draw", "Codes as CSV"
ERROR_TICKS = tuple(digit * 10.0**power for power in range(-4, 2) for digit in (1, 2, 5))
T_SNE_POINTS = 1000  # some seconds
AXES_SHOWN, COLUMNS_NAMED, BARS = 8, 3, 20
COLOUR_OF = dict(zip(METHODS, (COLOURS[5], COLOURS[0], COLOURS[1], COLOURS[2]), strict=True))


def look_closer(live: LiveTraining, chosen: ChosenDataset) -> None:
    """Show the choice of a view and the chosen one; the others are not computed.

    Parameters
    ----------
    live : LiveTraining
    chosen : ChosenDataset
    """
    views = {CURVES: _curves, T_SNE: _t_sne, AXES: _axes, TABLE: _table}
    view = st.segmented_control(
        "Look closer", list(views), key="closer", bind="query-params", label_visibility="collapsed"
    )
    if view:
        views[view](live, chosen)


def _curves(live, chosen):
    stored = read_curves().get(chosen.key) if FILE.exists() else None
    curves = stored or {"pca": _pca_curve(live, chosen)}
    figure = go.Figure()
    for method, points in sorted(curves.items(), key=lambda curve: curve[0] == "pca"):  # drawn over the linear one
        figure.add_scatter(
            x=list(points),
            y=list(points.values()),
            mode="lines+markers",
            name={"pca": "PCA"}.get(method) or KINDS[method],
            line={"color": COLOUR_OF[method], "dash": "dash" if method == "pca" else "solid"},
        )
    snapshot = live.snapshot()
    if snapshot.unseen_error is not None and not snapshot.running:  # the page redraws this view when the training ends
        figure.add_scatter(
            x=[live.settings.code_size],
            y=[snapshot.unseen_error],
            mode="markers",
            name="the one above",
            marker={"symbol": "star", "size": 14, "color": COLOUR_OF[live.settings.kind]},
        )
    figure.update_xaxes(type="log", tickvals=CODE_SIZES, title_text="numbers in the code", showgrid=False)
    figure.update_yaxes(type="log", title_text="mean squared error, unseen pictures", tickvals=ERROR_TICKS)
    dress(figure, 380, legend={"x": 0, "y": 0, "bgcolor": CLEAR})
    st.plotly_chart(
        figure, key="plot-curves", width="stretch", alt="Mean squared error against the numbers in the code"
    )
    if stored:
        st.caption(
            f"Each point is a network of its own, trained on {IMAGES} pictures (fewer where the set has fewer) by "
            "`python -m restoration.explore.error_curves`, and measured on others."
        )
    else:
        st.caption("For this data only PCA is fast enough to be computed for all sizes; the star is the network.")


def _pca_curve(live, chosen):
    """Return {code size: error on the test part} of PCA on what the page trains on."""
    unseen = chosen.data.test.images
    most = min(len(live.images), int(np.prod(chosen.data.shape)))
    sizes = [size for size in CODE_SIZES if size <= most]

    def make():
        return {
            size: float(reconstruction_errors(unseen, Pca(live.images, size).reconstruct(unseen)).mean())
            for size in sizes
        }

    key = ("pca curve", chosen.key, len(live.images))
    return session_cache().get_or_compute("small", key, make, lambda made: 100 * len(made)) if len(unseen) else {}


def _t_sne(live, chosen):
    found = live.snapshot()
    count = min(T_SNE_POINTS, len(live.images))
    left, right = st.columns([1, 3], vertical_alignment="center")
    if left.button("Lay the code out", disabled=found.codes is None or found.running):
        with right, st.spinner(f"Laying out {count} points: some seconds"):
            codes = found.codes[:count].copy()
            st.session_state["t-sne"] = (live, codes, t_sne(codes, seed=live.settings.seed))
    right.caption(
        f"t-SNE of the {live.settings.code_size} numbers of {count} points: neighbours stay neighbours, distances "
        "between groups mean nothing. It takes the code as it is when you press; pause or finish the training first."
    )
    training, *planes = st.session_state.get("t-sne", (None,))
    if found.codes is None:
        st.caption(f"{laboratory_views.NOT_TRAINED}.")
    elif training is live:  # not another training, nor this one before its reset
        codes, places = planes
        two_planes(
            {"The code, numbers 1 and 2": codes[:, :2], "t-SNE of the whole code": places},
            chosen.data.labels[:count],
            chosen.data.label_names,
            key="t-sne",
            name=f"t-sne {chosen.key} {count}",
            alt=f"{count} codes",
        )


def _axes(live, chosen):
    if chosen.columns:
        _table_axes(live, chosen)
        return
    pca, found = live.pca(), live.snapshot()
    count = min(AXES_SHOWN, live.settings.code_size)
    rows = [
        GalleryRow(
            "PCA's axes",
            [_signed(axis.reshape(pca.shape)) for axis in pca.axes[:count]],
            [f"{share:.1%} of the variance" for share in pca.shares[:count]],
        )
    ]
    if found.directions is not None:
        directions = found.directions[:count]
        captions = [f"length {np.linalg.norm(one):.2f}" for one in directions]
        if found.axes:  # only the first axes have any variance
            angles = [f"{angle:.0f}° from PCA's, " for angle in found.axes[-1]] + [""] * count
            captions = [angle + length for angle, length in zip(angles, captions, strict=False)]
        label = "What each number of the autoencoder's code adds to the picture"
        rows.append(GalleryRow(label, [_signed(one.reshape(pca.shape)) for one in directions], captions))
    gallery(rows, key="axes", alt="Axes as pictures", tile=130)
    st.caption(
        "Gray is no change, bright adds light, dark takes it away. PCA's axes have length 1 and stand at right angles; "
        "the autoencoder's need neither."
    )


def _table_axes(live, chosen):
    """Show what each axis of a table is about, and which have more of the variance than chance would give."""
    data, images = chosen.data, live.images
    most = min(images.shape)

    def make():
        pca = Pca(images, most)
        between = share_between_classes(pca.encode(images), data.labels[: len(images)])
        return pca.axes[:AXES_SHOWN], pca.shares, chance_shares(images), between

    axes, shares, chance, between = session_cache().get_or_compute(
        "small", ("axes", chosen.key, len(images)), make, lambda made: sum(part.nbytes for part in made)
    )
    above = int(np.argmin(np.append(shares > chance, False)))  # the first that is not
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        numbers = list(range(1, min(most, BARS) + 1))
        figure = go.Figure()
        figure.add_bar(x=numbers, y=shares[:BARS], name="this table", marker_color=COLOUR_OF["linear"])
        figure.add_scatter(
            x=numbers,
            y=chance[:BARS],
            mode="lines",
            name="columns shuffled",
            line={"dash": "dash", "color": COLOURS[7]},
        )
        figure.update_xaxes(title_text="axis", showgrid=False)
        figure.update_yaxes(tickformat=".0%", nticks=5)
        legend = {"x": 1, "y": 1, "xanchor": "right", "yanchor": "top", "bgcolor": CLEAR}
        dress(figure, 320, "share of the variance", legend=legend)
        st.plotly_chart(
            figure, key="plot-shares", config=SAVE_CONFIG, width="stretch", alt="Share of the variance by axis"
        )
        st.caption(
            f"{above} of {most} axes have more of the variance than where every column is shuffled, so that nothing "
            "belongs together (J. Horn 1965, [doi:10.1007/BF02289447](https://doi.org/10.1007/BF02289447))."
        )
    with right:
        rows = {"Axis": [], "Rises with": [], "Falls with": [], "Share": []}
        if len(data.label_names) > 1:
            rows["Between classes"] = []
        for index, axis in enumerate(axes):
            order = np.argsort(axis, kind="stable")
            rows["Axis"].append(index + 1)
            rows["Rises with"].append(_named(chosen.columns, axis, [one for one in order[::-1] if axis[one] > 0]))
            rows["Falls with"].append(_named(chosen.columns, axis, [one for one in order if axis[one] < 0]))
            rows["Share"].append(f"{shares[index]:.1%}")
            if len(data.label_names) > 1:
                rows["Between classes"].append(f"{between[index]:.0%}")
        bars(_weights(chosen.columns, axes, rows), key="axes")
        laboratory_views.save(rows, "axes.csv")
        st.caption(
            "The columns that weigh most, first those with which an axis rises, then those with which it falls; which "
            "end is up means nothing. *Between classes* is what the class accounts for, though PCA never sees classes."
        )


def _weights(columns, axes, rows):
    """Return a Measure of each axis: the columns that weigh most, at both ends."""
    measures = []
    for index, axis in enumerate(axes):
        order = np.argsort(-axis, kind="stable")
        ends = [*order[:COLUMNS_NAMED], *order[-COLUMNS_NAMED:]]
        title = f"Axis {index + 1}: {rows['Share'][index]} of the variance"
        if "Between classes" in rows:
            title += f", {rows['Between classes'][index]} of it between classes"
        measures.append(Measure(title, {columns[one]: float(axis[one]) for one in ends}, "{:+.2f}"))
    return measures


def _named(columns, axis, order):
    """Return the names of the columns that weigh most at one end of an axis."""
    return "; ".join(f"{columns[one].rstrip('.')} ({axis[one]:+.2f})" for one in order[:COLUMNS_NAMED])


def _signed(axis):
    """Return a direction as an image in which 0 is mid-gray."""
    largest = np.abs(axis).max() or 1.0
    return (0.5 + axis / (2 * largest)).astype(np.float32)


def _table(live, chosen):
    found, pca = live.snapshot(), live.pca()

    def make():
        codes = pca.encode(live.images)
        columns = {"pca": codes, "pca error": reconstruction_errors(live.images, pca.decode(codes))}
        if found.codes is not None:
            columns |= {
                "autoencoder": found.codes,
                "autoencoder error": reconstruction_errors(live.images, found.reconstructed),
            }
        data, count = chosen.data, len(live.images)
        classes = [data.label_names[label] for label in data.labels[:count]]
        return csv_table({"point": data.points[:count], "class": classes, **columns})

    st.download_button(
        f"Save the codes of {len(live.images)} points",
        make,
        f"codes-{live.settings.kind}-{live.settings.code_size}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(
        "One line a point: its row or file (of your own data), its class, its code and error by PCA, and by the "
        "autoencoder. A name that a spreadsheet would run as a formula has an apostrophe in front."
    )
