"""The lectures' experiments: small data sets, PCA and the family of autoencoders, and what is asked of their codes.

Plain functions and small classes; the pages that show them are in ``pages/``. Importing this package loads neither
Keras nor Streamlit: each public name is loaded when it is first used.

Examples
--------
>>> from restoration import explore
>>> digits = explore.load("digits8")
>>> pca = explore.Pca(digits.train.images, 2)
>>> pca.encode(digits.test.images).shape
(360, 2)
>>> explore.principal_angles(pca.axes, 3 * pca.axes[::-1]).round(3).tolist()
[0.0, 0.0]
"""

from importlib import import_module

# Public name -> its room.
_ROOMS = {
    "Autoencoder": "small_autoencoders",
    "DataSet": "datasets",
    "LiveTraining": "live",
    "Pca": "pca",
    "Settings": "live",
    "Trainer": "trainer",
    "axis_angles": "pca",
    "build": "small_autoencoders",
    "kl_divergence": "posterior",
    "load": "datasets",
    "own_pictures": "picture_set",
    "principal_angles": "pca",
    "read_table": "tables",
    "spanned": "pca",
    "t_sne": "neighbours",
}

__all__ = list(_ROOMS)


def __getattr__(name):
    if name not in _ROOMS:
        raise AttributeError(f"module 'restoration.explore' has no attribute {name!r}")
    return getattr(import_module(f"restoration.explore.{_ROOMS[name]}"), name)


def __dir__():
    return [*globals(), *__all__]
