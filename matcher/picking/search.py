"""Search for artists as a person types, accents and typing errors forgiven.

By trigrams, as PostgreSQL's `pg_trgm` does: each word is padded by two spaces in front, and a name's
relevance is the share of the query's trigrams that it has (as `word_similarity` there). The end of the query
is open, as more may be typed. Why not `pg_trgm` itself: docs/adr/0022.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from matcher.domain.canonical_keys import artist_key
from matcher.domain.names.spelling import normalise

RELEVANT = 0.4
"""Least relevance: one wrong letter in a word of five or six still leaves so many of its trigrams."""
LONGEST = 80  # letters of a query, further ones are ignored


@dataclass(frozen=True, eq=False)
class ArtistSearch:
    """Index over names; rows are those of `names`, which are sorted by falling number of listeners."""

    names: Sequence[str]

    def find(self, query: str, n: int) -> list[int]:
        """At most `n` rows, best first: equal, with all that was typed, then the most alike.

        Among equally relevant names, those of more listeners come first.
        """
        typed_so_far = query[:LONGEST]
        spelled = artist_key(typed_so_far) or normalise(typed_so_far)  # "Unknown" may go on
        typed = sorted(set(_trigrams(spelled, is_open=True)))
        found = [self._rows[one] for one in typed if one in self._rows]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self.names)) / len(typed)
        rows = np.flatnonzero(shared >= RELEVANT)
        order = sorted(rows.tolist(), key=lambda row: (self._keys[row] != spelled, -shared[row], row))
        return order[:n]

    @cached_property
    def _keys(self) -> list[str]:
        return [artist_key(name) for name in self.names]

    @cached_property
    def _rows(self) -> dict[str, NDArray[np.int64]]:
        """Rows by trigram, each once. A name in another script is found by its Latin letters as well."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._keys):
            latin = "" if key.isascii() else artist_key(anyascii(key))
            for one in {*_trigrams(key), *_trigrams(latin)}:
                rows[one].append(row)
        return {one: np.array(found, np.int64) for one, found in rows.items()}


def _trigrams(key: str, *, is_open: bool = False) -> Iterator[str]:
    """Trigrams of each word; of the last word without its end, if that is open."""
    words = key.split()
    for place, word in enumerate(words, start=1):
        padded = f"  {word}" if is_open and place == len(words) else f"  {word} "
        yield from (padded[at : at + 3] for at in range(len(padded) - 2))
