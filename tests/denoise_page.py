"""The harness of the denoise page, and small photographs to upload."""

import re

import numpy as np
from page_harness import PageHarness, png

from restoration.photo.sample_photos import sample

OWN, SHOW = "My photo is noisy", "Show me"
STRIP, SURE, CARD = "Beside the classical methods", "How sure is it", "Model card"


class DenoisePage(PageHarness):
    """The denoise page."""

    @property
    def status(self):
        """The line under the viewer, '' if there is none."""
        return self._status.value if self._status else ""

    @property
    def details(self):
        """What opens beside the status line."""
        return self._status.help

    @property
    def _status(self):
        return next((text for text in self.app.markdown if "estimated noise" in text.value.lower()), None)

    @property
    def scores(self):
        """PSNR of the result and its gain over the noisy picture, in dB."""
        found = re.match(r"\*\*PSNR ([\d.]+) dB\*\*, ([\d.]+) (better|worse) than the noisy picture", self.status)
        return float(found[1]), float(found[2]) * (1 if found[3] == "better" else -1)


def noisy_cat(sigma=20 / 255, height=96, width=128):
    """Give a small truth and its noisy 8-bit picture as float32."""
    truth = sample("Cat").pixels[60 : 60 + height, 100 : 100 + width]
    noisy = truth + np.random.default_rng(0).normal(0, sigma, truth.shape)
    return truth, np.clip(np.rint(noisy * 255), 0, 255).astype(np.uint8)


CAT, NOISY = noisy_cat()
UPLOAD, CLEAN = png(NOISY), png(np.rint(CAT * 255).astype(np.uint8))
