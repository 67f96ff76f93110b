"""A folder of small photographs, and running a batch over it."""

import threading

import numpy as np

from restoration.batch.batch import Batch
from restoration.batch.restore_file import OutputOptions
from restoration.photo import Photo
from restoration.pipeline import Pipeline

SAME_NAME = "{stem}.{ext}"
TONE = Pipeline.parse("tone")  # needs no network


class Watching:
    """Remember which files were begun; pause when `stop_at` of them were."""

    def __init__(self, stop_at=None):
        self.begun = []
        self.stop = threading.Event()
        self._stop_at = stop_at

    def begin(self, task, megapixels):
        self.begun.append(task.path.as_posix())
        if len(self.begun) == self._stop_at:
            self.stop.set()

    def on_step(self, step):
        pass

    def progress(self, done, total):
        pass


def fill(folder, names):
    """Write a faded photograph under each name, every one another."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).uniform(0.2, 0.7, (24, 32, 3)).astype(np.float32)
        path.write_bytes(Photo(pixels).to_bytes({".jpg": "JPEG"}.get(path.suffix, "PNG")))
    return folder


def run(source, target, pipeline=TONE, watching=None, **settings):
    """Run a batch and return {path below the source: report}."""
    others = {name: settings.pop(name) for name in ("name", "pipelines") if name in settings}
    batch = Batch(source, target, pipeline, options=OutputOptions(**settings), **{"name": SAME_NAME, **others})
    watching = watching or Watching()
    try:
        reports = list(batch.run(watching, watching.stop))
    finally:
        batch.close()
    return {report.source[len(str(source)) + 1 :]: report for report in reports}


def states(reports):
    """Return {path: state}."""
    return {path: report.state for path, report in reports.items()}
