"""Clean photographs that are already on the machine: they come inside scikit-image's package."""

from functools import lru_cache
from importlib.resources import files

from restoration.photo import Photo

# Name shown -> file inside `skimage.data`. None of them is among the training photographs.
SAMPLES = {
    "Coffee cup": "coffee.png",
    "Cat": "chelsea.png",
    "Astronaut": "astronaut.png",
    "Motorcycle": "motorcycle_left.png",
    "Cameraman (gray)": "camera.png",
}


@lru_cache(maxsize=len(SAMPLES))
def sample(name):
    """Return a sample photograph (Photo) by its name, a key of `SAMPLES`; its pixels are not to be written to."""
    photo = Photo.open((files("skimage.data") / SAMPLES[name]).read_bytes())
    photo.pixels.flags.writeable = False
    return photo
