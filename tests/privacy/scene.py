"""Secrets of the victims, and what the adversaries see of them with and without.

Every victim has one of two libraries that differ in the secret alone. Who has which is drawn with a fixed
seed; then all change to the other one. Everybody else stays as they are: the adversaries too, who know the
secret in question and have a library made for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.browsing.service import CloseLook
from matcher.domain.canonical_keys import artist_key
from tests.privacy.town import SEED, Heard, Taste, Town, artist

HIDDEN = "secret"
"""The playlist that victims hide, where they hide one."""
ONE, OTHER = artist(0, 30), artist(0, 35)
"""Two artists who share their tags; a victim hears one of them or the other, and nobody tells which."""
HABITS = tuple(Heard(artist(1, 38 + n), f"Song {song}", 6.0) for n in range(2) for song in range(2))
"""What every victim hears and shows."""
_FILLER = tuple(Heard(f"Nobody knows {n}", "Song 0", 1.0) for n in range(30))
"""Makes a library large enough to be matched by, and touches nobody."""


@dataclass(frozen=True)
class Secret:
    """One kind of secret.

    Attributes:
        name: what is kept back.
        of: what of the library is the secret, by the bit.
        kinds: what the victims have switched off.
        hides: whether they hide the playlist.
        tags: what is known of artists besides, by the bit.
        briefly: whether it is looked for in the main channels only.
    """

    name: str
    of: Callable[[bool], Taste]
    kinds: tuple[str, ...] = ()
    hides: bool = False
    tags: Callable[[bool], Mapping[str, Mapping[str, float]]] = lambda bit: {}
    briefly: bool = False


def _artist_of(facet: str) -> Callable[[bool], Taste]:
    return lambda bit: tuple(Heard(ONE if bit else OTHER, f"Song {n}", 9.0, facet) for n in range(2))


def _song(bit: bool) -> Taste:
    return (Heard(HABITS[0].artist, f"Song {4 + bit}", 9.0),)


def _playlist_of(bit: bool) -> Taste:
    """What is heard there alone, and how much more of what is shown as well."""
    more = Heard(HABITS[0 if bit else 2].artist, "Song 0", 60.0, HIDDEN)
    return (*_artist_of(HIDDEN)(bit), more)


def _tags(bit: bool) -> Mapping[str, Mapping[str, float]]:
    return {artist_key(HABITS[0].artist): {"style 1": 3.0, "for one" if bit else "for other": 2.0}}


SECRETS = {
    one.name: one
    for one in (
        Secret("artists, tracks and tags", _artist_of("open"), ("artists", "tracks", "tags")),
        Secret("artists", _artist_of("open"), ("artists",), briefly=True),
        Secret("tracks", _song, ("tracks",), briefly=True),
        Secret("tags", lambda bit: (), ("tags",), tags=_tags, briefly=True),
        Secret("a playlist, and how much", _playlist_of, hides=True),
    )
}


@dataclass
class Scene:
    """The victims of one kind of secret, and those who want to know it.

    Attributes:
        stranger, accomplice: nobody's friends, made for one artist, or song, and for the other.
        friend: connected with every victim, knows both.
        newcomer: connected with every victim, knows neither.
    """

    town: Town
    secret: Secret
    victims: list[str] = field(default_factory=list)
    pages: dict[tuple[str, str], CloseLook] = field(default_factory=dict)

    def __post_init__(self) -> None:
        town, secret = self.town, self.secret
        self.bits = np.random.default_rng(SEED).random(len(town.victims)) < 0.5
        self.stranger, self.accomplice = (town.join(probe(secret, bit)) for bit in (True, False))
        some = tuple(h for taste in town.victims[::5] for h in taste[::3])
        few = tuple(Heard(one.artist, one.song, 1.0, "probe") for one in _FILLER[:6])
        self.friend = town.join((*_wanted(secret, True), *_wanted(secret, False), *few, *some, *HABITS[:2]))
        self.newcomer = town.join((*_FILLER, *town.victims[0][:6]))
        self.third = town.join(town.victims[1][:12])
        for _ in town.victims:
            self.victims.append(town.join(found=False))
        self.read(self.bits)
        for key in self.victims:
            town.app.people.choose_discoverable(key, True)
            town.keep_back(key, *secret.kinds)
            if secret.hides:
                town.hide(key, HIDDEN)
            for friend in (self.friend,) if secret.briefly else (self.friend, self.newcomer):
                town.connect(friend, key)
        for friend in (self.friend, self.newcomer):
            town.connect(friend, self.third)

    def read(self, bits: np.ndarray) -> None:
        """Every victim's library is read, with the secret by these bits."""
        for key, taste, bit in zip(self.victims, self.town.victims, bits, strict=True):
            more = tuple(Heard("Kept back", f"Song {n}", 5.0, HIDDEN) for n in range(2))
            whole = (*taste, *HABITS, *(more if self.secret.hides else ()), *self.secret.of(bool(bit)))
            self.town.read(key, whole, dict(self.secret.tags(bool(bit))))

    def page(self, viewer: str, key: str) -> CloseLook:
        """A victim's page, looked at once in a pass."""
        if (viewer, key) not in self.pages:
            self.pages[viewer, key] = self.town.app.browsing.look_closely(viewer, key)
        return self.pages[viewer, key]


def probe(secret: Secret, bit: bool) -> Taste:
    """A library made to find those who have the secret: a great deal of it, and what nobody knows."""
    return (*_wanted(secret, bit), *_FILLER)


def _wanted(secret: Secret, bit: bool) -> Taste:
    return tuple(Heard(one.artist, one.song, 500.0, "probe") for one in secret.of(bit) or HABITS)
