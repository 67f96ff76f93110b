"""`python -m restoration.benchmark.explore_scores NAME`: measure a network trained ahead, for its card."""

import argparse
from dataclasses import replace

import numpy as np

from restoration.explore import datasets, latent_plane, pretrained
from restoration.explore.classifier import classify
from restoration.explore.clusters import k_means, purity
from restoration.explore.interpolation import interpolate
from restoration.explore.nearest_neighbor import NearestNeighbor
from restoration.explore.pretrained_card import FOLDER, cards
from restoration.image.metrics import psnr

SAMPLES, PAIRS, SEED = 1000, 200, 0


def score(name: str) -> dict[str, float]:
    """Measure a network on the test part of its set.

    Parameters
    ----------
    name : str
        Of a card.

    Returns
    -------
    dict of str to float
        A classifier's "accuracy"; an autoencoder's "reconstruction psnr" in dB and, by the name's first word, what
        `map_scores`, `blend_scores` or `sample_scores` say.
    """
    card = cards()[name]
    data = datasets.load(card.data)
    if not card.config:
        labels, _ = classify(pretrained.load_classifier(card.data), data.test.images)
        return {"accuracy": round(float(np.mean(labels == data.test.labels)), 4)}
    network = pretrained.load_autoencoder(name)
    reconstructed = network.reconstruct(data.test.images)
    decibels = [psnr(*pair) for pair in zip(reconstructed, data.test.images, strict=True)]
    own = {"map": map_scores, "blend": blend_scores, "sample": sample_scores}[name.split("-", maxsplit=1)[0]]
    return {"reconstruction psnr": round(float(np.mean(decibels)), 2), **own(network, data)}


def map_scores(autoencoder: pretrained.PretrainedAutoencoder, data: datasets.DataSet) -> dict[str, float]:
    """Return the share of the plane in gaps, and the purity of k-means on the codes of test images."""
    known, codes = (autoencoder.encode(part.images) for part in (data.train, data.test))
    assigned, _ = k_means(codes, len(data.label_names), seed=SEED)
    return {
        "share of the plane in gaps": round(
            float((latent_plane.gaps(known, latent_plane.extent(known)) > latent_plane.GAP).mean()), 3
        ),
        "purity of k-means": round(purity(assigned, data.test.labels), 3),
    }


def sample_scores(autoencoder: pretrained.PretrainedAutoencoder, data: datasets.DataSet) -> dict[str, float]:
    """Return the classifier's mean confidence in images decoded from standard normal codes, and their mean distance.

    The distance is to the nearest training image.
    """
    drawn = autoencoder.decode(latent_plane.sample_codes(SAMPLES, autoencoder.code_size, SEED))
    _, sure = classify(pretrained.load_classifier(data.name), drawn)
    return {
        "confidence in random samples": round(float(sure.mean()), 3),
        "random samples to the nearest": round(float(NearestNeighbor(data.train.images)(drawn)[1].mean()), 4),
    }


def blend_scores(autoencoder: pretrained.PretrainedAutoencoder, data: datasets.DataSet) -> dict[str, float]:
    """Return mean distances to the nearest training image: of test images, of half-way blends by pixels and codes.

    Of pairs of test images of different classes, where there are classes.
    """
    generator = np.random.default_rng(SEED)
    images, labels = data.test.images, data.test.labels
    pairs = [tuple(generator.choice(len(images), 2, replace=False)) for _ in range(20 * PAIRS)]
    if len(set(labels)) > 1:
        pairs = [(a, b) for a, b in pairs if labels[a] != labels[b]]
    nearest, codes = NearestNeighbor(data.train.images), autoencoder.encode(images)
    content = np.concatenate([interpolate(images[a], images[b], [0.5]) for a, b in pairs[:PAIRS]])
    represented = autoencoder.decode(np.concatenate([interpolate(codes[a], codes[b], [0.5]) for a, b in pairs[:PAIRS]]))
    classified = f"classifier-{data.name}-1" in cards()
    return {
        **(sample_scores(autoencoder, data) if classified else {}),
        "test pictures to the nearest": round(float(nearest(images)[1].mean()), 4),
        "half way to the nearest, content": round(float(nearest(content)[1].mean()), 4),
        "half way to the nearest, representation": round(float(nearest(represented)[1].mean()), 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all cards when omitted")
    for one in parser.parse_args().names or cards():
        card = replace(cards()[one], tested=score(one))
        print(card.write(FOLDER), card.tested)
