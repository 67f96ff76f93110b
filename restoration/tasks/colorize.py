"""Colour for a gray photograph: believable, not true, with the photograph's own lightness."""

from collections.abc import Sequence
from itertools import count

import numpy as np

from restoration.image.checks import ImageError, check_whole, check_within, checked
from restoration.image.lab import lightness, to_gray, to_lab
from restoration.tasks.color_prediction import ALIKE, Guess, Prediction
from restoration.tasks.color_upsampling import paint, strips

# The network sees the whole picture at about so many pixels along its longer side: what things are decides their
# colour, and it learned that at such sizes. The mean over more than one is a little better than any.
WORKING_SIDES = (192, 288)
STRIDE = 32  # heights and widths that the network takes are multiples of it
HINT_REACH = 2  # pixels around a hint, at the working size, that are told its colour
PROPOSALS = 4  # the likeliest colouring and three others
MOST_HINTS = 500
MOST_SATURATION = 3.0
UNSURE = 50.0  # this expected error of a and b, or more, is an uncertainty of 1


def colorize(image, *, hints=(), saturation=1.0, preset="best", proposal=0, progress=None):
    """Give a gray photograph believable colours; they are invented, and its lightness stays.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Of a coloured one only the lightness is used.
    hints : sequence of (row, column, (r, g, b))
        What the visitor knows: the colour at a pixel, in [0, 1]; it spreads over what belongs together.
    saturation : float
        1 is as vivid as photographs are, 0 gray, at most 3.
    preset : {"best", "lecture"}
        The network; "lecture" is the small dense autoencoder that the lectures draw, as a baseline: no hints, no
        proposals.
    proposal : int
        0 is the likeliest colouring, 1 to 3 are others: each tells the network another plausible colour where it is
        least sure.
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
    from restoration.inference.model import model_for

    model_for("colorize", preset)  # loaded before the first step is counted
    step = counted(progress, 1 + bool(proposal) + strips(image))
    step()
    prediction = predict(image, hints, preset, proposal, step)
    return paint(image, np.float32(saturation) * prediction.colors(), step)


def counted(progress, total):
    """Return a function that tells ``progress(done, total)`` one step more at each call, the first one as none done."""
    done = count()
    return lambda: progress and progress(next(done), total)


def color_uncertainty(image, *, hints=(), preset="best"):
    """Tell how unsure the colours of a gray photograph are.

    Parameters
    ----------
    image, hints
        As in `colorize`.
    preset : {"best"}
        A network that predicts how likely each colour is.

    Returns
    -------
    ndarray of shape (H, W, 1), float32 in [0, 1]
        The distance that is expected between the true colour and the predicted one, in CIELAB's a and b; 1 is 50 units
        or more.

    Raises
    ------
    ImageError
        If `image` is no image, a hint is out of range, or the network knows no chances.
    """
    image = checked(image)
    check_settings(image, hints, 1.0, preset, 0)
    if preset == "lecture":
        raise ImageError('Preset "lecture" predicts one colour and no chances; choose "best" for the uncertainty.')
    return uncertainty(predict(image, hints, preset))


def uncertainty(prediction):
    """Return the map of `color_uncertainty` from a prediction."""
    import cv2

    spread = np.clip(prediction.spread() / UNSURE, 0, 1)
    size = (prediction.width, prediction.height)
    return np.clip(cv2.resize(spread, size, interpolation=cv2.INTER_LINEAR), 0, 1)[..., None]


def predict(image, hints=(), preset="best", proposal=0, step=lambda: None):
    """Return the network's Prediction for a picture.

    Parameters
    ----------
    image, hints, preset, proposal
        As in `colorize`, already checked.
    step : callable
        Called without arguments after each run of the network.

    Returns
    -------
    Prediction, or Guess of a network that knows no chances
    """
    if preset == "lecture":
        guess = _lecture_guess(image)
        step()
        return guess

    told = [(row, column, to_lab(np.asarray(color, np.float32))[1:]) for row, column, color in hints]
    prediction = _predicted(image, told, preset)
    step()
    if proposal:
        told.append(_proposed(prediction, told, proposal))
        prediction = _predicted(image, told, preset)
        step()
    return prediction


def _predicted(image, told, preset):
    """Return the mean of what the network says of a picture at each working size; `told` are (row, column, (a, b))."""
    import cv2

    chances = [_chances(_given(image, told, side), preset) for side in WORKING_SIDES]
    size = chances[-1].shape[1::-1]
    mean = sum(_enlarged(one, size) for one in chances) / len(chances)
    light = lightness(cv2.resize(image, size, interpolation=cv2.INTER_AREA).reshape(*size[::-1], -1))
    return Prediction(mean, *image.shape[:2], light, tuple(told))


def _enlarged(chances, size):
    """Enlarge chances to a size (width, height); OpenCV takes 128 channels at most."""
    import cv2

    parts = np.array_split(chances, 1 + chances.shape[-1] // 128, axis=-1)
    enlarged = [cv2.resize(np.ascontiguousarray(part), size, interpolation=cv2.INTER_LINEAR) for part in parts]
    return np.concatenate([part.reshape(*size[::-1], -1) for part in enlarged], axis=-1)


def _given(image, told, side):
    """Return what the network is given: the picture reduced (or enlarged) to a working size, and the hints on it."""
    import cv2

    height, width = image.shape[:2]
    scale = side / max(height, width)
    rows, columns = (max(STRIDE, STRIDE * round(length * scale / STRIDE)) for length in (height, width))
    # The picture is reduced first and made gray then: that bounds the memory.
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    given = np.zeros((rows, columns, 4), np.float32)
    given[..., 0] = to_gray(small.reshape(rows, columns, -1))[..., 0]
    for row, column, ab in told:
        _draw_hint(given, ((row + 0.5) * rows / height, (column + 0.5) * columns / width), ab)
    return given


def _draw_hint(given, place, ab):
    """Tell the network a colour (a, b) around a place (row, column) of its picture."""
    row, column = (min(int(part), side - 1) for part, side in zip(place, given.shape[:2], strict=True))
    rows, columns = (slice(max(0, part - HINT_REACH), part + HINT_REACH + 1) for part in (row, column))
    given[rows, columns, 1:3] = np.asarray(ab) / 100
    given[rows, columns, 3] = 1


def _proposed(prediction, told, proposal):
    """Return another plausible colour, as a hint at the least sure place of a picture away from the other hints."""
    import cv2

    spread = cv2.GaussianBlur(prediction.spread(), (0, 0), 1.5, borderType=cv2.BORDER_REFLECT)
    for row, column in (prediction.cell(*hint[:2]) for hint in told):
        spread[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
    row, column = np.unravel_index(spread.argmax(), spread.shape)
    plain = prediction.colors()[row, column]
    place = prediction.pixel(row, column)
    others = sorted(prediction.palette(*place, PROPOSALS), key=lambda ab: np.hypot(*(plain - ab)) < ALIKE)
    return *place, others[(proposal - 1) % len(others)]


def _chances(given, preset):
    """(h, w, 4) -> (h/8, w/8, colors): the mean over the picture and its mirror image."""
    from restoration.inference.model import model_for

    both = np.stack([given, given[:, ::-1]])
    logarithms = model_for("colorize", preset).whole(both)
    chances = np.exp(logarithms - logarithms.max(axis=-1, keepdims=True))
    chances /= chances.sum(axis=-1, keepdims=True)
    return (chances[0] + chances[1][:, ::-1]) / 2


def _lecture_guess(image):
    """Return what the lecture's autoencoder makes of a picture, at its own small size."""
    import cv2

    from restoration.inference.model import model_for

    model = model_for("colorize", "lecture")
    side = model.card.config["side"]
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA).reshape(side, side, -1)
    return Guess(to_lab(model.whole(to_gray(small)[None])[0])[..., 1:])


def check_settings(image, hints, saturation, preset, proposal):
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
