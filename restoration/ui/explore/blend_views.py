"""What the blend page shows: seven steps and the slider's weight between two pictures, or a square between four."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import animation, interpolation
from restoration.tasks.blend import decode
from restoration.ui import lesson
from restoration.ui.components.gallery import GalleryRow, gallery
from restoration.ui.explore import nearest_distance, result_downloads
from restoration.ui.frame import REMEMBERED
from restoration.ui.glossary import explain

STEPS = 7
FRAMES = 24  # of an animation, one way
SPACES = ("Content: pixels mixed", "Representation: codes mixed, then decoded")
SHORT = ("content", "representation")
TINTS = ("", "accent")


@dataclass(frozen=True, eq=False)
class Endpoints:
    """What lies at the ends (two) or the corners (four) of a blend.

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
    images: np.ndarray
    codes: np.ndarray
    path: str

    def between(self, weights):
        """Return the blends (k, h, w, c) of the two by content and by representation."""
        content = interpolation.interpolate(*self.images, weights)
        return content, decode(interpolation.interpolate(*self.codes, weights, self.path), self.name)

    def square(self, count):
        """Return the squares (count * count, h, w, c) of blends of the four, row by row."""
        content, codes = (
            interpolation.interpolate_square(ends, count, path).reshape(count * count, *ends.shape[1:])
            for ends, path in ((self.images, "line"), (self.codes, self.path))
        )
        return content, decode(codes, self.name)


@st.fragment
def steps(ends, task):
    """Show the steps between two pictures, and the blend at the slider's weight; the slider runs nothing but this.

    Parameters
    ----------
    ends : Endpoints
        Of two pictures.
    task : callable
        ``task(weight, distances)`` after each change; the distances (content, representation) are None where there
        are none.
    """
    weights = np.linspace(0, 1, STEPS)
    rows = ends.between(weights)
    strip, now = st.columns([5.5, 1], gap="medium")
    with strip:
        gallery(
            [
                GalleryRow(label, row, nearest_distance.captions(ends.name, row), tint)
                for label, row, tint in zip(SPACES, rows, TINTS, strict=True)
            ],
            key="steps",
            alt="Seven steps from the first picture to the second, by content above, by representation below",
        )
        with lesson.control("weight"):
            weight = st.slider("Weight of the second", 0, 100, 25, format="%d %%", key="weight", **REMEMBERED) / 100
    both = np.concatenate(ends.between([weight]))
    with now:
        gallery(
            [
                GalleryRow(
                    f"{short.capitalize()} at {weight:.0%}",
                    [one],
                    nearest_distance.captions(ends.name, one[None]),
                    tint,
                )
                for short, one, tint in zip(SHORT, both, TINTS, strict=True)
            ],
            key="now",
            alt="The two blends at the chosen weight, by content above, by representation below",
            tile=200,
        )
    said = nearest_distance.explained(ends.name, ends.images, decode(ends.codes, ends.name), ends.codes.shape[1])
    st.caption(said, help=explain(said))
    task(weight, nearest_distance.distances(ends.name, both))


def downloads(ends):
    """Offer what can be taken home of a blend: two pictures' strip, animation and codes, or four pictures' squares."""
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


def corners(ends):
    """Show the squares of blends between four pictures.

    Parameters
    ----------
    ends : Endpoints
        Of four pictures.
    """
    squares = ends.square(STEPS)
    columns = st.columns(2, gap="large")
    for column, label, square, short, tint in zip(columns, SPACES, squares, SHORT, TINTS, strict=True):
        with column:
            gallery(
                [GalleryRow(label, [_whole(square)], (), tint)],
                key=f"square-{short}",
                alt=f"A square of blends between four pictures, by {short}",
                tile=430,
            )
            found = nearest_distance.distances(ends.name, square)
            if found is not None:
                st.caption(f"On average {found.mean():.3f} from the nearest training picture.")


def _whole(square):
    return animation.strip(square.reshape(STEPS, STEPS, *square.shape[1:]))


def _square(ends, index):
    return result_downloads.png(_whole(ends.square(STEPS)[index]))


def _strip(ends, weights):
    return result_downloads.png(animation.strip(ends.between(weights)))


def _animation(ends):
    """Content beside representation, from the first picture to the second and back."""
    frames = ends.between(np.linspace(0, 1, FRAMES))
    return animation.gif(np.concatenate(frames, axis=2))


def _codes(ends, weights):
    return result_downloads.table(
        {"weight": weights, "code": interpolation.interpolate(*ends.codes, weights, ends.path)}
    )
