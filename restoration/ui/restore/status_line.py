"""The line below the viewer: what is known of a result, with scores where the truth is known."""

import sys
from collections.abc import Callable, Hashable

from streamlit.delta_generator import DeltaGenerator

from restoration.image import metrics
from restoration.image.checks import blend_strength
from restoration.image.crop import middle
from restoration.image.types import Image
from restoration.ui.glossary import explain
from restoration.ui.progress import format_duration
from restoration.ui.restore.restoration_job import Restoration, RestorationJob
from restoration.ui.session_cache import session_cache

SCORED_SIDE = 1024  # pixels; SSIM of more takes too long for a slider


def show_status(place: DeltaGenerator, text: str, details: str = "") -> None:
    """Show a status line in its place; its details, and an explanation of all terms, open beside it."""
    place.markdown(text, help="\n\n".join(filter(None, (details, explain(f"{text} {details}")))) or None)


def describe_restoration(
    job: RestorationJob,
    restoration: Restoration,
    *,
    finding: str,
    strength: float = 1.0,
    truth: Image | None = None,
) -> tuple[str, str]:
    """Describe a result in one line, and its details in another.

    Parameters
    ----------
    job : RestorationJob
    restoration : Restoration
    finding : str
        What the task found out about the image: "estimated noise 18 of 255".
    strength : float in [0, 1]
        Share of the result in what is shown.
    truth : ndarray of the result's shape, optional
        Where it is known, PSNR comes first, and SSIM of the details.
    """
    megapixels = restoration.image.shape[0] * restoration.image.shape[1] / 1e6
    size = f"{megapixels:.1f} MP" if megapixels >= 0.05 else "under 0.1 MP"
    details = f"{format_duration(restoration.seconds)} · {size}"
    if truth is None:
        return finding[:1].upper() + finding[1:], details
    (psnr_before, _), (psnr, ssim) = _scores(job, restoration, strength, truth)
    gain = format_gain(psnr - psnr_before)
    text = f"**PSNR {psnr:.1f} dB**, {gain} than the {job.input_name} picture · {finding}"
    return text, f"SSIM {ssim:.2f} · {details}"


def format_gain(decibels: float) -> str:
    """Return a difference in PSNR.

    Examples
    --------
    >>> format_gain(-0.42)
    '0.4 worse'
    """
    return f"{abs(decibels):.1f} {'better' if decibels >= 0 else 'worse'}"


def _scores(
    job: RestorationJob, restoration: Restoration, strength: float, truth: Image
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return (PSNR, SSIM) before and after, on the middle of a large image."""
    truth, restored = middle(truth, SCORED_SIDE), middle(restoration.image, SCORED_SIDE)

    def before() -> Image:
        return middle(job.before(job.image), SCORED_SIDE)

    def after() -> Image:
        return restored if strength == 1 else blend_strength(before(), restored, strength)

    before_key = ("before", job.image_key, job.baseline_name)
    return _score(before_key, before, truth), _score((restoration.key, strength), after, truth)


def _score(key: Hashable, make_image: Callable[[], Image], truth: Image) -> tuple[float, float]:
    def measure() -> tuple[float, float]:
        image = make_image()
        return metrics.psnr(image, truth), metrics.ssim(image, truth)

    return session_cache().get_or_compute("small", ("score", key), measure, sys.getsizeof)
