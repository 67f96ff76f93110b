"""Enlarging a photograph."""

import math

import numpy as np

from restoration.image.checks import ImageError, check_within, checked
from restoration.image.resample import resize
from restoration.inference.card import card_for
from restoration.inference.self_ensemble import RUNS, mean_of_eight, part

LEAST_SCALE, MOST_SCALE = 1.1, 8
MAX_MEGAPIXELS = 100.0  # of the result

# The spectrum is taken of the middle, in rings of equal frequency; below this share of the usual a ring is empty.
SPECTRUM_SIDE, SPECTRUM_RINGS, SPECTRUM_FLOOR = 512, 40, 3e-3


def upscale(
    image, scale, *, preset="faithful", ensemble=False, width=None, max_megapixels=MAX_MEGAPIXELS, progress=None
):
    """Enlarge a photograph.

    The network of the next larger scale does it (two of them, one after the other, beyond its largest), and an
    antialiased reduction reaches the size that was asked for.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Any height and width from one pixel up.
    scale : float in [1.1, 8]
        Pixels of the result per pixel of the image, along one side.
    preset : {"faithful", "photo", "lecture"}
        The network: for clean pictures that were reduced; for soft, noisy and compressed ones; the plain bottleneck
        that the lectures draw, as a baseline.
    ensemble : bool
        Run the network on all eight rotations and mirrorings and take the mean: a little better, eight times as slow
        (Timofte et al. 2016, arXiv:1511.02228).
    width : int, optional
        Of the result, in pixels, where it must be met exactly; `scale` is then ignored and may be None.
    max_megapixels : float
        Larger results are refused before the work starts.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

    Returns
    -------
    ndarray of shape (round(scale * H), round(scale * W), C), float32 in [0, 1]
        A gray picture stays gray, also one of three equal channels.

    Raises
    ------
    ImageError
        If `image` is no image, the scale or the size of the result is out of range, the preset is unknown, or the
        memory left is too small.
    """
    image = checked(image)
    size = size_of_result(*image.shape[:2], scale=scale, width=width, max_megapixels=max_megapixels)
    card_for("upscale", preset)
    gray = image.shape[2] == 1 or (image == image[..., :1]).all()
    enlarged = _enlarged(image[..., :1] if gray else image, size, preset, ensemble, progress)
    return np.repeat(enlarged, 3, axis=-1) if gray and image.shape[2] == 3 else enlarged


def size_of_result(height, width_before, *, scale=None, width=None, max_megapixels=MAX_MEGAPIXELS):
    """Return the height and width that an enlargement has.

    Parameters
    ----------
    height, width_before : int
        Of the picture.
    scale : float in [1.1, 8], optional
    width : int, optional
        Of the result; takes the scale's place.
    max_megapixels : float

    Returns
    -------
    height, width : int

    Raises
    ------
    ImageError
        If the scale is out of range, or the result would be too large.

    Examples
    --------
    >>> size_of_result(40, 60, scale=2), size_of_result(40, 60, width=100)
    ((80, 120), (67, 100))
    """
    if width is None:
        check_within("scale", scale, LEAST_SCALE, MOST_SCALE)
    else:
        check_within("width", width, math.ceil(LEAST_SCALE * width_before), MOST_SCALE * width_before)
        scale = width / width_before
    size = max(1, round(height * scale)), max(1, round(width_before * scale))
    megapixels = size[0] * size[1] / 1e6
    if not megapixels <= max_megapixels:  # nor where the limit is no number
        raise ImageError(
            f"The result would have {size[1]} x {size[0]} pixels, {megapixels:.0f} megapixels; the limit is "
            f"{max_megapixels:g}. Choose a smaller scale, or raise the limit."
        )
    return size


def detail_limit(image):
    """Judge where the detail of a picture ends: what it would lose if it were reduced to this share of its size.

    The power of photographs falls with the square of the spatial frequency (Field 1987, doi:10.1364/JOSAA.4.002379).
    Where it falls far below that line, the picture was enlarged or is blurred.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32

    Returns
    -------
    float in (0, 1]
        1 for a picture that uses all of its pixels. Noise hides a blur; pictures of less than 64 pixels a side, and
        plain ones, cannot be judged and count as 1.
    """
    side = min(*image.shape[:2], SPECTRUM_SIDE)
    if side < 64:
        return 1.0
    row, column = ((length - side) // 2 for length in image.shape[:2])
    gray = image[row : row + side, column : column + side].mean(axis=-1)
    window = np.hanning(side)
    power = np.abs(np.fft.rfft2((gray - gray.mean()) * window[:, None] * window)) ** 2
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)) * 2  # 1 is the finest there is
    rings = (frequency * SPECTRUM_RINGS).astype(int)
    # The median of a ring does not see the few lines that the blocks of JPEG leave.
    level = np.array([np.median((power * frequency**2)[rings == ring]) for ring in range(SPECTRUM_RINGS)])
    usual = np.median(level[2 : SPECTRUM_RINGS // 5])
    if usual < 1e-6:
        return 1.0
    empty = np.flatnonzero(level < SPECTRUM_FLOOR * usual)
    empty = empty[empty > 1]
    return float(empty[0] / SPECTRUM_RINGS) if empty.size else 1.0


def _enlarged(image, size, preset, ensemble, progress):
    from restoration.inference.model import model_for

    scale = max(after / before for after, before in zip(size, image.shape, strict=False))
    steps = _steps(scale, card_for("upscale", preset).scales)
    if not steps:  # a network that works on what bicubic interpolation enlarged
        enlarged = np.clip(resize(image, *size), 0, 1)
        return _run(model_for("upscale", preset), enlarged, ensemble, progress)
    models = [model_for("upscale", preset, step) for step in steps]
    tiles_before = 0
    sizes = [(image.shape[0] * factor, image.shape[1] * factor) for factor in np.cumprod([1, *steps[:-1]]).tolist()]
    counts = [len(model.grid(*size)) * (RUNS if ensemble else 1) for model, size in zip(models, sizes, strict=True)]
    for model, count in zip(models, counts, strict=True):
        image = _run(model, image, ensemble, part(progress, tiles_before, sum(counts)))
        tiles_before += count
    return image if image.shape[:2] == size else np.clip(resize(image, *size), 0, 1)


def _steps(scale, scales):
    """Choose the network's scales, one after the other, whose product is at least `scale`; the small one first.

    Examples
    --------
    >>> [_steps(scale, [2, 3, 4]) for scale in (1.1, 2, 2.5, 4, 5, 8)]
    [[2], [2], [3], [4], [2, 3], [2, 4]]
    >>> _steps(3, [1])
    []
    """
    if scales == [1]:
        return []
    scale = scale - 1e-6
    if scale <= scales[-1]:
        return [next(one for one in scales if one >= scale)]
    return [scales[0], *_steps(scale / scales[0], scales)]


def _run(model, image, ensemble, progress):
    return mean_of_eight(model, image, progress=progress) if ensemble else model(image, progress=progress)
