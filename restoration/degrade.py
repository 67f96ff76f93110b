"""What spoils a photograph, as functions of the picture: page, tests, benchmark and training use the same ones.

Every function takes and returns an image (H, W, C) float32 and is repeatable: the same seed gives the same result.
"""

import numpy as np

NOISE_KINDS = ("gaussian", "poisson", "salt and pepper", "jpeg")


def add_noise(image, kind="gaussian", level=25 / 255, *, seed=0, clip=True):
    """Spoil an image with noise of a chosen kind and strength.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
    kind : {"gaussian", "poisson", "salt and pepper", "jpeg"}
        Independent normal noise; photon noise, stronger where the picture is brighter; pixels thrown to black
        or white; blocks and ringing of strong JPEG compression.
    level : float in [0, 1]
        For gaussian and poisson the standard deviation (for poisson: that at mid-gray); for salt and pepper
        the share of spoiled pixels; for jpeg the strength, quality being ``100 * (1 - level)``, at least 1.
    seed : int or numpy.random.Generator
    clip : bool
        Keep the result in [0, 1], as any file does; False leaves measured noise as it is.

    Returns
    -------
    ndarray of the same shape, float32

    Raises
    ------
    ValueError
        If `kind` is unknown or `level` is outside [0, 1].
    """
    if kind not in NOISE_KINDS:
        raise ValueError(f"Noise kind {kind!r} is unknown; choose one of {', '.join(NOISE_KINDS)}.")
    if not 0 <= level <= 1:
        raise ValueError(f"The noise level is {level}; it must lie between 0 and 1.")
    image = np.asarray(image, np.float32)
    generator = np.random.default_rng(seed)
    if kind == "gaussian":
        noisy = image + _normal(generator, image.shape, level)
    elif kind == "poisson":
        noisy = image + np.sqrt(2 * np.clip(image, 0, 1)) * _normal(generator, image.shape, level)
    elif kind == "salt and pepper":
        noisy = image.copy()
        height, width = image.shape[:2]
        chance = generator.random((height, width), np.float32)
        noisy[chance < level / 2] = 0
        noisy[chance > 1 - level / 2] = 1
    else:
        noisy = compress(image, round(100 * (1 - level)))
    return np.clip(noisy, 0, 1) if clip else noisy


def add_correlated_noise(image, sigma, *, softness=0.8, seed=0):
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
    noise = cv2.GaussianBlur(noise, (0, 0), softness).reshape(image.shape)
    return image + noise * np.float32(sigma / max(float(noise.std()), 1e-6))


def compress(image, quality):
    """Send an image through JPEG and back.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32
    quality : int in 1..100

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]
    """
    import cv2

    eight_bit = np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)
    ok, file = cv2.imencode(".jpg", eight_bit[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, max(1, int(quality))])
    if not ok:
        raise ValueError(f"JPEG cannot hold a picture of {image.shape[1]} x {image.shape[0]} pixels.")
    flag = cv2.IMREAD_COLOR if image.shape[-1] == 3 else cv2.IMREAD_GRAYSCALE
    decoded = cv2.imdecode(file, flag).reshape(image.shape)[..., ::-1]
    return decoded.astype(np.float32) / 255


def _normal(generator, shape, sigma):
    return generator.standard_normal(shape, np.float32) * np.float32(sigma)
