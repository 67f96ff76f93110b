"""What every page with a live training has: the visitor's training, its buttons, its progress, curves, bars."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from restoration.explore.csv_table import csv_table
from restoration.explore.datasets import DataSet
from restoration.explore.laboratory import Experiment, Laboratory
from restoration.explore.training_thread import TrainingState, TrainingThread
from restoration.inference import hardware
from restoration.ui.components.bars import Measure, bars
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.plane import COLOURS
from restoration.ui.explore import result_downloads
from restoration.ui.frame import show_error
from restoration.ui.plot_style import CLEAR, SAVE_CONFIG, dress

POLL_SECONDS = 0.5
# While the training's thread loads Keras: after each run Streamlit collects garbage, and nothing is loaded meanwhile.
LOADING_POLL_SECONDS = 4.0
NOT_TRAINED = "Not trained yet"


def current(slot: str, choices: object, make: Callable[[], TrainingThread]) -> Any:
    """Return the visitor's training; make and start a new one where the choices have changed.

    Parameters
    ----------
    slot : str
        Its name in the session.
    choices : object
        All that decides what is trained; compared with ``==``.
    make : callable
        ``make()`` returns a new TrainingThread.
    """
    before, live = st.session_state.get(slot, (None, None))
    if before != choices:
        if live:
            live.pause()
        live = make()
        live.start()
        st.session_state[slot] = (choices, live)
    return live


def laboratory(slot: str, choices: object, begin: Callable[[], Experiment], epochs: int) -> Laboratory:
    """Return the visitor's Laboratory, as `current` does."""
    found: Laboratory = current(slot, choices, lambda: Laboratory(begin, epochs))
    return found


def buttons(slot: str) -> None:
    """Show start or pause, step and reset of the training in a slot."""
    live = st.session_state[slot][1]
    found = live.snapshot()
    running = found.running
    over = bool(found.problem) or getattr(found, "ended", False)  # only a reset helps

    def reset():
        choices, now = st.session_state[slot]
        st.session_state[slot] = (choices, now.reset())

    with st.container(horizontal=True, gap="small"):
        if running:
            st.button("Pause", on_click=live.pause, icon=":material/pause:", type="primary")
        else:
            label = "Go on" if found.epoch else "Start"
            st.button(label, on_click=live.start, icon=":material/play_arrow:", type="primary", disabled=over)
        st.button("Step", on_click=live.step, disabled=running or over, help="One epoch.")
        st.button("Reset", on_click=reset, help="Back to random weights.")


def follow(live: TrainingThread, draw: Callable[[Any], None]) -> None:
    """Call ``draw(snapshot)`` now, and again and again while the training runs."""
    running, loaded = live.snapshot().running, hardware.has_spared()
    seconds = POLL_SECONDS if loaded else LOADING_POLL_SECONDS

    @st.fragment(run_every=seconds if running else None)
    def again():
        found = live.snapshot()
        draw(found)
        if running and (not found.running or loaded != hardware.has_spared()):
            st.rerun()

    again()


def progress(found: TrainingState, *more: str) -> None:
    """Show how far a training is, in one line, and what stopped it if something did."""
    if found.problem:
        show_error(found.problem)
    ended = "stopped" if found.problem else "paused" if found.epoch < found.epochs else "ready"
    state = "training" if found.running else ended
    far = f"Epoch {found.epoch} of {found.epochs}, {state}" if found.epochs else NOT_TRAINED
    st.caption(". ".join([far, *more]) + ".")


def show_data(data: DataSet, count: int = 10) -> None:
    """Show some pictures that are learned from, until there is more to show; a table has none."""
    if len(data.shape) == 3:
        row = GalleryRow("They learn from pictures like these", data.train.images[:count])
        gallery([row], key="learned-from", alt="Some of the pictures that are learned from", tile=72)


def chart(
    lines: Mapping[str, tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray]],
    title: str,
    *,
    key: str,
    across: str,
    height: int = 240,
    logarithmic: str = "",
    top: float | None = None,
    dashed: Sequence[str] = (),
    colours: Mapping[str, str] | None = None,
    spread: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
) -> None:
    """Show lines in one plot, which can be saved as a picture.

    Parameters
    ----------
    lines : dict of str to (x, y)
        Name -> its points.
    title : str
        What is measured, with its unit.
    key : str
        Unique in the page.
    across : str
        What x is.
    height : int, in CSS pixels
    logarithmic : str
        The axes that are: "", "x", "y" or "xy".
    top : float, optional
        The end of the upper axis.
    dashed : sequence of str
        Lines that are drawn so.
    colours : dict of str to str, optional
    spread : dict of str to (lower, upper), optional
        A band around a line.
    """
    figure = go.Figure()
    order = (4, 0, 2, 5, 1, 6, 7, 8, 9, 3)
    for index, (name, (x, y)) in enumerate(lines.items()):
        colour = (colours or {}).get(name) or COLOURS[order[index % len(order)]]
        if spread and name in spread:
            lower, upper = spread[name]
            outline = [*upper, *reversed(lower)]
            figure.add_scatter(
                x=[*x, *reversed(list(x))],
                y=outline,
                fill="toself",
                opacity=0.2,
                mode="none",
                fillcolor=colour,
                hoverinfo="skip",
                showlegend=False,
            )
        dash = "dash" if name in dashed else "solid"
        figure.add_scatter(
            x=list(x),
            y=list(y),
            name=name,
            mode="lines+markers" if len(x) < 12 else "lines",
            line={"width": 2, "color": colour, "dash": dash},
        )
    figure.update_xaxes(showgrid=False, title_text=across, title_standoff=4, type="log" if "x" in logarithmic else None)
    figure.update_yaxes(nticks=5, type="log" if "y" in logarithmic else None)
    measured = sorted({one for x, _ in lines.values() for one in x})
    if "x" in logarithmic and len(measured) < 12:
        figure.update_xaxes(tickvals=measured, ticktext=[f"{one:g}" for one in measured])
    if top is not None:
        figure.update_yaxes(range=[0, top])
    elif "y" not in logarithmic:
        figure.update_yaxes(rangemode="tozero")
    below = {"orientation": "h", "x": 0, "y": -0.2, "xanchor": "left", "yanchor": "top", "bgcolor": CLEAR}
    dress(figure, height, title, legend=below)
    st.plotly_chart(figure, key=f"plot-{key}", config=SAVE_CONFIG, width="stretch", alt=title)


def results(rows: str, measures: Sequence[Measure], file_name: str, colours: Mapping[str, str] | None = None) -> None:
    """Show measures as bars, and a button that saves them as CSV: a column each.

    Parameters
    ----------
    rows : str
        What is measured, the heading of the names in the CSV.
    measures : sequence of Measure
    file_name : str
        Of the CSV file.
    colours : dict of str to str, optional
        As of `bars`.
    """
    bars(measures, key=f"bars-{file_name}", colours=colours)
    names = list(dict.fromkeys(name for one in measures for name in one.values))
    save({rows: names, **{one.title: [one.text(name) for name in names] for one in measures}}, file_name)


def save(columns: Mapping[str, Sequence[Any]], file_name: str) -> None:
    """Show a button that saves named columns as CSV."""
    with st.container(width="content"):
        result_downloads.offer("Numbers as CSV", lambda: csv_table(columns).encode(), file_name)
