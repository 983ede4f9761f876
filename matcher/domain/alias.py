"""Aliases: generated or chosen names, shown in place of the Spotify name.

A chosen alias is checked for its characters and for look-alikes of reserved names. It cannot be compared with
the Spotify name, which is never stored.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from itertools import groupby, pairwise

from matcher.errors import AliasRefused

SHORTEST, LONGEST = 3, 30  # limits in characters
_LONGEST_LOOKED_AT = 200

_FIRST = (
    "Amber Autumn Azure Bold Brisk Bronze Calm Cedar Clear Cobalt Copper Coral Crimson Dawn Deep Distant "
    "Dusky Early Ember Fern Gentle Golden Hazel Hidden Hollow Indigo Ivory Jade Keen Late Lilac Lunar "
    "Marble Mellow Misty Mossy Night Noble North Ochre Olive Opal Paper Pearl Pine Plum Quiet Rapid "
    "Russet Rustic Sable Saffron Scarlet Silent Silver Slate Solar Steady Summer Teal Velvet Violet Warm "
    "Wild Winter"
).split()
_SECOND = (
    "Badger Bat Beaver Bison Crane Crow Curlew Deer Dolphin Dove Eagle Egret Elk Falcon Ferret Finch Fox "
    "Gecko Hare Hawk Heron Ibex Ibis Jackdaw Jay Kestrel Kite Koala Lark Lemur Lion Lynx Magpie Marten "
    "Mole Moth Newt Otter Owl Panda Pelican Petrel Pika Plover Puffin Quail Rabbit Raven Robin Salmon "
    "Seal Shrew Sparrow Stoat Stork Swan Swift Tapir Tern Thrush Toad Vole Walrus Weasel Whale Wolf Wren"
).split()

Skeleton = Callable[[str], str]
"""Maps look-alike texts to one text (UTS 39, "Unicode Security Mechanisms")."""

MOST_MARKS = 3  # on one letter; UTS 39 allows 4, pointed Hebrew needs 3

_RESERVED = ("earshot", "spotify", "admin", "moderator")
_SEPARATORS = " '’-"
_CATEGORIES = {"Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd"}
_WRITTEN_TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Invisible characters: Default_Ignorable_Code_Point within `_CATEGORIES`.

From Unicode's DerivedCoreProperties.txt, as Python's `unicodedata` lacks that property."""


def make_alias(rng: random.Random) -> str:
    """Generate an alias such as "Velvet Heron 482"; about four million are possible."""
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND)} {rng.randint(100, 999)}"


def chosen_alias(text: str, skeleton: Skeleton) -> str:
    """Validate an alias; return it in NFKC with single blanks.

    Allowed are letters of one script, digits, blanks, hyphens and apostrophes.

    Args:
        text: as typed.
        skeleton: finds look-alikes.

    Raises:
        AliasRefused: length, characters, scripts or marks are not allowed, or the alias looks like a reserved
            name.
    """
    alias = " ".join(unicodedata.normalize("NFKC", text[:_LONGEST_LOOKED_AT]).split())
    if not SHORTEST <= len(alias) <= LONGEST:
        raise AliasRefused(f"an alias has {SHORTEST} to {LONGEST} characters")
    letters = [one for one in alias if one.isalpha()]
    if not letters or not all(_may_stand(one) for one in alias) or _INVISIBLE.search(alias):
        raise AliasRefused("an alias is made of letters, digits, blanks, hyphens and apostrophes")
    if len({_script(one) for one in alias if _has_script(one)}) > 1:
        raise AliasRefused("the letters of an alias are of one script")
    if not _marks_are_in_order(alias):
        raise AliasRefused("a letter of an alias carries at most three marks, each of them once")
    if any(_looks_like(alias, name, skeleton) for name in _RESERVED):
        raise AliasRefused("this alias could be taken for somebody who speaks for Earshot or Spotify")
    return alias


def fold(alias: str) -> str:
    """Case-folded alias, the key for uniqueness."""
    return unicodedata.normalize("NFC", alias.casefold())


def _may_stand(one: str) -> bool:
    return one in _SEPARATORS or unicodedata.category(one) in _CATEGORIES


def _has_script(one: str) -> bool:
    """Whether the character belongs to a script; COMBINING marks go with any script."""
    return one.isalpha() or (_is_mark(one) and not unicodedata.name(one, "").startswith("COMBINING"))


def _is_mark(one: str) -> bool:
    return unicodedata.category(one).startswith("M")


def _marks_are_in_order(alias: str) -> bool:
    """Whether each mark has a base, at most `MOST_MARKS` on one, none repeated."""
    parts = unicodedata.normalize("NFD", alias)
    stacks = ["".join(group) for is_mark, group in groupby(parts, _is_mark) if is_mark]
    bare = _is_mark(parts[0]) or any(_is_mark(after) for before, after in pairwise(parts) if before == " ")
    return not bare and all(len(one) <= MOST_MARKS and len(set(one)) == len(one) for one in stacks)


def _looks_like(alias: str, name: str, skeleton: Skeleton) -> bool:
    """Whether the alias contains a look-alike of the name, also spelt out with blanks."""
    words = re.sub(f"[{_SEPARATORS}]", " ", alias)
    seen = {_plain(skeleton(one)) for one in (words, fold(words))}
    for form in (name, name.upper(), name.title()):  # I looks like l, and i does not
        wanted = _plain(skeleton(form))
        spelt = rf"(?<!\w){' *'.join(wanted)}(?!\w)"
        if any(wanted in one or re.search(spelt, one) for one in seen):
            return True
    return False


def _plain(skeleton: str) -> str:
    """Fold case and remove marks."""
    return "".join(one for one in unicodedata.normalize("NFD", fold(skeleton)) if not _is_mark(one))


def _script(letter: str) -> str:
    """First word of the Unicode name, such as LATIN; East Asian scripts count as CJK."""
    script = unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
    return "CJK" if script in _WRITTEN_TOGETHER else script
