"""Skeletons of look-alikes: UTS 39 "Unicode Security Mechanisms", section 4."""

import unicodedata
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data


def skeleton(text: str) -> str:
    """Map look-alike texts to one text, such as "Earsh0t" and "EarshOt".

    For comparing only, not for display. Case is kept: "I" looks like "l", "i" does not.
    """
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFD", "".join(map(_prototype, parts)))


@lru_cache(maxsize=4096)
def _prototype(one: str) -> str:
    """A character's prototype in Unicode's confusables.txt, or the character itself."""
    # The library lists each pair at both ends. A prototype is never mapped itself, so that it is the
    # character with more partners.
    partners = [entry["c"] for entry in confusables_data.get(one, ())]
    if len(partners) != 1:
        return one
    (partner,) = partners
    both: list[str] = [partner, one]
    return min(both, key=lambda each: (-len(confusables_data.get(each, ())), each))
