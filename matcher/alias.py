"""Aliases: made-up names, so that nobody is shown under their own.

An alias that somebody chooses is checked for what it is made of. That it is not the Spotify name cannot be
checked, as that name is never kept.
"""

import random
import unicodedata

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

_RESERVED = ("earshot", "spotify", "admin", "moderator")
_CATEGORIES = {"Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd"}
_WRITTEN_TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}


def make_alias(rng: random.Random) -> str:
    """A made-up name such as "Velvet Heron 482": about four million are possible, none is anybody's own."""
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND)} {rng.randint(100, 999)}"


def chosen_alias(text: str) -> str:
    """An alias as somebody wrote it, in Unicode's composed form, with single blanks between words.

    Letters of one script, digits, blanks, hyphens and apostrophes make an alias: no address, no invisible
    characters, and no letter that only looks like another's.

    Raises:
        AliasRefused: it is too short or too long, holds something else, or speaks for Earshot.
    """
    alias = " ".join(unicodedata.normalize("NFKC", text[:_LONGEST_LOOKED_AT]).split())
    if not SHORTEST <= len(alias) <= LONGEST:
        raise AliasRefused(f"an alias has {SHORTEST} to {LONGEST} characters")
    letters = [one for one in alias if one.isalpha()]
    if not letters or not all(_may_stand(one) for one in alias):
        raise AliasRefused("an alias is made of letters, digits, blanks, hyphens and apostrophes")
    if len({_script(one) for one in letters}) > 1:
        raise AliasRefused("the letters of an alias are of one script")
    if any(name in fold(alias) for name in _RESERVED):
        raise AliasRefused("this alias could be taken for somebody who speaks for Earshot or Spotify")
    return alias


def fold(alias: str) -> str:
    """The alias without regard to case: two that fold alike are one."""
    return unicodedata.normalize("NFC", alias.casefold())


def _may_stand(one: str) -> bool:
    return one in " -'’" or unicodedata.category(one) in _CATEGORIES


def _script(letter: str) -> str:
    """The first word of the letter's name, such as LATIN; scripts that are written together count as one."""
    script = unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
    return "CJK" if script in _WRITTEN_TOGETHER else script
