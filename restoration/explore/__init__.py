"""The experiments of the lectures: small data sets, PCA and autoencoders, and measures of their codes.

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
from typing import Any

# Public name -> its module.
_MODULES = {
    "Autoencoder": "small_autoencoders",
    "DataSet": "datasets",
    "Laboratory": "laboratory",
    "LiveTraining": "live_training",
    "Pca": "pca",
    "Settings": "live_training",
    "AutoencoderTrainer": "autoencoder_trainer",
    "adapted": "another_domain",
    "anomaly_scores": "anomalies",
    "axis_angles": "pca",
    "bernoulli_nll": "likelihoods",
    "build": "small_autoencoders",
    "gaussian_nll": "likelihoods",
    "jacobian_norm": "regularization",
    "kl_divergence": "variational",
    "load": "datasets",
    "read_image_set": "image_set",
    "regularized": "regularization",
    "roc_area": "anomalies",
    "pretrained_classifier": "few_labels",
    "principal_angles": "pca",
    "read_table": "tables",
    "decoder_directions": "pca",
    "t_sne": "t_sne_map",
}

__all__ = list(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'restoration.explore' has no attribute {name!r}")
    return getattr(import_module(f"restoration.explore.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
