"""What a photograph needs, and the pipeline that gives it: `plan`, and `restore`, which runs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from restoration.image.types import Image, Progress
from restoration.photo import Photo
from restoration.pipeline.findings import FINDINGS, SMALL_PRINT, Finding
from restoration.pipeline.pipeline import Pipeline
from restoration.pipeline.step import Step
from restoration.tasks.upscale_presets import FAITHFUL, PHOTO

ENOUGH_MEGAPIXELS = 0.5  # a small picture is enlarged to so much, two to four times as wide
OLD = ("damaged", "faded", "gray", "toned")  # findings by which a photograph is taken for an old print


@dataclass(frozen=True)
class Plan:
    """What was measured of a photograph, and what is proposed.

    Attributes
    ----------
    measured : tuple of Finding
        All of them.
    pipeline : Pipeline
        Empty where nothing is needed.
    why : tuple of str
        A sentence for each step.
    """

    measured: tuple[Finding, ...]
    pipeline: Pipeline
    why: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found."""
        return tuple(finding for finding in self.measured if finding.found)

    def __getitem__(self, name: str) -> Finding:
        """Return what was measured, by the name of the finding."""
        return next(finding for finding in self.measured if finding.name == name)


def plan(photo: Photo | Image) -> Plan:
    """Measure what a photograph needs, and propose the steps that give it.

    Parameters
    ----------
    photo : Photo, or ndarray of shape (H, W, 1 or 3), float32 in [0, 1]

    Returns
    -------
    Plan

    Raises
    ------
    ImageError, PhotoError
        If it is no image.

    Examples
    --------
    >>> import numpy as np
    >>> ramp = np.linspace(0.3, 0.6, 64, dtype=np.float32)
    >>> plan(np.tile(ramp, (64, 1))[..., None]).pipeline.steps[0]
    Step('tone')
    """
    image = (photo if isinstance(photo, Photo) else Photo(photo)).on_paper()
    measured = {name: kind(image) for name, kind in FINDINGS.items()}
    if measured["page"].found or measured["screen"].found:  # their dots and letters are no noise
        measured["noise"] = replace(measured["noise"], found=False)
    found = {name for name, finding in measured.items() if finding.found}
    if found & set(OLD) and "page" not in found:
        measured["small"] = FINDINGS["small"](image, SMALL_PRINT)
        found |= {"small"} if measured["small"].found else set()
    proposed = list(_steps(found, measured))
    return Plan(tuple(measured.values()), Pipeline(step for step, _ in proposed), tuple(why for _, why in proposed))


def restore(photo: Photo, progress: Progress | None = None) -> Photo:
    """Plan what a photograph needs and run it.

    Parameters
    ----------
    photo
    progress : callable, optional
        ``progress(done, total)`` over all steps; whatever it raises cancels the run.

    Returns
    -------
    Photo
        Its file records the steps.

    Raises
    ------
    ImageError
        If the memory left is too small.
    """
    return plan(photo).pipeline.run(photo, progress)


def suited_network(finding_of: Callable[[str], Finding]) -> tuple[str, str]:
    """Return the preset that a photograph is enlarged by, and the name of the finding that decides.

    Parameters
    ----------
    finding_of : callable
        ``finding_of(name)`` returns what was measured, or measures it. It is called until one decides, with the noise
        last, since that may need a network.

    Returns
    -------
    preset : {"faithful", "photo"}
    name : str
        "page", "jpeg", "blur", "noise" or "screen"; empty for a clean photograph.
    """
    if finding_of("page").found:
        return FAITHFUL, "page"
    for name in ("jpeg", "blur"):
        if finding_of(name).found:
            return PHOTO, name
    if not finding_of("noise").found:
        return FAITHFUL, ""
    return (FAITHFUL, "screen") if finding_of("screen").found else (PHOTO, "noise")


def _steps(found, measured):
    """Yield the proposed steps, each with the sentence that says why."""
    is_page = "page" in found
    if "damaged" in found:
        yield Step("repair"), f"{measured['damaged'].words}."
    if found & {"noise", "jpeg"} and not is_page:
        yield Step("denoise"), f"{' and '.join(measured[name].words for name in ('noise', 'jpeg') if name in found)}."
    if "faded" in found and not is_page:
        yield Step("tone"), f"{measured['faded'].words}: its tones span {measured['faded'].number:.0f} of 100."
    if found & {"gray", "toned"} and not is_page:
        name = "gray" if "gray" in found else "toned"
        yield Step("colorize"), f"{measured[name].words}: its colours can be guessed."
    if "small" in found:
        scale = min(4.0, max(2.0, float(round((ENOUGH_MEGAPIXELS / measured["small"].number) ** 0.5))))
        preset, _ = suited_network(measured.__getitem__)
        why = ": soft or compressed, so by the network for such pictures" if preset == PHOTO else ""
        yield Step("upscale", scale=scale, preset=preset), f"{measured['small'].words}{why}."
