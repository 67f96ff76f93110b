"""The harness of the exploration pages that draw with components: Blend and Latent map."""

import base64

import numpy as np
from page_harness import PageHarness

from restoration.photo import Photo
from restoration.ui.components import gallery, pad, plane


class ExplorePage(PageHarness):
    """An exploration page; what its components were last sent, and the states that they answer with."""

    def __init__(self, repo, monkeypatch):
        super().__init__(repo, monkeypatch)
        self.sent, self.states = {}, {}
        for module in (gallery, plane, pad):
            monkeypatch.setattr(module, "_mount", self._recorded(module._mount))

    def _recorded(self, real):
        def mount(*, key, data, default=None, **callbacks):
            self.sent[key] = data
            result = real(key=key, data=data, default=default, **callbacks)
            return self.states.get(key, result)

        return mount

    def rows(self, key):
        """Pictures (n, h, w, c) of each row of a gallery."""
        return [np.stack([decoded(text) for text in row["images"]]) for row in self.sent[key]["rows"]]

    def captions(self, key):
        return [row["captions"] for row in self.sent[key]["rows"]]

    @property
    def seen(self):
        """Whether the page's check is lit."""
        return bool(self.app.success)


class State:
    """The state of a component."""

    def __init__(self, **values):
        self.__dict__.update(values)


def decoded(address):
    return Photo.open(base64.b64decode(address.split(",")[1])).pixels
