"""The stage of a restoration page: viewer and status, what is shown while the work runs, and the work itself.

A page draws everything first, with the best result there is, and works last: so nothing moves while it works, and a
moved control ends the work at its next tile.
"""

import sys
from dataclasses import dataclass

import numpy as np
import streamlit as st

from restoration.image import metrics
from restoration.image.checks import blend_strength
from restoration.inference.card import presets
from restoration.ui.components.media import composite_over_gray, encode_png
from restoration.ui.components.viewer import viewer
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.glossary import explain
from restoration.ui.progress import FAILURES, format_duration, run_with_progress
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import show_upload_error

VIEWER_HEIGHT, STATUS_HEIGHT = 510, 56  # in CSS pixels
SCORED_SIDE = 1024  # similarity of more pixels takes too long for a slider
PREVIEW_SIDE = 512  # a third of a second; pictures of more than four times its area get it first


@dataclass(frozen=True)
class Job:
    """A picture and what shall be done to it.

    Parameters
    ----------
    before : ndarray of shape (H, W, C), float32 in [0, 1]
    picture : str
        Names `before`: equal for equal pixels.
    settings : tuple
        All that the result depends on beside the picture.
    function : callable
        ``function(image, progress)`` -> restored image.
    what, spoiled : str
        In words: what is done ("Denoising"), and what the picture is before it ("noisy").
    comparable : callable, optional
        ``comparable(image)``: brings `before` to the restored image's shape, where that is another; its name is
        `compared`.
    compared : str
    """

    before: np.ndarray
    picture: str
    settings: tuple
    function: callable
    what: str
    spoiled: str
    comparable: callable = None
    compared: str = ""
    preview: tuple = ()  # of another part than the middle: (its name, what makes it from the picture)
    alpha: np.ndarray | None = None  # opacity (H, W) of what `before` was made from: for the eye, not for the function

    def shown(self, image):
        """Return the picture before, or a part of it, as it stands beside the restored one."""
        return self.comparable(image) if self.comparable else image

    @property
    def key(self):
        """What the result is kept under."""
        return (self.picture, self.settings)

    @property
    def megapixels(self):
        """Size of the picture."""
        return self.before.shape[0] * self.before.shape[1] / 1e6


@dataclass(frozen=True)
class Outcome:
    """A result, and the seconds it took."""

    restored: np.ndarray
    seconds: float

    @property
    def megapixels(self):
        """Size of the result."""
        return self.restored.shape[0] * self.restored.shape[1] / 1e6


def places():
    """Make the places of a restoration page's top: the viewer's, and below it the status line's.

    The status has a fixed height, so that the controls below it stay where they are when a result arrives. A file that
    was refused is spoken of below it, where it is seen at the picture and at the uploader.
    """
    made = st.container(), st.container(height=STATUS_HEIGHT, border=False).empty()
    show_upload_error()
    return made


def choose_network(task, key, default, told_apart):
    """Let the visitor choose one of a task's networks; returns its preset. `told_apart` says how they differ."""
    return st.segmented_control(
        "Network",
        presets(task),
        default=default,
        required=True,
        key=key,
        help=f"{told_apart}, *lecture* is the lectures' plain network, to compare.",
        **REMEMBERED,
    )


def choose_ensemble(key):
    """Let the visitor ask for the mean of eight runs; returns a bool."""
    return st.toggle("Mean of eight runs", key=key, help="A little better, eight times as slow.", **REMEMBERED)


def middle(image, side=PREVIEW_SIDE):
    """Return the middle of an image, at most `side` pixels high and wide (a view); None of None."""
    if image is None:
        return None
    height, width = image.shape[:2]
    row, column = max(0, (height - side) // 2), max(0, (width - side) // 2)
    return image[row : row + side, column : column + side]


MIDDLE = ("the middle", middle)


def outcome(job):
    """Return the Outcome of a job, or None while it is still to be worked on."""
    return session_cache().get("result", job.key)


def show(job, *, key, strength=1.0, labels=("before", "after"), alt="", **options):
    """Show the job's pictures in the viewer; `options` are the viewer's.

    The result if it is there, else the last result for the same picture, else a preview of the middle (of a large
    picture, unless its job was cancelled), else the picture itself.
    """
    cache = session_cache()
    latest = cache.get("small", ("latest", job.picture))
    picture = (job.picture, job.compared) if job.comparable else job.picture
    if found := outcome(job) or (latest and not job.comparable and cache.get("result", latest)):
        after = found.restored
        pictures = (
            _png(lambda: job.shown(job.before), picture, job.alpha),
            _png(lambda: after, job.key if outcome(job) else latest, job.alpha),
        )
    elif _is_large(job) and not _is_cancelled(job) and (preview := _preview(job)):
        part, make = job.preview or MIDDLE
        alpha = None if job.alpha is None else make(job.alpha[..., None])
        pictures = (
            _png(lambda: job.shown(make(job.before)), (picture, part), alpha),
            _png(lambda: preview.restored, (job.key, part), alpha),
        )
        labels = (f"{labels[0]}, {part}", f"{labels[1]}, {part}")
    else:
        pictures = [_png(lambda: job.shown(job.before), picture, job.alpha)] * 2
        labels = (labels[0], labels[0])
    viewer(*pictures, key=key, strength=strength, labels=labels, height=VIEWER_HEIGHT, alt=alt, **options)


def show_alone(image, picture, *, key, label, alpha=None):
    """Show a picture that nothing is done to, where a job's would stand.

    Parameters
    ----------
    image : ndarray of shape (H, W, C), float32 in [0, 1]
    picture : str
        Names `image`: equal for equal pixels.
    key : str
        The viewer's.
    label : str
        What it is.
    alpha : ndarray, optional
        Its opacity.
    """
    png = _png(lambda: image, picture, alpha)
    viewer(png, png, key=key, labels=(label, label), height=VIEWER_HEIGHT, alt=label)


def work(job, place):
    """Do the job if its result is not there yet, with progress in a place (``st.empty()``), then run the page again."""
    if outcome(job) is not None:
        return
    cache = session_cache()
    if _is_cancelled(job):
        with place.container(horizontal=True, vertical_alignment="center"):
            st.caption("Cancelled; the picture is as it was.", width="content")
            st.button("Run again", on_click=_forget_cancel)
        return
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.empty()
        st.button("Cancel", on_click=_cancel, args=(job.key,), icon=":material/close:")
    try:
        restored, seconds = run_with_progress(
            lambda progress: job.function(job.before, progress),
            bar,
            f"{job.what} {job.megapixels:.1f} megapixels",
            expected=_expected(job),
        )
    except FAILURES as error:
        with place:
            show_error(error)
        return
    cache.put("result", job.key, Outcome(restored, seconds), restored.nbytes)
    cache.put("small", ("latest", job.picture), job.key, 100)
    st.rerun()


def say(place, words):
    """Say in the status line's place what is known of a result, and explain its words to whoever asks."""
    place.markdown(words, help=explain(words))


def in_words(job, found, *, known, strength=1.0, truth=None):
    """Say in one line what is known of a result.

    Parameters
    ----------
    job : Job
    found : Outcome
    known : str
        What the task knows of the picture: "estimated noise 18 of 255".
    strength : float in [0, 1]
    truth : ndarray of the picture's shape, optional
        Where it is known, the scores come first.
    """
    size = f"{found.megapixels:.1f} MP" if found.megapixels >= 0.05 else "under 0.1 MP"
    parts = [known, format_duration(found.seconds), size]
    if truth is not None:
        before, after = _scores(job, found, strength, truth)
        better = _better(after[0] - before[0])
        parts = [f"**{after[0]:.1f} dB**, {better} than the {job.spoiled} picture", f"SSIM {after[1]:.2f}", *parts]
    return " · ".join(parts)


def _better(decibels):
    return f"{abs(decibels):.1f} {'better' if decibels >= 0 else 'worse'}"


def _scores(job, found, strength, truth):
    """Return (PSNR, SSIM) before and after, on the middle of a large picture; before is measured once a picture."""
    truth, restored = middle(truth, SCORED_SIDE), middle(found.restored, SCORED_SIDE)

    def noisy():
        return middle(job.shown(job.before), SCORED_SIDE)

    def blended():
        return restored if strength == 1 else blend_strength(noisy(), restored, strength)

    return _score(("before", job.picture, job.compared), noisy, truth), _score((job.key, strength), blended, truth)


def _score(name, make_image, truth):
    def measure():
        image = make_image()
        return metrics.psnr(image, truth), metrics.ssim(image, truth)

    return session_cache().get_or_compute("small", ("score", name), measure, sys.getsizeof)


def _expected(job):
    """Estimate the seconds of a job from its preview, if there was one."""
    preview = session_cache().get("small", (*job.key, "middle"))
    if preview is None:
        return None
    _, make = job.preview or MIDDLE
    return preview.seconds * job.before.size / make(job.before).size


def _is_large(job):
    return job.before.shape[0] * job.before.shape[1] > 4 * PREVIEW_SIDE**2


def _preview(job):
    """Return the Outcome for the middle, or None if it fails: then the work fails too, and says why."""
    cache = session_cache()
    key = (*job.key, "middle")
    if cache.get("small", key) is None:
        place = st.empty()
        part, make = job.preview or MIDDLE
        try:
            restored, seconds = run_with_progress(
                lambda progress: job.function(make(job.before), progress), place, f"Preview, {part}"
            )
        except FAILURES:
            place.empty()
            return None
        cache.put("small", key, Outcome(restored, seconds), restored.nbytes)
    return cache.get("small", key)


def _png(make_image, name, alpha=None):
    return session_cache().get_or_compute(
        "png", name, lambda: encode_png(composite_over_gray(make_image(), alpha)), len
    )


def _cancel(key):
    st.session_state.cancelled = key


def _is_cancelled(job):
    return st.session_state.get("cancelled") == job.key


def _forget_cancel():
    st.session_state.pop("cancelled", None)
