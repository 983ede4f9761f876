"""Editions: what a title says about a release or a guest, and not about the recording.

A title is its head, then decorations in brackets or after a dash. Of a decoration, remasters, reissues,
albums' and singles' versions and guests are dropped; live, acoustic, remixes and the like stay.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import regex

_FLAGS = regex.IGNORECASE
_DASH = re.compile(" [-–—] ")
_BRACKET = re.compile(r"[()\[\]]")
_WIDE_BRACKETS = str.maketrans("（）［］【】〔〕", "()[]()()")
_PART = re.compile(r" ?[/;,|·•] ?| [-–—] ")

_YEAR = r"(?:(?:19|20)\d\d)"
_MASTER = (
    r"(?:(?<![\w'’])(?:ge)?r[ei]-?mast[eé]?r\w*|ремастер\w*|(?:デジタル・?)?リマスター?(?:リング)?[版盤]?"
    r"|리마스터\w*|重[制製]版)(?:\s+'?\d\d\b)?"
)
_RELEASE = (
    r"(?:re-?(?:issue|release)d?|bonus\s+track|rudy\s+van\s+gelder"
    r"|(?:deluxe|expanded|anniversary|legacy)\s+(?:edition|version|reissue)"
    r"|(?:explicit|clean|album|single|radio|original|lp|mono|stereo)\s+(?:version|edit|mix))"
)
_CLUE = regex.compile(rf"{_MASTER}|\b{_RELEASE}\b|^\s*(?:mono|stereo|explicit)\s*$", _FLAGS)
_HAS_MASTER = regex.compile(_MASTER, _FLAGS)
_FILLER = regex.compile(
    rf"{_MASTER}|{_YEAR}年|\b(?:{_RELEASE}|{_YEAR}|\d+(?:st|nd|rd|th)|\d\d[-\s]?bit|anniversary|digital(?:ly)?|mono|"
    rf"stereo|deluxe|expanded|edition|original|album|single|radio|version|versión|versão|versione|mix|edit|"
    rf"collection|release|explicit|in|en|em|nel|del|de|el|von|im|the|new|full|hd)\b|\bby\s.*",
    _FLAGS,
)
_YEAR_DASH_MASTER = regex.compile(rf"({_YEAR}) [-–—] (?={_MASTER})", _FLAGS)

_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|fifty|hundred)"
# "ft." is also feet ("6 ft. Under") and a fort ("Road to Ft. Worth").
_NO_FEET = rf"(?<!^\s*{_NUMBER}\s+)(?<!\b(?:at|by|for|from|in|near|of|old|on|the|to)\s+)"
_NO_MEASURE = r"(?!\s+(?:above|apart|away|below|by|deep|down|from|high|long|of|over|tall|to|under|wide)\b)"
_FEATURING = rf"(?:feat\b\.?|featuring\b|{_NO_FEET}ft\b\.?{_NO_MEASURE}):?"
# A lower-case "with" before a name: the You of "(With You)" and of "(with you)" is no guest.
_WITH = r"(?-i:(?:with\s+|w/\s*)(?=\S)(?!\p{Ll}))"
_GUEST = regex.compile(rf"\s*(?:{_FEATURING}\s*(?!of\b)|{_WITH})\S.*", _FLAGS | regex.DOTALL)
# Not "Great Feat of Strength", nor "Little Feat & Friends".
_GUEST_AT_END = regex.compile(
    rf"(?<=\S)\s+{_FEATURING}\s+(?!(?:and|of|or|with)\b)[^\W_][^()\[\]]*?(?= [-–—] | ?[(\[]|$)", _FLAGS
)
# Artists are called "Man with a Mission" and "Dances with Wolves", so that the guest has two names.
_ARTIST_WITH = regex.compile(
    r"(?<=\S)\s+with\s+[\p{Lu}--\p{Cherokee}]\S*\s+[\p{Lu}--\p{Cherokee}].*", regex.V1
)
# Cheap looks, for most names have nothing of it.
_MAYBE_EDITION = re.compile(r"[(\[（［【〔]|\s(?:[-–—]\s|[Ff](?:[Ee][Aa])?[Tt])")
_MAYBE_GUEST = re.compile(r"[(\[]|\s(?:[Ff](?:[Ee][Aa])?[Tt]|with\s)")


def without_edition(title: str) -> str:
    """The title without edition and guests; the title itself if nothing else would remain."""
    if not _MAYBE_EDITION.search(title):
        return title
    plain = " ".join(title.translate(_WIDE_BRACKETS).split())
    bare = _in_brackets(_YEAR_DASH_MASTER.sub(r"\1 ", plain), _rest)
    head, *tail = _DASH.split(_GUEST_AT_END.sub("", bare))
    kept = [head, *filter(None, map(_rest, tail))]
    return " - ".join(kept) if head.strip() else title


def without_guests(artist: str) -> str:
    """The artist before "feat." and the like; the text itself if there is nothing before it."""
    if not maybe_with_guests(artist):
        return artist
    bare = _in_brackets(" ".join(artist.split()), lambda inside: "" if _GUEST.fullmatch(inside) else inside)
    head = _ARTIST_WITH.sub("", _GUEST_AT_END.sub("", bare))
    return head if head.strip() else artist


def maybe_with_guests(artist: str) -> bool:
    """Whether it is worth looking for guests."""
    return _MAYBE_GUEST.search(artist) is not None


def _in_brackets(text: str, change: Callable[[str], str]) -> str:
    """The text with the inside of its outermost brackets changed; empty ones are dropped."""
    pieces, end = [], 0
    for start, stop in _outermost(text):
        if not text[stop : stop + 1].isalnum():  # "1999 (Remastered)x" is one name
            inside = change(text[start + 1 : stop - 1])
            pieces += [text[end:start].rstrip(), f" ({inside})" if inside else ""]
            end = stop
    return "".join((*pieces, text[end:])) if end else text


def _outermost(text: str) -> Iterator[tuple[int, int]]:
    depth = start = 0
    for bracket in _BRACKET.finditer(text):
        if bracket[0] in "([":
            start = start if depth else bracket.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, bracket.end()


@lru_cache(maxsize=20_000)
def _rest(decoration: str) -> str:
    """What a decoration says about the recording itself."""
    if _GUEST.fullmatch(decoration):
        return ""
    parts = _PART.split(decoration)
    if not any(map(_CLUE.search, parts)):
        return decoration
    return " ".join(filter(None, map(_rest_of_part, parts)))


def _rest_of_part(part: str) -> str:
    rest = _FILLER.sub(" ", part).strip() if _CLUE.search(part) else part
    # "Volt Club Radio Edit" is a recording of its own, "Live 2011 Remaster" is Live
    return rest if not rest or _HAS_MASTER.search(part) else part
