"""Reconstruction error against code size: of PCA, the linear, the deep and the convolutional autoencoder.

``python -m restoration.explore.error_curves`` trains them all, one after the other, and writes ``error_curves.json``;
a point that is there already is not computed again, so a run that was interrupted goes on.
"""

import json
import math
from pathlib import Path

from restoration.explore import datasets
from restoration.explore.datasets import DataSet
from restoration.explore.live_training import EPOCHS, LEARNING_RATES, Centred, Settings, autoencoder_and_trainer
from restoration.explore.pca import Pca, reconstruction_errors
from restoration.explore.small_autoencoders import Autoencoder

FILE = Path(__file__).parent / "error_curves.json"
SETS = ("digits", "fashion", "digits8", "faces")
METHODS = ("pca", "linear", "deep", "convolutional")
CODE_SIZES = (2, 4, 8, 16, 32, 64)
IMAGES = 2000  # of the training part, at most: as many as the page trains on


def read_curves(file: Path = FILE) -> dict[str, dict[str, dict[int, float]]]:
    """Return {data set: {method: {code size: mean squared error on the test part}}}."""
    stored = json.loads(Path(file).read_text())
    return {
        name: {method: {int(size): error for size, error in points.items()} for method, points in methods.items()}
        for name, methods in stored.items()
    }


def held_out_error(data: DataSet, method: str, code_size: int, images: int = IMAGES) -> float:
    """Train one method on a data set's training part and measure its error on the test part.

    Parameters
    ----------
    data : DataSet
    method : str
        One of `METHODS`.
    code_size : int
    images : int
        The most that it is trained on.

    Returns
    -------
    float
        Mean squared error per number. The learning rate falls to 0 along a cosine, so that each network
        converges.
    """
    trained_on, unseen = data.train.images[:images], data.test.images
    autoencoder: Pca | Centred | Autoencoder
    if method == "pca":
        autoencoder = Pca(trained_on, code_size)
    else:
        autoencoder, trainer = autoencoder_and_trainer(trained_on, Settings(method, code_size))
        # Small sets have few steps an epoch: at least so many steps in all.
        epochs = max(EPOCHS[method], math.ceil(600 / trainer.steps_per_epoch))
        for epoch in range(epochs):
            trainer.set_learning_rate(LEARNING_RATES[method] * 0.5 * (1 + math.cos(math.pi * epoch / epochs)))
            trainer.epoch()
    return float(reconstruction_errors(unseen, autoencoder.reconstruct(unseen)).mean())


def main(file: Path = FILE) -> None:
    """Compute the points that are missing from the file."""
    found = json.loads(file.read_text()) if file.exists() else {}
    for name in SETS:
        data = datasets.load(name)
        most = min(data.train_count, math.prod(data.shape))
        for method in METHODS:
            points = found.setdefault(name, {}).setdefault(method, {})
            for size in (size for size in CODE_SIZES if size <= most and str(size) not in points):
                points[str(size)] = held_out_error(data, method, size)
                file.write_text(json.dumps(found, indent=1) + "\n")
                print(f"{name}, {method}, code of {size}: {points[str(size)]:.5f}", flush=True)


if __name__ == "__main__":
    main()
