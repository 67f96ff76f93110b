"""A map of codes that keeps neighbours together (t-SNE), and codes as a table to take home."""

import csv
import io

import numpy as np

from restoration.image.checks import ImageError

LEAST_CODES = 4


def t_sne(codes, *, seed=0):
    """Lay codes of any size out in a plane, so that near ones stay near.

    Van der Maaten and Hinton 2008 (jmlr.org/papers/v9/vandermaaten08a.html), by scikit-learn. Distances between
    far groups mean nothing in it.

    Parameters
    ----------
    codes : ndarray of shape (n, k)
        At least 4.
    seed : int

    Returns
    -------
    ndarray of shape (n, 2), float32

    Raises
    ------
    ImageError
        If these are no codes, fewer than 4, or not finite.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    codes = np.asarray(codes, np.float32)
    if codes.ndim != 2 or len(codes) < LEAST_CODES:
        raise ImageError(f"Give at least {LEAST_CODES} codes, an array of shape (n, k); this one has {codes.shape}.")
    if not np.isfinite(codes).all():
        raise ImageError("The codes hold values that are not finite numbers; a training that diverged gives such.")
    perplexity = min(30.0, (len(codes) - 1) / 3)
    # One thread: several wait for each other busily, which takes minutes on a machine that has other work.
    with threadpool_limits(1):
        places = TSNE(2, perplexity=perplexity, init="random", random_state=seed).fit_transform(codes)
    return places.astype(np.float32)


def codes_as_csv(labels, names, columns, points=None):
    """Write one line a point: its name, its class, and what the columns hold.

    Parameters
    ----------
    labels : ndarray of shape (n,), int
    names : sequence of str
    columns : dict of str to ndarray
        Heading -> values (n,), or (n, k), which become k columns numbered from 1.
    points : sequence, optional
        What each is called; numbers from 0 when omitted.

    Returns
    -------
    str

    Examples
    --------
    >>> print(codes_as_csv([1], ["cat", "dog"], {"pca": np.array([[0.5, 2]]), "error": np.array([0.25])}), end="")
    point,class,pca 1,pca 2,error
    0,dog,0.5,2,0.25
    """
    headings, parts = ["point", "class"], []
    for heading, given in columns.items():
        values = np.asarray(given)
        numbered = values.ndim == 2
        headings += [f"{heading} {number + 1}" for number in range(values.shape[1])] if numbered else [heading]
        parts.append(values if numbered else values[:, None])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    points = range(len(labels)) if points is None else points
    for point, label, row in zip(points, labels, np.concatenate(parts, axis=1), strict=True):
        writer.writerow([point, names[label], *(f"{value:.6g}" for value in row)])
    return text.getvalue()
