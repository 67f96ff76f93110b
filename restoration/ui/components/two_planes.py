"""The same points in two planes: pointing or selecting in one shows them in both, with a thumbnail."""

import base64
import math

import numpy as np
import plotly.colors

from restoration.ui.components.assets import component
from restoration.ui.components.media import encode_png, media_url
from restoration.ui.components.plane import COLOURS

RAMP = tuple(plotly.colors.sample_colorscale("Viridis", 16))
MARGIN = 0.04  # of a plane's side, around the outermost points


_mount = component("two_planes")


def two_planes(
    planes, labels, names, *, key, name, errors=(), by="class", sprite=None, same_scale=False, missing="", alt=""
):
    """Show the same points in two planes.

    Parameters
    ----------
    planes : dict of str to ndarray of shape (n, 2), or None
        Two: title and places; None where there are none yet.
    labels : ndarray of shape (n,), int
        Index into `names`.
    names : sequence of str
        Of the classes.
    key : str
        Unique in the page.
    name : str
        Names the set of points; another name lets go of what was selected.
    errors : sequence of two ndarrays of shape (n,), optional
        Of each point in each plane, told beside its thumbnail.
    by : {"class", "error"}
        What the colour says.
    sprite : Sprite, optional
        The points' thumbnails.
    same_scale : bool
        Both planes show spans of one length; else each its own.
    missing : str
        What an empty plane says.
    alt : str

    Returns
    -------
    list of int
        Points that the visitor has selected, at most 500.
    """
    regions = [_region(places) for places in planes.values()]
    if same_scale:
        length = max(region[2] for region in regions)
        regions = [(left + (own - length) / 2, bottom + (own - length) / 2, length) for left, bottom, own in regions]
    result = _mount(
        key=key,
        data={
            "name": name,
            "file": key,
            "titles": list(planes),
            "points": [_packed(places, region) for places, region in zip(planes.values(), regions, strict=True)],
            "missing": missing,
            "spans": [[left, left + length] for left, _, length in regions],
            "labels": _text(np.asarray(labels, "<u2")),  # a zip may have a folder, and so a class, for each picture
            "names": list(names),
            "errors": [_text(np.asarray(own, "<f4")) for own in errors] or ["", ""],
            "worst": max((float(np.quantile(own, 0.99)) for own in errors), default=1.0) or 1.0,
            "by": by if len(errors) else "class",
            "colours": list(COLOURS),
            "ramp": list(RAMP),
            "sprite": sprite.url if sprite else "",
            "thumb": list(sprite.layout) if sprite else [],
            "selected": [],
            "alt": alt,
        },
        default={"selected": []},
        on_selected_change=lambda: None,
    )
    return [index for index in result.selected or [] if index < len(labels)]


class Sprite:
    """Thumbnails of a set of pictures on one sheet.

    Parameters
    ----------
    png : bytes
        The sheet, from `sheet`.
    count : int
        Pictures on it.
    shape : tuple
        Of one picture, (h, w, c).
    key : str
        Unique in the page.
    """

    def __init__(self, png, count, shape, key):
        self.url = media_url(png, key=key)
        self.layout = (shape[1], shape[0], _columns(count))


def sheet(images):
    """Draw pictures (n, h, w, 1 or 3) row by row on one square-ish sheet, as PNG bytes."""
    count, height, width, channels = images.shape
    columns = _columns(count)
    rows = -(-count // columns)
    missing = np.zeros((rows * columns - count, height, width, channels), np.float32)
    tiles = np.concatenate([images, missing]).reshape(rows, columns, height, width, channels)
    return encode_png(tiles.transpose(0, 2, 1, 3, 4).reshape(rows * height, columns * width, channels))


def _columns(count):
    return math.ceil(math.sqrt(count))


def _region(places):
    """Return (left, bottom, length) of the square that holds all points."""
    if places is None or not np.isfinite(places).all() or not len(places):
        return (-1.0, -1.0, 2.0)
    least, most = places.min(axis=0).astype(float), places.max(axis=0).astype(float)
    length = float((most - least).max()) * (1 + 2 * MARGIN) or 1.0
    left, bottom = (least + most - length) / 2
    return float(left), float(bottom), length


def _packed(places, region):
    """Pack points as 16-bit steps of the region: a fifth of their length as text; "" where there are none."""
    if places is None:
        return ""
    left, bottom, length = region
    share = np.nan_to_num((places - [left, bottom]) / length)
    return _text(np.rint(np.clip(share, 0, 1) * 65535).astype("<u2"))


def _text(values):
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
