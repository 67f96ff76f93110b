"""Noise, grain, dust, banding and JPEG as functions of the image: pages, tests, benchmark and training use these.

Every function takes and returns an image (H, W, C) float32 and is repeatable: the same seed gives the same result.
"""

import numpy as np

from restoration.image.checks import check_one_of, check_within, checked
from restoration.image.eight_bit import to_uint8
from restoration.image.types import Image, Seed

MAX_SIGMA = 75 / 255  # the strongest white noise that the networks are trained on
NOISE_KINDS = ("gaussian", "camera", "poisson", "salt and pepper", "jpeg")


def add_noise(
    image: Image, kind: str = "gaussian", level: float = 25 / 255, *, seed: Seed = 0, clip: bool = True
) -> Image:
    """Add noise of a chosen kind and strength to an image.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    kind : {"gaussian", "camera", "poisson", "salt and pepper", "jpeg"}
        Independent normal noise; a camera's, developed with the image (`restoration.degrade.camera`); photon noise,
        stronger where the image is brighter; pixels set to black or white; blocks and ringing of strong JPEG
        compression.
    level : float in [0, 1]
        For gaussian, camera and poisson the standard deviation (the latter two: at mid-gray); for salt and pepper
        the share of changed pixels; for jpeg the strength, quality being ``100 * (1 - level)``, at least 1.
    seed : int or numpy.random.Generator
    clip : bool
        Keep the result in [0, 1], as any file does; False leaves measured noise as it is.

    Returns
    -------
    ndarray of the same shape, float32

    Raises
    ------
    ImageError
        If `image` is none, `kind` is unknown or `level` is outside [0, 1].
    """
    check_one_of("The kind of noise", kind, NOISE_KINDS)
    check_within("The noise level", level)
    image = checked(image)
    generator = np.random.default_rng(seed)
    if kind == "gaussian":
        noisy = image + _normal(generator, image.shape, level)
    elif kind == "camera":
        from restoration.degrade.camera import add_camera_noise  # OpenCV is loaded where it is needed

        noisy = add_camera_noise(image, level, seed=generator)
    elif kind == "poisson":
        noisy = image + np.sqrt(2 * np.clip(image, 0, 1)) * _normal(generator, image.shape, level)
    elif kind == "salt and pepper":
        noisy = image.copy()
        height, width = image.shape[:2]
        drawn = generator.random((height, width), np.float32)
        noisy[drawn < level / 2] = 0
        noisy[drawn > 1 - level / 2] = 1
    else:
        noisy = compress(image, round(100 * (1 - level)))
    return np.clip(noisy, 0, 1) if clip else noisy


def add_correlated_noise(image: Image, sigma: float, *, softness: float = 0.8, seed: Seed = 0) -> Image:
    """Add normal noise that is smooth over neighbouring pixels, as left by demosaicing, scaling or scanning.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    sigma : float in [0, 1]
        Standard deviation of the result's noise.
    softness : float
        Standard deviation of the smoothing, in pixels.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of the same shape, float32, not clipped
    """
    import cv2

    noise = _normal(np.random.default_rng(seed), image.shape, 1.0)
    smooth = np.asarray(cv2.GaussianBlur(noise, (0, 0), softness), np.float32).reshape(image.shape)
    return image + smooth * np.float32(sigma / max(float(smooth.std()), 1e-6))


def add_film_grain(image: Image, level: float, *, softness: float = 0.8, color: float = 0.2, seed: Seed = 0) -> Image:
    """Add film grain: strongest in the middle tones, smooth over neighbouring pixels, mostly without colour.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    level : float in [0, 1]
        Standard deviation at mid-gray.
    softness : float
        Standard deviation of the smoothing, in pixels.
    color : float in [0, 1]
        Share of the grain that differs between the channels.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]
    """
    generator = np.random.default_rng(seed)
    flat = np.zeros_like(image)
    shared = add_correlated_noise(flat[..., :1], level * (1 - color), softness=softness, seed=generator)
    own = add_correlated_noise(flat, level * color, softness=softness, seed=generator)
    tones = 2 * np.sqrt(np.clip(image * (1 - image), 0, 0.25))
    return np.clip(image + tones * (shared + own), 0, 1)


def add_dust(image: Image, specks: int, *, seed: Seed = 0) -> Image:
    """Add specks and hairs as a scanner sees them on a print: small, soft-edged, bright or dark.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    specks : int
        How many; two in three are dots of up to 3 pixels' radius, the rest hairs of up to 24 pixels.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of the same shape, float32
    """
    import cv2

    generator = np.random.default_rng(seed)
    height, width = image.shape[:2]
    dusty = image
    for _ in range(specks):
        cover = np.zeros((height, width), np.float32)
        row, column = int(generator.integers(height)), int(generator.integers(width))
        if generator.random() < 2 / 3:
            cv2.circle(cover, (column, row), int(generator.integers(1, 4)), 1.0, -1, cv2.LINE_AA)
        else:
            steps = np.cumsum(generator.normal(generator.normal(0, 2, 2), 1.5, (8, 2)), axis=0)
            points = np.rint(steps + np.array([column, row])).astype(np.int32)
            cv2.polylines(cover, [points], False, 1.0, 1, cv2.LINE_AA)
        cover = cv2.GaussianBlur(cover, (0, 0), 0.6)[..., None] * np.float32(generator.uniform(0.3, 1))
        shade = np.float32(generator.choice([0.04, 0.95]))
        dusty = dusty + cover * (shade - dusty)
    return dusty


def add_banding(
    image: Image, sigma: float, *, axis: int = 0, softness: float = 0.0, color: float = 0.3, seed: Seed = 0
) -> Image:
    """Add an offset of its own to every row or column, as scanners and old sensors do.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    sigma : float in [0, 1]
        Standard deviation of the offsets.
    axis : {0, 1}
        0 for rows, 1 for columns.
    softness : float
        Standard deviation of the smoothing across the bands, in pixels; 0 for none.
    color : float in [0, 1]
        Share of the offsets that differs between the channels.
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of the same shape, float32, not clipped
    """
    import cv2

    generator = np.random.default_rng(seed)
    count, channels = image.shape[axis], image.shape[2]
    offsets = (1 - color) * _normal(generator, (count, 1), 1.0) + color * _normal(generator, (count, channels), 1.0)
    if softness:
        offsets = cv2.GaussianBlur(offsets, (1, 0), softness, sigmaY=softness).reshape(count, channels)
    offsets *= np.float32(sigma / max(float(offsets.std()), 1e-6))
    return image + (offsets[:, None] if axis == 0 else offsets[None])


def compress(image: Image, quality: int, *, corner: tuple[int, int] = (0, 0), subsampling: bool = True) -> Image:
    """Send an image through JPEG and back.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32
    quality : int in 1..100
    corner : (int, int)
        Row and column of the image's first pixel in the grid of blocks, as in a crop of a JPEG file: what lies before
        it is a reflection.
    subsampling : bool
        Keep colours at half the resolution (4:2:0), as most files do.

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]
    """
    import cv2

    eight_bit = to_uint8(image)
    eight_bit = np.pad(eight_bit, ((corner[0], 0), (corner[1], 0), (0, 0)), mode="symmetric")
    factor = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if subsampling else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    options = [cv2.IMWRITE_JPEG_QUALITY, max(1, int(quality)), cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor]
    ok, file = cv2.imencode(".jpg", eight_bit[..., ::-1], options)
    if not ok:
        raise ValueError(
            f"JPEG holds at most 65500 pixels a side, and this image has {image.shape[1]} x {image.shape[0]}: "
            "reduce it first."
        )
    flag = cv2.IMREAD_COLOR if image.shape[-1] == 3 else cv2.IMREAD_GRAYSCALE
    decoded = np.asarray(cv2.imdecode(file, flag)).reshape(eight_bit.shape)[corner[0] :, corner[1] :, ::-1]
    return decoded.astype(np.float32) / np.float32(255)


def _normal(generator, shape, sigma):
    return generator.standard_normal(shape, np.float32) * np.float32(sigma)
