"""From the bytes of files to a volume: DICOM, NIfTI or NumPy, alone, several at once, or in a zip."""

import gzip
import io
import zipfile
from collections.abc import Sequence

import numpy as np

from restoration.image.checks import ImageError
from restoration.image.hounsfield import checked_slice
from restoration.photo.zip_members import METHODS, count_entries, is_zip, unpacked
from restoration.scan.volume import INSTALL, ScanError, Volume, check_voxels

MAX_FILES = 2000
MAX_BYTES = 2 * 10**9  # of all files together, once unpacked
NUMPY, GZIP = b"\x93NUMPY", b"\x1f\x8b"
NIFTI_MAGIC = {b"n+1\0": slice(344, 348), b"n+2\0": slice(4, 8)}


def open_scan(files: Sequence[bytes]) -> Volume:
    """Open the files of one scan.

    Parameters
    ----------
    files : sequence of bytes
        Slices in DICOM, or one file: a zip of them, a multi-frame DICOM, a NIfTI (.nii, .nii.gz), or an .npy of
        (H, W) or (n, H, W) in HU.

    Returns
    -------
    Volume

    Raises
    ------
    ScanError
        If they are no scan, are damaged, or are too large: one sentence that names nobody.
    """
    if not files:
        raise ScanError("There is no file; give DICOM slices, a zip of them, a NIfTI or an .npy file.")
    parts = [part for data in files for part in (_unzipped(data) if is_zip(data) else [data])]
    if len(parts) > MAX_FILES:
        raise ScanError(f"There are {len(parts)} files; the limit is {MAX_FILES}. Open one series at a time.")
    if len(parts) == 1:
        data = _gunzipped(parts[0]) if parts[0].startswith(GZIP) else parts[0]
        if data.startswith(NUMPY):
            return Volume(_checked_slices(_from_npy(data)))
        if any(data[place] == magic for magic, place in NIFTI_MAGIC.items()):
            return _from_nifti(data)
        parts = [data]
    try:
        from restoration.scan.dicom_reader import read_dicom
    except ImportError as error:
        raise ScanError(f"To read DICOM, one more package is needed: run `{INSTALL}`.") from error
    return read_dicom(parts)


def _unzipped(data):
    """Return the files of a zip that may be slices, none of them from a path that is used."""
    if (count := count_entries(data)) > 4 * MAX_FILES:
        raise ScanError(f"The zip has {count} entries; the limit is {MAX_FILES} slices. Pack one series.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
            if len(members) > MAX_FILES:
                raise ScanError(f"The zip holds {len(members)} files; the limit is {MAX_FILES}. Pack one series.")
            if sum(one.file_size for one in members) > MAX_BYTES:
                raise ScanError(f"The zip unpacks to more than {MAX_BYTES / 1e9:.0f} GB; pack fewer slices.")
            if any(one.compress_type not in METHODS for one in members):
                raise ScanError("The zip is packed in an unusual way; pack it as a plain zip.")
            return [unpacked(archive, one) for one in members]
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        if isinstance(error, ScanError):
            raise
        raise ScanError("The zip cannot be unpacked: it is damaged or encrypted. Pack it again.") from error


def _is_hidden(name):
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX") or last.startswith(".") or last.upper() == "DICOMDIR"


def _gunzipped(data):
    try:
        with gzip.open(io.BytesIO(data)) as file:
            unpacked = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, ValueError) as error:
        raise ScanError("The file cannot be unpacked: it is damaged. Export it again.") from error
    if len(unpacked) > MAX_BYTES:
        raise ScanError(f"The file unpacks to more than {MAX_BYTES / 1e9:.0f} GB; export fewer slices.")
    return unpacked


def _from_npy(data):
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = header(file)
        if len(shape) not in (2, 3) or dtype.kind not in "iuf":
            raise ScanError(
                f"The array has the shape {shape} and holds {dtype}; a scan has (H, W) or (n, H, W) and holds numbers."
            )
        check_voxels(int(np.prod(shape, dtype=np.float64)))
        file.seek(0)
        array = np.load(file, allow_pickle=False)
    except ScanError:
        raise
    except Exception as error:  # NumPy's parser raises many kinds on a malformed header
        raise ScanError("The .npy file is damaged; save it again by numpy.save.") from error
    return array[None] if array.ndim == 2 else array


def _from_nifti(data):
    try:
        import nibabel
    except ImportError as error:
        raise ScanError(f"To read NIfTI, one more package is needed: run `{INSTALL}`.") from error
    kind = nibabel.Nifti1Image if data[NIFTI_MAGIC[b"n+1\0"]] == b"n+1\0" else nibabel.Nifti2Image
    try:
        image = kind.from_bytes(data)
        shape = image.shape
        check_voxels(int(np.prod(shape, dtype=np.float64)))
        if len(shape) != 3 and not (len(shape) == 4 and shape[3] == 1):
            raise ScanError(f"The NIfTI file has the shape {shape}; give one volume of three axes.")
        canonical = nibabel.as_closest_canonical(image)  # axes to the right, to the front, up
        values = np.asarray(canonical.dataobj, np.float32).reshape(canonical.shape[:3])
        pixel_mm = float(canonical.header.get_zooms()[0])
    except ScanError:
        raise
    except Exception as error:  # nibabel raises many kinds on a malformed header
        raise ScanError("The NIfTI file is damaged; export it again.") from error
    slices = np.ascontiguousarray(values[::-1, ::-1].transpose(2, 1, 0))
    return Volume(_checked_slices(slices), pixel_mm if 0.01 < pixel_mm < 10 else None)


def _checked_slices(array):
    """Return the slices of an array (n, H, W) as float32, or say what is wrong in one sentence."""
    try:
        if array.shape[0] == 0:
            raise ScanError("The scan has no slice; export it again.")
        return np.stack([checked_slice(one) for one in array])
    except ImageError as error:
        raise ScanError(str(error)) from error
