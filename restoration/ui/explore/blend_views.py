"""What the blend page shows: seven steps and the slider's weight between two images, or a square between four."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import animation
from restoration.explore.csv_table import csv_table
from restoration.explore.interpolation import interpolate, interpolate_square
from restoration.image.montage import montage
from restoration.image.types import Array
from restoration.tasks.blend import decode, encode
from restoration.ui import lesson
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.components.media import encode_png
from restoration.ui.explore import nearest_distance, result_downloads
from restoration.ui.frame import REMEMBERED
from restoration.ui.glossary import explain

STEPS = 7
FRAMES = 24  # of an animation, one way
GAP = 2  # white pixels between the images of a strip or a square
SPACES = ("Content: pixels mixed", "Representation: codes mixed, then decoded")
SHORT = ("content", "representation")
TINTS = ("", "accent")


@dataclass(frozen=True, eq=False)
class Endpoints:
    """The images and codes at the ends (two) or the corners (four) of a blend.

    Parameters
    ----------
    name : str
        Of the data set.
    images : ndarray of shape (2 or 4, h, w, c), float32 in [0, 1]
    codes : ndarray of shape (2 or 4, code_size)
    path : {"line", "sphere"}
        Between the codes.
    """

    name: str
    images: Array
    codes: Array
    path: str

    def between(self, weights: np.ndarray) -> tuple[Array, Array]:
        """Return the blends (k, h, w, c) of the two by content and by representation."""
        content = interpolate(self.images[0], self.images[1], weights)
        return content, decode(interpolate(self.codes[0], self.codes[1], weights, self.path), self.name)

    def square(self) -> tuple[Array, Array]:
        """Return the squares of blends of the four (STEPS * STEPS, h, w, c) by content and by representation."""
        content, codes = (
            interpolate_square(corners, STEPS, path).reshape(STEPS * STEPS, *corners.shape[1:])
            for corners, path in ((self.images, "line"), (self.codes, self.path))
        )
        return content, decode(codes, self.name)


def endpoints(name: str, images: Array, path: str) -> Endpoints:
    """Return the Endpoints of images of a set, encoded by the set's network."""
    return Endpoints(name, images, encode(images, name), path)


@st.fragment
def steps(ends: Endpoints, task: Callable[[float, np.ndarray | None], None]) -> None:
    """Show the steps between two images, and the blend at the slider's weight; the slider reruns nothing but this.

    Parameters
    ----------
    ends : Endpoints
        Of two images.
    task : callable
        ``task(weight, distances)`` after each change; the distances (content, representation) are None where there
        are none.
    """
    left, right = st.columns([5.5, 1], gap="medium")
    steps_place = left.container()
    with left, lesson.control("weight"):
        weight = st.slider("Weight of the second", 0, 100, 25, format="%d %%", key="weight", **REMEMBERED) / 100
    # The steps and the chosen weight in one batch; the first and last step are the reconstructed ends.
    blends = ends.between(np.append(np.linspace(0, 1, STEPS), weight))
    with steps_place:
        gallery(
            [
                GalleryRow(label, row[:-1], nearest_distance.captions(ends.name, row[:-1]), tint)
                for label, row, tint in zip(SPACES, blends, TINTS, strict=True)
            ],
            key="steps",
            alt="Seven steps from the first picture to the second, by content above, by representation below",
        )
    chosen = np.stack([row[-1] for row in blends])
    with right:
        gallery(
            [
                GalleryRow(
                    f"{short.capitalize()} at {weight:.0%}",
                    [image],
                    nearest_distance.captions(ends.name, image[None]),
                    tint,
                )
                for short, image, tint in zip(SHORT, chosen, TINTS, strict=True)
            ],
            key="now",
            alt="The two blends at the chosen weight, by content above, by representation below",
            tile=200,
        )
    reconstructed = blends[1][[0, STEPS - 1]]
    caption = nearest_distance.describe(ends.name, ends.images, reconstructed, ends.codes.shape[1])
    st.caption(caption, help=explain(caption))
    task(weight, nearest_distance.distances(ends.name, chosen))


def downloads(ends: Endpoints) -> None:
    """Offer the files of a blend: the strip, animation and codes of two images, or the squares of four."""
    with st.container(horizontal=True):
        if len(ends.images) == 2:
            weights = np.linspace(0, 1, STEPS)
            result_downloads.offer("Strip", lambda: _strip(ends, weights), f"blend-{ends.name}.png")
            result_downloads.offer("Animation", lambda: _animation(ends), f"blend-{ends.name}.gif")
            result_downloads.offer("Codes", lambda: _codes(ends, weights), f"blend-{ends.name}-codes.csv")
            return
        for index, short in enumerate(SHORT):
            make = partial(_square, ends, index)
            result_downloads.offer(f"Square by {short}", make, f"blend-{ends.name}-{short}-square.png")


def corners(ends: Endpoints) -> None:
    """Show the squares of blends between four images.

    Parameters
    ----------
    ends : Endpoints
        Of four images.
    """
    columns = st.columns(2, gap="medium")
    for column, label, square, short, tint in zip(columns, SPACES, ends.square(), SHORT, TINTS, strict=True):
        with column:
            gallery(
                [GalleryRow(label, [_laid_out(square, STEPS)], (), tint)],
                key=f"square-{short}",
                alt=f"A square of blends between four pictures, by {short}",
                tile=430,
            )
            found = nearest_distance.distances(ends.name, square)
            if found is not None:
                st.caption(f"On average {found.mean():.3f} from the nearest training picture.")


def _laid_out(images, columns):
    return montage(images, columns, gap=GAP, fill=1.0)


def _square(ends, index):
    return encode_png(_laid_out(ends.square()[index], STEPS))


def _strip(ends, weights):
    return encode_png(_laid_out(np.concatenate(ends.between(weights)), len(weights)))


def _animation(ends):
    """Content beside representation, from the first image to the second and back."""
    frames = ends.between(np.linspace(0, 1, FRAMES))
    return animation.gif(np.concatenate(frames, axis=2))


def _codes(ends, weights):
    codes = interpolate(ends.codes[0], ends.codes[1], weights, ends.path)
    return csv_table({"weight": weights, "code": codes}).encode()
