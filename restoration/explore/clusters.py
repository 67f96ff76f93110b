"""Clusters of codes, and how well they agree with the classes that the network was never told."""

import numpy as np


def k_means(codes, count, *, seed=0):
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

    found = KMeans(count, n_init=4, random_state=seed).fit(codes)
    return found.labels_, found.cluster_centers_


def purity(assigned, labels):
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
