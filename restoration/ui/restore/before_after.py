"""A job's images in the viewer: the best result there is. It computes nothing but the PNG files that are shown."""

from collections.abc import Callable, Hashable
from typing import Any

from restoration.image.types import Array, Image
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.components.viewer import viewer
from restoration.ui.restore.restoration_job import (
    Restoration,
    RestorationJob,
    find_latest_restoration,
    find_preview,
)
from restoration.ui.session_cache import session_cache

VIEWER_HEIGHT = 510  # in CSS pixels


def show_before_after(
    job: RestorationJob,
    restoration: Restoration | None,
    *,
    key: str,
    labels: tuple[str, str] = ("before", "after"),
    **options: Any,
) -> None:
    """Show a job's images in the viewer; `options` are the viewer's.

    The result if it is there; else the latest result for the same image; else, of a large image, the preview or the
    part that it will show; else the image itself.

    Parameters
    ----------
    job : RestorationJob
    restoration : Restoration or None
        Its result.
    key : str
        The viewer's.
    labels : tuple of two str
        Of the degraded and the restored image.
    """
    before_name, after_name = labels
    before_key: tuple = (job.image_key, job.baseline_name)
    if restoration is None and job.baseline is None:
        restoration = find_latest_restoration(job)
    if restoration is None and job.is_large and not job.is_cancelled:
        part, restoration = job.preview, find_preview(job)
        before_key = (*before_key, part.name)
        before_name, after_name = f"{before_name}, {part.name}", f"{after_name}, {part.name}"
        alpha = None if job.alpha is None else part.extract(job.alpha[..., None])
        before = _png(before_key, lambda: job.before(part.extract(job.image)), alpha)
    else:
        alpha = job.alpha
        before = _png(before_key, lambda: job.before(job.image), alpha)
    if restoration is None:
        after, after_name = before, before_name
    else:
        after = _png(restoration.key, lambda: restoration.image, alpha)
    viewer(before, after, key=key, labels=(before_name, after_name), height=VIEWER_HEIGHT, **options)


def show_image(image: Image, image_key: str, *, key: str, label: str, alpha: Array | None = None) -> None:
    """Show an image that nothing is done to, in place of a job's images.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    image_key : str
        Equal for equal pixels.
    key : str
        The viewer's.
    label : str
    alpha : ndarray of shape (H, W), optional
    """
    png = _png(image_key, lambda: image, alpha)
    viewer(png, png, key=key, labels=(label, label), height=VIEWER_HEIGHT, alt=label)


def _png(key: Hashable, make_image: Callable[[], Image], alpha: Array | None) -> bytes:
    return session_cache().get_or_compute("png", key, lambda: encode_png(composite_over_gray(make_image(), alpha)), len)
