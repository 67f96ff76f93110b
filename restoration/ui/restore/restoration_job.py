"""What a restoration page computes: the job, its result, and the run with progress, preview and cancel.

A page draws everything first, with the best result there is, and computes last: nothing moves while it computes, and
a moved control ends the computation at its next tile.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.image.progress_share import split_progress
from restoration.image.types import Array, Image, Progress
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.frame import show_error
from restoration.ui.progress import FAILURES, begin_run, run_with_progress
from restoration.ui.restore.preview import CENTER, PREVIEW_SIDE, Preview
from restoration.ui.session_cache import session_cache


@dataclass(frozen=True)
class RestorationJob:
    """An image and what shall be done to it.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
        The degraded image.
    image_key : str
        Equal for equal pixels.
    settings : tuple
        All that the result depends on beside the image.
    restore : callable
        ``restore(image, progress)`` -> restored image.
    action, input_name : str
        As the visitor reads them: what is done ("Denoising"), and what the image is before it ("noisy").
    baseline : callable, optional
        ``baseline(image)``: brings `image` or a part of it to the shape of its result, where that differs.
    baseline_name : str
        Names the shape of the result, too.
    preview : Preview
        What is restored first where the image is large.
    alpha : ndarray of shape (H, W), optional
        Opacity of the photograph; it changes what is shown, not what is computed.
    """

    image: Image
    image_key: str
    settings: tuple
    restore: Callable[[Image, Progress], Image]
    action: str
    input_name: str
    baseline: Callable[[Image], Image] | None = None
    baseline_name: str = ""
    preview: Preview = CENTER
    alpha: Array | None = None

    @property
    def key(self) -> tuple:
        """Identity of the result."""
        return (self.image_key, self.settings)

    @property
    def is_large(self) -> bool:
        """Whether a preview comes first."""
        return self.image.shape[0] * self.image.shape[1] > 4 * PREVIEW_SIDE**2

    @property
    def is_cancelled(self) -> bool:
        """Whether the visitor has cancelled it."""
        return st.session_state.get("cancelled") == self.key

    def before(self, image: Image) -> Image:
        """Return the degraded image, or a part of it, in the shape of its result."""
        return self.baseline(image) if self.baseline else image


@dataclass(frozen=True)
class Restoration:
    """A restored image, the seconds it took, and its identity; of a preview also what its pictures took to encode."""

    image: Image
    seconds: float
    key: Hashable
    encoding: float = 0.0


def find_restoration(job: RestorationJob) -> Restoration | None:
    """Return the result of a job, None while it is still to be computed."""
    return session_cache().get("result", job.key)


def find_preview(job: RestorationJob) -> Restoration | None:
    """Return the result of a job's preview, None while it is still to be computed."""
    return session_cache().get("preview", job.key)


def find_latest_restoration(job: RestorationJob) -> Restoration | None:
    """Return the latest result of the same size for a job's image with other settings, None where there is no such."""
    key = session_cache().get("small", ("latest", job.image_key, job.baseline_name))
    return key and session_cache().get("result", key)


def run_job(job: RestorationJob, place: DeltaGenerator) -> None:
    """Compute a job's preview or result with progress in a place (``st.empty()``), then run the page again.

    A cancelled job is not run; the place offers to run it again.
    """
    bar = begin_run(job.key, place)
    if bar is None:
        return
    preview = find_preview(job) if job.is_large else None
    try:
        if job.is_large and preview is None:
            _compute_preview(job, bar)
        else:
            _compute_result(job, bar, preview)
    except FAILURES as error:
        with place:
            show_error(error)
        return
    st.rerun()


def encoded_pair(
    job: RestorationJob, restoration: Restoration | None, part: Preview | None = None
) -> tuple[bytes, bytes]:
    """Return the PNGs before and after, or of the part of a preview, as the viewer shows them; made once and kept.

    Where there is no result, both are the picture before it.
    """
    key, image, alpha = (job.image_key, job.baseline_name, part and part.name), job.image, job.alpha
    if part is not None:
        image, alpha = part.extract(image), None if alpha is None else part.extract(alpha[..., None])
    before = encoded(key, lambda: job.before(image), alpha)
    return before, encoded(restoration.key, lambda: restoration.image, alpha) if restoration else before


def encoded(key: Hashable, make_image: Callable[[], Image], alpha: Array | None) -> bytes:
    """Return the PNG of an image over gray; made once for a key, and kept."""
    return session_cache().get_or_compute("png", key, lambda: encode_png(composite_over_gray(make_image(), alpha)), len)


def restore_each(jobs: Sequence[RestorationJob], image: Image, progress: Progress) -> list[Image]:
    """Return what each of several jobs gives for the image that all of them have, or for its preview.

    What is kept of them is taken, and what is not is kept from now on.
    """
    kind = "result" if image is jobs[0].image else "preview"
    kept = [session_cache().get(kind, job.key) for job in jobs]
    progress(0, 1)
    parts = split_progress(progress, [0 if restoration else 1 for restoration in kept])
    return [
        restoration.image if restoration else _restore_and_keep(job, image, kind, part)
        for job, restoration, part in zip(jobs, kept, parts, strict=True)
    ]


def _restore_and_keep(job: RestorationJob, image: Image, kind: str, progress: Progress) -> Image:
    start = time.perf_counter()
    restored = job.restore(image, progress)
    key = job.key if kind == "result" else (*job.key, job.preview.name)
    session_cache().put(kind, job.key, Restoration(restored, time.perf_counter() - start, key), restored.nbytes)
    return restored


def _compute_preview(job: RestorationJob, bar: DeltaGenerator) -> None:
    part = job.preview.extract(job.image)
    image, seconds = run_with_progress(
        lambda progress: job.restore(part, progress), bar, f"Preview, {job.preview.name}"
    )
    start = time.perf_counter()
    encode_png(job.before(part))
    encode_png(image)
    encoding = time.perf_counter() - start
    preview = Restoration(image, seconds, (*job.key, job.preview.name), encoding)
    session_cache().put("preview", job.key, preview, image.nbytes)


def _compute_result(job: RestorationJob, bar: DeltaGenerator, preview: Restoration | None) -> None:
    label = f"{job.action} {job.image.shape[0] * job.image.shape[1] / 1e6:.1f} megapixels"
    if preview is None:
        image, seconds = run_with_progress(lambda progress: job.restore(job.image, progress), bar, label)
        result = Restoration(image, seconds, job.key)
    else:
        times = job.image.size / job.preview.extract(job.image).size
        costs = [times * preview.seconds, times * preview.encoding]
        result, _ = run_with_progress(
            lambda progress: _restore_and_encode(job, costs, progress), bar, label, sum(costs)
        )
    session_cache().put("result", job.key, result, result.image.nbytes)
    session_cache().put("small", ("latest", job.image_key, job.baseline_name), job.key, 100)


def _restore_and_encode(job: RestorationJob, costs: list[float], progress: Progress) -> Restoration:
    """Restore a large image, and make the pictures for the viewer: that takes long, too, so the progress counts it."""
    to_restore, to_encode = split_progress(progress, costs)
    start = time.perf_counter()
    image = job.restore(job.image, to_restore)
    result = Restoration(image, time.perf_counter() - start, job.key)
    to_encode(0, 1)
    encoded_pair(job, result)
    return result
