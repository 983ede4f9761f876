"""Libraries of invented listeners: playlists, saved and recent tracks."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.catalogue import Places
from emulator.world.ids import base62_id
from emulator.world.music import EPOCH_S, TIME_RANGES, Library, Playlist, Row
from emulator.world.names import NameMaker
from emulator.world.recordings import Recordings
from emulator.world.tastes import Chosen, Taste

Ids = NDArray[np.str_]
DAY_S = 86_400
_N_TOP = 99
_N_RECENT = 50
# noise of each time range's ranking against all plays
_STRAY = dict(zip(TIME_RANGES, (0.9, 0.45, 0.1), strict=True))
_LISTED = 0.8  # share of tracks in playlists; the others are saved
_SAVED_TOO = 0.25  # share of the listed tracks that are saved, too
_PER_PLAYLIST, _LEAST_PER_PLAYLIST, _MOST_PLAYLISTS = 15, 4, 25
# People repeat few tracks across playlists, and differ in it: gamma mean per listed track, and shape.
_REPEATED, _REPEATERS = 0.042, 0.6
_ODD_EACH = 100  # one playlist in so many has a removed item, one an episode, one a local file
_TRACKS_OF_SAVED_ALBUM = 2  # so many tracks of one album in the library, and the album is saved
_FOLLOWED_ARTISTS, _FOLLOWED_EACH = 60, 3  # of so many top artists, one in so many is followed
_PUBLIC, _COLLABORATIVE, _FOLLOWING = 0.6, 0.02, 0.1


def playlist_id(seed: int, number: int, place: int) -> str:
    """Id of a playlist by its owner's number and its place."""
    return base62_id("playlist", seed, number, place)


@dataclass(frozen=True, slots=True)
class LibraryMaker:
    """Makes libraries from chosen tracks.

    Attributes:
        odd_ids: items other than tracks, which a few playlists contain.
    """

    seed: int
    n_listeners: int
    recordings: Recordings
    odd_ids: tuple[str | None, ...]

    def make(
        self, number: int, owner_id: str, taste: Taste, chosen: Chosen, rng: np.random.Generator
    ) -> Library:
        """The library of listener `number`."""
        names, ids, lists = NameMaker(rng), self.recordings.ids[chosen.tracks], _lists(chosen, rng)
        scenes = [taste.pools[np.bincount(chosen.scene_places[places]).argmax()].scene for places in lists]
        playlists = tuple(
            self._playlist(number, place, owner_id, names.playlist(scene.name, scene.tags), ids[places], rng)
            for place, (scene, places) in enumerate(zip(scenes, lists, strict=True))
        )
        top = {name: _top(chosen.plays, stray, rng) for name, stray in _STRAY.items()}
        saved = _saved(ids, lists, rng)
        top_artists = {name: self._top_artists(chosen.tracks[best]) for name, best in top.items()}
        return Library(
            playlists=playlists,
            saved=saved,
            recent=_recent(ids, chosen.plays, rng),
            top_track_ids={name: (*ids[best].tolist(),) for name, best in top.items()},
            top_artist_ids=top_artists,
            plays=dict(zip(ids.tolist(), chosen.plays.tolist(), strict=True)),
            followed_ids=self._followed(number, rng),
            albums=self._albums([*saved, *(row for playlist in playlists for row in playlist.rows)]),
            followed_artist_ids=tuple(sorted(top_artists["long_term"][:_FOLLOWED_ARTISTS:_FOLLOWED_EACH])),
        )

    def _albums(self, rows: list[Row]) -> tuple[Row, ...]:
        """Albums of which several tracks are in the library, saved when the last of them was added."""
        on: defaultdict[str, set[str]] = defaultdict(set)
        newest: dict[str, int] = {}
        for item_id, at_s in rows:
            track = self.recordings.tracks.get(item_id or "")
            if track is not None and track.album is not None:
                key = track.album.id
                on[key].add(track.id)
                newest[key] = max(at_s, newest.get(key, 0))
        saved = [Row(key, newest[key]) for key, ids in on.items() if len(ids) >= _TRACKS_OF_SAVED_ALBUM]
        return tuple(sorted(saved, key=lambda row: -row.at_s))

    def _top_artists(self, tracks: Places) -> tuple[str, ...]:
        """As `rank_artists`, from places of tracks with one artist each."""
        artists, first, slots = np.unique(
            self.recordings.artist_of[tracks], return_index=True, return_inverse=True
        )
        scores = np.bincount(slots, (1 + np.arange(len(tracks))) ** -0.5)
        return (*self.recordings.artist_ids[artists[np.lexsort((first, -scores))]].tolist(),)

    def _followed(self, number: int, rng: np.random.Generator) -> tuple[str, ...]:
        other = int(rng.integers(1, max(self.n_listeners, 1) + 1))
        follows = rng.random() < _FOLLOWING and other not in {number, 0} and self.n_listeners > 1
        return (playlist_id(self.seed, other, 0),) if follows else ()

    def _playlist(
        self, number: int, place: int, owner_id: str, name: str, ids: Ids, rng: np.random.Generator
    ) -> Playlist:
        return Playlist(
            id=playlist_id(self.seed, number, place),
            name=name,
            owner_id=owner_id,
            rows=self._with_odd_row(_rows_over_time(ids.tolist(), rng), rng),
            # Others may follow the first playlist, which only its owner fills.
            public=bool(rng.random() < _PUBLIC) or place == 0,
            collaborative=bool(rng.random() < _COLLABORATIVE) and place > 0,
        )

    def _with_odd_row(self, rows: list[Row], rng: np.random.Generator) -> tuple[Row, ...]:
        choice = int(rng.integers(_ODD_EACH))
        return (*rows, Row(self.odd_ids[choice], EPOCH_S - DAY_S)) if choice < len(self.odd_ids) else (*rows,)


def _lists(chosen: Chosen, rng: np.random.Generator) -> list[Places]:
    """Positions of the tracks of each playlist, scene by scene; few tracks stand in two."""
    n_tracks = len(chosen.tracks)
    listed = rng.permutation(n_tracks)[: round(_LISTED * n_tracks)]
    listed = listed[np.argsort(chosen.scene_places[listed] + rng.normal(0, 0.4, len(listed)), kind="stable")]
    n_wanted = round(len(listed) / _PER_PLAYLIST * float(np.exp(rng.normal(0, 0.4))))
    n_lists = max(2, min(n_wanted, len(listed) // _LEAST_PER_PLAYLIST, _MOST_PLAYLISTS))
    sizes = rng.dirichlet(np.full(n_lists, 6.0)) * (len(listed) - _LEAST_PER_PLAYLIST * n_lists)
    ends = np.cumsum(sizes + _LEAST_PER_PLAYLIST).round().astype(int)
    lists = np.split(listed, ends[:-1])
    rate = _REPEATED * rng.gamma(_REPEATERS, 1 / _REPEATERS)
    for place in rng.choice(listed, min(int(rng.poisson(rate * len(listed))), len(listed)), replace=False):
        number = int(rng.integers(n_lists))
        if place not in lists[number]:
            lists[number] = np.append(lists[number], place)
    return [rng.permutation(places) for places in lists]


def _top(plays: Places, noise: float, rng: np.random.Generator) -> Places:
    return np.argsort(-np.log(plays) - rng.normal(0, noise, len(plays)), kind="stable")[:_N_TOP]


def _saved(ids: Ids, lists: list[Places], rng: np.random.Generator) -> tuple[Row, ...]:
    kept = rng.random(len(ids)) < _SAVED_TOO
    kept |= ~np.isin(np.arange(len(ids)), np.concatenate(lists))
    return tuple(reversed(_rows_over_time(ids[rng.permutation(np.flatnonzero(kept))].tolist(), rng)))


def _recent(ids: Ids, plays: Places, rng: np.random.Generator) -> tuple[Row, ...]:
    heard = ids[np.searchsorted(np.cumsum(plays), rng.integers(0, plays.sum(), _N_RECENT), "right")].tolist()
    ages = np.cumsum(rng.integers(200, 9_000, size=_N_RECENT)).tolist()
    return tuple(Row(item_id, EPOCH_S - age) for item_id, age in zip(heard, ages, strict=True))


def _rows_over_time(ids: list[str], rng: np.random.Generator) -> list[Row]:
    ages = np.sort(rng.integers(DAY_S, 1_500 * DAY_S, size=len(ids)))[::-1].tolist()
    return [Row(item_id, EPOCH_S - age) for item_id, age in zip(ids, ages, strict=True)]
