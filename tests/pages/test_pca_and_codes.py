"""The page of PCA and codes by Streamlit's test harness: what is shown, and what each control changes."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from restoration.explore import datasets
from restoration.explore.autoencoder_trainer import AutoencoderTrainer
from restoration.explore.pca import Pca
from restoration.explore.questionnaires import synthetic_questionnaire
from restoration.ui.explore import code_views, dataset_choice
from restoration.ui.explore.dataset_choice import ChosenDataset

SECONDS = 240  # of a machine that is busy with other things


class PcaPage:
    """The page, with a small set and short trainings."""

    def __init__(self, app):
        self.app = app

    def run(self):
        self.app.run()
        assert not self.app.exception, self.app.exception[0].value
        return self

    def set(self, kind, key, value):
        getattr(self.app, kind)(key=key).set_value(value)
        return self.run()

    def click(self, label):
        next(button for button in self.app.button if button.label == label).click()
        return self.run()

    @property
    def live(self):
        return self.app.session_state.live[1]

    def trained(self):
        """Wait until the training has ended, and see the page then."""
        assert self.live.wait(SECONDS)
        assert not self.live.snapshot().problem
        return self.run()

    @property
    def labels(self):
        return [button.label for button in self.app.button]

    @property
    def metrics(self):
        return {metric.label: metric.value for metric in self.app.metric}


@pytest.fixture
def pca_page(repo, monkeypatch):
    monkeypatch.setattr("restoration.explore.live_training.EPOCHS", {"linear": 250, "deep": 8, "convolutional": 1})
    app = AppTest.from_file(repo / "streamlit_app.py", default_timeout=SECONDS)
    app.switch_page("pages/pca_and_codes.py")
    app.query_params["data-set"] = "Small digits"
    app.query_params["points"] = "500"
    page = PcaPage(app)
    yield page
    if "live" in app.session_state:
        page.live.pause()
        assert page.live.wait(SECONDS)


def test_the_angle_to_the_plane_of_pca_falls_and_the_axes_stay_turned(pca_page):
    pca_page.run()
    assert "Pause" in pca_page.labels or "Go on" in pca_page.labels  # it starts by itself
    pca_page.trained()
    assert float(pca_page.metrics["Angle to PCA's plane"].rstrip("°")) < 2
    assert float(pca_page.metrics["Angle of its axes"].rstrip("°")) > 2
    assert pca_page.live.snapshot().epoch == 250
    assert any("Epoch 250 of 250, ready" in caption.value for caption in pca_page.app.caption)


def test_step_pause_reset_and_a_new_seed(pca_page):
    pca_page.run().trained()
    pca_page.click("Reset")
    assert pca_page.live.snapshot().epoch == 0
    assert any(caption.value.startswith("Not trained yet. 500 points") for caption in pca_page.app.caption)
    assert not pca_page.metrics
    assert "Start" in pca_page.labels
    pca_page.click("Step").trained()
    assert pca_page.live.snapshot().epoch == 1
    first = pca_page.live
    pca_page.set("number_input", "training-seed", 3)
    assert pca_page.live is not first
    assert not first.snapshot().running
    assert pca_page.live.settings.seed == 3
    assert pca_page.live.snapshot().epochs == 250


def test_a_rerun_leaves_the_training_alone(pca_page):
    pca_page.run()
    live = pca_page.live
    pca_page.run().set("segmented_control", "by", "error")
    assert pca_page.live is live


def test_a_deep_code_has_a_smaller_error_than_pca_and_the_check_lights(pca_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.live_training.EPOCHS", {"linear": 250, "deep": 60})
    pca_page.app.query_params["data-set"] = "Digits"
    pca_page.app.query_params["kind-of-code"] = "Deep"
    pca_page.run().trained()
    assert not pca_page.app.success  # the linear network has never trained
    pca_page.set("selectbox", "data-set", "digits8").set("segmented_control", "kind-of-code", "linear").trained()
    assert pca_page.app.success
    assert "Seen." in pca_page.app.success[0].value


@pytest.mark.parametrize("view", ["Error against code size", "What the axes draw", "Codes as CSV", "t-SNE of the code"])
def test_each_closer_view(pca_page, view, monkeypatch):
    pca_page.app.query_params["closer"] = view
    pca_page.run().trained()
    if view == "t-SNE of the code":
        drawn = []
        monkeypatch.setattr(code_views, "two_planes", lambda planes, *_, **__: drawn.append(planes))
        pca_page.click("Lay the code out")
        assert len(drawn) == 1
        pca_page.run()
        assert len(drawn) == 2  # shown again
        pca_page.click("Reset")
        assert len(drawn) == 2
        assert "Not trained yet." in [caption.value for caption in pca_page.app.caption]
        pca_page.click("Step").trained()
        assert len(drawn) == 2  # of the training before


def test_tables_and_own_pictures_take_the_place_of_the_sample(pca_page):
    pca_page.app.query_params["data-set"] = "Your table"
    pca_page.run()
    assert pca_page.live.data.name == "Questionnaire (made up)"
    pca_page.set("file_uploader", "own-table", ("own.csv", synthetic_questionnaire(50, seed=1).encode(), "text/csv"))
    assert pca_page.live.data.name == "your table"
    assert len(pca_page.live.data) == 50
    pca_page.set("file_uploader", "own-table", ("bad.csv", b"\0\0", "text/csv"))
    assert "no text" in pca_page.app.error[0].value
    assert pca_page.live.data.name == "your table"  # a bad file loses nothing
    pca_page.trained()
    pca_page.set("selectbox", "data-set", "pictures")
    random = np.random.default_rng(0)
    files = []
    for index in range(6):
        file = io.BytesIO()
        Image.fromarray(random.integers(0, 256, (20, 20, 3), np.uint8)).save(file, "PNG")
        files.append((f"{index}.png", file.getvalue(), "image/png"))
    pca_page.set("file_uploader", "own-pictures", files)
    assert pca_page.live.data.shape == (32, 32, 3)
    assert len(pca_page.live.data) == 6
    pca_page.trained()
    pca_page.set("file_uploader", "own-pictures", [])
    assert len(pca_page.live.data) == 6  # what the uploader lost is still here, as it was made
    assert pca_page.app.selectbox(key="own-side").disabled
    pca_page.click("Forget")
    assert pca_page.live.data.name == "digits"


def test_the_axes_of_a_questionnaire_are_named_by_its_statements(pca_page, monkeypatch):
    pca_page.app.query_params.update({"data-set": "Questionnaire (real)", "closer": "What the axes draw"})
    drawn = []
    monkeypatch.setattr(code_views, "bars", lambda measures, **_: drawn.append(measures))
    pca_page.run().trained()
    axes = drawn[-1]
    assert len(axes) == 8
    pca = Pca(pca_page.live.images, 2)
    for axis, share in zip(axes, pca.shares, strict=False):
        assert f"{share:.1%} of the variance" in axis.title
    most, least = int(pca.axes[1].argmax()), int(pca.axes[1].argmin())
    columns = dataset_choice._questionnaire("personality").columns
    assert next(iter(axes[1].values)) == columns[most]
    assert [*axes[1].values][-1] == columns[least]
    assert axes[1].text(columns[most]) == f"{pca.axes[1, most]:+.2f}"
    new = dataset_choice._questionnaire("personality").data.test.images
    share = 1 - np.mean((new - pca.reconstruct(new)) ** 2) / np.mean((new - pca.mean) ** 2)
    kept = f"Of the variance of new points PCA keeps {share:.1%}, the autoencoder {share:.1%}."
    assert kept in [caption.value for caption in pca_page.app.caption]


def test_what_was_understood_of_a_table_is_shown_and_each_choice_changes_it(pca_page):
    lines = ["label,rent,age", *(f'{row % 5},"{1 + row},0{row % 10}0",{row * row}' for row in range(30))]
    pca_page.app.query_params["data-set"] = "Your table"
    pca_page.run().set("file_uploader", "own-table", ("rents.csv", "\n".join(lines).encode(), "text/csv"))
    assert "The comma separates thousands: 1,000 is 1000." in [text.value for text in pca_page.app.text]
    assert pca_page.app.dataframe[0].value["rent"].tolist()[:2] == [1000, 2010]
    assert pca_page.live.data.shape == (3,)

    def choose(kind, name, value):
        (key,) = (one.key for one in getattr(pca_page.app, kind) if one.key and one.key.startswith(f"table-{name}-"))
        pca_page.set(kind, key, value)

    choose("selectbox", "decimal", ",")
    assert pca_page.app.dataframe[0].value["rent"].tolist()[:2] == [1, 2.01]
    choose("selectbox", "class", "label")
    assert pca_page.live.data.shape == (2,)
    assert pca_page.live.data.label_names == tuple("01234")
    choose("selectbox", "class", "recognised")
    choose("multiselect", "without", ["label"])
    assert pca_page.live.data.shape == (2,)
    assert "label: left out, as chosen." in [text.value for text in pca_page.app.text]
    choose("selectbox", "delimiter", "|")
    assert "0 columns of different numbers" in pca_page.app.error[0].value
    choose("selectbox", "delimiter", ",")
    assert not pca_page.app.error


def test_the_encoding_of_names_in_a_zip_can_be_changed(pca_page):
    class Undeclared(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802
            return self.filename.encode("cp1252"), 0

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for index in range(6):
            picture = io.BytesIO()
            Image.new("RGB", (20, 20), (40 * index, 0, 0)).save(picture, "PNG")
            archive.writestr(Undeclared(f"{'Käs' if index % 2 else 'Mül'}/{index}.png"), picture.getvalue())
    pca_page.app.query_params["data-set"] = "Your pictures"
    pca_page.run().set("file_uploader", "own-pictures", [("set.zip", file.getvalue(), "application/zip")])
    assert pca_page.live.data.label_names == ("Käs", "Mül")
    (choice,) = (one for one in pca_page.app.selectbox if one.label == "Names in the zip")
    pca_page.set("selectbox", choice.key, "cp1251")
    assert pca_page.live.data.label_names == ("Kдs", "Mьl")


def test_a_training_that_diverged_can_only_be_reset(pca_page, monkeypatch):
    monkeypatch.setattr(AutoencoderTrainer, "step", lambda trainer: np.nan)
    pca_page.run()
    assert pca_page.live.wait(SECONDS)
    pca_page.run()
    assert "diverged" in pca_page.app.error[0].value
    assert "stopped" in pca_page.app.caption[1].value
    assert {
        button.label: button.disabled for button in pca_page.app.button if button.label in ("Start", "Step", "Reset")
    } == {
        "Start": True,
        "Step": True,
        "Reset": False,
    }


def test_data_beyond_the_memory_are_a_sentence(pca_page, monkeypatch):
    def all_of_it(content, **_):
        raise MemoryError

    monkeypatch.setattr("restoration.explore.tables.read_table", all_of_it)
    pca_page.app.query_params["data-set"] = "Your table"
    small = ChosenDataset("small", datasets.load("digits8"))
    monkeypatch.setattr("restoration.ui.explore.dataset_choice._questionnaire", lambda _: small)
    pca_page.run().set("file_uploader", "own-table", ("t.csv", b"a,b", "text/csv"))
    assert "memory" in pca_page.app.error[0].value


def test_nonsense_in_the_address_gives_the_defaults(pca_page):
    nonsense = {"data-set": "x", "kind-of-code": "x", "code-size": "3", "points": "7", "depth": "9", "rate": "fast"}
    pca_page.app.query_params.update(nonsense | {"activation": "<b>", "training-seed": "-1", "closer": "x", "by": "x"})
    pca_page.run()
    assert pca_page.live.settings.kind == "linear"
    assert pca_page.live.data.name == "digits"
    assert not pca_page.app.error
