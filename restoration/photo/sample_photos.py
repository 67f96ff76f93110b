"""Clean photographs that are already on the machine: they come inside scikit-image's and scikit-learn's packages."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from restoration.photo import Photo

# Name shown -> package and file. None of them is among the training photographs.
SAMPLES = {
    "Coffee cup": ("skimage", "data/coffee.png"),
    "Cat": ("skimage", "data/chelsea.png"),
    "Astronaut": ("skimage", "data/astronaut.png"),
    "Motorcycle": ("skimage", "data/motorcycle_left.png"),
    "Cameraman (gray)": ("skimage", "data/camera.png"),
    "Temple": ("sklearn", "datasets/images/china.jpg"),
    "Flower": ("sklearn", "datasets/images/flower.jpg"),
}
# What the cards' scores on the samples are measured on: those that were never a JPEG.
SCORED = tuple(name for name, (_, file) in SAMPLES.items() if file.endswith(".png"))


def sample(name: str) -> Photo:
    """Return a sample photograph (Photo) by its name, a key of `SAMPLES`; its pixels are not to be written to."""
    return packaged_photo(*SAMPLES[name])


@lru_cache(maxsize=2 * len(SAMPLES))
def packaged_photo(package: str, file: str) -> Photo:
    """Return a photograph (Photo) that lies in the folder of an installed package; its pixels are read-only."""
    # Found, not imported: scikit-learn takes seconds to load.
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"The photograph {file} lies in the package {package}, which is not installed.")
    photo = Photo.open(Path(found.origin).parent / file)
    photo.pixels.flags.writeable = False
    return photo
