"""Clusters of codes, and how well they agree with the classes, which the network was not trained on."""

import numpy as np

from restoration.image.types import Array


def k_means(codes: Array, count: int, *, seed: int = 0) -> tuple[np.ndarray, Array]:
    """Group codes into clusters (Lloyd 1982, doi:10.1109/TIT.1982.1056489; scikit-learn's).

    Parameters
    ----------
    codes : ndarray of shape (n, code_size)
    count : int
        Number of clusters.
    seed : int
        Of the first centres.

    Returns
    -------
    assigned : ndarray of shape (n,), int
        The cluster of each code.
    centres : ndarray of shape (count, code_size)
    """
    from sklearn.cluster import KMeans

    fitted = KMeans(count, n_init=4, random_state=seed).fit(codes)
    return fitted.labels_, fitted.cluster_centers_


def purity(assigned: np.ndarray, labels: np.ndarray) -> float:
    """Measure how pure clusters are: the share of the points that have their cluster's most frequent label.

    Parameters
    ----------
    assigned, labels : ndarrays of shape (n,), int from 0

    Returns
    -------
    float
        1 where each cluster holds one label only.

    Examples
    --------
    >>> purity(np.array([0, 0, 0, 1, 1]), np.array([2, 2, 0, 1, 1]))
    0.8
    """
    counts = np.zeros((assigned.max() + 1, labels.max() + 1), int)
    np.add.at(counts, (assigned, labels), 1)
    return float(counts.max(axis=1).sum() / len(labels))
