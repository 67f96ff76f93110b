"""The members of a zip, unpacked without trusting the numbers and sizes that it declares."""

import zipfile

# Other methods zipfile can only unpack all at once: gigabytes out of some hundred bytes.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_zip(content: bytes) -> bool:
    """Tell whether a file is a zip."""
    return content[:4] == b"PK\x03\x04"


def count_entries(content: bytes) -> int:
    """Count the entries before the directory is read: reading millions of them alone takes long."""
    return content.count(b"PK\x01\x02")


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpack a member to the size that it declares; `ZipFile.read` unpacks all that there is before it looks."""
    with archive.open(member) as packed:
        return packed.read(member.file_size)
