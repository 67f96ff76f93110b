"""The choice of the images that are blended: of classes, faces, photographs, or the visitor's own."""

import itertools
from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from restoration.explore import datasets, pretrained
from restoration.explore.center_crop import center_crop
from restoration.image.types import Array
from restoration.photo import Photo, PhotoError
from restoration.tasks.blend import decode, encode
from restoration.ui import lesson
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.upload import max_megapixels, show_kept_file, slug

TITLES = {"digits": "Digits", "fashion": "Clothes", "faces": "Faces", "photos": "Photographs"}
PLACES = ("First", "Second", "Third", "Fourth")
FIRST_CHOICES = {
    "digits": ("3", "8", "7", "0"),
    "fashion": ("trousers", "bag", "sneaker", "coat"),
    "faces": ("face 96", "face 100", "face 85", "face 82"),
    "photos": ("cat", "flower", "temple", "rocket"),
}
MOST_OWN = 4
CANDIDATES = 8  # test images of a class, of which one is shown


def choose(name: str, count: int) -> tuple[list[str], Callable[[], Array]]:
    """Show the choice of so many images of a set.

    Parameters
    ----------
    name : str
        A key of `TITLES`.
    count : int
        2 or 4.

    Returns
    -------
    names : list of str
        The choices.
    draw : callable
        Returns the images (count, h, w, c), float32 in [0, 1]; of classes it runs the set's network.
    """
    offered = _offered(name)
    chosen = []
    with lesson.control("pictures"):
        for place, first, column in zip(PLACES[:count], FIRST_CHOICES[name], st.columns(count), strict=False):
            choice = column.selectbox(
                place,
                list(offered),
                index=list(offered).index(first),
                key=_choice_key(place, name),
                **REMEMBERED,
            )
            chosen.append(choice)
    return chosen, lambda: np.stack([offered[choice](place) for place, choice in enumerate(chosen)])


def choose_seed() -> None:
    """Show the seed that decides which image of each class is taken."""
    st.number_input(
        "Pictures drawn with seed", 0, 9999, 0, key="seed", help="Another number, other pictures.", **REMEMBERED
    )


def uploader() -> None:
    """Show the uploader of the visitor's own photographs, and an error for each that cannot be read."""
    dropped = st.file_uploader(
        "Your own photographs", accept_multiple_files=True, key="own-photographs", on_change=_forget
    )
    own = st.session_state.setdefault("own", {})
    st.session_state["own shown"] = {file.file_id for file in dropped}
    if own and not dropped:
        show_kept_file(f"Still in the lists: {', '.join(label for label, _ in own.values())}", "Forget them", own.clear)
    new = []
    for file in dropped[:MOST_OWN]:
        if file.file_id not in own:
            try:
                photo = Photo.open(file.getvalue(), max_megapixels=max_megapixels())
                image = center_crop(photo.on_paper(), datasets.SHAPES["photos"])
                label = _label(file.name, {label for label, _ in own.values()})
                own[file.file_id] = (label, image)
                new.append(label)
            except (PhotoError, ValueError) as error:
                show_error(f"{file.name}: {error}")
    _select(new)
    if len(dropped) > MOST_OWN:
        st.caption(f"The first {MOST_OWN} of {len(dropped)} are used.")


def _select(new):
    """Choose new photographs of the visitor's where none of theirs is chosen yet."""
    mine = {label for label, _ in st.session_state.own.values()} - set(new)
    free = (key for key in map(_choice_key, PLACES) if st.session_state.get(key) not in mine)
    st.session_state.update(zip(free, new, strict=False))


def _choice_key(place, name="photos"):
    return f"{place.lower()}-{name}"


def _label(name, taken):
    """Return a label for an uploaded photograph that is not taken."""
    label = f"my {slug(name, 24)}"
    numbered = (f"{label} ({number})" for number in itertools.count(2))
    return label if label not in taken else next(other for other in numbered if other not in taken)


def _forget():
    """Forget the photographs that the visitor took out of the uploader, not those that it lost by itself."""
    remaining = {file.file_id for file in st.session_state["own-photographs"] or ()}
    taken_out = st.session_state.get("own shown", set()) - remaining
    own = st.session_state.get("own", {})
    st.session_state.own = {key: value for key, value in own.items() if key not in taken_out}


def _offered(name):
    """Return {name of a choice: function of the place (0 to 3) that returns the image}."""
    if name == "photos":
        own = st.session_state.get("own", {}).values()
        mine = {label: (lambda place, image=image: image) for label, image in own}
        return mine | {photo: partial(_photograph, photo) for photo in datasets.PHOTOGRAPHS}
    data = datasets.load(name)
    if name == "faces":
        return {f"face {index + 1}": (lambda place, index=index: data.images[index]) for index in range(len(data))}
    seed = int(st.session_state.get("seed", 0))
    return {label: partial(_of_class, name, index, seed) for index, label in enumerate(data.label_names)}


def _photograph(name, place):
    return center_crop(datasets.photograph(name), datasets.SHAPES["photos"])


@st.cache_data(show_spinner=False)
def _of_class(name, label, seed, place):
    """Return a test image of a class, drawn by the seed for each place independently.

    Of `CANDIDATES` the one whose decoded code the classifier is surest of: of others it may be another class.
    """
    test = datasets.load(name).test
    members = np.flatnonzero(test.labels == label)
    images = test.images[np.random.default_rng((seed, place)).choice(members, CANDIDATES, replace=False)]
    probabilities = pretrained.load_classifier(name)(decode(encode(images, name), name))
    return images[probabilities[:, label].argmax()]
