"""Open a photograph, change its pixels, save it: everything that is not pixels travels along.

Outside this folder an image is a float32 array in [0, 1], sRGB, upright. What cannot survive in such an array (colours
beyond sRGB, the colours under full transparency) is kept beside it as file samples, so that pixels nobody changed are
written back bit for bit.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from restoration.image.checks import checked
from restoration.image.types import Array, Image, Progress, Samples
from restoration.photo import alpha as transparency
from restoration.photo import (
    color_profile,
    iptc,
    metadata,
    reader,
    writer,
)
from restoration.photo.decoder_warnings import quiet
from restoration.photo.errors import PhotoError, as_photo_error, one_error
from restoration.photo.file_bytes import Source, read_bytes
from restoration.photo.quantize import FileColours
from restoration.photo.save_options import as_json, check_quality, check_target, file_format_named
from restoration.photo.whole_file import whole_file

__all__ = ["Photo", "PhotoError"]

MetadataChoice: TypeAlias = Literal["no-location", "all", "none"]


@dataclass(frozen=True, eq=False)
class Photo:
    """A photograph: its pixels, and all that must travel with them.

    Attributes
    ----------
    pixels : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        sRGB, upright, RGB order; one channel when the file is gray. Where the photo is transparent, or
        nearly so, the nearest visible colour stands in for the hidden one: a network sees no edge that nobody sees.
    alpha : ndarray of shape (H, W), float32 in [0, 1], or None
        Opacity; the colours are not multiplied by it.
    bits : {8, 16}
    source_format : str
        "JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF", "AVIF" or "HEIC".
    icc_profile, exif, xmp, iptc : bytes or None
        As they will be written with `metadata="all"`: for upright pixels, without thumbnail.
    dpi : (float, float) or None
        Horizontal and vertical resolution in pixels per inch.
    notes : tuple of str
        Short sentences worth telling the visitor.
    damage : tuple of str
        Those of them that say what of the picture is missing or wrong in the file.
    settings : dict of str to JSON-able, or None
        What was done, recorded in the file that is saved unless other settings are given there; a pipeline's result
        has them. Other pixels drop them.
    """

    pixels: Image = field(repr=False)
    alpha: Array | None = field(default=None, repr=False)
    bits: int = 8
    source_format: str = "PNG"
    icc_profile: bytes | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)
    xmp: bytes | None = field(default=None, repr=False)
    iptc: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()
    settings: Mapping[str, object] | None = field(default=None, repr=False)
    _source: Samples | None = field(default=None, repr=False)  # file samples without alpha, if they say more
    _profile: color_profile.TwoWayProfile | None = field(default=None, repr=False)  # None: the file samples are sRGB

    def __post_init__(self):
        """Take only an image for the pixels, and clip it: a file holds nothing beyond black and white."""
        object.__setattr__(self, "pixels", _within(self.pixels))

    @classmethod
    def open(cls, source: Source, *, max_megapixels: float = 50.0) -> "Photo":
        """Read a photograph.

        JPEG, PNG, WebP, TIFF, BMP, GIF and AVIF are recognized by their content, whatever the name says; HEIC
        needs the package pillow-heif. Of several frames the first is read.

        Parameters
        ----------
        source : str, os.PathLike, bytes or binary file object
        max_megapixels : float, default 50
            Larger photographs are refused before they are decoded.

        Returns
        -------
        Photo

        Raises
        ------
        PhotoError
            The file is missing, empty, damaged, cut off, too large or of another kind.
        """
        with one_error("opened"), quiet():  # what Pillow warns of is refused or noted
            data = read_bytes(source, max_megapixels)
            opened = reader.open_file(data, max_megapixels)
            del data, source
            return cls._from_file(opened)

    @classmethod
    def _from_file(cls, opened):
        decoded, profile = opened.decoded, opened.profile
        shape = (opened.height, opened.width)
        pixels = np.empty((*shape, 1 if decoded.channels == 1 else 3), np.float32)
        alpha = np.empty(shape, np.float32) if decoded.has_alpha else None
        dtype = np.uint8 if decoded.bits == 8 else np.uint16
        full = np.float32(np.iinfo(dtype).max)
        one_way = isinstance(profile, color_profile.OneWay)
        keep_source = not one_way and (profile is not None or decoded.has_alpha)
        source = np.empty(pixels.shape, dtype) if keep_source else None

        pixels_out = opened.file_order(pixels)
        alpha_out = None if alpha is None else opened.file_order(alpha)
        source_out = None if source is None else opened.file_order(source)
        for rows, samples in decoded.strips():
            colours = samples[..., : decoded.channels]
            if profile is None:
                np.divide(colours, full, out=pixels_out[rows])
            else:
                np.clip(profile.to_srgb(colours), 0, 1, out=pixels_out[rows])
            if alpha_out is not None:
                np.divide(samples[..., -1], full, out=alpha_out[rows])
            if source_out is not None:
                source_out[rows] = colours

        hidden = alpha is not None and transparency.fill_hidden(pixels, alpha)
        two_way = None if one_way else profile
        return cls(
            pixels=pixels,
            alpha=alpha,
            bits=decoded.bits,
            source_format=opened.format,
            icc_profile=opened.icc,
            exif=opened.exif,
            xmp=opened.xmp,
            iptc=opened.iptc,
            dpi=opened.dpi,
            notes=tuple(opened.notes),
            damage=tuple(opened.damage),
            _source=source if two_way is not None or hidden else None,
            _profile=two_way,
        )

    def on_paper(self) -> Image:
        """Return the pixels without transparency: on white paper, or on black where what is visible is white."""
        return self.pixels if self.alpha is None else transparency.on_paper(self.pixels, self.alpha)

    def with_pixels(self, image: ArrayLike) -> "Photo":
        """Replace the pixels and keep everything else.

        Parameters
        ----------
        image : ndarray of shape (h, w, 1 or 3), float
            sRGB; clipped to [0, 1]. The size may differ: the alpha channel follows. An array that is float32
            and in range already is not copied.

        Returns
        -------
        Photo

        Raises
        ------
        PhotoError
            The shape is another one, or a value is not a finite number, or so far from [0, 1] that it was scaled
            otherwise.
        """
        photo = replace(self, pixels=_within(image), settings=None)
        (*size, channels), (*size_before, channels_before) = photo.pixels.shape, self.pixels.shape
        changes = {} if size == size_before else self._of_size(*size)
        if channels != channels_before:
            # A profile for colour does not describe gray, nor the other way round: the file becomes plain sRGB.
            changes |= {"icc_profile": None, "_source": None, "_profile": None}
        return replace(photo, **changes) if changes else photo

    def _of_size(self, height, width):
        """Bring all that depends on the size, short of the pixels, to another one."""
        return {
            "alpha": None if self.alpha is None else transparency.resized(self.alpha, height, width),
            "_source": None if self._source is None else transparency.resized(self._source, height, width),
            "exif": self.exif and metadata.exif_of_size(self.exif, width, height),
            "xmp": self.xmp and metadata.xmp_of_size(self.xmp, width, height),
        }

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,
        quality: int = 95,
        metadata: MetadataChoice = "no-location",
        settings: Mapping[str, object] | None = None,
    ) -> Path:
        """Write the photograph to a file, completely or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            An existing file is replaced and its mode kept; through a link, the file that it names.
        format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}, optional
            Chosen by the suffix when omitted. PNG and TIFF keep 16 bits, the others 8. JPEG has no
            transparency: the photo is laid on white. WebP and AVIF turn gray into colour, TIFF only 16-bit
            gray with alpha.
        quality : int in [1, 100]
            For JPEG, WebP and AVIF; 100 makes WebP lossless.
        metadata : {"no-location", "all", "none"}
            "no-location" keeps what the photo says about itself (title, author, dates, exposure) and removes
            what tells place, device, owner or copy: GPS, make, model, serial numbers, maker note, unique ids.
            "none" removes all of it. The colour profile and the resolution always stay. JPEG holds 65 kB each of
            EXIF, XMP and IPTC: a larger EXIF block loses its maker note first, then all but the settings. PNG, WebP
            and AVIF have no place for IPTC.
        settings : dict of str to JSON-able, optional
            What was done, recorded in the file as JSON, the photo's own `settings` when omitted: in PNG as the text
            "Latent Darkroom", elsewhere as the EXIF tag UserComment, whose own content it replaces. Recorded whatever
            `metadata` says.

        Returns
        -------
        pathlib.Path

        Raises
        ------
        PhotoError
            The format, quality, metadata choice or settings are not valid, the picture is too large for the
            format, or the file cannot be written.
        """
        path = Path(path)
        file_format = check_target(path, format=format, quality=quality)
        with one_error("saved"), whole_file(path) as file:
            self._write(file, file_format, quality, metadata, settings)
        return path

    def to_bytes(
        self,
        format: str = "PNG",
        *,
        quality: int = 95,
        metadata: MetadataChoice = "no-location",
        settings: Mapping[str, object] | None = None,
        progress: Progress | None = None,
    ) -> bytes:
        """Encode the photograph; see `save`.

        Parameters
        ----------
        format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}
        quality : int in [1, 100]
        metadata : {"no-location", "all", "none"}
        settings : dict of str to JSON-able, optional
        progress : callable, optional
            ``progress(done, total)`` in rows; of JPEG, WebP and AVIF, whose encoders tell none, ``progress(0, total)``
            again and again while they work. Whatever it raises ends the encoding.

        Returns
        -------
        bytes

        Raises
        ------
        PhotoError
            As for `save`.
        """
        file = BytesIO()
        with one_error("saved"):
            file_format = file_format_named(format)
            check_quality(quality)
            self._write(file, file_format, quality, metadata, settings, progress=progress)
        return file.getvalue()

    def left_out(
        self,
        format: str,
        *,
        metadata: MetadataChoice = "no-location",
        settings: Mapping[str, object] | None = None,
    ) -> tuple[str, ...]:
        """Say what of the photograph a format has no place for; see `save`.

        Parameters
        ----------
        format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}
        metadata : {"no-location", "all", "none"}
        settings : dict of str to JSON-able, optional

        Returns
        -------
        tuple of str
            A sentence for each thing, none where all of it is kept.

        Raises
        ------
        PhotoError
            The format, the metadata choice or the settings are not valid.
        """
        with one_error("saved"):
            file_format = file_format_named(format)
            contents = self._contents(file_format, metadata, settings)
            return tuple(writer.left_out(file_format, contents, self.bits, self.alpha is not None))

    def loses_metadata(self, choice: MetadataChoice) -> bool:
        """Tell whether a choice of metadata leaves out any that the photograph has."""
        kept = self._metadata(choice)
        return any(block and kept.get(name) != block for name, block in self._blocks().items())

    def _write(self, file, file_format, quality, metadata_choice, settings, *, progress=None):
        if not writer.holds_gray(file_format, self.bits, self.alpha is not None) and self.pixels.shape[2] == 1:
            return self._in_colour()._write(file, file_format, quality, metadata_choice, settings, progress=progress)
        contents = self._contents(file_format, metadata_choice, settings)
        colours = FileColours(self.pixels, self.alpha, self._source, self._profile)
        strips = colours.strips(contents.bits, on_white=not contents.has_alpha)
        with quiet():
            writer.write_file(file, file_format, contents, strips, quality=quality, progress=progress)

    def _contents(self, file_format, metadata_choice, settings):
        """Return all that goes into a file of a format besides the pixels."""
        settings = self.settings if settings is None else settings
        height, width, channels = self.pixels.shape
        return writer.Contents(
            height=height,
            width=width,
            channels=channels,
            bits=self.bits if file_format in ("PNG", "TIFF") else 8,
            has_alpha=self.alpha is not None and file_format != "JPEG",
            icc=self.icc_profile,
            dpi=self.dpi,
            **self._metadata(metadata_choice),
            settings=None if settings is None else as_json(settings),
        )

    def _in_colour(self):
        """Give a gray photo three equal channels; its profile would not describe them."""

        def wide(array):
            return None if array is None else np.broadcast_to(array, (*array.shape[:2], 3))

        source = None if self._profile else self._source
        return replace(self, pixels=wide(self.pixels), icc_profile=None, _source=wide(source), _profile=None)

    def _blocks(self):
        return {"exif": self.exif, "xmp": self.xmp, "iptc": self.iptc}

    def _metadata(self, choice):
        if choice not in metadata.CHOICES:
            raise PhotoError(f"The metadata choice is {choice!r}; it must be one of {', '.join(metadata.CHOICES)}.")
        if choice == "none":
            return {}
        blocks = self._blocks()
        if blocks["exif"] and not self.icc_profile:
            blocks["exif"] = metadata.exif_of_srgb(blocks["exif"])
        if choice == "no-location":
            kept = {"exif": metadata.shareable_exif, "xmp": metadata.shareable_xmp, "iptc": iptc.shareable}
            blocks = {name: block and kept[name](block) for name, block in blocks.items()}
        return blocks


def _within(image: ArrayLike) -> Image:
    with as_photo_error():
        pixels = checked(image)
    return np.clip(pixels, 0, 1) if pixels.min() < 0 or pixels.max() > 1 else pixels
