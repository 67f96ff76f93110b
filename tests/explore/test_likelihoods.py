"""Likelihoods against SciPy's distributions, and the terms of a variational autoencoder against each other."""

import numpy as np
import pytest
from scipy import stats

from restoration import explore
from restoration.explore import datasets, likelihoods
from restoration.explore.likelihoods import halve_the_variance, posterior
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def images():
    return datasets.load("digits8").test.images[:20]


@pytest.mark.parametrize("sigma", [0.05, 1.0, 3.0])
def test_the_gaussian_likelihood_is_that_of_scipy(images, sigma):
    mean = np.random.default_rng(0).random(images.shape)
    expected = -stats.norm.logpdf(images, mean, sigma).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(explore.gaussian_nll(images, mean, sigma), expected, rtol=1e-12)


def test_the_bernoulli_likelihood_is_that_of_scipy(images):
    ones = (images > 0.5).astype(int)
    probability = np.random.default_rng(0).random(images.shape)
    expected = -stats.bernoulli.logpmf(ones, probability).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(explore.bernoulli_nll(ones, probability), expected, rtol=1e-6)
    assert np.isfinite(explore.bernoulli_nll(ones, 1 - ones)).all()


def test_wrong_arguments_are_sentences(images):
    with pytest.raises(ImageError, match="one shape"):
        explore.gaussian_nll(images, images[:3], 1.0)
    with pytest.raises(ImageError, match="above 0"):
        explore.gaussian_nll(images, images, 0.0)
    with pytest.raises(ImageError, match="0 to 1"):
        explore.bernoulli_nll(2 * images - 1, images)
    with pytest.raises(ImageError, match="build a variational one"):
        posterior(explore.build("deep", (8, 8, 1), 2), images)


def test_the_posterior_is_what_training_draws_from(images):
    network = explore.build("variational", (8, 8, 1), 2, body="dense", hidden=(8,), seed=1)
    mean, spread = posterior(network, images)
    from_training = np.stack([np.array(network.network(images, training=True)) for _ in range(300)])
    random = np.random.default_rng(0)
    by_hand = np.stack([network.decode(mean + spread * random.normal(size=mean.shape)) for _ in range(300)])
    np.testing.assert_allclose(from_training.mean(axis=0), by_hand.mean(axis=0), atol=0.05)
    assert np.array_equal(mean, network.encode(images))


def test_half_the_variance_pays_more_for_likeness_and_less_for_the_code():
    data = datasets.load("digits8")
    *_, last = (one for one in halve_the_variance(data, 0.2, code_size=4, epochs=8) if one is not None)
    whole, half = last.terms
    assert half.variance == whole.variance / 2
    assert half.kl > 1.1 * whole.kl
    assert half.squared_error < whole.squared_error
    for terms in last.terms:
        drawn = explore.gaussian_nll(last.images, terms.draws[:, 0], np.sqrt(terms.variance))
        assert drawn.shape == (likelihoods.DRAWN,)
        assert np.isfinite(terms.each).all()
        squared = terms.squared_error * 64 / (2 * terms.variance)
        constant = 32 * np.log(2 * np.pi * terms.variance)
        assert terms.gaussian == pytest.approx(squared + constant, rel=1e-3)
        # The average of many draws is as blurred as the mean, and blurrier than each.
        assert terms.draws.mean(axis=1).var() <= terms.draws.var()
