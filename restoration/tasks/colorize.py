"""Colour for a gray photograph: believable, not true, with the photograph's own lightness."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import TypeAlias

import numpy as np

from restoration.image.checks import ImageError, check_whole, check_within, checked
from restoration.image.lab import lightness, to_gray, to_lab, toning
from restoration.image.types import Array, Image, Progress
from restoration.inference.model import model_for
from restoration.tasks.color_prediction import ALIKE, ColorDistribution, ColorEstimate
from restoration.tasks.color_upsampling import strip_count, upsample_colors

# The network sees the whole picture at about so many pixels along its longer side: what things are decides their
# colour, and it learned that at such sizes. The mean over more than one is a little better than any.
WORKING_SIDES = (192, 288)
STRIDE = 32  # heights and widths that the network takes are multiples of it
HINT_REACH = 2  # pixels around a hint, at the working size, that get its colour
Hint: TypeAlias = tuple[float, float, Sequence[float]]  # row, column, (r, g, b) in [0, 1]
PROPOSALS = 4  # the likeliest colouring and three others
MOST_HINTS = 500
MOST_SATURATION = 3.0
FULL_WARMTH = np.array([3.0, 12.0], np.float32)  # added to a and b at a warmth of 1
TONING_SIDE = 64  # pixels of the reduced print whose mean colour is its toning
UNSURE = 50.0  # this expected error of a and b, or more, is an uncertainty of 1


def colorize(
    image: Image,
    *,
    hints: Sequence[Hint] = (),
    saturation: float = 1.0,
    warmth: float = 0.0,
    keep_toning: bool = False,
    preset: str = "best",
    proposal: int = 0,
    progress: Progress | None = None,
) -> Image:
    """Give a gray photograph believable colours; they are invented, and its lightness stays.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Of a coloured one only the lightness is used.
    hints : sequence of (row, column, (r, g, b))
        What the visitor knows: the colour at a pixel, in [0, 1]; it spreads over what belongs together.
    saturation : float
        1 is as vivid as photographs are, 0 gray, at most 3.
    warmth : float in [-1, 1]
        Shifts all colours to yellow and red, or to blue and green.
    keep_toning : bool
        Add the mean colour of a toned print (sepia) to the colours.
    preset : {"best", "lecture"}
        The network; "lecture" is the small dense autoencoder that the lectures draw, as a baseline: no hints, no
        proposals.
    proposal : int
        0 is the likeliest colouring, 1 to 3 are others: each gives the network another plausible colour as a hint
        where it is least sure.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each step; whatever it raises cancels the run.

    Returns
    -------
    ndarray of shape (H, W, 3), float32 in [0, 1]
        Its lightness (CIELAB's L) is the input's; a colour that sRGB does not have at that lightness is paler.

    Raises
    ------
    ImageError
        If `image` is no image, or a setting or a hint is out of range.
    """
    image = checked(image)
    check_settings(image, hints, saturation, preset, proposal)
    check_within("warmth", warmth, -1, 1)
    model_for("colorize", preset)  # loaded before the first step is counted
    step = step_counter(progress, 1 + bool(proposal) + strip_count(image))
    step()
    gray, tone = gray_of(image), toning_of(image) if keep_toning else np.float32(0)
    prediction = predict(gray, hints, preset, proposal, step)
    return upsample_colors(gray, adjusted(prediction.colors(), saturation, warmth, tone), step)


def gray_of(image: Image) -> Image:
    """Return what is coloured: the lightness of an image as (H, W, 1), or the image itself where it has one channel."""
    return image if image.shape[-1] == 1 else to_gray(image)


def toning_of(image: Image) -> Array:
    """Return the mean (a, b) of a toned print, (0, 0) where an image is none."""
    import cv2

    if toning(image) != "toned":
        return np.zeros(2, np.float32)
    small = cv2.resize(image, (TONING_SIDE, TONING_SIDE), interpolation=cv2.INTER_AREA)
    return to_lab(np.asarray(small, np.float32))[..., 1:].mean(axis=(0, 1))


def adjusted(ab: Array, saturation: float, warmth: float, tone: Array | np.float32) -> Array:
    """Return colours (h, w, 2) with the settings of `colorize` on them; `tone` is added to each."""
    return np.float32(saturation) * ab + np.float32(warmth) * FULL_WARMTH + tone


def step_counter(progress: Progress | None, total: int) -> Callable[[], object]:
    """Return a function that reports one step more to ``progress(done, total)`` at each call, none at the first."""
    done = count()
    return lambda: progress and progress(next(done), total)


def color_uncertainty(image: Image, *, hints: Sequence[Hint] = (), preset: str = "best") -> Image:
    """Return how unsure the colours of a gray photograph are.

    Parameters
    ----------
    image, hints
        As in `colorize`.
    preset : {"best"}
        A network that predicts a probability of each colour.

    Returns
    -------
    ndarray of shape (H, W, 1), float32 in [0, 1]
        The distance that is expected between the true colour and the predicted one, in CIELAB's a and b; 1 is 50 units
        or more.

    Raises
    ------
    ImageError
        If `image` is no image, a hint is out of range, or the network predicts no probabilities.
    """
    image = checked(image)
    check_settings(image, hints, 1.0, preset, 0)
    if preset == "lecture":
        raise ImageError(
            'Preset "lecture" predicts one colour and no probabilities; choose "best" for the uncertainty.'
        )
    return uncertainty(predict(image, hints, preset))  # type: ignore[arg-type]


def uncertainty(prediction: ColorDistribution) -> Image:
    """Return the map of `color_uncertainty` from a prediction."""
    import cv2

    spread = np.clip(prediction.spread() / UNSURE, 0, 1)
    size = (prediction.width, prediction.height)
    return np.clip(cv2.resize(spread, size, interpolation=cv2.INTER_LINEAR), 0, 1)[..., None]


def predict(
    image: Image,
    hints: Sequence[Hint] = (),
    preset: str = "best",
    proposal: int = 0,
    step: Callable[[], object] = lambda: None,
) -> "ColorDistribution | ColorEstimate":
    """Return the colours that the network predicts for an image.

    Parameters
    ----------
    image, hints, preset, proposal
        As in `colorize`, already checked.
    step : callable
        Called without arguments after each run of the network.

    Returns
    -------
    ColorDistribution, or ColorEstimate of a network that predicts no probabilities
    """
    if preset == "lecture":
        estimate = _lecture_estimate(image)
        step()
        return estimate

    ab_hints = [(row, column, to_lab(np.asarray(color, np.float32))[1:]) for row, column, color in hints]
    prediction = _distribution(image, ab_hints, preset)
    step()
    if proposal:
        ab_hints.append(_proposed_hint(prediction, ab_hints, proposal))
        prediction = _distribution(image, ab_hints, preset)
        step()
    return prediction


def _distribution(image, ab_hints, preset):
    """Return the mean of the network's probabilities at each working size; hints are (row, column, (a, b))."""
    import cv2

    probabilities = [_probabilities(_network_input(image, ab_hints, side), preset) for side in WORKING_SIDES]
    size = probabilities[-1].shape[1::-1]
    mean = sum(_resized(one, size) for one in probabilities) / len(probabilities)
    small_lightness = lightness(cv2.resize(image, size, interpolation=cv2.INTER_AREA).reshape(*size[::-1], -1))
    return ColorDistribution(mean, *image.shape[:2], small_lightness, tuple(ab_hints))


def _resized(probabilities, size):
    """Enlarge probabilities to a size (width, height); OpenCV takes 128 channels at most."""
    import cv2

    parts = np.array_split(probabilities, 1 + probabilities.shape[-1] // 128, axis=-1)
    enlarged = [cv2.resize(np.ascontiguousarray(part), size, interpolation=cv2.INTER_LINEAR) for part in parts]
    return np.concatenate([part.reshape(*size[::-1], -1) for part in enlarged], axis=-1)


def _network_input(image, ab_hints, side):
    """Return what the network is given: the image reduced (or enlarged) to a working size, and the hints on it."""
    import cv2

    height, width = image.shape[:2]
    scale = side / max(height, width)
    rows, columns = (max(STRIDE, STRIDE * round(length * scale / STRIDE)) for length in (height, width))
    # The picture is reduced first and made gray then: that bounds the memory.
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    network_input = np.zeros((rows, columns, 4), np.float32)
    network_input[..., 0] = to_gray(small.reshape(rows, columns, -1))[..., 0]
    for row, column, ab in ab_hints:
        _draw_hint(network_input, ((row + 0.5) * rows / height, (column + 0.5) * columns / width), ab)
    return network_input


def _draw_hint(network_input, place, ab):
    """Write a colour (a, b) around a place (row, column) of the network's input."""
    row, column = (min(int(part), side - 1) for part, side in zip(place, network_input.shape[:2], strict=True))
    rows, columns = (slice(max(0, part - HINT_REACH), part + HINT_REACH + 1) for part in (row, column))
    network_input[rows, columns, 1:3] = np.asarray(ab) / 100
    network_input[rows, columns, 3] = 1


def _proposed_hint(prediction, ab_hints, proposal):
    """Return another plausible colour, as a hint at the least sure place of a picture away from the other hints."""
    import cv2

    spread = cv2.GaussianBlur(prediction.spread(), (0, 0), 1.5, borderType=cv2.BORDER_REFLECT)
    for row, column in (prediction.cell(*hint[:2]) for hint in ab_hints):
        spread[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
    row, column = np.unravel_index(spread.argmax(), spread.shape)
    plain = prediction.colors()[row, column]
    place = prediction.pixel(row, column)
    others = sorted(prediction.palette(*place, PROPOSALS), key=lambda ab: np.hypot(*(plain - ab)) < ALIKE)
    return *place, others[(proposal - 1) % len(others)]


def _probabilities(network_input, preset):
    """(h, w, 4) -> (h/8, w/8, colors): the mean over the image and its mirror image."""
    both = np.stack([network_input, network_input[:, ::-1]])
    logits = model_for("colorize", preset).run_whole(both)
    probabilities = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities /= probabilities.sum(axis=-1, keepdims=True)
    return (probabilities[0] + probabilities[1][:, ::-1]) / 2


def _lecture_estimate(image):
    """Return what the lecture's autoencoder makes of a picture, at its own small size."""
    import cv2

    model = model_for("colorize", "lecture")
    side = model.card.config["side"]
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA).reshape(side, side, -1)
    return ColorEstimate(to_lab(model.run_whole(to_gray(small)[None])[0])[..., 1:])


def check_settings(image: Image, hints: Sequence[Hint], saturation: float, preset: str, proposal: int) -> None:
    """Raise ImageError with one sentence unless `colorize` can work with these."""
    check_within("saturation", saturation, 0, MOST_SATURATION)
    check_whole("proposal", proposal, 0, PROPOSALS - 1)
    if not isinstance(hints, Sequence | np.ndarray):
        raise ImageError(f"hints is {hints!r}; give a list of (row, column, (r, g, b)).")
    if len(hints) > MOST_HINTS:
        raise ImageError(f"There are {len(hints)} hints; give at most {MOST_HINTS}.")
    for hint in hints:
        _check_hint(hint, *image.shape[:2])
    if preset == "lecture" and (len(hints) or proposal):
        raise ImageError('Preset "lecture" takes no hints and makes no proposals; choose "best" for them.')


def _check_hint(hint, height, width):
    try:
        row, column, color = hint
        red, green, blue = (float(part) for part in color)
        place = float(row), float(column)
    except (TypeError, ValueError):
        raise ImageError(f"The hint {hint!r} is none; give (row, column, (r, g, b)).") from None
    if not (0 <= place[0] < height and 0 <= place[1] < width):
        raise ImageError(
            f"A hint stands at row {row}, column {column}, outside the picture of {height} rows and {width} columns; "
            "rows and columns count from 0."
        )
    if not all(0 <= part <= 1 for part in (red, green, blue)):
        raise ImageError(f"The colour of a hint is {tuple(color)}; red, green and blue must lie between 0 and 1.")
