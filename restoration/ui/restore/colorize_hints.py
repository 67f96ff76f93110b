"""What the visitor knows of the colours: a click chooses a spot, a swatch or the picker tells its colour."""

import cv2
import numpy as np
import streamlit as st

from restoration.image.lab import from_lab, lightness
from restoration.photo import Photo, PhotoError
from restoration.ui.components.media import encode_png, media_url
from restoration.ui.frame import show_error
from restoration.ui.upload import max_megapixels

NEAR = 0.02  # of the longer side: a click so close to a hint means that hint
SWATCH = 48  # pixels a side
SHOWN_LIGHTNESS = (35, 85)  # darker and lighter swatches would all look alike
REFERENCE_SIDE, REFERENCE_COLORS = 96, 6


class Hints:
    """The hints of one picture, kept while its visitor stays.

    Parameters
    ----------
    picture : str
        Names the picture.
    image : ndarray of shape (H, W, 1), float32
        The picture, for its lightness at a spot.
    """

    def __init__(self, picture, image):
        self._image = image
        self._state = st.session_state.setdefault("hints", {}).setdefault(
            picture, {"told": (), "past": [], "spot": None, "moving": False, "offered": {}, "before_move": None}
        )

    @property
    def told(self):
        """Tuple of (row, column, (r, g, b)), as `restoration.colorize` takes them."""
        return self._state["told"]

    @property
    def spot(self):
        """The chosen (row, column), or None."""
        return self._state["spot"]

    def marks(self):
        """Return what the viewer shows of them."""
        marks = [
            {"row": row, "column": column, "color": _css(color), "chosen": (row, column) == self.spot}
            for row, column, color in self.told
        ]
        if self.spot and self._chosen() is None:
            marks.append({"row": self.spot[0], "column": self.spot[1], "color": "#888", "chosen": True})
        return marks

    def pick(self, row, column, height, width):
        """Choose a spot, given in pixels of a picture that may be smaller, or move the chosen hint there."""
        full = self._image.shape[:2]
        place = (row * full[0] // height + full[0] // height // 2, column * full[1] // width + full[1] // width // 2)
        if self._state["moving"] and self._chosen():
            *_, color = self._chosen()
            self._tell([hint for hint in self.told if hint != self._chosen()] + [(*place, color)])
            if self._state["before_move"]:
                self._state["offered"][place] = self._state["before_move"].palette(*place)
            self._state.update(spot=place, moving=False)
            return
        distances = {hint[:2]: np.hypot(hint[0] - place[0], hint[1] - place[1]) for hint in self.told}
        nearest = min(distances, key=distances.get, default=None)
        close = nearest and distances[nearest] < NEAR * max(full)
        self._state.update(spot=nearest if close else place, moving=False)

    def choose(self, prediction):
        """Show what can be told of the chosen spot.

        Parameters
        ----------
        prediction : Prediction or None
            Offers the plausible colours of the spot; None while it is still to be made.
        """
        self._state["before_move"] = prediction if self._state["moving"] else None
        if not self.spot:
            st.caption("Do you know a colour? Click its spot in the picture.")
        else:
            plausible = self._plausible(prediction)
            st.caption("Likely here; press one, or pick another." if plausible else "Pick the colour of this spot.")
            with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
                self._swatches("likely", plausible)
            with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
                start = _css(self._chosen()[2]) if self._chosen() else "#9a7b5f"
                own = st.color_picker("Another colour", start, key=f"own-{self.spot}-{start}")
                st.button("Use it", on_click=self._use, args=(_rgb(own),))
            if reference := st.session_state.get("reference_colors"):
                with st.container(horizontal=True, gap="small"):
                    self._swatches("reference", reference)
        with st.container(horizontal=True, gap="small"):
            st.button("Undo", on_click=self._undo, disabled=not self._state["past"], icon=":material/undo:")
            st.button("Clear", on_click=self._clear, disabled=not self.told)
            if self._chosen():
                label = "Click the new place" if self._state["moving"] else "Move"
                st.button(label, on_click=self._state.update, kwargs={"moving": True})
                st.button("Remove", on_click=self._remove)

    def _plausible(self, prediction):
        """Return the likely colours (a, b) of the chosen spot, as long as nothing is told of it: then one is left."""
        if prediction and not self._chosen():
            self._state["offered"][self.spot] = prediction.palette(*self.spot)
        return self._state["offered"].get(self.spot, [])

    def _swatches(self, kind, plausible):
        light = np.clip(lightness(self._image[self.spot[0], self.spot[1]][None]), *SHOWN_LIGHTNESS)
        for number, ab in enumerate(plausible):
            color = tuple(float(part) for part in from_lab(light, np.array([ab], np.float32))[0])
            tile = np.broadcast_to(np.array(color, np.float32), (SWATCH, SWATCH, 3))
            url = media_url(encode_png(tile), key=f"swatch-{kind}-{number}")
            st.button(f"![{_css(color)}]({url})", key=f"{kind}-{number}", on_click=self._use, args=(color,))

    def _chosen(self):
        return next((hint for hint in self.told if hint[:2] == self.spot), None)

    def _tell(self, told):
        self._state["past"].append(self.told)
        self._state["told"] = tuple(told)

    def _use(self, color):
        self._tell([hint for hint in self.told if hint[:2] != self.spot] + [(*self.spot, color)])

    def _remove(self):
        self._tell([hint for hint in self.told if hint[:2] != self.spot])
        self._state["spot"] = None

    def _clear(self):
        self._tell([])
        self._state["spot"] = None

    def _undo(self):
        self._state["told"] = self._state["past"].pop()
        self._state["spot"] = None


def choose_reference():
    """Ask for a photograph to take colours from; they are offered beside the likely ones."""
    st.file_uploader("Colours from another photo", key="reference", on_change=_read_reference)
    if message := st.session_state.get("reference_error"):
        show_error(message)


def _read_reference():
    st.session_state.pop("reference_error", None)
    st.session_state.pop("reference_colors", None)
    file = st.session_state.reference
    if file is None:
        return
    try:
        pixels = Photo.open(file.getvalue(), max_megapixels=max_megapixels()).pixels
    except PhotoError as error:
        st.session_state.reference_error = str(error)
        return
    st.session_state.reference_colors = main_colors(pixels)


def main_colors(image, count=REFERENCE_COLORS):
    """Return the colours (a, b) that a photograph mostly has, the commonest first, by k-means.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    count : int

    Returns
    -------
    list of (float, float)
    """
    from restoration.image.lab import to_lab

    small = cv2.resize(image, (REFERENCE_SIDE, REFERENCE_SIDE), interpolation=cv2.INTER_AREA)
    ab = to_lab(np.broadcast_to(small.reshape(REFERENCE_SIDE, REFERENCE_SIDE, -1), (REFERENCE_SIDE, REFERENCE_SIDE, 3)))
    ab = np.ascontiguousarray(ab[..., 1:].reshape(-1, 2))
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    _, labels, centers = cv2.kmeans(ab, count, None, stop, 2, cv2.KMEANS_PP_CENTERS)
    order = np.argsort(-np.bincount(labels.ravel(), minlength=count))
    return [tuple(float(part) for part in centers[index]) for index in order]


def _css(color):
    return "#" + "".join(f"{round(255 * part):02x}" for part in color)


def _rgb(css):
    return tuple(part / 255 for part in bytes.fromhex(css[1:]))
