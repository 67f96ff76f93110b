"""DICOM files to a volume: single and multi-frame, compressed, signed, rescaled. Names of patients never leave it."""

import io
import logging
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pydicom
from pydicom.pixels import pixel_array
from pydicom.uid import DeflatedExplicitVRLittleEndian

from restoration.image.hounsfield import FARTHEST_HU, Window
from restoration.scan.volume import ScanError, Volume, check_voxels

# pydicom quotes values that it finds odd, and these may be names.
logging.getLogger("pydicom").setLevel(logging.CRITICAL)

GRAY = ("MONOCHROME1", "MONOCHROME2")  # of CT both hold the same values; the first is shown inverted


def read_dicom(files: Sequence[bytes]) -> Volume:
    """Read the slices of one series, in the order of their places.

    Parameters
    ----------
    files : sequence of bytes
        A slice each, or one with several frames.

    Raises
    ------
    ScanError
        If one is no DICOM of computed tomography, is damaged, or is of another size or series than the first.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote values too
        found = [_header(data, number, len(files)) for number, data in enumerate(files, start=1)]
        first = found[0]
        for number, header in enumerate(found, start=1):
            _check_like(first, header, number)
        check_voxels(sum(int(one.Rows) * int(one.Columns) * _frames(one) for one in found))
        slices, headers = [], []
        for number, (data, header) in enumerate(zip(files, found, strict=True), start=1):
            for frame, values in enumerate(_values(data, header, number)):
                slices.append(values)
                headers.append(_frame_header(header, frame))
        places = [_place(header) for header in headers]
        if None not in places and len(set(places)) == len(places):
            order = np.argsort(np.array(places, float), kind="stable")
            slices, headers = [slices[index] for index in order], [headers[index] for index in order]
        return Volume(np.stack(slices), _pixel_mm(headers[0]), _windows(headers[0]), tuple(headers))


def _header(data, number, count):
    """Return the dataset of a file without its pixels, once it is known to be a gray slice of computed tomography."""
    name = f"File {number} of {count}" if count > 1 else "The file"
    try:
        header = pydicom.dcmread(io.BytesIO(data), specific_tags=["TransferSyntaxUID"], stop_before_pixels=True)
        deflated = header.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian
        if not deflated:
            header = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
            modality, photometric = header.get("Modality"), header.get("PhotometricInterpretation")
            size = (int(header.get("Rows") or 0), int(header.get("Columns") or 0), _frames(header))
            header.walk(lambda *_: None)  # reads every element, which would else fail later
    except Exception as error:  # pydicom raises many kinds on malformed files, whose text may quote names
        raise ScanError(
            f"{name} is no DICOM slice, or is damaged; give DICOM slices, a zip of them, a NIfTI or an .npy file."
        ) from error
    if deflated:
        raise ScanError(f"{name} is a deflated DICOM; export it uncompressed or as JPEG 2000.")
    if modality != "CT":
        raise ScanError(f"{name} is {_kind(modality)}, not CT; only computed tomography is in Hounsfield units.")
    if photometric not in GRAY or header.get("SamplesPerPixel", 1) != 1:
        raise ScanError(f"{name} is in colour; give the gray slices themselves, not a screen shot.")
    if not all(part > 0 for part in size):
        raise ScanError(f"{name} holds no pixels; give the slices themselves.")
    return header


def _kind(modality):
    return f"of the modality {modality}" if str(modality).isalpha() and len(str(modality)) <= 16 else "of no modality"


def _check_like(first, header, number):
    if (header.Rows, header.Columns) != (first.Rows, first.Columns):
        raise ScanError(
            f"File {number} has {header.Columns} x {header.Rows} pixels and file 1 has {first.Columns} x {first.Rows}; "
            "open one series at a time."
        )
    if header.get("SeriesInstanceUID") != first.get("SeriesInstanceUID"):
        raise ScanError(f"File {number} is of another series than file 1; open one series at a time.")


def _frames(header) -> int:
    return int(header.get("NumberOfFrames") or 1)


def _values(data, header, number):
    """Return the frames of a file in HU, (frames, H, W) float32."""
    try:
        stored = pixel_array(io.BytesIO(data))
        stored = stored.reshape(_frames(header), int(header.Rows), int(header.Columns)).astype(np.float32)
        scales = [_rescale(header, frame) for frame in range(len(stored))]
    except Exception as error:  # decoders raise nearly every kind of exception at malformed pixels
        raise ScanError(f"The pixels of file {number} cannot be decoded; export it uncompressed.") from error
    slopes, intercepts = (np.array(part, np.float32)[:, None, None] for part in zip(*scales, strict=True))
    stored *= slopes
    stored += intercepts
    if not (np.isfinite(stored).all() and np.abs(stored).max() <= FARTHEST_HU):
        raise ScanError(
            f"File {number} holds values beyond {FARTHEST_HU:g} HU; its rescale slope or intercept is wrong."
        )
    return stored


def _rescale(header, frame) -> tuple[float, float]:
    """Return slope and intercept of a frame: of its functional groups, or of the file."""
    group = _group(header, frame, "PixelValueTransformationSequence") or header
    if "RescaleSlope" not in group or "RescaleIntercept" not in group:
        raise ValueError("no rescale")
    return float(group.RescaleSlope), float(group.RescaleIntercept)


def _group(header, frame, name) -> Any:
    """Return a functional group of a frame: its own, or the one that all frames share; None where there is neither."""
    own = header.get("PerFrameFunctionalGroupsSequence") or []
    shared = header.get("SharedFunctionalGroupsSequence") or []
    for groups in (own[frame : frame + 1], shared[:1]):
        if groups and groups[0].get(name):
            return groups[0][name].value[0]
    return None


def _frame_header(header, frame) -> Any:
    """Return the dataset of one frame, as of a file with that one alone."""
    if _frames(header) == 1 and "SharedFunctionalGroupsSequence" not in header:
        return header
    one = pydicom.Dataset()
    one.update({tag: header[tag] for tag in header.keys()})  # noqa: SIM118 - a Dataset's iterator gives elements
    for name in ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence", "NumberOfFrames"):
        if name in one:
            del one[name]
    for group in ("PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence", "FrameVOILUTSequence"):
        found = _group(header, frame, group)
        if found is not None:
            one.update({element.tag: element for element in found})
    one.InstanceNumber = frame + 1
    return one


def _place(header) -> float | None:
    """Return how far a slice lies along the normal of its plane, in mm; None where the file does not tell."""
    try:
        position = np.array(header.ImagePositionPatient, float)
        rows, columns = np.array(header.ImageOrientationPatient, float).reshape(2, 3)
        return float(position @ np.cross(rows, columns))
    except (AttributeError, TypeError, ValueError):
        try:
            return float(header.InstanceNumber)
        except (AttributeError, TypeError, ValueError):
            return None


def _pixel_mm(header) -> float | None:
    try:
        side = float(header.PixelSpacing[0])
    except (AttributeError, TypeError, ValueError, IndexError):
        return None
    return side if 0.01 < side < 10 else None


def _windows(header) -> dict[str, Window]:
    """Return the windows that a file proposes, at most three."""
    try:
        centers = np.atleast_1d(np.array(header.WindowCenter, float))
        widths = np.atleast_1d(np.array(header.WindowWidth, float))
    except (AttributeError, TypeError, ValueError):
        return {}
    pairs = [(float(center), float(width)) for center, width in zip(centers, widths, strict=False) if width >= 1]
    names = ("from the file", "from the file, 2", "from the file, 3")
    return {name: Window(*pair) for name, pair in zip(names, pairs, strict=False)}
