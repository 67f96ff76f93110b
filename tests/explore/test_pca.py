"""PCA against scikit-learn and against sets whose axes are known; angles against geometry."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.feature_selection import f_classif

from restoration.explore import datasets
from restoration.explore.pca import (
    Pca,
    axis_angles,
    chance_shares,
    decoder_directions,
    principal_angles,
    reconstruction_errors,
    share_between_classes,
)
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def digits():
    return datasets.load("digits8").images


@pytest.mark.parametrize("code_size", [1, 2, 16])
def test_it_is_scikit_learns(digits, code_size):
    pca, theirs = Pca(digits, code_size), PCA(code_size, svd_solver="full").fit(digits.reshape(len(digits), -1))
    np.testing.assert_allclose(np.abs((pca.axes * theirs.components_).sum(axis=1)), 1, atol=1e-4)
    np.testing.assert_allclose(pca.shares, theirs.explained_variance_ratio_, atol=1e-5)
    rows = digits.reshape(len(digits), -1)
    expected = theirs.inverse_transform(theirs.transform(rows)).reshape(digits.shape)
    np.testing.assert_allclose(pca.reconstruct(digits), expected, atol=1e-3)


def test_the_axes_of_a_made_up_cloud_are_found():
    random = np.random.default_rng(0)
    turned, _ = np.linalg.qr(random.normal(size=(12, 12)))
    deviations = np.array([5, 3, 1, *[0.1] * 9])
    points = (random.normal(size=(4000, 12)) * deviations) @ turned.T + 7
    pca = Pca(points.reshape(-1, 2, 6, 1).astype(np.float32), 3)
    assert (axis_angles(pca.axes, turned[:, :3].T) < 2).all()
    np.testing.assert_allclose(pca.mean, 7, atol=0.3)
    np.testing.assert_allclose(pca.shares, deviations[:3] ** 2 / (deviations**2).sum(), atol=0.02)
    codes = pca.encode(points.reshape(-1, 2, 6, 1).astype(np.float32))
    np.testing.assert_allclose(codes.std(axis=0), [5, 3, 1], rtol=0.05)


def test_more_axes_lose_less_and_all_of_them_nothing(digits):
    lost = [reconstruction_errors(digits, Pca(digits, size).reconstruct(digits)).mean() for size in (1, 4, 16, 64)]
    assert lost == sorted(lost, reverse=True)
    assert lost[-1] < 1e-10
    # What is lost is the variance of the axes that were dropped.
    left = 1 - Pca(digits, 16).shares.sum()
    assert lost[2] == pytest.approx(left * digits.var(axis=0).mean(), rel=1e-3)


def test_more_pixels_than_pictures_and_rows_of_a_table_are_fine():
    faces = datasets.load("faces").images
    pca = Pca(faces, 5)
    assert pca.decode(pca.encode(faces[:3])).shape == faces[:3].shape
    rows = np.random.default_rng(0).normal(size=(30, 7)).astype(np.float32)
    assert Pca(rows, 2).reconstruct(rows).shape == rows.shape


@pytest.mark.parametrize("code_size", [0, 65, 2.0, "2", None])
def test_a_code_size_out_of_range_is_a_sentence(digits, code_size):
    with pytest.raises(ImageError, match="allow 1 to 64"):
        Pca(digits, code_size)


def test_what_is_no_set_of_pictures_is_a_sentence():
    for wrong in (np.zeros(5, np.float32), np.zeros((4, 3), int)):
        with pytest.raises(ImageError, match="set of pictures"):
            Pca(wrong, 1)
    with pytest.raises(ImageError, match="at least 2"):
        Pca(np.zeros((1, 4, 4, 1), np.float32), 1)
    with pytest.raises(ImageError, match="not finite"):
        Pca(np.full((4, 3), np.nan, np.float32), 1)


def test_pictures_and_codes_of_another_shape_are_a_sentence(digits):
    pca = Pca(digits, 2)
    for wrong in (digits[0], digits[:, :4]):
        with pytest.raises(ImageError, match=r"give an array of shape \(number, 8, 8, 1\)"):
            pca.encode(wrong)
    for wrong in (np.zeros(2), np.zeros((3, 5))):
        with pytest.raises(ImageError, match=r"Codes have the shape \(number, 2\)"):
            pca.decode(wrong)


def test_pictures_that_do_not_vary_have_no_shares():
    assert Pca(np.ones((5, 4, 4, 1), np.float32), 2).shares.tolist() == [0, 0]


def test_angles_do_not_mind_rotation_scale_or_the_basis():
    random = np.random.default_rng(1)
    plane = random.normal(size=(3, 50))
    mixed = random.normal(size=(3, 3)) @ plane
    np.testing.assert_allclose(principal_angles(plane, mixed), 0, atol=1e-5)
    assert axis_angles(plane, mixed).max() > 5


@pytest.mark.parametrize("degrees", [0.01, 1, 30, 60, 90])
def test_a_plane_that_was_turned_is_turned_by_that_angle(degrees):
    angle = np.radians(degrees)
    plane = np.eye(5)[:2]
    turned = np.array([[1, 0, 0, 0, 0], [0, np.cos(angle), np.sin(angle), 0, 0]])
    np.testing.assert_allclose(principal_angles(plane, turned), [0, degrees], atol=1e-6)


def test_what_a_pca_draws_is_its_axes(digits):
    pca = Pca(digits, 4)
    np.testing.assert_allclose(decoder_directions(pca), pca.axes, atol=1e-5)


def test_angles_of_nonsense_are_a_sentence():
    with pytest.raises(ImageError, match="dimensions"):
        principal_angles(np.eye(2), np.eye(3))
    with pytest.raises(ImageError, match="finite"):
        principal_angles(np.eye(2), np.full((1, 2), np.nan))
    with pytest.raises(ImageError, match="rows"):
        principal_angles(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)))
    with pytest.raises(ImageError, match="1 and 3 axes"):
        axis_angles(np.eye(3)[:1], np.eye(3))
    with pytest.raises(ImageError, match="finite"):
        axis_angles([[np.nan, 0]], [[1, 0]])


def test_shuffled_columns_have_no_axes_but_chance():
    random = np.random.default_rng(0)
    trait = random.normal(size=(500, 1))
    together = np.concatenate([trait + random.normal(size=(500, 6)), random.normal(size=(500, 6))], axis=1)
    together = ((together - together.mean(axis=0)) / together.std(axis=0)).astype(np.float32)
    assert (Pca(together, 12).shares > chance_shares(together)).tolist()[:2] == [True, False]
    assert chance_shares(together).sum() == pytest.approx(1, abs=1e-5)
    assert np.array_equal(chance_shares(together, seed=1), chance_shares(together, seed=1))


def test_the_share_between_classes_is_that_of_an_analysis_of_variance():
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, 200)
    values = random.normal(size=(200, 3)) + labels[:, None] * [0, 0.3, 3]
    ratio = f_classif(values, labels)[0] * 3 / (200 - 4)
    np.testing.assert_allclose(share_between_classes(values, labels), ratio / (1 + ratio), rtol=1e-9)
