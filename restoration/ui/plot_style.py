"""How every plot on a page looks."""

CLEAR = "rgba(0,0,0,0)"
CONFIG = {"displayModeBar": False}  # of `st.plotly_chart`: no tools over the plot


def dress(figure, height, title="", **layout):
    """Lay a figure on the page's own colour, without margins, with room for its title.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
    height : int
        In CSS pixels.
    title : str
    layout
        What else the layout shall have.

    Returns
    -------
    plotly.graph_objects.Figure
        The same.
    """
    return figure.update_layout(
        title={"text": title, "font": {"size": 14}},
        height=height,
        margin={"l": 0, "r": 0, "t": 30 if title else 10, "b": 0},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        **layout,
    )
