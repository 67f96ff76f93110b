"""`chart`: quality against cost in one chart: our networks as measured, others as published, classical methods."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from restoration.benchmark.denoising import NOTHING
from restoration.inference.card import WEIGHTS

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Others' networks on CBSD68: dB at sigma 15, 25 and 50 as their authors published them; not measured here. The cost,
# in multiplications per pixel, follows from the published layers.
PUBLISHED_DENOISERS = {
    # 20 layers of 3x3, 64 channels (Zhang et al. 2017, doi:10.1109/TIP.2017.2662206)
    "CDnCNN-B": ((33.90, 31.23, 27.93), 9 * (18 * 64 * 64 + 6 * 64)),
    # 12 layers of 3x3, 96 channels, at half the resolution (Zhang et al. 2018, doi:10.1109/TIP.2018.2839891)
    "FFDNet": ((33.87, 31.21, 27.96), 9 * (15 * 96 + 10 * 96 * 96 + 96 * 12) / 4),
    # U-shape of 64, 128, 256 and 512 channels, 4 residual blocks a side and scale, 2x2 up and down (Zhang et al. 2021,
    # doi:10.1109/TPAMI.2021.3088914)
    "DRUNet": (
        (34.30, 31.69, 28.51),
        9 * (4 + 3) * 64 + sum(16 * 9 * (64 * 2**k) ** 2 / 4**k for k in range(3)) + 8 * 9 * 512**2 / 64
        + sum(2 * 4 * 64 * 2**k * 128 * 2**k / 4 ** (k + 1) for k in range(3)),
    ),
}  # fmt: skip
OURS, THEIRS = "#0072B2", "#D55E00"  # two of Okabe and Ito's colours, told apart by everybody
INK, PAPER = "#1c1c1c", "#f4f4f2"


def published_gflop(name: str) -> float:
    """Return what a published network costs, in GFLOP per megapixel."""
    return 2 * PUBLISHED_DENOISERS[name][1] / 1e3


def cost_figure(benchmark: dict, sigma_255: int = 25) -> "go.Figure":
    """Draw PSNR against the cost of one megapixel.

    Parameters
    ----------
    benchmark : dict
        What ``python -m restoration.benchmark denoise --json`` writes.
    sigma_255 : {15, 25, 50}

    Returns
    -------
    plotly.graph_objects.Figure
    """
    import plotly.graph_objects as go

    rows = [row for row in benchmark["rows"] if row["sigma_255"] == sigma_255 and row["psnr"] is not None]
    # One dot a network, computed as it is by default: the rows named "..., float32" repeat it in another way.
    ours = [row for row in rows if row["gflop_per_megapixel"] and "," not in row["method"]]
    # What doing nothing scores lies so far below that it would press all others together.
    classical = [row for row in rows if not row["gflop_per_megapixel"] and row["method"] != NOTHING]
    index = (15, 25, 50).index(sigma_255)
    figure = go.Figure()
    measured = [(row["gflop_per_megapixel"], row["psnr"], row["method"]) for row in ours]
    _dots(figure, measured, "measured here", color=OURS, symbol="circle", corner="top left")
    others = [(published_gflop(name), scores[index], name) for name, (scores, _) in PUBLISHED_DENOISERS.items()]
    _dots(figure, others, "published by their authors", color=THEIRS, symbol="diamond-open", corner="bottom right")
    for number, row in enumerate(sorted(classical, key=lambda row: row["psnr"])):
        figure.add_hline(
            row["psnr"],
            line={"color": "#999", "width": 1, "dash": "dot"},
            annotation={"text": f"{row['method']} (no network)", "font": {"size": 11, "color": "#777"}},
            annotation_position="top left" if number % 2 else "bottom right",  # neighbours would overlap
        )
    # The axis begins below 10, so that the cheapest network's name has room to its left.
    costs = {"title": "GFLOP per megapixel", "type": "log", "range": [0.85, 4], "showgrid": False}
    figure.update_xaxes(costs, tickvals=[10, 30, 100, 300, 1000, 3000, 10000])
    figure.update_yaxes(title=f"PSNR in dB, {benchmark['images']}, sigma {sigma_255}", gridcolor="#ddd", zeroline=False)
    figure.update_layout(
        template="none",
        width=900,
        height=520,
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        font={"color": INK, "size": 14},
        margin={"l": 70, "r": 30, "t": 50, "b": 60},
        legend={"orientation": "h", "y": 1.1, "x": 0},
    )
    return figure


def _dots(figure, points, name, *, color, symbol, corner):
    costs, scores, labels = zip(*sorted(points), strict=True)
    figure.add_scatter(
        x=costs,
        y=scores,
        text=labels,
        name=name,
        mode="markers+text",
        textposition=corner,  # two away from each other: neither name lies on the other's mark
        marker={"color": color, "size": 12, "symbol": symbol, "line": {"width": 2}},
        textfont={"color": color, "size": 12},  # larger, the longest would touch its neighbour
    )


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("chart", help="quality against cost in one chart, from a benchmark's JSON")
    parser.add_argument("target", type=Path, help="HTML file to write")
    parser.add_argument("--json", type=Path, default=WEIGHTS / "benchmark-denoise.json")
    parser.add_argument("--sigma", type=int, choices=(15, 25, 50), default=25)
    parser.set_defaults(run=_run)


def _run(chosen):
    figure = cost_figure(json.loads(chosen.json.read_text()), chosen.sigma)
    figure.write_html(chosen.target, include_plotlyjs=True)
    print(chosen.target)
