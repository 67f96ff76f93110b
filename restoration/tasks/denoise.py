"""Taking the noise out of a photograph."""

from functools import partial

from restoration.degrade.noise import MAX_SIGMA
from restoration.image.checks import blend_strength, check_within, checked
from restoration.image.types import Image, Progress
from restoration.inference.model import model_for
from restoration.inference.self_ensemble import self_ensemble


def denoise(
    noisy: Image,
    sigma: float | None = None,
    *,
    preset: str = "best",
    strength: float = 1.0,
    ensemble: bool = False,
    progress: Progress | None = None,
) -> Image:
    """Remove noise from a photograph.

    Parameters
    ----------
    noisy : ndarray of shape (H, W, 1 or 3), float32
        [0, 1] is black to white; measured noise may leave that range. Any height and width from one pixel up.
    sigma : float in [0, 1], optional
        Standard deviation of the noise, where it is known; the network estimates it when omitted.
    preset : {"best", "fast", "lecture"}
        The network; "lecture" is the plain bottleneck that the lectures draw, as a baseline.
    strength : float in [0, 1]
        Share of the change that is applied; 0 gives the input back.
    ensemble : bool
        Run the network on all eight rotations and mirrorings and take the mean: a little better, eight times as slow
        (Timofte et al. 2016, arXiv:1511.02228).
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

    Returns
    -------
    ndarray of the same shape, float32 in [0, 1]

    Raises
    ------
    ImageError
        If `noisy` is no image, a setting is out of range, or the memory left is too small.
    """
    noisy = checked(noisy)
    check_within("strength", strength)
    if sigma is not None:
        check_within("sigma", sigma)
    model = model_for("denoise", preset)
    run = partial(self_ensemble, model) if ensemble else model
    restored = run(noisy, conditioning(sigma), progress)
    return blend_strength(noisy, restored, strength)


def conditioning(sigma: float | None) -> tuple[float, float]:
    """Return what the network is given beside the image: the noise level, and whether it is given at all.

    As in training (`restoration.train.denoise_pairs`); `sigma` is None where the network shall estimate it.
    """
    return (0.0, 0.0) if sigma is None else (min(sigma, MAX_SIGMA), 1.0)
