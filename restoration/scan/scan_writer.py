"""From a volume to files: DICOM with the derived slices, or PNG of a window. Each says that it is not for diagnosis."""

import io
import warnings
from collections.abc import Sequence

import numpy as np

from restoration.image.checks import ImageError
from restoration.image.eight_bit import to_uint8
from restoration.image.hounsfield import NOT_FOR_DIAGNOSIS, Window, windowed
from restoration.image.types import Array
from restoration.scan.volume import INSTALL, ScanError, Volume

NAMELESS = "ANONYMOUS"

# All that is kept where the patient's data is removed: how the slice was made and lies, nothing on whom, when or where.
# It keeps less than the basic profile allows (DICOM PS3.15, table E.1-1), which lists what to remove instead.
TECHNICAL = """
Modality KVP SliceThickness SpacingBetweenSlices ReconstructionDiameter DataCollectionDiameter ExposureTime
XRayTubeCurrent Exposure FilterType ConvolutionKernel GantryDetectorTilt TableHeight RotationDirection PatientPosition
ImagePositionPatient ImageOrientationPatient PixelSpacing SliceLocation InstanceNumber WindowCenter WindowWidth
"""
# What describes the pixels as they were stored, or vouches for them, and is no longer true.
OF_STORED_PIXELS = """
PixelPaddingValue PixelPaddingRangeLimit SmallestImagePixelValue LargestImagePixelValue ModalityLUTSequence
VOILUTSequence IconImageSequence NumberOfFrames ExtendedOffsetTable ExtendedOffsetTableLengths PresentationLUTShape
DigitalSignaturesSequence MACParametersSequence
"""


def write_dicom(slices: Sequence[Array], volume: Volume, *, done: str, keep_patient: bool = False) -> list[bytes]:
    """Write derived slices as DICOM files of a new series.

    Parameters
    ----------
    slices : sequence of ndarray of shape (H, W), float32, in HU
        As many as the volume has, in its order. They are rounded to whole HU in 16 bits.
    volume : Volume
        What they were made from.
    done : str
        What was done to them, for the derivation description.
    keep_patient : bool
        Keep what the files say on the patient, the study and the clinic; else only technical values are kept, all
        identifiers are new, and the file says so.

    Returns
    -------
    list of bytes
        A file per slice.

    Raises
    ------
    ScanError
        If a package is missing, or the numbers differ.
    """
    try:
        from pydicom.uid import generate_uid
    except ImportError as error:
        raise ScanError(f"To write DICOM, one more package is needed: run `{INSTALL}`.") from error
    if len(slices) != len(volume.slices):
        raise ScanError(f"There are {len(slices)} slices for {len(volume.slices)} of the scan; give one for each.")
    identifiers = {name: generate_uid() for name in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")}
    files = []
    for number, values in enumerate(slices):
        header = volume.headers[number] if volume.headers else None
        if header is not None and keep_patient:
            dataset = _with_patient(header, identifiers["SeriesInstanceUID"])
        else:
            dataset = _without_patient(header, identifiers)
        _describe_derivation(dataset, done, number + 1)
        if "PixelSpacing" not in dataset and volume.pixel_mm:
            dataset.PixelSpacing = [round(volume.pixel_mm, 6)] * 2
        _set_pixels(dataset, values)
        files.append(_encoded(dataset))
    return files


def _with_patient(header, series):
    """Return all that a header says, but on its pixels, with a reference to the slice that it is of."""
    import pydicom

    dataset = pydicom.Dataset()
    dataset.update({tag: header[tag] for tag in header.keys()})  # noqa: SIM118 - a Dataset's iterator gives elements
    for name in OF_STORED_PIXELS.split():
        if name in dataset:
            del dataset[name]
    dataset.SeriesInstanceUID = series
    if "SOPInstanceUID" in header and "SOPClassUID" in header:
        source = pydicom.Dataset()
        source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = header.SOPClassUID, header.SOPInstanceUID
        dataset.SourceImageSequence = [source]
    return dataset


def _without_patient(header, identifiers):
    """Return the technical values of a header, with new identifiers and the statement that nobody is named."""
    import pydicom

    dataset = pydicom.Dataset()
    if header is not None:
        dataset.update({header[name].tag: header[name] for name in TECHNICAL.split() if name in header})
    dataset.PatientName = dataset.PatientID = NAMELESS
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "Only technical attributes kept, identifiers replaced"
    for name in ("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber", "StudyID"):
        setattr(dataset, name, "")  # the standard asks for them, empty where they are unknown
    dataset.ReferringPhysicianName = dataset.Manufacturer = dataset.PositionReferenceIndicator = ""
    for name, identifier in identifiers.items():
        setattr(dataset, name, identifier)
    return dataset


def _describe_derivation(dataset, done, number):
    from pydicom.uid import CTImageStorage, generate_uid

    dataset.Modality, dataset.SOPClassUID, dataset.SOPInstanceUID = "CT", CTImageStorage, generate_uid()
    dataset.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
    dataset.SeriesDescription = "Denoised, not for diagnosis"
    dataset.DerivationDescription = f"{done}. {NOT_FOR_DIAGNOSIS}"
    dataset.ImageComments = NOT_FOR_DIAGNOSIS
    dataset.InstanceNumber = number


def _set_pixels(dataset, values):
    """Store values as whole HU, 16 bits, signed."""
    stored = np.clip(np.rint(values), -32768, 32767).astype("<i2")
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 1
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, 0, "HU"
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OW"


def _encoded(dataset):
    import pydicom
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they quote values, which may be names
            pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    except Exception as error:  # odd values that a reader lets pass; its text may quote names
        raise ScanError("The values beside the pixels cannot be written; remove the patient's data instead.") from error
    return file.getvalue()


def write_png(slice_hu: Array, window: Window) -> bytes:
    """Write a slice as an 8-bit PNG of a window; its text says that it is not for diagnosis.

    Parameters
    ----------
    slice_hu : ndarray of shape (H, W), in HU
    window
    """
    from PIL import Image as PillowImage
    from PIL.PngImagePlugin import PngInfo

    if window.width <= 0:
        raise ImageError(f"The window is {window.width:g} HU wide; give one that is wider than 0.")
    text = PngInfo()
    text.add_text("Comment", NOT_FOR_DIAGNOSIS)
    file = io.BytesIO()
    PillowImage.fromarray(to_uint8(windowed(slice_hu, window))[..., 0]).save(file, "PNG", pnginfo=text)
    return file.getvalue()
