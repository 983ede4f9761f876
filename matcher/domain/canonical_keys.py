"""Canonical keys: one recording under several ids, or in several sources, is one item.

An artist's key is the normalised name; a track's key is `artist|title`, both normalised, without
"remastered", "feat." and the like. Where only an opaque id is given, the key is `#` + the id.
"""

import re
import unicodedata
from functools import lru_cache

SEPARATOR = "|"
OPAQUE = "#"

_COMBINING = re.compile(r"[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[\W_]+")
_VERSION = r"(?:\d{4}\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed)?(?:\s+\d{4})?(?:\s+version)?"
_EDITION = r"(?:album|single|radio|original|mono|stereo)\s+(?:version|edit|mix)"
_GUEST = r"(?:feat\.?|ft\.?|featuring)\s+[^()\[\]]+"
_NOISE = re.compile(
    rf"\s*[(\[]\s*(?:{_VERSION}|{_EDITION}|{_GUEST}|with\s+[^()\[\]]+)\s*[)\]]"
    rf"|\s+[-–—]\s+(?:{_VERSION}|{_EDITION})\s*$"
    rf"|\s+{_GUEST}$",
    re.IGNORECASE,
)


@lru_cache(maxsize=200_000)
def normalise(text: str) -> str:
    """Fold case, accents and punctuation away, so that spellings of one name meet.

    A name made of punctuation only (such as "!!!") keeps its characters.

    Returns:
        lower-case words divided by single spaces; empty only when `text` holds no visible character.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFC", _COMBINING.sub("", folded)).replace("&", " and ")
    words = _NOT_WORD.sub(" ", folded).strip()
    return words or " ".join(text.replace(SEPARATOR, " ").split())


@lru_cache(maxsize=200_000)
def artist_key(name: str = "", artist_id: str = "") -> str:
    """The canonical key of an artist; empty when neither name nor id is given."""
    words = normalise(name)
    if words:
        rest = words.removeprefix("the ")
        return rest or words
    return OPAQUE + artist_id if artist_id else ""


@lru_cache(maxsize=500_000)
def track_key(title: str = "", artist: str = "", track_id: str = "") -> str:
    """The canonical key of a recording; empty when there is neither a title with an artist nor an id.

    Args:
        title: the title as it is written.
        artist: the artist's canonical key.
        track_id: any opaque id, used only where title or artist is missing.
    """
    words = normalise(_NOISE.sub("", title) or title)
    if words and artist:
        return artist + SEPARATOR + words
    return OPAQUE + track_id if track_id else ""


def artist_of(track: str) -> str:
    """The artist's key inside a track's key; empty where the track is an opaque id."""
    artist, found, _ = track.rpartition(SEPARATOR)
    return artist if found else ""
