"""Rows of small pictures with a line under each: the steps of a blend, reconstructions, random samples."""

import base64
from dataclasses import dataclass

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
    images : sequence of ndarray (h, w, 1 or 3), float32 in [0, 1]
    captions : sequence of str
        One under each picture; empty for none.
    tint : str
        "" or "accent", which marks the row that matters.
    """

    label: str
    images: object
    captions: object = ()
    tint: str = ""


def gallery(rows, *, key, alt, columns=None, tile=160, marked=None):
    """Show rows of small pictures, enlarged pixel by pixel.

    Parameters
    ----------
    rows : sequence of GalleryRow
    key : str
        Unique in the page.
    alt : str
        What the pictures show, for those who cannot see them; each picture adds its caption.
    columns : int, optional
        Pictures beside each other; as many as the longest row has when omitted.
    tile : int, in CSS pixels
        The largest side of a picture; a narrow screen gets less.
    marked : int, optional
        Column that is framed.
    """
    columns = columns or max(len(row.images) for row in rows)
    _mount(
        key=key,
        data={
            "alt": alt,
            "columns": columns,
            "tile": tile,
            "marked": -1 if marked is None else marked,
            "rows": [
                {
                    "label": row.label,
                    "tint": row.tint,
                    "pictures": [picture_data(image) for image in row.images],
                    "captions": list(row.captions),
                }
                for row in rows
            ],
        },
    )


def picture_data(image):
    """Return a small image as a ``data:`` address of its PNG."""
    return "data:image/png;base64," + base64.b64encode(encode_png(image)).decode("ascii")
