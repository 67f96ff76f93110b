"""What ends a run over many files, and what is the failure of one file alone."""

from restoration.image.checks import ImageError
from restoration.inference.card import WeightsError
from restoration.inference.runner import InferenceError
from restoration.photo import PhotoError

# What one file, or what was asked of it, can fail by: each is one sentence for the user.
FILE_FAILURES = (ImageError, PhotoError, InferenceError, WeightsError)


class BatchError(RuntimeError):
    """A run over many files that cannot begin or go on, said in one sentence."""
