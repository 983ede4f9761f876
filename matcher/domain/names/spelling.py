"""Spelling: one normal form for the spellings of a name, in any script."""

import re
import unicodedata
from functools import lru_cache

import regex
from anyascii import anyascii

SEPARATOR = "|"
"""Stands between artist and title in a track's key, so that no normal form contains it."""

# Accents of these two scripts are spelled or not; vowel signs of others (Thai, Devanagari ...) are letters.
_ACCENTS = regex.compile(r"([\p{Latin}\p{Greek}\p{N}])\p{M}+")
# What is still a mark of these after composition is optional: points, harakat, stress (but not й).
_POINTS = regex.compile(r"([\p{Hebrew}\p{Arabic}\p{Syriac}\p{Cyrillic}])\p{Mn}+")
_BARE_MARKS = regex.compile(r"(?<![\p{L}\p{M}\p{N}])\p{M}+|\p{Me}+")
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}ـ]+")
_LATIN = re.compile(
    r"[\xaa-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua787\ua78b-\ua7ff\uab30-\uab6f](?<=[^\W\d_])"
)
_EUROPEAN = re.compile(r"[\x00-\xac\xae-\u02af\u0300-\u034e\u2010-\u2027]*")
_COMBINING = re.compile(r"[\u0300-\u034e]")
# Letters that stand for apostrophes (ʻ ʼ) are none here.
_NOT_WORD = regex.compile(r"[^\p{L}\p{M}\p{N}]+|[\u02b9-\u02df\ua788-\ua78a]+")
# Keyboards differ in these, as in Lucene's normalisers of Arabic and Persian; ё is е with optional dots.
_VARIANTS = str.maketrans("أإآٱىکیёѐѝ", "اااايكيееи")

_ASCII_NOT_WORD = re.compile(r"[^a-z0-9]+")
_AND = re.compile(r"&|(?<=\s)\+(?=\s)")
_SHARP = re.compile(r"(?<![^\W_])([a-gA-G])#|♯")
_FLAT = re.compile("♭")
_INITIALS = re.compile(
    r"(?<![^\W\d_]\.)(?<![^\W_])(?:[^\W\d_]\.\s?)+(?:[^\W\d_]\.|(?<=\.)[^\W\d_](?![\w.]))\s?"
)


@lru_cache(maxsize=200_000)
def normalise(text: str) -> str:
    """Remove case, optional marks and punctuation, so that spellings of one name are equal.

    Accents of Latin and Greek letters, the points of Hebrew and Arabic, and letters such as ø and ł (through
    `anyascii`) become plain letters. Vowel signs of other scripts stay. A sharp and a flat are words.

    Returns:
        lower-case words separated by single spaces. A name of punctuation only (such as "!!!") keeps its
        characters, except `|`; the result is empty only if `text` has no other visible character.
    """
    words = _words(text)
    while not words.isascii() and (again := _words(words)) != words:  # a folded text that can be folded
        words = again
    return words or " ".join(text.replace(SEPARATOR, " ").split())


def _words(text: str) -> str:
    text = _marked(text if text.isascii() else unicodedata.normalize("NFKC", text))
    if text.isascii():
        return _ASCII_NOT_WORD.sub(" ", text.lower()).strip()
    return _NOT_WORD.sub(" ", _folded(text)).strip()


def _marked(text: str) -> str:
    """Symbols that are read aloud as words, and initials as one word."""
    if "." in text:
        text = _INITIALS.sub(_joined, text)
    text = _SHARP.sub(r"\1 sharp ", text) if "#" in text or "♯" in text else text
    text = _FLAT.sub(" flat ", text) if "♭" in text else text
    return _AND.sub(" and ", text) if "&" in text or "+" in text else text


def _joined(found: re.Match[str]) -> str:
    """R.E.M. is REM and B.B. King is BB King, but two initials alone (A.R.) stay two words."""
    initials = "".join(letter for letter in found[0] if letter.isalpha())
    alone = not (found.string[: found.start()] + found.string[found.end() :]).strip()
    return found[0] if alone and len(initials) < 3 else initials + " "


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold()).casefold()
    if _EUROPEAN.fullmatch(text):  # much the most; the rest of this function would give the same, slowly
        return _to_ascii(_COMBINING.sub("", text))
    text = unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", _INVISIBLE.sub("", text)))
    return _to_ascii(_BARE_MARKS.sub("", _POINTS.sub(r"\1", text).translate(_VARIANTS)))


def _to_ascii(text: str) -> str:
    return _LATIN.sub(lambda found: anyascii(found[0]).lower() or found[0], text)
