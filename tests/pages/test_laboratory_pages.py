"""The pages with a live laboratory by Streamlit's test harness: what is shown and saved, and what each control does."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from page_harness import PageHarness
from sklearn.metrics import roc_auc_score

from restoration.explore import datasets
from restoration.explore.another_domain import Adapted
from restoration.explore.live_denoiser import learn_to_denoise
from restoration.explore.live_regularization import regularize
from restoration.ui.explore import anomaly_views

SECONDS = 240  # of a machine that is busy with other things


class LaboratoryPage(PageHarness):
    """A page with a laboratory in a slot of the session, and short trainings."""

    def __init__(self, repo, monkeypatch, page, slot, **query):
        super().__init__(repo, monkeypatch, page, **query)
        self.slot, self.app.default_timeout = slot, SECONDS

    @property
    def live(self):
        return self.app.session_state[self.slot][1]

    def trained(self):
        """Wait until the training has ended, see the page then, and return what was found."""
        assert self.live.wait(SECONDS)
        assert not self.live.snapshot().problem
        self.run()
        return self.live.snapshot().found

    @property
    def labels(self):
        return [button.label for button in self.app.button]

    def table(self, name):
        """The rows of a CSV download, as dictionaries."""
        return list(csv.DictReader(io.StringIO(self.download(name).decode())))


@pytest.fixture
def laboratory_page(repo, monkeypatch):
    """Give ``laboratory_page(name, slot, **query)`` -> LaboratoryPage, not opened yet; its training ends with it."""
    pages = []

    def make(name, slot, **query):
        pages.append(LaboratoryPage(repo, monkeypatch, f"pages/{name}.py", slot, **query))
        return pages[-1]

    yield make
    for page in pages:
        if page.slot in page.app.session_state:
            page.live.pause()
            assert page.live.wait(SECONDS)


@pytest.fixture
def regularize_page(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.live_regularization.EPOCHS", 2)
    return laboratory_page("regularize", "live-regularize", **{"data-set": "Small digits", "units": "32"})


def test_regularize_shows_five_networks_and_saves_their_numbers(regularize_page):
    found = regularize_page.open().trained()
    assert list(found.found) == ["plain", "sparse", "contractive", "denoising", "dropout"]
    assert regularize_page.live.snapshot().ended
    rows = regularize_page.table("regularize.csv")
    assert [float(row["Error, new"]) for row in rows] == [round(one.error, 5) for one in found.found.values()]
    images = datasets.load("digits8").test.images[:500]
    assert np.array_equal(found.images, images)
    for one in found.found.values():
        assert one.error == pytest.approx(np.mean((images - one.restored) ** 2), rel=1e-4)
        assert one.noisy_error == pytest.approx(np.mean((images - one.cleaned) ** 2), rel=1e-4)
    assert not regularize_page.app.success
    for view in ("Activations", "One unit", "Losses"):
        regularize_page.set("button_group", "regularize-view", view)


def test_another_weight_is_another_training_and_reset_begins_anew(regularize_page, monkeypatch):
    monkeypatch.setattr("restoration.ui.explore.regularization_views.regularize", _as_after_a_whole_training)
    regularize_page.open().trained()
    assert regularize_page.app.success
    first = regularize_page.live
    regularize_page.set("select_slider", "sparse-weight", 1e-3)
    assert regularize_page.live is not first
    regularize_page.trained()
    assert next(button for button in regularize_page.app.button if button.label == "Go on").disabled  # it has ended
    regularize_page.click("Reset")
    assert regularize_page.live.snapshot().epoch == 0
    regularize_page.click("Step").trained()
    assert regularize_page.live.snapshot().epoch == 1
    assert "Go on" in regularize_page.labels


def _as_after_a_whole_training(*arguments, **settings):
    """Regularize, and find what the page asks for, which takes a training of half a minute."""
    for side_by_side in regularize(*arguments, **settings):
        if side_by_side:
            found = side_by_side.found
            plain = found["plain"]
            found["sparse"] = replace(found["sparse"], active=0.24, error=1.09 * plain.error)
            found["contractive"] = replace(found["contractive"], move=0.49 * plain.move)
            found["denoising"] = replace(found["denoising"], noisy_error=plain.noisy_error / 2)  # 3.01 dB
        yield side_by_side


def test_anomalies_in_a_table_are_found_and_the_threshold_counts(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.anomalies.EPOCHS", 4)
    page, drawn = laboratory_page("anomalies", "live-anomalies", **{"anomaly-set": "Breast cancer (a table)"}), []
    page.spy(anomaly_views, "bars", lambda measures, **_: drawn.append(measures))
    found = page.open().trained()
    rows = page.table("anomaly-scores.csv")
    ill = [row["class"] == "malignant" for row in rows]
    assert roc_auc_score(ill, [float(row["autoencoder"]) for row in rows]) == pytest.approx(
        found.areas["autoencoder"], abs=1e-3
    )
    areas, before = drawn[-1]
    assert areas.values["PCA"] == found.areas["pca"]
    page.set("slider", "false-alarms", 50)
    after = drawn[-1][1]
    assert after.values["anomalies"] >= before.values["anomalies"]
    assert after.values["normal (benign)"] > before.values["normal (benign)"]
    for view in ("Curves", "Classes"):
        page.set("button_group", "anomaly-view", view)


def test_the_check_of_anomalies_needs_a_class_that_is_told_apart_and_one_that_is_not(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.anomalies.EPOCHS", 6)
    page = laboratory_page("anomalies", "live-anomalies")
    assert page.open().trained().areas["autoencoder"] > 0.9
    assert not page.app.success
    page.set("selectbox", "normal-digits", "8")
    assert page.trained().areas["autoencoder"] < 0.9
    assert page.app.success
    page.set("button_group", "anomaly-view", "Classes")


def test_a_denoiser_learns_one_noise_and_is_tested_on_others(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.live_denoiser.EPOCHS", 2)
    query = {"image-set": "Small digits", "learned-level": "0.5", "denoiser-code": "16"}
    page = laboratory_page("train_denoiser", "live-denoiser", **query)
    found = page.open().trained()
    rows = {row["PSNR, dB"]: row for row in page.table("denoiser.csv")}
    error = np.mean((found.results["normal"]["autoencoder"] - datasets.load("digits8").test.images[:300]) ** 2)
    assert float(rows["Autoencoder"]["Normal noise (learned)"]) == pytest.approx(-10 * np.log10(error), abs=0.01)
    first = page.live
    page.set("selectbox", "upscaling", "upsample")
    assert page.live is not first


def test_the_check_of_a_denoiser_needs_a_noise_at_which_it_fails(laboratory_page, monkeypatch):
    def ahead(data, settings, **_):
        for found in learn_to_denoise(data, settings, epochs=1):
            if found:
                found.psnr["normal"] |= {"autoencoder": found.psnr["normal"]["pca"] + 3}  # as after a whole training
            yield found

    monkeypatch.setattr("restoration.explore.live_denoiser.EPOCHS", 1)
    monkeypatch.setattr("restoration.ui.explore.denoiser_views.learn_to_denoise", ahead)
    page = laboratory_page("train_denoiser", "live-denoiser", **{"image-set": "Small digits"})
    page.open().trained()
    assert not page.app.success  # no other noise was seen yet
    page.set("button_group", "tested-noise-normal", "none")
    assert page.app.success
    page.set("button_group", "tested-noise-normal", "normal")
    assert page.app.success


def test_few_labels_shows_every_method_with_its_repetitions(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.few_labels.PRETRAINING_EPOCHS", 1)
    monkeypatch.setattr("restoration.explore.few_labels.LABELS", (1, 5))
    monkeypatch.setattr("restoration.explore.few_labels.STEPS", 2)
    page = laboratory_page("few_labels", "live-few-labels", **{"labelled-set": "Small digits", "few-seeds": "2"})
    page.open()
    assert not page.app.success
    found = page.trained()
    assert page.app.success
    rows = page.table("few-labels.csv")
    assert [row["Labels of each class"] for row in rows] == ["1", "5"]
    for method, title in (("pixels", "Pixels"), ("tuned", "Pretrained, tuned on"), ("scratch", "From scratch")):
        assert len(found.accuracy[method][5]) == 2
        assert rows[1][title].startswith(f"{np.mean(found.accuracy[method][5]):.3f}")


def test_draws_stand_on_the_latent_map_with_both_terms(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.likelihoods.EPOCHS", 2)
    page = laboratory_page("latent_map", "live-draws", draws="true", **{"draws-code": "2"})
    page.open()
    assert not page.app.success
    found = page.trained()
    assert page.app.success
    rows = page.table("draws.csv")
    for row, terms in zip(rows, found.terms, strict=True):
        assert float(row["Gaussian (nats)"]) == pytest.approx(terms.gaussian, abs=0.06)
        assert float(row["Lower bound"]) == pytest.approx(-terms.gaussian - terms.kl, abs=0.06)
    page.set("slider", "draws-picture", 9)


def test_two_losses_stand_side_by_side(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.live_comparison.EPOCHS", 8)
    monkeypatch.setattr("restoration.ui.explore.comparison_views.POINTS", 1000)
    page = laboratory_page("losses_and_shapes", "live-comparison")
    page.open()
    assert not page.app.success
    found = page.trained()
    assert page.app.success
    rows = page.table("losses-and-shapes.csv")
    error = np.mean((found.tested.images - found.found[1].restored) ** 2)
    assert float(rows[1]["Squared error"]) == pytest.approx(error, abs=1e-5)
    assert rows[1]["Light"] == f"{found.found[1].restored.mean() / found.tested.images.mean():.0%}"
    page.set("selectbox", "data-set", "cancer").trained()  # a table offers no convolutions
    page.set("selectbox", "kind-a-table", "linear").trained()


def test_foreign_pictures_are_drawn_by_four_networks(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.foreign_pictures.EPOCHS", 1)
    page = laboratory_page("foreign_pictures", "live-foreign")
    page.open()
    assert not page.app.success
    found = page.trained()
    assert page.app.success
    rows = page.table("foreign-pictures.csv")
    for row, one in zip(rows, found.found.values(), strict=True):
        error = np.mean((found.foreign - one.foreign) ** 2)
        assert float(row["Foreign pictures, PSNR in dB"]) == pytest.approx(-10 * np.log10(error), abs=0.01)
    first = page.live
    page.set("selectbox", "foreign-set", "photos")
    assert page.live is not first


def test_another_domain_shows_four_accuracies_and_lights_its_check(laboratory_page, monkeypatch):
    monkeypatch.setattr("restoration.explore.another_domain.EPOCHS", 1)
    query = {"source-set": "Small digits", "target-set": "Digits", "domain-points": "500"}
    page = laboratory_page("another_domain", "live-domain", **query)
    found = page.open().trained()
    rows = page.table("another-domain.csv")
    for row, (kind, values) in zip(rows, found.accuracy.items(), strict=True):
        assert values == (np.mean(found.guessed[kind] == found.target.labels),)
        assert row["Without labels"] == f"{values[-1]:.1%}"
    assert not page.app.success
    monkeypatch.setattr(Adapted, "gain", lambda *_: 0.05)  # as after a whole training
    page.run()
    assert page.app.success
    page.set("button_group", "domain-view", "Codes")
    next(button for button in page.app.button if button.label == "Lay them out").click()
    page.run()
    assert len(page.app.session_state["domain-maps"][1]) == 2
