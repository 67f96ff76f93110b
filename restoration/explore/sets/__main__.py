"""Make the embedded sets: `python -m restoration.explore.sets --digits FILE --fashion FOLDER --personality FOLDER`.

Deterministic: the first of each source, in its order, so that making them again gives the same files.
"""

import argparse
import csv
import gzip
import io
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
TRAIN, TEST = 10_000, 2_000
PEOPLE, STATEMENTS = 2_000, 10  # of each trait
HEALTH = ("", "1 poor", "2 fair", "3 good", "4 very good", "5 excellent")  # as coded
Part: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # images, labels


def write(name: str, train: Part, test: Part, folder: str | Path = FOLDER) -> Path:
    """Write one set as a compressed NumPy file.

    Parameters
    ----------
    name : str
    train, test : tuples (images, labels)
        uint8 of shape (n, 28, 28) and (n,); the first 10 000 and 2 000 are kept.
    folder : path

    Returns
    -------
    path of the file
    """
    (images, labels), (test_images, test_labels) = train, test
    path = Path(folder) / f"{name}.npz"
    np.savez_compressed(
        path,
        images=np.concatenate([images[:TRAIN], test_images[:TEST]]),
        labels=np.concatenate([labels[:TRAIN], test_labels[:TEST]]),
        train_count=TRAIN,
    )
    return path


def read_idx(path: str | Path) -> NDArray[np.uint8]:
    """Read one of the gzipped files that MNIST and Fashion-MNIST come as.

    Returns
    -------
    ndarray of uint8
        (n, h, w) of pictures, (n,) of labels; the last byte of the magic number is the count of axes.
    """
    data = gzip.decompress(Path(path).read_bytes())
    axes = data[3]
    shape = np.frombuffer(data, ">u4", axes, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def digits(path: str | Path) -> tuple[Part, Part]:
    """Return (train, test) of the digits, from an archive with x_train, y_train, x_test, y_test."""
    with np.load(path) as archive:
        train, test = ((archive[f"x_{part}"], archive[f"y_{part}"]) for part in ("train", "test"))
    return train, test


def fashion(folder: str | Path) -> tuple[Part, Part]:
    """Return (train, test) of Fashion-MNIST, from the four files of Debian's dataset-fashion-mnist."""
    train, test = (
        (
            read_idx(Path(folder) / f"{part}-images-idx3-ubyte.gz"),
            read_idx(Path(folder) / f"{part}-labels-idx1-ubyte.gz"),
        )
        for part in ("train", "t10k")
    )
    return train, test


def write_personality(source: str | Path, folder: str | Path = FOLDER) -> Path:
    """Write the personality questionnaire as compressed CSV.

    Parameters
    ----------
    source : path
        Folder with ``spi.csv`` and ``spi.dictionary.csv``. The first statements of each of the five traits are kept,
        those of the International Personality Item Pool alone, and the first people who rated their health.
    folder : path

    Returns
    -------
    path of the file
    """
    with (Path(source) / "spi.dictionary.csv").open(newline="") as file:
        items = [row for row in csv.DictReader(file) if row["item_scale"] == "IPIP"]
    traits = sorted({row["B5"] for row in items} - {""})
    kept = [row for trait in traits for row in [row for row in items if row["B5"] == trait][:STATEMENTS]]
    with (Path(source) / "spi.csv").open(newline="") as file:
        people = [row for row in csv.DictReader(file) if row["health"]][:PEOPLE]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["self-rated health", *(row["item"] for row in kept)])
    writer.writerows([HEALTH[int(float(one["health"]))], *(one[row["item_id"]] for row in kept)] for one in people)
    path = Path(folder) / "personality.csv.gz"
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digits", type=Path, help="mnist.npz")
    parser.add_argument("--fashion", type=Path, help="folder with the four idx.gz files")
    parser.add_argument("--personality", type=Path, help="folder with spi.csv and spi.dictionary.csv")
    given = parser.parse_args()
    for name, source in (("digits", digits), ("fashion", fashion)):
        if path := getattr(given, name):
            print(write(name, *source(path)))
    if given.personality:
        print(write_personality(given.personality))
