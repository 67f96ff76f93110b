"""The repair page's input, what it computes and keeps, and its views: the mask with its brush, and other methods."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import cv2
import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.degrade.damage import DAMAGE_KINDS, draw_damage
from restoration.image.crop import middle
from restoration.image.mask_metrics import mask_scores
from restoration.image.resample import reduce
from restoration.image.types import Array, Image, Mask, Progress
from restoration.inference.card import presets
from restoration.tasks.baselines import INPAINTERS
from restoration.tasks.repair import complete, damage_probability, mask_of, repair_progress
from restoration.tasks.repair_presets import DAMAGE, TASK, offered_presets
from restoration.tasks.repair_strokes import Stroke, with_strokes
from restoration.ui.components.mask_brush import mask_brush
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.progress import FAILURES, run_with_progress
from restoration.ui.restore.before_after import VIEWER_HEIGHT
from restoration.ui.restore.compare_methods import UNPROCESSED, compare_methods
from restoration.ui.restore.page_layout import preset_label
from restoration.ui.restore.preview import PREVIEW_SIDE
from restoration.ui.restore.repair_mask import MaskStrokes
from restoration.ui.session_cache import session_cache

BRUSH_SIDE = 1600  # pixels of the picture that is painted on
SHARES = {"a little": 0.02, "some": 0.05, "much": 0.12}  # of the picture that *show me* damages
ALL_KINDS = "every kind"
FOUND, PAINTED = "The damage found", "Only what I paint"
FILL_HELP = "*Only what I paint* removes an object or completes a missing part: mark it with the brush."


@dataclass(frozen=True)
class RepairInput:
    """A photograph as the repair page takes it.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32
    key : str
        Equal for equal pixels.
    truth, damage : ndarrays of shape (H, W, C) and (H, W), or None
        The photograph before it was damaged, and where it was.
    """

    image: Image
    key: str
    truth: Image | None = None
    damage: Mask | None = None


class RepairRequest(NamedTuple):
    """What is filled: the damage found at a sensitivity, or nothing where it is None, and the strokes."""

    sensitivity: float | None
    strokes: tuple[Stroke, ...]


def damage_sample(truth: Image, key: str) -> RepairInput:
    """Show how much and which damage a clean photograph gets, and return it damaged; made once and kept."""
    share = st.segmented_control(
        "Damage", list(SHARES), default="some", required=True, key="damage-share", **REMEMBERED
    )
    kind = st.session_state.get("damage-kind", ALL_KINDS)
    kinds = (kind,) if kind in DAMAGE_KINDS else None
    seed = int(st.session_state.get("damage-seed", 0))
    damaged_key = f"{key}:damaged:{share}:{kind}:{seed}"
    image, mask = session_cache().get_or_compute(
        "input",
        damaged_key,
        lambda: draw_damage(truth, amount=SHARES[share], kinds=kinds, seed=seed),
        lambda made: made[0].nbytes + made[1].nbytes,
    )
    return RepairInput(image, damaged_key, truth, mask)


def choose_damage() -> None:
    """Show the kind of damage and its seed, which `damage_sample` reads."""
    st.selectbox("Kind of damage", [ALL_KINDS, *DAMAGE_KINDS], key="damage-kind", **REMEMBERED)
    st.number_input("Seed of the damage", 0, 9999, 0, key="damage-seed", **REMEMBERED)


def find_probability(given: RepairInput, image: Image, progress: Progress | None = None) -> Array:
    """Return the probability of damage in an input's image or a part of it; computed once and kept."""
    key = ("damage probability", given.key, image.shape)
    return session_cache().get_or_compute(
        "probability",
        key,
        lambda: damage_probability(image, progress=progress),
        lambda made: made.nbytes,
    )


def known_mask(given: RepairInput, request: RepairRequest) -> Mask | None:
    """Return the mask of what is filled, None while the damage is still to be found."""
    key = ("damage probability", given.key, given.image.shape)
    if request.sensitivity is not None and session_cache().get("probability", key) is None:
        return None
    return _mask(given, request)


def _mask(given: RepairInput, request: RepairRequest) -> Mask:
    """Return the mask of a request, once the probability is there; made once and kept."""

    def make() -> Mask:
        if request.sensitivity is None:
            found = np.zeros(given.image.shape[:2], bool)
        else:
            found = mask_of(find_probability(given, given.image), request.sensitivity)
        return with_strokes(found, request.strokes)

    return session_cache().get_or_compute("mask", (given.key, request), make, lambda mask: mask.nbytes)


def repair_image(
    image: Image, given: RepairInput, request: RepairRequest, preset: str, progress: Progress | None = None
) -> Image:
    """Fill what a request says in an input's image, or in the middle of it.

    Parameters
    ----------
    image : ndarray of shape (h, w, C), float32
        The input's image or, as a preview, its middle.
    given, request, preset
    progress : callable, optional
    """
    is_whole = image.shape == given.image.shape
    to_find, to_complete = repair_progress(preset, progress)
    if request.sensitivity is not None and is_whole:
        find_probability(given, image, to_find)
    if is_whole:
        mask = _mask(given, request)
    elif request.sensitivity is None:
        mask = middle(_mask(given, request)[..., None], PREVIEW_SIDE)[..., 0]
    else:
        mask = mask_of(find_probability(given, image, to_find), request.sensitivity)
    return complete(image, mask, preset=preset, progress=to_complete)


def show_mask(given: RepairInput, mask: Mask, strokes: MaskStrokes, alpha: Array | None) -> None:
    """Show the photograph with what is filled, and the brush on it."""
    cache = session_cache()
    image = cache.get_or_compute(
        "png",
        ("brush", given.key),
        lambda: encode_png(reduce(composite_over_gray(given.image, alpha), BRUSH_SIDE)),
        len,
    )
    shown = encode_png(np.clip(reduce(mask[..., None].astype(np.float32), BRUSH_SIDE), 0, 1))
    mask_brush(
        image,
        shown,
        key="mask-brush",
        label="The photograph with what is filled marked on it; paint to add or spare",
        on_stroke=strokes.receive,
        undoable=bool(strokes.strokes),
        height=VIEWER_HEIGHT,
    )


def describe_mask(given: RepairInput, request: RepairRequest, mask: Mask) -> str:
    """Say how much is filled, and where the damage is known how much of it was found."""
    if not mask.any():
        if request.sensitivity is None:
            return "Nothing is marked yet. Paint over the damage under *What is filled*."
        return "No damage was found. Raise the sensitivity, or paint over it under *What is filled*."
    share, damage = f"{100 * mask.mean():.1f} % of the picture", given.damage
    if damage is None:
        return f"{share} is filled in; what stands there is invented"
    found = session_cache().get_or_compute(
        "small",
        ("mask scores", given.key, request),
        lambda: mask_scores([(mask, damage)])["recall"],
        sys.getsizeof,
    )
    return f"{share} is filled in, invented · {100 * found:.0f} % of the damage found"


def compare_inpainters(given: RepairInput, mask: Mask, request: RepairRequest, alpha: Array | None) -> None:
    """Show what the networks and the classical methods make of the most damaged part, by the same mask."""
    if not mask.any():
        st.caption("Nothing is marked, so there is nothing to compare.")
        return
    rows, columns = most_masked(mask)
    crop, holes = given.image[rows, columns], mask[rows, columns]
    if holes.all():
        st.caption("All of this part is marked, so no method has anything to go on.")
        return
    methods: dict[str, Callable[[], Image]] = {UNPROCESSED: lambda: crop}
    methods |= {
        f"Network, {preset_label(preset)}": partial(complete, crop, holes, preset=preset)
        for preset in offered_presets()
    }
    methods |= {name: partial(method, crop, holes) for name, method in INPAINTERS.items()}
    compare_methods(
        methods,
        None if given.truth is None else given.truth[rows, columns],
        key=(given.key, request),
        caption=f"The same {crop.shape[1]} x {crop.shape[0]} pixels by every method, filled by the same mask.",
        pair=("Telea (OpenCV)", "Network, best"),
        alpha=None if alpha is None else alpha[rows, columns],
    )


def set_widgets(photo_key: str, settings: Mapping[str, Any]) -> None:
    """Bring the page's controls, and the strokes on a photograph, to the settings of a step."""
    sensitivity, strokes = settings["sensitivity"], settings["strokes"]
    st.session_state["repair-preset"] = settings["preset"]
    st.session_state.fill = fill = PAINTED if sensitivity is None else FOUND
    if sensitivity is not None:
        st.session_state.sensitivity = round(100 * sensitivity)
    MaskStrokes(f"{photo_key}:{fill}").replace(strokes)


def run_search(given: RepairInput, place: DeltaGenerator) -> None:
    """Find the damage with progress in a place (``st.empty()``), then run the page again."""
    bar = place.empty()
    try:
        run_with_progress(lambda progress: find_probability(given, given.image, progress), bar, "Looking for damage")
    except FAILURES as error:
        with place:
            show_error(error)
        return
    st.rerun()


def can_find() -> bool:
    """Return whether the network that finds damage is installed."""
    return DAMAGE in presets(TASK)


def most_masked(mask: Mask, side: int = PREVIEW_SIDE) -> tuple[slice, slice]:
    """Return the part of a picture, at most `side` pixels high and wide, with the most masked pixels."""
    sums = cv2.integral(mask.astype(np.uint8))
    height, width = (min(side, length) for length in mask.shape)
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    row, column = np.unravel_index(int(inside.argmax()), inside.shape)
    return slice(int(row), int(row) + height), slice(int(column), int(column) + width)
