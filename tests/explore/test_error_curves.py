"""The stored error curves."""

import pytest

from restoration.explore import datasets, error_curves


def test_linear_ends_at_pca_and_deep_is_better_where_there_are_many_images():
    stored = error_curves.read_curves()
    for name, methods in stored.items():
        for method, points in methods.items():
            smaller, larger = list(points.values())[:-1], list(points.values())[1:]
            assert all(more < 1.1 * less for less, more in zip(smaller, larger, strict=True)), (name, method)
        for size, error in methods["linear"].items():
            assert error > 0.97 * methods["pca"][size], (name, size)  # no linear code beats PCA
    for name in ("digits", "fashion", "digits8"):
        assert all(stored[name]["deep"][size] < stored[name]["pca"][size] for size in (2, 4, 8))
    # Eighty faces are too few for deep layers: no page may promise that they are always better.
    assert all(error > stored["faces"]["pca"][size] for size, error in stored["faces"]["deep"].items())


def test_a_stored_point_can_be_computed_again():
    found = error_curves.held_out_error(datasets.load("digits8"), "pca", 8)
    assert found == pytest.approx(error_curves.read_curves()["digits8"]["pca"][8], rel=1e-4)
