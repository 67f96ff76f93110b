"""Uploaded images as a data set: several files, or a zip of them, within limits that keep a server safe."""

import io
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

import cv2
import numpy as np

from restoration.explore.datasets import DataSet, shuffled
from restoration.explore.text_encoding import ENCODINGS, likeliest_encoding
from restoration.image.checks import check_whole
from restoration.image.types import Progress
from restoration.photo import Photo, PhotoError
from restoration.photo.zip_members import METHODS, count_entries, is_zip, unpacked

# Limits of one data set. What is beyond the last two is left out and named; beyond the others nothing is made.
MAX_FILES = 500
MAX_BYTES = 200_000_000  # unpacked, all files together
MAX_RATIO = 100  # of a packed file of more than a megabyte: photographs hardly shrink, zip bombs do
MAX_MEGAPIXELS = 25  # of one image, known before it is decoded
MAX_SUM_MEGAPIXELS = 750  # of all: sixty photographs of a phone


LEAST_IMAGES = 4

DECLARED_UTF_8 = 0x800  # a flag of a zip's member

# What systems put into folders and archives beside the images.
JUNK = ("__MACOSX", "Thumbs.db", "desktop.ini")


Member: TypeAlias = tuple[str, str, bytes]  # innermost folder, name of the file, content


@dataclass(frozen=True)
class ImageSet:
    """A data set of uploaded images, and what was left out of it.

    Parameters
    ----------
    data : DataSet
        Its classes are the folders of the zip; one class where there are none.
    left_out : tuple of str
        One sentence a file.
    notes : tuple of str
        What was assumed or done: transparency, and the encoding of names.
    name_encoding : str or None
        How the names in zips were read, a key of `ENCODINGS`; None where every zip says it itself.
    """

    data: DataSet
    left_out: tuple[str, ...]
    notes: tuple[str, ...] = ()
    name_encoding: str | None = None


def read_image_set(
    uploads: Sequence[tuple[str, bytes]],
    *,
    side: int = 32,
    color: bool = True,
    name_encoding: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> ImageSet:
    """Make a data set of files.

    Parameters
    ----------
    uploads : sequence of (str, bytes)
        Name and content: photographs of any kind that `Photo.open` reads, and zips of such. Contents decide, names
        are never used as paths.
    side : int
        The largest square in the middle of each image is resized to so many pixels a side.
    color : bool
        Three channels, else one.
    name_encoding : str, optional
        Of the names in a zip that does not say it, a key of `ENCODINGS`; the likeliest when omitted.
    seed : int
        Of the order, and so of which fifth is the test part.
    progress : callable, optional
        ``progress(done, total)`` after each file; whatever it raises stops the reading.

    Returns
    -------
    ImageSet

    Raises
    ------
    PhotoError
        If a limit is exceeded, a zip is damaged, or fewer than `LEAST_IMAGES` images are left.
    ImageError
        If `side` is no whole number of at least 1.
    """
    check_whole("The side", side, 1)
    if name_encoding is None:
        undeclared = b"\n".join(name for _, content in uploads if is_zip(content) for name in undeclared_names(content))
        name_encoding = likeliest_encoding(undeclared) if undeclared else None
    found: list[Member] = []
    left_out: list[str] = []
    left_bytes = MAX_BYTES
    for name, content in uploads:
        members = unzip(content, left_out, left_bytes, name_encoding) if is_zip(content) else [("", name, content)]
        left_bytes -= sum(len(member) for *_, member in members)
        found += members
        if left_bytes < 0:
            raise PhotoError(f"These files are more than {MAX_BYTES // 10**6} MB together, the limit. Give fewer.")
    if len(found) > MAX_FILES:
        raise PhotoError(f"These are {len(found)} files; the limit is {MAX_FILES}. Give fewer.")

    images, places, transparent, pixels = [], [], 0, 0
    for done, (folder, name, content) in enumerate(found, 1):
        try:
            photo = Photo.open(content, max_megapixels=MAX_MEGAPIXELS)
            images.append(_square(photo.on_paper(), side, color))
            places.append((folder, name))
            transparent += photo.alpha is not None
            pixels += photo.pixels[..., 0].size
        except PhotoError as error:
            left_out.append(f"{name}: {error}")
        if pixels > 1e6 * MAX_SUM_MEGAPIXELS:
            raise PhotoError(
                f"These pictures have more than {MAX_SUM_MEGAPIXELS} megapixels together, the limit. "
                "Reduce them, or give fewer."
            )
        if progress:
            progress(done, len(found))
    if len(images) < LEAST_IMAGES:
        raise PhotoError(
            " ".join([f"{len(images)} pictures could be read; a data set needs {LEAST_IMAGES} or more.", *left_out[:3]])
        )
    notes = []
    if transparent:
        notes.append(f"Pictures with transparency ({transparent}) are laid on white, or on black if white hides them.")
    if name_encoding:
        notes.append(f"The zip does not say how its names are encoded; they are read as {ENCODINGS[name_encoding]}.")
    return ImageSet(_data_set(np.stack(images), places, seed), tuple(left_out), tuple(notes), name_encoding)


def undeclared_names(content: bytes) -> list[bytes]:
    """Return the names in a zip, as bytes, that are beyond ASCII and not declared as UTF-8; none if it is damaged."""
    _check_entries(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            undeclared = [one.orig_filename for one in archive.infolist() if not one.flag_bits & DECLARED_UTF_8]
    except Exception:  # `unzip` says what is wrong
        return []
    return [name.encode("cp437") for name in undeclared if not name.isascii()]  # as zipfile has decoded it


def unzip(
    content: bytes, left_out: list[str], left_bytes: int = MAX_BYTES, name_encoding: str | None = None
) -> list[Member]:
    """Unpack a zip in memory without trusting the sizes and paths that it declares.

    Parameters
    ----------
    content : bytes
    left_out : list of str
        Gets a sentence for each member that is no plain file, hides outside the archive, unpacks beyond
        `MAX_RATIO`, or is packed by none of `METHODS`.
    left_bytes : int
        Bytes that all members may unpack to together.
    name_encoding : str, optional
        Of names that do not declare it; IBM's code page 437 when omitted, as zip has it.

    Returns
    -------
    list of (str, str, bytes)
        Name of the innermost folder ("" if there is none), name of the file, content.

    Raises
    ------
    PhotoError
        If the archive is damaged, encrypted or too large.
    """
    _check_entries(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content), metadata_encoding=name_encoding) as archive:
            wanted = [member for member in archive.infolist() if _is_wanted(member, left_out)]
            if len(wanted) > MAX_FILES:
                raise PhotoError(f"This zip has {len(wanted)} files; the limit is {MAX_FILES}. Split it.")
            # `unpacked` never unpacks a member beyond the size that it declares, so the sum bounds them all.
            if sum(member.file_size for member in wanted) > left_bytes:
                raise PhotoError(f"This zip unpacks to more than {MAX_BYTES // 10**6} MB, the limit. Split it.")
            return [(*_place(member.filename), unpacked(archive, member)) for member in wanted]
    except PhotoError:
        raise
    except UnicodeError as error:
        encoding = ENCODINGS.get(str(name_encoding), name_encoding)
        raise PhotoError(f"The names in this zip are not in the encoding {encoding}. Choose another one.") from error
    except Exception as error:  # zipfile, zlib, lzma and bz2 have each their own
        raise PhotoError("This zip is damaged or encrypted; pack the pictures again, without a password.") from error


def _check_entries(content):
    if (count := count_entries(content)) > 4 * MAX_FILES:
        raise PhotoError(f"This zip has {count} entries; the limit is {MAX_FILES} pictures. Split it.")


def _is_wanted(member, left_out):
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if member.is_dir() or any(part in JUNK or part.startswith("._") or part == ".DS_Store" for part in path.parts):
        return False
    kind = stat.S_IFMT(member.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        reason = "its path leads out of the archive"
    elif kind not in (0, stat.S_IFREG):
        reason = "it is a link or a device, not a file"
    elif path.suffix.lower() == ".zip":
        reason = "it is a zip inside the zip"
    elif member.compress_type not in METHODS:
        reason = "it is packed in an unusual way; pack it as a plain zip"
    elif member.file_size > max(1_000_000, MAX_RATIO * member.compress_size):
        reason = f"it unpacks to more than {MAX_RATIO} times its size"
    else:
        return True
    left_out.append(f"{path.name or 'A nameless member'}: left out, {reason}.")
    return False


def _place(name):
    path = PurePosixPath(name.replace("\\", "/"))
    return path.parent.name, path.name


def _square(image, side, color):
    """Return the middle square of an image (H, W, C), reduced to (side, side, 3 or 1)."""
    height, width = image.shape[:2]
    length = min(height, width)
    row, column = (height - length) // 2, (width - length) // 2
    square = np.ascontiguousarray(image[row : row + length, column : column + length])
    if square.shape[-1] == 1 and color:
        square = cv2.cvtColor(square, cv2.COLOR_GRAY2RGB)
    elif square.shape[-1] == 3 and not color:
        square = cv2.cvtColor(square, cv2.COLOR_RGB2GRAY)
    method = cv2.INTER_AREA if length > side else cv2.INTER_LINEAR
    return np.clip(cv2.resize(square, (side, side), interpolation=method).reshape(side, side, -1), 0, 1)


def _data_set(images, places, seed):
    """Make a data set of images from places (folder, name of the file)."""
    names = sorted({folder for folder, _ in places})
    labels = np.array([names.index(folder) for folder, _ in places])
    points = np.array(["/".join(filter(None, place)) for place in places])
    named = tuple(name or "pictures" for name in names)
    return shuffled("your pictures", images, labels, named, points=points, seed=seed)
