"""Parses JSON of the Web API into listening.

Both dialects are read (`item` or `track`, `items` or `tracks`). Rows without a catalogue track (null,
episodes, local files, wrong types) are skipped and counted. Only a page without rows and an account without
an id are malformed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from matcher.domain.canonical_keys import artist_key
from matcher.domain.listening import Hearing, Part
from matcher.errors import SpotifyMalformed
from spotify_client.parsing.fields import count, identifier, isrc, mapping, moment, opaque, rows, text, year
from spotify_client.parsing.made_playlists import is_marked

Row = Hearing | None
"""One row of a list; None without a track of Spotify's catalogue."""
SAVED_WEIGHT = 2.0
"""A saved track counts as two playlist rows: saving is a choice of that one track.

So does the artist of a saved album, and a followed one.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of raw JSON rows.

    Attributes:
        next_url: unchecked address of the next page, or "".
        total: rows on all pages; 0 if unknown.
    """

    rows: tuple[object, ...]
    next_url: str
    total: int


@dataclass(frozen=True, slots=True)
class SpotifyAccount:
    """The account of a signed-in listener.

    Attributes:
        key: Spotify's pseudonymous `account_id`, or else `id`.
        ids: every id under which this account may own a playlist.
        profile_url: unchecked address of the public profile, or "".
    """

    key: str
    ids: frozenset[str]
    profile_url: str = ""


@dataclass(frozen=True, slots=True)
class PlaylistRow:
    """One playlist of the listener's list; unknown texts are "".

    Attributes:
        snapshot_id: changes whenever its rows change.
        n_items: number of rows; None if unknown.
        made_by_us: whether its description says that Earshot made it.
    """

    playlist_id: str
    name: str
    snapshot_id: str
    n_items: int | None
    owner_id: str
    collaborative: bool
    made_by_us: bool = False


def top_plays(rank: int) -> float:
    """Weight of a top-list rank (from 0): 1 + 4 / (1 + rank / 10).

    Spotify gives ranks but no counts. Plays fall about like 1 / rank (Zipf), which would let the first entry
    dominate. Shifted by ten ranks, the weight is 5 for the first, 3 for the eleventh, 1.7 for the fiftieth:
    all above a playlist row (1), and the first thirty above a saved track (2).
    """
    return 1.0 + 4.0 / (1.0 + rank / 10.0)


def page_of(body: object) -> Page:
    """Parse a page.

    Raises:
        SpotifyMalformed: the response has no rows.
    """
    page = mapping(body)
    found = page.get("items")
    if not isinstance(found, list):
        raise SpotifyMalformed("Spotify's answer holds no rows")
    next_url = page.get("next")
    return Page(tuple(found), next_url if isinstance(next_url, str) else "", count(page.get("total")) or 0)


def followed_of(body: object) -> Page:
    """Parse a page of followed artists, which stands under its kind.

    Raises:
        SpotifyMalformed: the response has no rows.
    """
    return page_of(mapping(body).get("artists"))


def account_of(body: object) -> SpotifyAccount:
    """Parse a response of `/me`.

    Raises:
        SpotifyMalformed: it has no id.
    """
    account = mapping(body)
    account_id, user_id = text(account.get("account_id")), text(account.get("id"))
    if not (account_id or user_id):
        raise SpotifyMalformed("Spotify's answer names no account")
    link = opaque(mapping(account.get("external_urls")).get("spotify"))
    return SpotifyAccount(account_id or user_id, frozenset({account_id, user_id} - {""}), link)


def playlists_of(page: Page) -> tuple[PlaylistRow, ...]:
    """Playlists of a page; rows without an id are dropped."""
    found = (_playlist(mapping(row)) for row in page.rows)
    return tuple(row for row in found if row.playlist_id)


def top_tracks(page: Page, time_range: str) -> tuple[Row, ...]:
    """Rows of a page of top tracks; each time range is a facet."""
    return tuple(
        _track(row, Part.TOP_TRACKS, facet_id=time_range, plays=top_plays(rank))
        for rank, row in enumerate(page.rows)
    )


def top_artists(page: Page, time_range: str) -> tuple[Row, ...]:
    """Rows of a page of top artists; each time range is a facet."""
    return tuple(
        _artist(row, Part.TOP_ARTISTS, facet_id=time_range, plays=top_plays(rank))
        for rank, row in enumerate(page.rows)
    )


def followed_artists(page: Page) -> tuple[Row, ...]:
    """Rows of a page of followed artists."""
    return tuple(_artist(row, Part.FOLLOWED, plays=SAVED_WEIGHT) for row in page.rows)


def saved_albums(page: Page) -> tuple[Row, ...]:
    """Rows of a page of saved albums: the artist of each, as exports have it."""
    return tuple(_album(mapping(mapping(row).get("album"))) for row in page.rows)


def saved_tracks(page: Page) -> tuple[Row, ...]:
    """Rows of a page of saved tracks."""
    return _dated(page, "added_at", partial(_track, part=Part.SAVED, plays=SAVED_WEIGHT))


def added_at(page: Page) -> tuple[datetime | None, ...]:
    """When each row was added; None if unknown."""
    return tuple(moment(mapping(row).get("added_at")) for row in page.rows)


def recent_tracks(page: Page) -> tuple[Row, ...]:
    """Rows of a page of recent plays."""
    return _dated(page, "played_at", partial(_track, part=Part.RECENT))


def playlist_items(page: Page, playlist: PlaylistRow) -> tuple[Row, ...]:
    """Rows of a page of a playlist."""
    facet = {"facet_id": playlist.playlist_id, "facet_name": playlist.name}
    return _dated(page, "added_at", partial(_track, part=Part.PLAYLISTS, **facet))


def artist_tags(page: Page) -> dict[str, dict[str, float]]:
    """Genres of a page's artists, each with weight 1, by canonical artist key."""
    artists = [mapping(row) for row in page.rows]
    found = {_key(one): {tag: 1.0 for tag in map(_tag, rows(one.get("genres"))) if tag} for one in artists}
    return {key: tags for key, tags in found.items() if key and tags}


def _key(artist: Mapping[str, object]) -> str:
    return artist_key(text(artist.get("name")), opaque(artist.get("id")))


def _tag(value: object) -> str:
    return text(value).casefold()


def _playlist(row: Mapping[str, object]) -> PlaylistRow:
    contents = mapping(row.get("items")) or mapping(row.get("tracks"))
    return PlaylistRow(
        playlist_id=identifier(row.get("id")),
        name=text(row.get("name")),
        snapshot_id=text(row.get("snapshot_id")),
        n_items=count(contents.get("total")),
        owner_id=text(mapping(row.get("owner")).get("id")),
        collaborative=row.get("collaborative") is True,
        made_by_us=is_marked(text(row.get("description"))),
    )


def _dated(page: Page, when: str, read: Callable[..., Row]) -> tuple[Row, ...]:
    return tuple(_unwrapped(row, when, read) for row in map(mapping, page.rows))


def _unwrapped(row: Mapping[str, object], when: str, read: Callable[..., Row]) -> Row:
    if row.get("is_local") is True:
        return None
    return read(row.get("item") or row.get("track"), heard_at_utc=moment(row.get(when)))


def _track(value: object, part: Part, **fields: Any) -> Row:
    """Parse a track; None if it is not in Spotify's catalogue."""
    track = mapping(value)
    track_id = opaque(track.get("id"))
    if not track_id or track.get("is_local") is True or (track.get("type") or "track") != "track":
        return None
    artist = _first_artist(track)
    return Hearing(
        part=part,
        artist_name=text(artist.get("name")),
        artist_id=opaque(artist.get("id")),
        track_name=text(track.get("name")),
        track_id=track_id,
        isrc=isrc(mapping(track.get("external_ids")).get("isrc")),
        release_year=year(mapping(track.get("album")).get("release_date")),
        **fields,
    )


def _first_artist(item: Mapping[str, object]) -> Mapping[str, object]:
    """The first artist of a track or an album with a name or an id."""
    artists = (mapping(row) for row in rows(item.get("artists")))
    return next((one for one in artists if _key(one)), {})


def _artist(value: object, part: Part, **fields: Any) -> Row:
    artist = mapping(value)
    if not _key(artist) or (artist.get("type") or "artist") != "artist":
        return None
    return Hearing(part, text(artist.get("name")), opaque(artist.get("id")), **fields)


def _album(album: Mapping[str, object]) -> Row:
    # without the day it was saved: exports do not tell it, and both must add up to the same
    return _artist(_first_artist(album), Part.ALBUMS, plays=SAVED_WEIGHT)
