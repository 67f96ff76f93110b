"""Rows of small images with a caption under each: the steps of a blend, reconstructions, random samples."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from restoration.image.types import Image
from restoration.ui.components.assets import component
from restoration.ui.components.media import encode_png

_mount = component("gallery")


@dataclass(frozen=True)
class GalleryRow:
    """One row of a gallery.

    Parameters
    ----------
    label : str
        Stands above the row; "" for none.
    images : iterable of ndarray (h, w, 1 or 3), float32 in [0, 1]
    captions : sequence of str
        One under each image; empty for none.
    tint : str
        "" or "accent", which marks the row that matters.
    """

    label: str
    images: Iterable[Image]
    captions: Sequence[str] = ()
    tint: str = ""


def gallery(rows: Sequence[GalleryRow], *, key: str, alt: str, columns: int | None = None, tile: int = 160) -> None:
    """Show rows of small images, enlarged pixel by pixel.

    Parameters
    ----------
    rows : sequence of GalleryRow
    key : str
        Unique in the page.
    alt : str
        What the images show, for those who cannot see them; each image adds its caption.
    columns : int, optional
        Images beside each other; as many as the longest row has when omitted. On a narrow screen half of more than 10.
    tile : int, in CSS pixels
        The largest side of an image; a narrow screen gets less.
    """
    encoded = [[data_url(image) for image in row.images] for row in rows]
    _mount(
        key=key,
        data={
            "alt": alt,
            "columns": columns or max(map(len, encoded)),
            "tile": tile,
            "rows": [
                {
                    "label": row.label,
                    "tint": row.tint,
                    "images": images,
                    "captions": list(row.captions),
                }
                for row, images in zip(rows, encoded, strict=True)
            ],
        },
    )


def data_url(image: Image) -> str:
    """Return a small image as a ``data:`` URL of its PNG."""
    return "data:image/png;base64," + base64.b64encode(encode_png(image)).decode("ascii")
