"""How much a code of so many numbers loses: PCA beside the linear, the deep and the convolutional autoencoder.

``python -m restoration.explore.error_curves`` trains them all, one after the other, and writes ``error_curves.json``;
a point that is there already is not computed again, so a run that was interrupted goes on.
"""

import json
import math
from pathlib import Path

from restoration.explore import datasets
from restoration.explore.live_training import EPOCHS, LEARNING_RATES, Settings, autoencoder_and_trainer
from restoration.explore.pca import Pca, reconstruction_errors

FILE = Path(__file__).parent / "error_curves.json"
SETS = ("digits", "fashion", "digits8", "faces")
METHODS = ("pca", "linear", "deep", "convolutional")
CODE_SIZES = (2, 4, 8, 16, 32, 64)
PICTURES = 2000  # of the training part, at most: as many as the page trains on


def curves(file=FILE):
    """Return {data set: {method: {code size: mean squared error of pictures kept for testing}}}."""
    stored = json.loads(Path(file).read_text())
    return {
        name: {method: {int(size): error for size, error in points.items()} for method, points in methods.items()}
        for name, methods in stored.items()
    }


def held_out_error(data, method, code_size, pictures=PICTURES):
    """Train one method on a data set's training part and measure what it loses of the other part.

    Parameters
    ----------
    data : DataSet
    method : str
        One of `METHODS`.
    code_size : int
    pictures : int
        The most that it is trained on.

    Returns
    -------
    float
        Mean squared error per number. The rate of learning falls to 0 along a cosine, so that each network ends
        where it can and not where it happened to be.
    """
    images, unseen = data.train.images[:pictures], data.test.images
    if method == "pca":
        autoencoder = Pca(images, code_size)
    else:
        autoencoder, trainer = autoencoder_and_trainer(images, Settings(method, code_size))
        # Small sets have few steps an epoch: at least so many steps in all.
        epochs = max(EPOCHS[method], math.ceil(600 / trainer.steps_per_epoch))
        for epoch in range(epochs):
            trainer.set_learning_rate(LEARNING_RATES[method] * 0.5 * (1 + math.cos(math.pi * epoch / epochs)))
            trainer.epoch()
    return float(reconstruction_errors(unseen, autoencoder.reconstruct(unseen)).mean())


def main(file=FILE):
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
