"""Enlarging a photograph."""

import math

import numpy as np

from restoration.image.checks import ImageError, blend_strength, check_within, checked
from restoration.image.progress_share import split_progress
from restoration.image.resample import resize
from restoration.image.types import Image, Progress
from restoration.inference.card import card_for
from restoration.inference.model import Model, model_for
from restoration.inference.self_ensemble import RUNS, self_ensemble
from restoration.tasks.upscale_presets import networks_of

LEAST_SCALE, MOST_SCALE = 1.1, 8
MAX_MEGAPIXELS = 100.0  # of the result
# What resampling a megapixel takes, as so many GFLOP of a network: `python -m restoration.benchmark waiting`.
RESAMPLING_GFLOP = 8

# The spectrum is taken of the middle, in rings of equal frequency; below this share of the usual a ring is empty.
SPECTRUM_SIDE, SPECTRUM_RINGS, SPECTRUM_FLOOR = 512, 40, 3e-3


def upscale(
    image: Image,
    scale: float | None,
    *,
    preset: str = "faithful",
    blend: float = 0.0,
    ensemble: bool = False,
    width: int | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
    progress: Progress | None = None,
) -> Image:
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
    blend : float in [0, 1]
        Share of "faithful" in the result of "photo": the mean of both images, weighted (image interpolation, as beside
        that of networks in Wang et al. 2018, arXiv:1809.00219). Between 0 and 1 both networks run.
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
        If `image` is no image, the scale or the size of the result is out of range, the preset is unknown or not the
        one that is blended, or the memory left is too small.
    """
    image = checked(image)
    networks = networks_of(preset, blend)
    size = size_of_result(*image.shape[:2], scale=scale, width=width, max_megapixels=max_megapixels)
    parts = split_progress(progress, [card_for("upscale", network).gflop_per_megapixel for network in networks])
    enlarged = [_enlarged(image, size, network, ensemble, part) for network, part in zip(networks, parts, strict=True)]
    if len(enlarged) == 1:
        return enlarged[0]
    photo, faithful = enlarged
    return blend_strength(photo, faithful, blend, out=faithful)


def size_of_result(
    height: int,
    width_before: int,
    *,
    scale: float | None = None,
    width: int | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> tuple[int, int]:
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
        assert scale is not None  # refused by the check
        factor = scale
    else:
        check_within("width", width, math.ceil(LEAST_SCALE * width_before), MOST_SCALE * width_before)
        factor = width / width_before
    size = max(1, round(height * factor)), max(1, round(width_before * factor))
    megapixels = size[0] * size[1] / 1e6
    if not megapixels <= max_megapixels:  # nor where the limit is no number
        raise ImageError(
            f"The result would have {size[1]} x {size[0]} pixels, {megapixels:.0f} megapixels; the limit is "
            f"{max_megapixels:g}. Choose a smaller scale, or raise the limit."
        )
    return size


def detail_limit(image: Image) -> float:
    """Estimate where the detail of a picture ends: what it would lose if it were reduced to this share of its size.

    The power of photographs falls with the square of the spatial frequency (Field 1987, doi:10.1364/JOSAA.4.002379).
    Where it falls far below that line, the picture was enlarged or is blurred.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32

    Returns
    -------
    float in (0, 1]
        1 for a picture that uses all of its pixels. Noise hides a blur; pictures of less than 64 pixels a side, and
        plain ones, cannot be measured and count as 1.
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
    scale = max(after / before for after, before in zip(size, image.shape, strict=False))
    card = card_for("upscale", preset)
    steps, runs = _steps(scale, card.scales), RUNS if ensemble else 1
    if not steps:  # a network that works on what bicubic interpolation enlarged
        costs = [RESAMPLING_GFLOP * math.prod(size), runs * card.gflop_per_megapixel * math.prod(size)]
        first, second = split_progress(progress, costs)
        enlarged = np.clip(resize(image, *size, progress=first), 0, 1)
        return _run(model_for("upscale", preset), enlarged, ensemble, second)
    between = [image.shape[:2]]
    for step in steps:
        between.append((between[-1][0] * step, between[-1][1] * step))
    costs = [runs * card.gflop_per_megapixel * math.prod(before) for before in between[:-1]]
    costs.append(0 if between[-1] == size else RESAMPLING_GFLOP * (math.prod(between[-1]) + math.prod(size)))
    *parts, last = split_progress(progress, costs)
    for step, part in zip(steps, parts, strict=True):
        image = _run(model_for("upscale", preset, step), image, ensemble, part)
    return image if between[-1] == size else np.clip(resize(image, *size, progress=last), 0, 1)


def _steps(scale: float, scales: list[int]) -> list[int]:
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


def _run(model: Model, image: Image, ensemble: bool, progress: Progress | None) -> Image:
    return self_ensemble(model, image, progress=progress) if ensemble else model(image, progress=progress)
