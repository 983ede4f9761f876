"""Aliases: made-up names, so that nobody is shown under their own.

An alias that somebody chooses is checked for what it is made of, and for what it looks like. That it is not
the Spotify name cannot be checked, as that name is never kept.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from itertools import groupby, pairwise

from matcher.errors import AliasRefused

SHORTEST, LONGEST = 3, 30
"""Characters an alias may have."""
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
"""Maps texts that look alike to one text: the skeleton of UTS 39, "Unicode Security Mechanisms"."""

MOST_MARKS = 3
"""Marks on one letter. UTS 39 refuses more than four; Hebrew with points, the most in use, has three."""

_RESERVED = ("earshot", "spotify", "admin", "moderator")
_SEPARATORS = " '’-"
_CATEGORIES = {"Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd"}
_WRITTEN_TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that show nothing: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt,
as far as `_CATEGORIES` would let them stand. Python's `unicodedata` does not hold that property."""


def make_alias(rng: random.Random) -> str:
    """A made-up name such as "Velvet Heron 482": about four million are possible, none is anybody's own."""
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND)} {rng.randint(100, 999)}"


def chosen_alias(text: str, skeleton: Skeleton) -> str:
    """An alias as somebody wrote it, in Unicode's composed form, with single blanks between words.

    Letters of one script, digits, blanks, hyphens and apostrophes make an alias: no address, no invisible
    characters, no pile of marks, and no letter that only looks like another's.

    Args:
        text: as it was typed.
        skeleton: tells what looks alike.

    Raises:
        AliasRefused: it is too short or too long, holds something else, or looks like the name of somebody
            who speaks for Earshot.
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
    """The alias without regard to case: two that fold alike are one."""
    return unicodedata.normalize("NFC", alias.casefold())


def _may_stand(one: str) -> bool:
    return one in _SEPARATORS or unicodedata.category(one) in _CATEGORIES


def _has_script(one: str) -> bool:
    """Whether a letter or mark belongs to a script; COMBINING marks go with any."""
    return one.isalpha() or (_is_mark(one) and not unicodedata.name(one, "").startswith("COMBINING"))


def _is_mark(one: str) -> bool:
    return unicodedata.category(one).startswith("M")


def _marks_are_in_order(alias: str) -> bool:
    """Whether every mark stands on something, few on one letter, and none of them twice."""
    parts = unicodedata.normalize("NFD", alias)
    stacks = ["".join(group) for is_mark, group in groupby(parts, _is_mark) if is_mark]
    bare = _is_mark(parts[0]) or any(_is_mark(after) for before, after in pairwise(parts) if before == " ")
    return not bare and all(len(one) <= MOST_MARKS and len(set(one)) == len(one) for one in stacks)


def _looks_like(alias: str, name: str, skeleton: Skeleton) -> bool:
    """Whether the alias holds what looks like the name, or spells it out with separators between."""
    words = re.sub(f"[{_SEPARATORS}]", " ", alias)
    seen = {_plain(skeleton(one)) for one in (words, fold(words))}
    for form in (name, name.upper(), name.title()):  # I looks like l, and i does not
        wanted = _plain(skeleton(form))
        spelt = rf"(?<!\w){' *'.join(wanted)}(?!\w)"
        if any(wanted in one or re.search(spelt, one) for one in seen):
            return True
    return False


def _plain(skeleton: str) -> str:
    """Without case and without marks."""
    return "".join(one for one in unicodedata.normalize("NFD", fold(skeleton)) if not _is_mark(one))


def _script(letter: str) -> str:
    """The first word of the letter's name, such as LATIN; scripts that are written together count as one."""
    script = unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
    return "CJK" if script in _WRITTEN_TOGETHER else script
