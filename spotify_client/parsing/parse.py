"""JSON of the Web API to listening.

Both dialects are read (`item` or `track`, `items` or `tracks`). A row that is none — null, an episode, a file
of the listener's own, something of a wrong type — is skipped and counted. Only a page without rows, or an
account without an id, is refused as malformed.
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
"""One row of a list as a fact; None where it held no track of Spotify's catalogue."""
SAVED_WEIGHT = 2.0
"""A saved track counts twice a playlist row: it was chosen for itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows.

    Attributes:
        rows: as they came.
        next_url: address of the next page, unchecked; empty for none.
        total: rows on all pages; 0 when it is not said.
    """

    rows: tuple[object, ...]
    next_url: str
    total: int


@dataclass(frozen=True, slots=True)
class SpotifyAccount:
    """Who is asking.

    Attributes:
        key: Spotify's pseudonymous `account_id`, or `id` where there is none.
        ids: every id under which this account may own a playlist.
        profile_url: address of the public profile, as it came and unchecked; empty if there is none.
    """

    key: str
    ids: frozenset[str]
    profile_url: str = ""


@dataclass(frozen=True, slots=True)
class PlaylistRow:
    """One playlist of the listener's list.

    Attributes:
        playlist_id: its id.
        name: its name.
        snapshot_id: changes whenever its rows do; empty if unknown.
        n_items: how many rows it has; None if unknown.
        owner_id: whose it is; empty if unknown.
        collaborative: whether others may add to it.
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
    """The strength of a place on a top list: 1 + 4 / (1 + rank / 10), with rank from 0.

    Spotify tells ranks and no counts. Plays over ranks fall about like 1 / rank (Zipf), which alone would
    make the first entry drown the rest; shifted by ten places it falls from 5 for the first over 3 for the
    eleventh to 1.7 for the fiftieth. So any place outweighs a row of a playlist (1), and the first thirty
    outweigh a saved track (2).
    """
    return 1.0 + 4.0 / (1.0 + rank / 10.0)


def page_of(body: object) -> Page:
    """The page in an answer.

    Raises:
        SpotifyMalformed: the answer has no rows.
    """
    page = mapping(body)
    found = page.get("items")
    if not isinstance(found, list):
        raise SpotifyMalformed("Spotify's answer holds no rows")
    next_url = page.get("next")
    return Page(tuple(found), next_url if isinstance(next_url, str) else "", count(page.get("total")) or 0)


def account_of(body: object) -> SpotifyAccount:
    """The account in an answer to `/me`.

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
    """The playlists of a page; rows without an id are left out."""
    found = (_playlist(mapping(row)) for row in page.rows)
    return tuple(row for row in found if row.playlist_id)


def top_tracks(page: Page, time_range: str) -> tuple[Row, ...]:
    """Facts of a page of top tracks, each range a facet of its own."""
    return tuple(
        _track(row, Part.TOP_TRACKS, facet_id=time_range, plays=top_plays(rank))
        for rank, row in enumerate(page.rows)
    )


def top_artists(page: Page, time_range: str) -> tuple[Row, ...]:
    """Facts of a page of top artists, each range a facet of its own."""
    return tuple(_artist(row, time_range, rank) for rank, row in enumerate(page.rows))


def saved_tracks(page: Page) -> tuple[Row, ...]:
    """Facts of a page of saved tracks."""
    return _dated(page, "added_at", partial(_track, part=Part.SAVED, plays=SAVED_WEIGHT))


def added_at(page: Page) -> tuple[datetime | None, ...]:
    """When each row of a page was added; None where it is not said."""
    return tuple(moment(mapping(row).get("added_at")) for row in page.rows)


def recent_tracks(page: Page) -> tuple[Row, ...]:
    """Facts of the plays of late, one each."""
    return _dated(page, "played_at", partial(_track, part=Part.RECENT))


def playlist_items(page: Page, playlist: PlaylistRow) -> tuple[Row, ...]:
    """Facts of a page of a playlist's rows."""
    facet = {"facet_id": playlist.playlist_id, "facet_name": playlist.name}
    return _dated(page, "added_at", partial(_track, part=Part.PLAYLISTS, **facet))


def artist_tags(page: Page) -> dict[str, dict[str, float]]:
    """Genres of the artists of a page, each with weight 1, by canonical artist key."""
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
    """Facts of rows that wrap a track together with a moment."""
    return tuple(_unwrapped(row, when, read) for row in map(mapping, page.rows))


def _unwrapped(row: Mapping[str, object], when: str, read: Callable[..., Row]) -> Row:
    if row.get("is_local") is True:
        return None
    return read(row.get("item") or row.get("track"), heard_at_utc=moment(row.get(when)))


def _track(value: object, part: Part, **fields: Any) -> Row:
    """The fact that a track stands somewhere; None where the value is no track of Spotify's catalogue."""
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


def _first_artist(track: Mapping[str, object]) -> Mapping[str, object]:
    """The artist a track is filed under: the first one that has a name or an id."""
    artists = (mapping(row) for row in rows(track.get("artists")))
    return next((one for one in artists if _key(one)), {})


def _artist(value: object, time_range: str, rank: int) -> Row:
    artist = mapping(value)
    if not _key(artist) or (artist.get("type") or "artist") != "artist":
        return None
    name, artist_id = text(artist.get("name")), opaque(artist.get("id"))
    plays = top_plays(rank)
    return Hearing(Part.TOP_ARTISTS, name, artist_id, facet_id=time_range, plays=plays)
