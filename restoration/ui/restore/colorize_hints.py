"""The visitor's colour hints: a click chooses a pixel, a swatch or the colour picker gives its colour."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
import streamlit as st

from restoration.image.lab import from_lab, lightness, to_lab
from restoration.image.types import Image
from restoration.photo import Photo, PhotoError
from restoration.ui.components.media import encode_png, media_url
from restoration.ui.frame import show_error
from restoration.ui.upload import max_megapixels

NEAR = 0.02  # of the longer side: a click so close to a hint selects that hint
SWATCH_SIDE = 48  # pixels
SWATCH_LIGHTNESS = (35, 85)  # darker and lighter swatches would all look alike
REFERENCE_SIDE, REFERENCE_COLORS = 96, 6

Rgb: TypeAlias = tuple[float, float, float]
ColorHint: TypeAlias = tuple[int, int, Rgb]  # row, column and colour, as `restoration.colorize` takes it


class ColorHints:
    """The hints of one photograph, kept for the session.

    Parameters
    ----------
    key : str
        Of the photograph.
    image : ndarray of shape (H, W, 1), float32
        Its gray image, for the lightness at a pixel.
    """

    def __init__(self, key: str, image: Image) -> None:
        self._image = image
        self._state = _state_of(key)

    @property
    def hints(self) -> tuple[ColorHint, ...]:
        """All hints, as `restoration.colorize` takes them."""
        return self._state["hints"]

    @property
    def pixel(self) -> tuple[int, int] | None:
        """The chosen (row, column)."""
        return self._state["pixel"]

    def marks(self) -> list[dict[str, Any]]:
        """Return the marks that the viewer shows."""
        marks = [
            {"row": row, "column": column, "color": _css(color), "chosen": (row, column) == self.pixel}
            for row, column, color in self.hints
        ]
        if self.pixel and self._chosen_hint() is None:
            marks.append({"row": self.pixel[0], "column": self.pixel[1], "color": "#888", "chosen": True})
        return marks

    def pick(self, row: int, column: int, height: int, width: int) -> None:
        """Choose a pixel, given in pixels of an image that may be smaller, or move the chosen hint there."""
        full = self._image.shape[:2]
        pixel = (row * full[0] // height + full[0] // height // 2, column * full[1] // width + full[1] // width // 2)
        hint = self._chosen_hint()
        if self._state["moving"] and hint:
            self._set_hints([other for other in self.hints if other != hint] + [(*pixel, hint[2])])
            if self._state["prediction_before_move"]:
                self._state["swatches"][pixel] = self._state["prediction_before_move"].palette(*pixel)
            self._state.update(pixel=pixel, moving=False)
            return
        distances = {other[:2]: np.hypot(other[0] - pixel[0], other[1] - pixel[1]) for other in self.hints}
        nearest = min(distances, key=distances.__getitem__, default=None)
        is_near = nearest is not None and distances[nearest] < NEAR * max(full)
        self._state.update(pixel=nearest if is_near else pixel, moving=False)

    def show_controls(self, prediction: Any) -> None:
        """Show the swatches, the colour picker and the buttons for the chosen pixel.

        Parameters
        ----------
        prediction : restoration.tasks.color_prediction.ColorDistribution or None
            Offers the probable colours of the pixel; None while it is still to be made.
        """
        hint = self._chosen_hint()
        self._state["prediction_before_move"] = prediction if self._state["moving"] else None
        if not self.pixel:
            st.caption("Do you know a colour? Click its spot in the picture.")
        else:
            probable = self._probable_colors(prediction)
            st.caption("Likely here; press one, or pick another." if probable else "Pick the colour of this spot.")
            with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
                self._show_swatches("likely", probable)
            with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
                start = _css(hint[2]) if hint else "#9a7b5f"
                picked = st.color_picker("Another colour", start, key=f"own-{self.pixel}-{start}")
                st.button("Use it", on_click=self._add, args=(_rgb(picked),))
            if reference := st.session_state.get("reference_colors"):
                with st.container(horizontal=True, gap="small"):
                    self._show_swatches("reference", reference)
        with st.container(horizontal=True, gap="small"):
            st.button("Undo", on_click=self._undo, disabled=not self._state["undo"], icon=":material/undo:")
            st.button("Clear", on_click=self._clear, disabled=not self.hints)
            if hint:
                label = "Click the new place" if self._state["moving"] else "Move"
                st.button(label, on_click=self._state.update, kwargs={"moving": True})
                st.button("Remove", on_click=self._remove)

    def _probable_colors(self, prediction: Any) -> Sequence[tuple[float, float]]:
        """Return the probable colours (a, b) of the chosen pixel, predicted before it had a hint."""
        if prediction and self.pixel and not self._chosen_hint():
            self._state["swatches"][self.pixel] = prediction.palette(*self.pixel)
        return self._state["swatches"].get(self.pixel, [])

    def _show_swatches(self, kind: str, colors: Sequence[tuple[float, float]]) -> None:
        light = np.clip(lightness(self._image[self.pixel][None]), *SWATCH_LIGHTNESS)
        for number, ab in enumerate(colors):
            color = tuple(float(part) for part in from_lab(light, np.array([ab], np.float32))[0])
            swatch = np.broadcast_to(np.array(color, np.float32), (SWATCH_SIDE, SWATCH_SIDE, 3))
            url = media_url(encode_png(swatch), key=f"swatch-{kind}-{number}")
            st.button(f"![{_css(color)}]({url})", key=f"{kind}-{number}", on_click=self._add, args=(color,))

    def _chosen_hint(self) -> ColorHint | None:
        return next((hint for hint in self.hints if hint[:2] == self.pixel), None)

    def _others(self) -> list[ColorHint]:
        return [hint for hint in self.hints if hint[:2] != self.pixel]

    def _set_hints(self, hints: Sequence[ColorHint]) -> None:
        self._state["undo"].append(self.hints)
        self._state["hints"] = tuple(hints)

    def _add(self, color: Rgb) -> None:
        if self.pixel:
            self._set_hints([*self._others(), (*self.pixel, color)])

    def _remove(self) -> None:
        self._set_hints(self._others())
        self._state["pixel"] = None

    def _clear(self) -> None:
        self._set_hints([])
        self._state["pixel"] = None

    def _undo(self) -> None:
        self._state["hints"] = self._state["undo"].pop()
        self._state["pixel"] = None


def set_hints(key: str, hints: Sequence[ColorHint]) -> None:
    """Take other hints for a photograph."""
    whole = tuple((int(row), int(column), color) for row, column, color in hints)
    _state_of(key).update(hints=whole, pixel=None, moving=False)


def _state_of(key: str) -> dict[str, Any]:
    return st.session_state.setdefault("hints", {}).setdefault(
        key,
        {"hints": (), "undo": [], "pixel": None, "moving": False, "swatches": {}, "prediction_before_move": None},
    )


def choose_reference() -> None:
    """Show the uploader of a photograph whose colours are offered beside the probable ones."""
    st.file_uploader("Colours from another photo", key="reference", on_change=_read_reference)
    if message := st.session_state.get("reference_error"):
        show_error(message)


def _read_reference() -> None:
    st.session_state.pop("reference_error", None)
    st.session_state.pop("reference_colors", None)
    file = st.session_state.reference
    if file is None:
        return
    try:
        image = Photo.open(file.getvalue(), max_megapixels=max_megapixels()).pixels
    except PhotoError as error:
        st.session_state.reference_error = str(error)
        return
    st.session_state.reference_colors = main_colors(image)


def main_colors(image: Image, count: int = REFERENCE_COLORS) -> list[tuple[float, float]]:
    """Return the main colours (a, b) of a photograph by k-means, the commonest first."""
    reduced = np.asarray(cv2.resize(image, (REFERENCE_SIDE, REFERENCE_SIDE), interpolation=cv2.INTER_AREA), np.float32)
    rgb = np.broadcast_to(reduced.reshape(REFERENCE_SIDE, REFERENCE_SIDE, -1), (REFERENCE_SIDE, REFERENCE_SIDE, 3))
    ab = np.ascontiguousarray(to_lab(rgb)[..., 1:].reshape(-1, 2))
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    start = np.empty(0, np.int32)  # labels to start from: none
    _, labels, centers = cv2.kmeans(ab, count, start, stop, 2, cv2.KMEANS_PP_CENTERS)
    order = np.argsort(-np.bincount(np.ravel(labels), minlength=count))
    return [(float(centers[index][0]), float(centers[index][1])) for index in order]


def _css(color: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in color)


def _rgb(css: str) -> Rgb:
    red, green, blue = bytes.fromhex(css[1:])
    return red / 255, green / 255, blue / 255
