"""Scans are read in Hounsfield units from every format, written back without names, and bad ones are told."""

import io
import logging
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from restoration.degrade.phantoms import random_phantom
from restoration.image.hounsfield import NOT_FOR_DIAGNOSIS, WINDOWS, windowed
from restoration.scan.scan_reader import open_scan
from restoration.scan.scan_writer import write_dicom, write_png
from restoration.scan.volume import ScanError

pydicom = pytest.importorskip("pydicom", reason="pip install 'latent-darkroom[scan]'")
nibabel = pytest.importorskip("nibabel", reason="pip install 'latent-darkroom[scan]'")

PHANTOM = np.rint(random_phantom(64, seed=5))
NAME = "Doe^Jane"


def dicom(values=PHANTOM, *, place=0.0, signed=False, slope=1.0, **changed):
    """Return a DICOM file of a slice, with a patient."""
    dataset = pydicom.Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = pydicom.uid.CTImageStorage, pydicom.uid.generate_uid()
    dataset.SeriesInstanceUID, dataset.StudyInstanceUID = "1.2.3", "1.2.4"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = NAME, "4711", "19700101"
    dataset.InstitutionName, dataset.StudyDate, dataset.Modality = "Clinic", "20200202", "CT"
    dataset.add_new(0x00091001, "LO", "private Jane")
    dataset.PixelSpacing, dataset.KVP = [0.8, 0.8], 120
    dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [0, 0, place], [1, 0, 0, 0, 1, 0]
    dataset.WindowCenter, dataset.WindowWidth = [40, 480], [400, 2500]
    dataset.RescaleSlope, dataset.RescaleIntercept = slope, 0 if signed else -1024
    stored = np.rint((values - dataset.RescaleIntercept) / slope).astype("<i2" if signed else "<u2")
    dataset.Rows, dataset.Columns = stored.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, int(signed)
    dataset.PixelData = stored.tobytes()
    for name, value in changed.items():
        setattr(dataset, name, value)
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    file = io.BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def zipped(files, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def fields(data):
    return pydicom.dcmread(io.BytesIO(data))


def own(name):
    """Return a file that comes with pydicom."""
    from pydicom.data import get_testdata_file

    with open(get_testdata_file(name, download=False), "rb") as file:
        return file.read()


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("slope", [1.0, 0.5])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_slice_is_read_in_hounsfield_units(signed, slope, photometric):
    volume = open_scan([dicom(signed=signed, slope=slope, PhotometricInterpretation=photometric)])
    np.testing.assert_array_equal(volume.slices[0], PHANTOM)
    assert volume.slices.dtype == np.float32
    assert volume.pixel_mm == 0.8
    assert [tuple(window) for window in volume.windows.values()] == [(40, 400), (480, 2500)]
    assert NAME not in repr(volume)


def test_slices_are_put_in_the_order_of_their_places():
    files = [dicom(PHANTOM + place, place=place) for place in (20.0, 0.0, 10.0)]
    for given in (files, [zipped({f"a/{number}": data for number, data in enumerate(files)} | {"DICOMDIR": b"x"})]):
        volume = open_scan(given)
        np.testing.assert_array_equal(volume.slices, np.stack([PHANTOM, PHANTOM + 10, PHANTOM + 20]))


def test_frames_have_their_own_rescale_and_place():
    frames = []
    for place, intercept in ((3.0, -1024), (1.0, -1000)):
        frame, position, transformed = pydicom.Dataset(), pydicom.Dataset(), pydicom.Dataset()
        position.ImagePositionPatient = [0, 0, place]
        transformed.RescaleSlope, transformed.RescaleIntercept = 1, intercept
        frame.PlanePositionSequence, frame.PixelValueTransformationSequence = [position], [transformed]
        frames.append(frame)
    volume = open_scan([dicom(np.stack([PHANTOM] * 2), NumberOfFrames=2, PerFrameFunctionalGroupsSequence=frames)])
    np.testing.assert_array_equal(volume.slices, np.stack([PHANTOM + 24, PHANTOM]))
    again = open_scan(write_dicom(volume.slices, volume, done="Nothing", keep_patient=True))
    np.testing.assert_array_equal(again.slices, volume.slices)


@pytest.mark.parametrize("name", ["CT_small.dcm", "693_J2KI.dcm"])
def test_files_of_scanners_are_read(name):
    volume = open_scan([own(name)])
    assert -4096 <= volume.slices.min() < -500  # air, and padding below it
    assert 0.2 < np.mean(np.abs(volume.slices - 40) < 200) < 0.9  # soft tissue


def test_jpeg_ls_is_decoded():
    given = fields(own("MR_small_jpeg_ls_lossless.dcm"))
    given.Modality, given.RescaleSlope, given.RescaleIntercept = "CT", 1, 0
    file = io.BytesIO()
    given.save_as(file)
    expected = fields(own("MR_small.dcm")).pixel_array
    np.testing.assert_array_equal(open_scan([file.getvalue()]).slices[0], expected)


def test_numpy_and_nifti_are_volumes():
    both = np.stack([PHANTOM, PHANTOM[::-1]]).astype(np.float32)
    np.testing.assert_array_equal(open_scan([npy(both)]).slices, both)
    np.testing.assert_array_equal(open_scan([npy(PHANTOM.astype(np.int16))]).slices, PHANTOM[None])
    to_left_back_up = np.diag([-0.7, -0.7, 3, 1])  # how a scanner stores columns, rows and slices
    image = nibabel.Nifti1Image(both.transpose(2, 1, 0).astype(np.int16), to_left_back_up)
    volume = open_scan([image.to_bytes()])
    np.testing.assert_array_equal(volume.slices, both)
    assert volume.pixel_mm == pytest.approx(0.7)


@pytest.mark.parametrize("keep", [False, True])
def test_derived_slices_come_back_with_or_without_the_patient(keep):
    volume = open_scan([dicom(place=place) for place in (0.0, 5.0)])
    files = write_dicom(volume.slices + 0.4, volume, done="Denoised by scan-best-1", keep_patient=keep)
    np.testing.assert_array_equal(open_scan(files).slices, np.stack([PHANTOM] * 2))
    first, second = map(fields, files)
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SeriesInstanceUID == second.SeriesInstanceUID != "1.2.3"
    assert "DERIVED" in first.ImageType
    assert NOT_FOR_DIAGNOSIS in first.DerivationDescription
    assert first.ImageComments == NOT_FOR_DIAGNOSIS
    assert first.KVP == 120
    assert list(first.PixelSpacing) == [0.8, 0.8]
    said = files[0].decode("latin-1")
    for name in ("Jane", "4711", "19700101", "Clinic", "20200202", "1.2.4\0"):
        assert (name in said) == keep
    assert first.get("PatientIdentityRemoved") == (None if keep else "YES")
    assert ("SourceImageSequence" in first) == keep


def test_a_scan_without_headers_becomes_dicom_too():
    volume = open_scan([npy(PHANTOM)])
    (file,) = write_dicom(volume.slices, volume, done="Denoised")
    np.testing.assert_array_equal(open_scan([file]).slices, volume.slices)


def test_a_png_shows_a_window_and_says_what_it_is_not_for():
    image = Image.open(io.BytesIO(write_png(PHANTOM, WINDOWS["bone"])))
    assert image.text["Comment"] == NOT_FOR_DIAGNOSIS
    shown = np.asarray(image, np.float32) / 255
    np.testing.assert_allclose(shown, windowed(PHANTOM, WINDOWS["bone"])[..., 0], atol=0.5 / 255 + 1e-6)


def huge_npy():
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (90000, 9000, 90), }"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n"


BAD = {
    "nothing": ([], "There is no file"),
    "no DICOM": ([b"x" * 300], "The file is no DICOM slice"),
    "half a file": ([dicom()[:700]], "is no DICOM slice|holds no pixels"),
    "pixels cut off": ([dicom()[:-900]], "cannot be decoded"),
    "MR": ([own("MR_small.dcm")], "of the modality MR, not CT"),
    "colour": ([dicom(PhotometricInterpretation="RGB")], "is in colour"),
    "no rescale": ([dicom(RescaleSlope=None)], "cannot be decoded"),
    "deflated": ([own("image_dfl.dcm")], "deflated"),
    "two sizes": ([dicom(), dicom(PHANTOM[:32])], r"64 x 32 pixels and file 1 has 64 x 64"),
    "two series": ([dicom(), dicom(SeriesInstanceUID="1.9")], "another series"),
    "wild values": ([dicom(RescaleSlope=1e6)], "beyond 70000 HU"),
    "more rows than bytes": ([dicom(Rows=60000, Columns=60000)], "3600 million voxels"),
    "damaged zip": ([zipped({"a": dicom()})[:-30]], "cannot be unpacked"),
    "zip by LZMA": ([zipped({"a": bytes(10**7)}, zipfile.ZIP_LZMA)], "packed in an unusual way"),
    "zip of many entries": ([zipped({f"{number}/": b"" for number in range(8001)})], "has 8001 entries"),
    "empty zip": ([zipped({}) or b""], "no DICOM"),
    "text": ([npy(np.array([["a"]]))], "holds numbers"),
    "four axes": ([npy(np.zeros((2, 2, 2, 2), np.float32))], r"\(H, W\) or \(n, H, W\)"),
    "huge announcement": ([huge_npy()], "million voxels"),
    "pickle": ([npy(np.array([None, {}], object))], "holds numbers"),
    "not finite": ([npy(np.full((4, 4), np.nan))], "not finite"),
    "damaged NIfTI": ([b"\0" * 344 + b"n+1\0" + b"\0" * 90], "NIfTI file is damaged|shape"),
    "damaged gzip": ([b"\x1f\x8b" + b"\0" * 50], "cannot be unpacked"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_scan_is_told_in_one_sentence_without_a_name(case, caplog, recwarn):
    files, said = BAD[case]
    with caplog.at_level(logging.DEBUG), pytest.raises(ScanError, match=said) as raised:
        open_scan(files)
    text = f"{raised.value} {caplog.text} {[str(one.message) for one in recwarn]}"
    assert "Jane" not in text
    assert "4711" not in text
    assert "\n" not in str(raised.value)


def test_odd_values_in_the_header_are_neither_logged_nor_in_the_way(caplog, recwarn):
    odd = dicom().replace(b"19700101", b"Jane\0\0\0\0")  # a birth date that is a name
    with caplog.at_level(logging.DEBUG):
        volume = open_scan([odd])
        write_dicom(volume.slices, volume, done="Denoised")
    assert "Jane" not in caplog.text
    assert not list(recwarn)
