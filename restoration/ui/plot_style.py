"""How every plot on a page looks."""

import plotly.graph_objects as go

CLEAR = "rgba(0,0,0,0)"
CONFIG = {"displayModeBar": False}  # of `st.plotly_chart`: no tools over the plot
SAVE_CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]]}  # one tool: save the plot as a picture


def dress(figure: go.Figure, height: int, title: str = "", **layout: object) -> go.Figure:
    """Give a figure a transparent background, no margins, and room for its title; return it.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
    height : int
        In CSS pixels.
    title : str
    layout
        Further properties of its layout.
    """
    return figure.update_layout(
        title={"text": title, "font": {"size": 14}},
        height=height,
        margin={"l": 0, "r": 0, "t": 30 if title else 10, "b": 0},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        **layout,
    )
