"""Repairing a photograph: finding scratches, creases, dust and missing pieces, and filling what they cover."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from restoration.degrade.damage import DAMAGE_WEIGHT
from restoration.image.checks import ImageError, check_one_of, check_within, checked
from restoration.image.progress_share import split_progress
from restoration.image.types import Array, Image, Mask, Progress
from restoration.inference import tiles
from restoration.inference.card import card_for
from restoration.inference.model import Model, model_for
from restoration.inference.tile_loop import each_tile
from restoration.tasks.repair_presets import COMPLETION, DAMAGE, TASK
from restoration.tasks.repair_strokes import Stroke, with_strokes

# The log-odds that a pixel must have at sensitivity 0.5 (a probability of 0.82), and how far they rise to sensitivity 0
# and fall to 1. What is connected to such a pixel and at least so much as probable is damage too, with a rim of so many
# pixels, in which damage shines through by the blur of the scan. A lower threshold finds little more and flags much
# more of undamaged photographs: `python -m restoration.benchmark repair` measures both.
LOG_ODDS, RANGE = 1.5, 4.0
GROWTH, RIM = 0.4, 1


def damage_probability(image: Image, *, progress: Progress | None = None) -> Array:
    """Return how probable damage is at each pixel of a photograph.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Any height and width from one pixel up.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

    Returns
    -------
    ndarray of shape (H, W), float32 in [0, 1]

    Raises
    ------
    ImageError
        If `image` is no image, or the memory left is too small.
    """
    return probability_by(model_for(TASK, DAMAGE), checked(image), progress)


def probability_by(model: Model, image: Image, progress: Progress | None = None) -> Array:
    """Return the probability of damage, as `damage_probability`, by a given model."""
    probability = np.empty(image.shape[:2], np.float32)

    def run(tile: tiles.Tile) -> None:
        logits = model.runner(_batch(image, tile))[0, 0]
        tiles.stitch(probability, _undo_weight(logits), tile)

    each_tile(model.checked_tiles(image.shape), run, progress)
    return probability


def find_damage(image: Image, *, sensitivity: float = 0.5, progress: Progress | None = None) -> Mask:
    """Return the mask of the damage in a photograph: what `repair` would fill.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    sensitivity : float in [0, 1]
        0 finds what is beyond doubt, 1 everything that might be damage.
    progress : callable, optional
        As of `damage_probability`.

    Returns
    -------
    ndarray of shape (H, W), bool

    Raises
    ------
    ImageError
        If `image` is no image, `sensitivity` is out of range, or the memory left is too small.
    """
    check_within("sensitivity", sensitivity)
    return mask_of(damage_probability(image, progress=progress), sensitivity)


def mask_of(probability: Array, sensitivity: float = 0.5) -> Mask:
    """Return the mask of damage by its probability; cheap, so that a slider need not run the network again.

    Thresholds with hysteresis (Canny 1986, doi:10.1109/TPAMI.1986.4767851) keep a faint part of a scratch that goes on
    from a clear one, and nothing of faint parts alone.

    Parameters
    ----------
    probability : ndarray of shape (H, W), float32 in [0, 1]
        Of `damage_probability`.
    sensitivity : float in [0, 1]
        As of `find_damage`.

    Returns
    -------
    ndarray of shape (H, W), bool
        Empty where all of the picture would be damage: then nothing tells damage from picture.
    """
    import cv2

    threshold = 1 / (1 + np.exp(-LOG_ODDS - RANGE * (1 - 2 * sensitivity)))
    _, labels = cv2.connectedComponents((probability >= GROWTH * threshold).astype(np.uint8), connectivity=8)
    is_damage = np.zeros(labels.max() + 1, bool)
    is_damage[labels[probability >= threshold]] = True
    is_damage[0] = False
    rim = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * RIM + 1,) * 2)
    mask = cv2.dilate(is_damage[labels].astype(np.uint8), rim) > 0
    return np.zeros_like(mask) if mask.all() else mask


def complete(image: Image, mask: ArrayLike, *, preset: str = "best", progress: Progress | None = None) -> Image:
    """Fill the masked pixels of a photograph with what may have been there.

    What comes is invented: lines and areas go on, and nothing returns that lies wholly under the mask.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Any height and width from one pixel up.
    mask : ndarray of shape (H, W), bool
        The pixels to fill.
    preset : {"best", "lecture"}
        The network; "lecture" is the plain bottleneck that the lectures draw, as a baseline.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run. Tiles
        without masked pixels cost nothing.

    Returns
    -------
    ndarray of the same shape, float32
        Outside the mask the very values of `image`; inside [0, 1].

    Raises
    ------
    ImageError
        If `image` or `mask` is none, the mask covers everything, the preset is unknown, or the memory left is too
        small.
    """
    image = checked(image)
    holes = checked_mask(mask, image)
    check_one_of("The preset to complete", preset, tuple(COMPLETION))
    return completed_by(model_for(TASK, COMPLETION[preset]), image, holes, progress)


def repair(
    image: Image,
    *,
    mask: ArrayLike | None = None,
    sensitivity: float | None = 0.5,
    strokes: Sequence[Stroke] = (),
    preset: str = "best",
    progress: Progress | None = None,
) -> Image:
    """Find the damage in a photograph and fill it: `find_damage` and `complete` in one.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    mask : ndarray of shape (H, W), bool, optional
        The damage, where it is known; found when omitted.
    sensitivity : float in [0, 1], or None
        As of `find_damage`; None where nothing shall be found.
    strokes : sequence of (adds, radius, points)
        Drawn on what was found: whether the stroke adds or spares, its radius as a share of the width, its (x, y) as
        shares of width and height.
    preset : {"best", "lecture"}
        The network that fills, as of `complete`.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile of both networks; whatever it raises cancels the
        run.

    Returns
    -------
    ndarray of the same shape, float32
        Outside the damage the very values of `image`; inside [0, 1].

    Raises
    ------
    ImageError
        As of `find_damage` and `complete`.
    """
    image = checked(image)
    if sensitivity is not None:
        check_within("sensitivity", sensitivity)
    if mask is not None:
        return complete(image, mask, preset=preset, progress=progress)
    check_one_of("The preset to repair", preset, tuple(COMPLETION))
    to_find, to_complete = repair_progress(preset, progress)
    found = np.zeros(image.shape[:2], bool)
    if sensitivity is not None:
        found = find_damage(image, sensitivity=sensitivity, progress=to_find)
    return complete(image, with_strokes(found, strokes), preset=preset, progress=to_complete)


def repair_progress(preset: str, progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Return what to give `find_damage` and then `complete` as progress, so that together they tell that of both.

    Parameters
    ----------
    preset : str
        Of `complete`.
    progress : callable or None
    """
    to_find, to_complete = split_progress(
        progress, [card_for(TASK, name).gflop_per_megapixel for name in (DAMAGE, COMPLETION[preset])]
    )
    return to_find, to_complete


def checked_mask(mask: ArrayLike, image: Image) -> Mask:
    """Return a mask as bool, or raise ImageError with one sentence where it is none of this image's size."""
    mask = np.asarray(mask)
    size = image.shape[:2]
    if mask.shape != size:
        raise ImageError(f"The mask has the shape {mask.shape}, the picture {size}; give one value for each pixel.")
    if mask.dtype.kind not in "bui" or (mask.dtype.kind != "b" and int(mask.max()) > 1):
        raise ImageError(
            f"The mask holds {mask.dtype}; give bool, true where the picture shall be filled, for example mask > 0."
        )
    mask = mask.astype(bool, copy=False)
    if mask.all():
        raise ImageError(
            f"The mask covers all {mask.size} pixels, so nothing is left to complete the picture from; mask less of it."
        )
    return mask


def completed_by(model: Model, image: Image, holes: Mask, progress: Progress | None = None) -> Image:
    """Return a copy of an image with its holes filled, as `complete`, by a given model."""
    completed = image.copy()
    gray = image.shape[-1] == 1 or bool((image == image[..., :1]).all())

    def run(tile: tiles.Tile) -> None:
        kept = tile.rows.kept(1), tile.columns.kept(1)
        missing = holes[kept]
        if not missing.any():
            return
        filling = model.runner(_batch(image, tile, holes))[0]  # (3, h, w)
        filling = filling[:, tile.rows.kept(1, tile.rows.start), tile.columns.kept(1, tile.columns.start)]
        if gray:
            filling = filling.mean(axis=0, keepdims=True)
        completed[kept][missing] = np.clip(filling[:, missing], 0, 1).T

    each_tile(model.checked_tiles(image.shape), run, progress)
    return completed


def _batch(image: Image, tile: tiles.Tile, holes: Mask | None = None) -> Array:
    """Return a tile as its network takes it: (1, 3, h, w), or with the holes, 0 in them, (1, 4, h, w)."""
    part = tiles.cut(image, tile)
    batch = np.empty((1, 3 if holes is None else 4, *part.shape[:2]), np.float32)
    batch[0, :3] = part.transpose(2, 0, 1)
    if holes is not None:
        batch[0, 3] = tiles.cut(holes[..., None].view(np.uint8), tile)[..., 0]
        batch[0, :3] *= 1 - batch[0, 3]
    return batch


def _undo_weight(logits: Array) -> Array:
    """Return the probability that logits stand for that were trained with `DAMAGE_WEIGHT`."""
    odds = np.exp(np.clip(logits, -60, 60)) / np.float32(DAMAGE_WEIGHT)
    return np.asarray(odds / (1 + odds), np.float32)
