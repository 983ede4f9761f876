"""A seeded town on a real PostgreSQL: everybody who lives there, and what each of them can really see.

Everything goes through the `Application` that the pages and routes use, put together as in production; only
the model is a small one, the library comes from memory in place of Spotify, and the clock is the town's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import event

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.ports.music import lookup_keys
from storage.sql.schema import metadata
from tests.privacy.model import small_model
from wiring.bootstrap import Application

N_COMMUNITIES, ARTISTS_EACH, TRACKS_EACH = 8, 40, 6
N_VICTIMS, N_OTHERS = 40, 80
RESERVED = 10
"""The last artists of each community: nobody among the victims hears them, so that they can be secrets."""
SEED = 13


class TownClock:
    """Time passes when somebody waits."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, days: float = 1.0) -> None:
        """Whatever is held to a pace is free again."""
        self.now += timedelta(days=days)


@dataclass(frozen=True)
class Heard:
    """One thing somebody hears: an artist, perhaps a song of theirs, how much, and where it stands."""

    artist: str
    song: str = ""
    plays: float = 4.0
    facet: str = "open"


Taste = tuple[Heard, ...]


def artist(community: int, place: int) -> str:
    return f"Band {community} {place}"


def track_of(name: str, song: int) -> str:
    """The canonical key of a song."""
    return track_key(f"Song {song}", artist_key(name))


def tags_of(name: str) -> dict[str, float]:
    _, community, place = name.split() if name.startswith("Band") else ("", "9", "0")
    return {f"style {community}": 3.0, f"mood {int(place) % 5}": 1.0}


def listening(taste: Taste, tags: dict[str, dict[str, float]] | None = None) -> Listening:
    """What Spotify would say of a library; `tags` replaces what is known of some artists."""
    hearings = tuple(
        Hearing(
            Part.PLAYLISTS,
            artist_name=one.artist,
            track_name=one.song,
            facet_id=one.facet,
            facet_name=one.facet.title(),
            plays=one.plays,
        )
        for one in taste
    )
    known = {artist_key(one.artist): tags_of(one.artist) for one in taste}
    return Listening("", Source.SPOTIFY_API, hearings, {**known, **(tags or {})})


@dataclass
class Shelf:
    """A library in memory."""

    content: Listening

    def fetch(self, listener_id, report, so_far=None):
        return replace(self.content, listener_id=listener_id)


def attributes() -> Iterator[tuple[Sequence[str], AudioAttributes]]:
    rng = np.random.default_rng(SEED)
    for community in range(N_COMMUNITIES):
        for place in range(ARTISTS_EACH):
            for song in range(TRACKS_EACH):
                name = artist(community, place)
                values = {"energy": float(rng.uniform()), "tempo": float(rng.uniform(60, 200))}
                yield lookup_keys(track_of(name, song)), AudioAttributes(values, "town")


def taste_of(rng: np.random.Generator, community: int, n_artists: int, n_known: int = ARTISTS_EACH) -> Taste:
    """Artists of one community mostly, one in six strays, each with two songs."""
    found: dict[str, Heard] = {}
    for place in rng.choice(n_known, n_artists, replace=False):
        stray = rng.random() < 1 / 6
        where = int(rng.integers(N_COMMUNITIES)) if stray else community
        found[artist(where, int(place))] = Heard("")
    rows = []
    for name in found:
        for song in rng.choice(TRACKS_EACH - 2, 2, replace=False):
            rows.append(Heard(name, f"Song {song}", float(rng.integers(1, 20))))
    return tuple(rows)


@dataclass
class Town:
    """The town, and how to live in it.

    Attributes:
        app: what runs.
        clock: its time.
        others: tastes of those who live there besides.
        victims: tastes of the victims, without any secret.
        model: what serves.
    """

    app: Application
    clock: TownClock
    others: list[Taste]
    victims: list[Taste]
    _n: int = field(default=0)

    def settle(self) -> None:
        """Empty the database, and let everybody but the victims move in: as they were the first time."""
        with self.app.database.upkeep() as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
        if self._n:
            self._bring_back()
            return
        self.app.attribute_store.add_attributes(attributes())
        self.bring_in(self.others)
        with self.app.database.upkeep() as connection:
            connection.exec_driver_sql("CREATE SCHEMA settled")
            for table in metadata.sorted_tables:
                connection.exec_driver_sql(f"CREATE TABLE settled.{table.name} AS TABLE {table.name}")

    def _bring_back(self) -> None:
        """To read and embed them anew for every test takes a second each time."""
        with self.app.database.upkeep() as connection:
            for table in metadata.sorted_tables:
                columns = ", ".join(one.name for one in table.columns if one.computed is None)
                connection.exec_driver_sql(
                    f"INSERT INTO {table.name} ({columns}) OVERRIDING SYSTEM VALUE "
                    f"SELECT {columns} FROM settled.{table.name}"
                )

    def bring_in(self, tastes: Sequence[Taste]) -> None:
        """More people, from a table, whom nobody signs in as."""
        self._n += len(tastes)
        rows = [
            replace(listening(one), listener_id=str(self._n + n), source=Source.TABLE)
            for n, one in enumerate(tastes)
        ]
        self.app.service.import_candidates(rows, lambda one: Account(f"table:{one.listener_id}"))

    def join(self, taste: Taste = (), found: bool = True) -> str:
        """Somebody signs in; with a taste they are read, and can be found unless that is not wanted."""
        self._n += 1
        key = self.app.service.connect_listener(Account(f"spotify:n{self._n}")).listener_id
        if taste:
            self.read(key, taste)
        if found:
            self.app.people.choose_discoverable(key, True)
        return key

    def read(self, key: str, taste: Taste, tags: dict[str, dict[str, float]] | None = None) -> None:
        """Their library is read again, with as much time in between as anything may ask for."""
        self.clock.wait()
        self.app.service.refresh_listener(key, Shelf(listening(taste, tags)))

    def keep_back(self, key: str, *kinds: str) -> None:
        """They switch kinds off: artists, tracks, tags."""
        for kind in kinds:
            self.app.people.share(key, kind, False)

    def hide(self, key: str, facet: str) -> None:
        """They hide a playlist."""
        assert self.app.people.hide_facet(key, f"playlists:{facet}")

    def connect(self, one: str, other: str) -> None:
        """Both agree."""
        self.clock.wait()
        self.app.people.ask_to_connect(one, other)
        self.app.people.agree_to_connect(other, one)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """What is asked of the database meanwhile: the text of each statement, with the rows it found."""
        told: list[str] = []

        def note(connection, cursor, statement, parameters, context, executemany):
            told.append(f"{' '.join(statement.split())}: {cursor.rowcount}")

        event.listen(self.app.database.engine, "after_cursor_execute", note)
        try:
            yield told
        finally:
            event.remove(self.app.database.engine, "after_cursor_execute", note)


def tastes(seed: int = SEED) -> tuple[list[Taste], list[Taste]]:
    """Of the others, and of the victims."""
    rng = np.random.default_rng(seed)
    others = [taste_of(rng, n % N_COMMUNITIES, int(rng.integers(8, 24))) for n in range(N_OTHERS)]
    few = ARTISTS_EACH - RESERVED
    victims = [taste_of(rng, n % N_COMMUNITIES, int(rng.integers(12, 22)), few) for n in range(N_VICTIMS)]
    return others, victims


def model_of(tastes: list[Taste]) -> Pipeline:
    """A small model made from these tastes."""
    known = {keys[0].removeprefix("key:"): one for keys, one in attributes()}
    return small_model([build_profile(listening(one), known) for one in tastes])
