"""PhotoError, and what becomes one."""

import contextlib
from collections.abc import Iterator

from restoration.image.checks import ImageError


class PhotoError(ValueError):
    """A photograph could not be opened, changed or saved; the message is one sentence for the visitor."""


def damaged(name: str) -> PhotoError:
    """Return the PhotoError for a file of a format (str) that cannot be decoded."""
    return PhotoError(f"This {name} file is damaged or cut off, and cannot be decoded. Use another copy.")


@contextlib.contextmanager
def as_photo_error() -> Iterator[None]:
    """Say what `restoration.image.checks` refuses as PhotoError."""
    try:
        yield
    except ImageError as error:
        raise PhotoError(str(error)) from error


@contextlib.contextmanager
def one_error(action: str) -> Iterator[None]:
    """Turn whatever a decoder or the file system throws into one PhotoError."""
    try:
        yield
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoError(f"There is not enough memory: the photo cannot be {action}. Reduce it.") from error
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        other = "place or name" if action == "saved" else "file"
        raise PhotoError(f"The photo cannot be {action}: {reason}. Choose another {other}.") from error
    except Exception as error:
        # Decoders throw nearly every kind of exception at malformed files, so this is the one broad clause.
        reason = str(error) or type(error).__name__
        raise PhotoError(f"The photo cannot be {action}: {reason}. Use another copy.") from error
