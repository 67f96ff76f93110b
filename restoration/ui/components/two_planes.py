"""The same points in two planes: pointing or selecting in one shows them in both, with a thumbnail."""

import base64
import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.colors

from restoration.image.montage import montage
from restoration.image.types import Array
from restoration.ui.components.assets import component
from restoration.ui.components.media import encode_png, media_url
from restoration.ui.components.plane import COLOURS

RAMP = tuple(plotly.colors.sample_colorscale("Viridis", 16))
MARGIN = 0.04  # of a plane's side, around the outermost points


_mount = component("two_planes")


def two_planes(
    planes: Mapping[str, Array | None],
    labels: np.ndarray,
    names: Sequence[str],
    *,
    key: str,
    name: str,
    errors: Sequence[np.ndarray] = (),
    by: str = "class",
    sprite: "Sprite | None" = None,
    same_scale: bool = False,
    missing: str = "",
    alt: str = "",
) -> list[int]:
    """Show the same points in two planes.

    Parameters
    ----------
    planes : dict of str to ndarray of shape (n, 2), or None
        Two: title -> positions; None where there are none yet.
    labels : ndarray of shape (n,), int
        Index into `names`.
    names : sequence of str
        Of the classes.
    key : str
        Unique in the page.
    name : str
        Identifies the set of points; another name clears the selection.
    errors : sequence of two ndarrays of shape (n,), optional
        Of each point in each plane, shown beside its thumbnail.
    by : {"class", "error"}
        What the colour encodes.
    sprite : Sprite, optional
        The points' thumbnails.
    same_scale : bool
        Both planes have one scale; else each its own.
    missing : str
        Text of an empty plane.
    alt : str

    Returns
    -------
    list of int
        Points that the visitor has selected, at most 500.
    """
    regions = [_region(places) for places in planes.values()]
    if same_scale:
        length = max(region[2] for region in regions)
        regions = [(left + (old - length) / 2, bottom + (old - length) / 2, length) for left, bottom, old in regions]
    result = _mount(
        key=key,
        data={
            "name": name,
            "file": key,
            "titles": list(planes),
            "points": [_packed(places, region) for places, region in zip(planes.values(), regions, strict=True)],
            "missing": missing,
            "spans": [[left, left + length] for left, _, length in regions],
            "labels": _base64(np.asarray(labels, "<u2")),  # a zip may have a folder, and so a class, for each picture
            "names": list(names),
            "errors": [_base64(np.asarray(lost, "<f4")) for lost in errors] or ["", ""],
            "worst": max((float(np.quantile(lost, 0.99)) for lost in errors), default=1.0) or 1.0,
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
    """Thumbnails of many images in one image, which the browser loads once.

    Parameters
    ----------
    png : bytes
        From `sprite_png`.
    count : int
        Thumbnails in it.
    shape : tuple
        Of one thumbnail, (h, w, c).
    key : str
        Unique in the page.
    """

    def __init__(self, png: bytes, count: int, shape: tuple[int, ...], key: str) -> None:
        self.url = media_url(png, key=key)
        self.layout = (shape[1], shape[0], _columns(count))


def sprite_png(images: Array) -> bytes:
    """Return images (n, h, w, 1 or 3) side by side in one nearly square image, as PNG bytes."""
    return encode_png(montage(images, _columns(len(images))))


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
    """Encode points as 16-bit steps of the region in base64, a fifth as long as JSON; "" where there are none."""
    if places is None:
        return ""
    left, bottom, length = region
    share = np.nan_to_num((places - [left, bottom]) / length)
    return _base64(np.rint(np.clip(share, 0, 1) * 65535).astype("<u2"))


def _base64(values):
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
