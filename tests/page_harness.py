"""A page by Streamlit's own test harness: what a visitor does on it, is shown and can download."""

import io

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from restoration.photo import Photo
from restoration.ui.restore import before_after, bench, photo_download


def png(pixels, **settings):
    """Return a PNG of pixels, uint8 or float32 in [0, 1]; `settings` are Pillow's."""
    if pixels.dtype.kind == "f":
        pixels = np.rint(pixels * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels.squeeze() if pixels.shape[-1] == 1 else pixels).save(file, "PNG", **settings)
    return file.getvalue()


class PageHarness:
    """The app at one page.

    Parameters
    ----------
    repo : path
    monkeypatch : pytest.MonkeyPatch
        The viewer and the download button go on working; their arguments are kept.
    page : str, optional
        Opened by `open`; the home page when omitted.
    query : dict of str
        Of the page's address.
    """

    def __init__(self, repo, monkeypatch, page=None, **query):
        self.app, self.page = AppTest.from_file(repo / "streamlit_app.py", default_timeout=120), page
        self.app.query_params.update(query)
        self._monkeypatch, self._shown, self._offered, self._runs = monkeypatch, [], [], []
        self.spy(
            before_after,
            "viewer",
            self._keep_shown,
        )
        self.spy(bench, "viewer", self._keep_shown)
        self.spy(st, "download_button", lambda _label, data, file_name, *_, **__: self._keep_offered(data, file_name))
        self.spy(photo_download, "download_button", self._keep_written)

    def _keep_offered(self, data, file_name):
        self._offered.append((file_name, data))

    def _keep_written(self, make_file, file_name, *_, **__):
        self._keep_offered(lambda: make_file(lambda _done, _total: None), file_name)

    def _keep_shown(self, before, after, **options):
        self._shown.append({"pictures": (before, after), **options})

    def spy(self, module, name, note):
        """Let `note` hear what a function of a module is called with."""
        real = getattr(module, name)

        def heard(*arguments, **settings):
            note(*arguments, **settings)
            return real(*arguments, **settings)

        self._monkeypatch.setattr(module, name, heard)

    def count_runs(self, module, name, summarize):
        """Keep ``summarize(*arguments)`` of each run of the page's network."""
        self.spy(module, name, lambda *arguments, **_: self._runs.append(summarize(*arguments)))
        return self

    def open(self, page=None, **query):
        self.app.query_params.update(query)
        self.app.switch_page(page or self.page)
        return self.run()

    def run(self):
        """Run the page, and see that it is neither broken nor at odds with itself."""
        self._runs.clear()
        self.app.run()
        assert not self.app.exception, self.app.exception[0].value
        assert not self.app.warning
        return self

    def set(self, kind, key, value):
        getattr(self.app, kind)(key=key).set_value(value)
        return self.run()

    def click(self, label):
        """Click the button of a label or a key."""
        next(button for button in self.app.button if label in (button.label, button.key)).click()
        return self.run()

    def drop(self, data, name="photo.png", mime="image/png"):
        """Upload a file: its bytes, or the pixels of a PNG."""
        data = data if isinstance(data, bytes) else png(data)
        return self.set("file_uploader", "upload", (name, data, mime))

    @property
    def runs(self):
        """The summary of each run of a network since the last run of the page."""
        return list(self._runs)

    @property
    def viewer(self):
        """The last arguments of the viewer."""
        return self._shown[-1]

    @property
    def pictures(self):
        """The two pictures in the viewer."""
        return [Photo.open(picture).pixels for picture in self.viewer["pictures"]]

    @property
    def buttons(self):
        """The labels of the buttons but those that each page has."""
        return sorted({button.label for button in self.app.button} - {"Undo", "Redo", "Download"}, reverse=True)

    @property
    def errors(self):
        return [error.value for error in self.app.error]

    @property
    def texts(self):
        return [text.value for text in [*self.app.markdown, *self.app.caption]]

    @property
    def file_name(self):
        """The name that the last download has."""
        return self._offered[-1][0]

    def download(self, name=None):
        """Make the file that a download button would make: the last one offered, of a name where one is given."""
        return dict(self._offered)[name or self.file_name]()
