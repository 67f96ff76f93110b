"""A job's images in the viewer: the best result there is. It computes nothing but the PNG files that are shown."""

from typing import Any

from restoration.image.types import Array, Image
from restoration.ui.components.viewer import viewer
from restoration.ui.restore.restoration_job import (
    Restoration,
    RestorationJob,
    encoded,
    encoded_pair,
    find_latest_restoration,
    find_preview,
)

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
    part = None
    if restoration is None:
        restoration = find_latest_restoration(job)
    if restoration is None and job.is_large and not job.is_cancelled:
        part, restoration = job.preview, find_preview(job)
        before_name, after_name = f"{before_name}, {part.name}", f"{after_name}, {part.name}"
    before, after = encoded_pair(job, restoration, part)
    if restoration is None:
        after_name = before_name
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
    png = encoded(image_key, lambda: image, alpha)
    viewer(png, png, key=key, labels=(label, label), height=VIEWER_HEIGHT, alt=label)
