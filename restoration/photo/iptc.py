"""IPTC of a photograph, the caption of archives and agencies: where it lies in JPEG and TIFF, what may be shared.

The block is a row of data sets: a mark, the numbers of record and set, a length, a value (IPTC-NAA Information
Interchange Model 4.2, 1.5 and 1.6).
"""

import struct

from PIL import Image

RESOURCE = 0x0404  # its number among the blocks of Photoshop that a JPEG may have
TIFF_TAG = 33723
_PHOTOSHOP = b"Photoshop 3.0\0"
_MARK, _LONG = 0x1C, 0x8000
# By record and set, what tells neither place, owner nor copy: version and alphabet; title, urgency, categories,
# keywords; dates and times; author, headline, credit, source, copyright, caption and its writer.
_HARMLESS = {(1, 0), (1, 90)} | {
    (2, number) for number in (0, 5, 10, 15, 20, 25, 55, 60, 62, 63, 80, 85, 105, 110, 115, 116, 120, 122)
}


def found(image: Image.Image) -> bytes | None:
    """Return the block of an opened JPEG or TIFF.

    Parameters
    ----------
    image : PIL.Image.Image

    Returns
    -------
    bytes or None
        None where there is none.
    """
    # The bytes of a TIFF's tag, whatever the type that it claims, as Pillow's own IptcImagePlugin takes them.
    in_tiff = getattr(getattr(image, "tag_v2", None), "_tagdata", {}).get(TIFF_TAG)
    return image.info.get("photoshop", {}).get(RESOURCE) or in_tiff or None


def in_photoshop(resources: bytes | None) -> bytes | None:
    """Return the block among the resources of Photoshop (each: 8BIM, number, name, length, content), or None."""
    place, resources = 0, resources or b""
    while resources[place : place + 4] == b"8BIM" and place + 12 <= len(resources):
        (number,) = struct.unpack_from(">H", resources, place + 4)
        name = 1 + resources[place + 6]
        place += 6 + name + name % 2
        if place + 4 > len(resources):
            return None
        (length,) = struct.unpack_from(">I", resources, place)
        place += 4
        if number == RESOURCE:
            return resources[place : place + length] or None
        place += length + length % 2
    return None


def whole(block: bytes) -> bytes | None:
    """Return a block without what fills it up, or None if it is damaged.

    Parameters
    ----------
    block : bytes

    Returns
    -------
    bytes or None
    """
    try:
        return b"".join(data_set for _, data_set in _data_sets(block))
    except (struct.error, ValueError):
        return None


def shareable(block: bytes) -> bytes | None:
    """Keep only the data sets that name neither place, owner nor copy.

    Parameters
    ----------
    block : bytes
        As `whole` returns it.

    Returns
    -------
    bytes or None
        None when nothing is left.
    """
    return b"".join(data_set for number, data_set in _data_sets(block) if number in _HARMLESS) or None


def jpeg_segment(block: bytes) -> bytes:
    """Wrap a block into the segment of a JPEG, APP13.

    Parameters
    ----------
    block : bytes
        At most 65 500.

    Returns
    -------
    bytes
    """
    resource = b"8BIM" + struct.pack(">HHI", RESOURCE, 0, len(block)) + block + bytes(len(block) % 2)
    return b"\xff\xed" + struct.pack(">H", 2 + len(_PHOTOSHOP + resource)) + _PHOTOSHOP + resource


def _data_sets(block):
    """Yield ((record, set), its bytes with the head); zeros may fill up the end."""
    place = 0
    while place < len(block):
        if block[place] != _MARK:
            if any(block[place:]):  # looked at once: a block may have 200 000 data sets
                raise ValueError("no data set begins here")
            return
        record, number, length = struct.unpack_from(">xBBH", block, place)
        head = 5
        if length & _LONG:  # then it is the number of bytes that give the length
            head += length & ~_LONG
            length = int.from_bytes(block[place + 5 : place + head], "big")
        end = place + head + length
        if end > len(block):
            raise ValueError("the last data set is cut off")
        yield (record, number), block[place:end]
        place = end
