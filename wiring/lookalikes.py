"""What looks alike: the skeleton of UTS 39, "Unicode Security Mechanisms", section 4."""

import unicodedata
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data


def skeleton(text: str) -> str:
    """A text that everything which looks like `text` is mapped to: "Earsh0t" and "EarshOt" become one.

    It is for comparing only, never for showing. Case stays: "I" looks like "l", and "i" does not.
    """
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFD", "".join(map(_prototype, parts)))


@lru_cache(maxsize=4096)
def _prototype(one: str) -> str:
    """What Unicode's confusables.txt maps a character to; itself where it maps it to nothing.

    The library lists every pair at both of its ends. What others are mapped to is never mapped itself, so of
    a pair the one with more partners is the prototype.
    """
    partners = [entry["c"] for entry in confusables_data.get(one, ())]
    if len(partners) != 1:
        return one
    (partner,) = partners
    both: list[str] = [partner, one]
    return min(both, key=lambda each: (-len(confusables_data.get(each, ())), each))
