"""The formats that are read and written: their names, their suffixes, the largest side that each holds."""

# Pillow's decoders that may be started. MPO, the phones' JPEG, opens through JPEG; HEIC needs a package of its own.
DECODERS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
READABLE = "JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF and HEIC"
NAMES = {"MPO": "JPEG", "WEBP": "WebP", "HEIF": "HEIC"}  # Pillow's -> people's, where they differ

LARGEST_SIDES = {"PNG": 65_535, "JPEG": 65_500, "WebP": 16_383, "TIFF": 65_535, "AVIF": 65_535}  # pixels, when written
WRITTEN_SUFFIXES = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), "JPEG"),
    **dict.fromkeys((".tif", ".tiff"), "TIFF"),
    **{".png": "PNG", ".webp": "WebP", ".avif": "AVIF"},
}
# By these a folder is searched for photographs; what a file is, its content says.
IMAGE_SUFFIXES = frozenset(WRITTEN_SUFFIXES) | {".bmp", ".gif", ".heic", ".heif"}
