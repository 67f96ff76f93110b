"""The encoding of a text that does not say it: UTF-8 where it fits, else the likeliest code page."""

import codecs
import re
import unicodedata
from itertools import pairwise

from restoration.image.checks import ImageError, check_one_of

# What a visitor can choose, and what is tried in this order: of two that are equally likely, the first is taken.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp850": "Western European (DOS, 850)",
    "cp437": "Western European (DOS, 437)",
    "cp866": "Cyrillic (DOS, 866)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "mac_roman": "Western European (old Macintosh)",
    "cp932": "Japanese (Shift JIS)",
    "gbk": "Simplified Chinese (GBK)",
    "big5": "Traditional Chinese (Big5)",
    "cp949": "Korean (949)",
    "latin-1": "Western European (ISO 8859-1)",
}
BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORD = re.compile(rb"[^\s,;/.\"]*[\x80-\xff][^\s,;/.\"]*")  # with a byte beyond ASCII
WORDS = 2000  # that are looked at
EAST_ASIAN = {"CJK": "kanji", "HIRAGANA": "kanji", "KATAKANA": "kanji"}  # written in one word


def likeliest_encoding(content: bytes) -> str:
    """Return the likeliest encoding of a text, a key of `ENCODINGS`.

    UTF-16 where it begins with a byte order mark; UTF-8 where all of it is valid UTF-8, which other encodings hardly
    ever are by chance; else the code page that gives the most plausible words: of letters, of one script, not two
    accents in a row, no capitals after small letters. A few short names may fit several code pages.

    Examples
    --------
    >>> [likeliest_encoding("Käse, Müller".encode(name)) for name in ("utf-8", "cp1252", "cp850")]
    ['utf-8', 'cp1252', 'cp850']
    """
    if content.startswith(BYTE_ORDER_MARKS):
        return "utf-16"
    possible = [name for name in ENCODINGS if name != "utf-16" and _fits(content, name)]
    if possible[0] == "utf-8":
        return "utf-8"
    words = [match[0] for match, _ in zip(WORD.finditer(content), range(WORDS), strict=False)]
    # Words are cut out of the bytes, and a byte of a two-byte letter is never one of the characters that end a word.
    return min(possible, key=lambda name: sum(_oddity(word.decode(name, "replace")) for word in words))


def decode_text(content: bytes, encoding: str) -> str:
    """Decode a text, without its byte order mark.

    Raises
    ------
    ImageError
        If the encoding is none of `ENCODINGS`, or the text is not written in it.
    """
    check_one_of("The encoding", encoding, ENCODINGS)
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        raise ImageError(
            f"This text is not in the encoding {ENCODINGS[encoding]}, which has no such bytes. Choose another one."
        ) from error


def _fits(content, encoding):
    try:
        content.decode(encoding)
    except UnicodeError:
        return False
    return True


def _oddity(word):
    """Return how implausible a word is, 0 at best."""
    return sum(_oddity_of_pair(*pair) for pair in pairwise(f" {word}"))


def _oddity_of_pair(before, letter):
    """Return how implausible a letter is after the one before it."""
    before_script, script = _script(before), _script(letter)
    if script is None:
        return 0 if letter.isascii() else 3 if unicodedata.category(letter) in ("Cc", "Co", "So") else 1
    odd = 0.1 * letter.isupper() + (before.islower() and letter.isupper())
    if not letter.isascii():
        odd += {"kanji": 0.5, "HANGUL": 0.2}.get(script, 0)
        odd += script == "LATIN" == before_script and not before.isascii()
        odd += script == "HALFWIDTH"  # what Chinese looks like when it is read as Japanese
    return odd + 2 * (before_script not in (None, script))


def _script(letter):
    """Return the script of a letter, None of what is no letter."""
    if not letter.isalpha():
        return None
    if letter.isascii():
        return "LATIN"
    name = unicodedata.name(letter, "?").split()[0].split("-")[0]
    return EAST_ASIAN.get(name, name)
