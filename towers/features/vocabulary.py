"""Vocabulary of artists, tracks, tags, words, decades; hash buckets for the rest."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matcher.domain.profile import Item, ListenerProfile
from matcher.domain.vectors import Floats
from towers.config import TowerConfig
from towers.features.names import is_name


class Field(IntEnum):
    """Kinds of tokens: a profile becomes one bag of tokens per field."""

    ARTIST = 0
    TRACK = 1
    TAG = 2
    WORD = 3
    DECADE = 4
    HASHED = 5


NAMED_FIELDS: tuple[Field, ...] = tuple(field for field in Field if field is not Field.HASHED)
"""Fields whose tokens have keys, unlike hash buckets."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Tokens (rows of the embedding table) by field and key; hash buckets are last.

    Attributes:
        keys: keys by field, in the order of their tokens.
        idf: [n_tokens] float32, >= 1, inverse document frequency over the training listeners.
        n_hashes: number of buckets each unknown item is spread over.

    Raises:
        ValueError: `idf` has another length than the table, or a key occurs twice in a field.
    """

    keys: Mapping[Field, tuple[str, ...]]
    idf: Floats
    n_buckets: int
    n_hashes: int

    def __post_init__(self) -> None:
        if self.idf.shape != (self.first_bucket + self.n_buckets,):
            raise ValueError("the vocabulary's idf does not fit its keys")
        if sum(map(len, self._tokens.values())) != self.first_bucket:
            raise ValueError("a key stands twice in the vocabulary")

    @property
    def n_tokens(self) -> int:
        """Number of rows of the embedding table."""
        return len(self.idf)

    @cached_property
    def first_bucket(self) -> int:
        """The token of the first hash bucket."""
        return sum(len(self.keys[field]) for field in NAMED_FIELDS)

    @cached_property
    def token_fields(self) -> NDArray[np.int64]:
        """[n_tokens], the field of each token."""
        counts = [len(self.keys[field]) for field in NAMED_FIELDS] + [self.n_buckets]
        return np.repeat(np.asarray([*NAMED_FIELDS, Field.HASHED], np.int64), counts)

    @cached_property
    def _tokens(self) -> dict[Field, dict[str, int]]:
        tokens: dict[Field, dict[str, int]] = {}
        start = 0
        for field in NAMED_FIELDS:
            tokens[field] = {key: token for token, key in enumerate(self.keys[field], start)}
            start += len(self.keys[field])
        return tokens

    @property
    def named(self) -> tuple[NDArray[np.int64], list[str]]:
        """Tokens and keys of the artists and tracks that are known by name."""
        found = [
            (token, key)
            for field in (Field.ARTIST, Field.TRACK)
            for key, token in self._tokens[field].items()
            if is_name(key)
        ]
        return np.array([token for token, _ in found], np.int64), [key for _, key in found]

    def token(self, field: Field, key: str) -> int | None:
        """Token of a key, or None."""
        return self._tokens[field].get(key)

    def buckets(self, key: str) -> tuple[int, ...]:
        """Hash buckets of an unknown artist or track."""
        return tuple(self.first_bucket + value % self.n_buckets for value in _hashes(key, self.n_hashes))

    def tokens_of(self, item: Item) -> tuple[tuple[Field, int], ...]:
        """Known artist and track tokens of an item, else buckets of its artist or track."""
        artist = self.token(Field.ARTIST, item.artist) if item.artist else None
        track = self.token(Field.TRACK, item.track) if item.track else None
        tokens = ((Field.ARTIST, artist), (Field.TRACK, track))
        known = tuple((field, token) for field, token in tokens if token is not None)
        if known or not (item.artist or item.track):
            return known
        return tuple((Field.HASHED, token) for token in self.buckets(item.artist or item.track))

    def to_json(self) -> str:
        """Keys and sizes as JSON text, without `idf`."""
        keys = {field.name.lower(): self.keys[field] for field in NAMED_FIELDS}
        return json.dumps({"keys": keys, "n_buckets": self.n_buckets, "n_hashes": self.n_hashes})

    @classmethod
    def from_json(cls, text: str, idf: Floats) -> "Vocabulary":
        """Inverse of `to_json`.

        Raises:
            ValueError, KeyError, TypeError: the text is malformed, or `idf` has another length.
        """
        value = json.loads(text)
        keys = {field: tuple(map(str, value["keys"][field.name.lower()])) for field in NAMED_FIELDS}
        return cls(keys, idf, int(value["n_buckets"]), int(value["n_hashes"]))


@lru_cache(maxsize=100_000)
def _hashes(key: str, n_hashes: int) -> tuple[int, ...]:
    digest = blake2b(key.encode(errors="surrogatepass"), digest_size=8 * n_hashes).digest()
    return tuple(int.from_bytes(digest[at : at + 8], "little") for at in range(0, len(digest), 8))


def build_vocabulary(profiles: Sequence[ListenerProfile], config: TowerConfig) -> Vocabulary:
    """Build the vocabulary of the training listeners, most frequent keys first.

    The inverse document frequency is ln((1 + n) / (1 + df)) + 1, smoothed as in Manning, Raghavan, Schütze,
    "Introduction to Information Retrieval" (2008), 6.2.1, and scikit-learn's `TfidfTransformer`.
    """
    counts = {field: Counter(_keys(profiles, field)) for field in NAMED_FIELDS}
    keys = {field: _most_frequent(counts[field], *_limits(field, config)) for field in NAMED_FIELDS}
    known = [counts[field][key] for field in NAMED_FIELDS for key in keys[field]]
    frequency = np.concatenate([np.asarray(known, np.float64), np.zeros(config.n_buckets)])
    idf = np.log((len(profiles) + 1) / (frequency + 1)) + 1
    return Vocabulary(keys, idf.astype(np.float32), config.n_buckets, config.n_hashes)


_KEYS: Mapping[Field, Callable[[ListenerProfile], Iterable[str]]] = {
    Field.ARTIST: lambda profile: {item.artist for item in profile.items if item.artist},
    Field.TRACK: lambda profile: {item.track for item in profile.items if item.track},
    Field.TAG: lambda profile: profile.tags,
    Field.WORD: lambda profile: profile.words,
    Field.DECADE: lambda profile: {str(item.decade) for item in profile.items if item.decade is not None},
}


def _keys(profiles: Iterable[ListenerProfile], field: Field) -> Iterator[str]:
    return (key for profile in profiles for key in _KEYS[field](profile))


def _limits(field: Field, config: TowerConfig) -> tuple[int, int]:
    return {
        Field.ARTIST: (config.min_listeners, config.max_artists),
        Field.TRACK: (config.min_listeners, config.max_tracks),
        Field.TAG: (config.min_listeners_word, config.max_tags),
        Field.WORD: (config.min_listeners_word, config.max_words),
        Field.DECADE: (1, 100),
    }[field]


def _most_frequent(counts: Counter[str], min_count: int, max_keys: int) -> tuple[str, ...]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(key for key, count in ordered[:max_keys] if count >= min_count)
