"""Artists, albums and tracks of a catalogue, made only where a world needs them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.catalogue import Catalogue, Places
from emulator.world.ids import invented_isrc, random_ids
from emulator.world.music import Album, Artist, Track
from emulator.world.names import N_DRAWN, NameMaker, title
from emulator.world.tagging import N_CHANCES, people_tags

_LAST_YEAR, _EARLIEST_YEAR = 2026, 1930
_MONTH_DAYS = 28
_N_DAYS = 9 * _MONTH_DAYS  # releases are from January to September, in the last year, too


@dataclass(frozen=True, slots=True)
class Recordings:
    """Artists and tracks by id, in the catalogue's order.

    Attributes:
        ids, artist_ids: ``[n_tracks] str`` and ``[n_artists] str`` by place in the catalogue, "" if unused.
        artist_of: ``[n_tracks] int64``, place of each track's artist.
    """

    artists: dict[str, Artist]
    tracks: dict[str, Track]
    ids: NDArray[np.str_]
    artist_ids: NDArray[np.str_]
    artist_of: Places


@dataclass(frozen=True, slots=True)
class _Signed:
    """An artist with the script that titles are in."""

    artist: Artist
    script: str


def make_recordings(catalogue: Catalogue, used: Places, seed: int) -> Recordings:
    """Make the tracks at the given places, with their artists and albums.

    Ids do not depend on which others are made; the number on the album does, and so does the name where two
    would be called the same.
    """
    rng, used = np.random.default_rng([seed, 3]), np.unique(used)
    artists = _artists(catalogue, np.unique(catalogue.artist_of[used]), rng)
    albums = _albums(catalogue, used, artists, rng)
    tracks = list(_tracks(catalogue, used, artists, albums, rng))
    return Recordings(
        artists={signed.artist.id: signed.artist for signed in artists.values()},
        tracks={track.id: track for track in tracks},
        ids=_by_place([track.id for track in tracks], used, len(catalogue.artist_of)),
        artist_ids=_by_place(
            [signed.artist.id for signed in artists.values()], list(artists), len(catalogue.scene_of)
        ),
        artist_of=catalogue.artist_of,
    )


def _by_place(ids: list[str], places: Places | list[int], n: int) -> NDArray[np.str_]:
    by_place = np.full(n, "", "U22")
    by_place[places] = ids
    return by_place


def _artists(catalogue: Catalogue, places: Places, rng: np.random.Generator) -> dict[int, _Signed]:
    """Artists by place. The scenes form a ring; some artists also have a tag of the next scene."""
    n_artists, scenes = len(catalogue.scene_of), catalogue.scenes
    chances = rng.random((n_artists, N_CHANCES))[places].tolist()
    wrong = rng.integers(0, len(scenes), n_artists)[places].tolist()
    numbers, ranks = catalogue.scene_of[places].tolist(), catalogue.rank_of[places].tolist()
    ids, names = random_ids(rng, n_artists, places), NameMaker(rng).artists(n_artists, places)
    rows = (places.tolist(), ids, names, numbers, ranks, chances, wrong)
    made = {}
    for place, key, name, number, rank, own, other in zip(*rows, strict=True):
        scene, neighbour = scenes[number], scenes[(number + 1) % len(scenes)]
        tags = people_tags(own, rank, scene, neighbour, scenes[other])
        made[place] = _Signed(Artist(key, name.text, (*tags,), scene.name, (*tags.values(),)), name.script)
    return made


def _albums(
    catalogue: Catalogue, used: Places, artists: dict[int, _Signed], rng: np.random.Generator
) -> dict[int, Album]:
    """Albums with a used track, by place."""
    n_albums = int(catalogue.album_of[-1]) + 1
    draws, days = rng.integers(0, 2**31, (n_albums, N_DRAWN)), rng.integers(0, _N_DAYS, n_albums)
    places, first, sizes = np.unique(catalogue.album_of[used], return_index=True, return_counts=True)
    artist_of = catalogue.artist_of[used[first]]
    typical = np.array([scene.year for scene in catalogue.scenes])[catalogue.scene_of[artist_of]]
    years = np.clip(typical + rng.normal(0, 5, n_albums)[places].round(), _EARLIEST_YEAR, _LAST_YEAR)
    columns = (places, artist_of, sizes, years.astype(int), days[places], draws[places])
    rows = zip(random_ids(rng, n_albums, places), *(column.tolist() for column in columns), strict=True)
    albums = {}
    for key, place, artist, size, year, day, draw in rows:
        name, by = title(artists[artist].script, draw), artists[artist].artist
        date = f"{year}-{1 + day // _MONTH_DAYS:02d}-{1 + day % _MONTH_DAYS:02d}"
        albums[place] = Album(key, name, by, date, size)
    return albums


def _tracks(
    catalogue: Catalogue,
    used: Places,
    artists: dict[int, _Signed],
    albums: dict[int, Album],
    rng: np.random.Generator,
) -> Iterator[Track]:
    n_tracks = len(catalogue.artist_of)
    columns = (
        used,
        catalogue.artist_of[used],
        catalogue.album_of[used],
        rng.integers(0, 2**31, (n_tracks, N_DRAWN))[used],
        rng.integers(118_000, 395_000, n_tracks)[used],
        rng.random(n_tracks)[used] < 0.06,
        catalogue.values[used],
        rng.integers(0, 12, n_tracks)[used],
        # the happier the track (valence), the more often in a major key (mode 1)
        (rng.random(n_tracks) < 0.35 + 0.5 * catalogue.values[:, 2])[used].astype(int),
    )
    rows = zip(random_ids(rng, n_tracks, used), *(column.tolist() for column in columns), strict=True)
    titles: set[str] = set()  # of one artist
    before, last_album, number = -1, -1, 0
    for track_id, place, artist, album, draw, duration_ms, explicit, values, key, mode in rows:
        titles = titles if artist == before else set()
        number = number + 1 if album == last_album else 1
        before, last_album, on = artist, album, albums[album]
        name = _unused(title(artists[artist].script, draw), titles)
        isrc = invented_isrc(place, int(on.release_date[:4]))
        attributes = (*values, key, mode)
        yield Track(track_id, name, (on.artist,), on, isrc, duration_ms, number, explicit, attributes)


def _unused(name: str, titles: set[str]) -> str:
    wanted, part = name, 2
    while name in titles:
        name, part = f"{wanted}, part {part}", part + 1
    titles.add(name)
    return name
