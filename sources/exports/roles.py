"""What the columns and keys of players and services mean, however each calls them."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from sources.delimited import column_name

_NAMES = {
    "title": "track_name song_name song_title track_title song track title name",
    "artist": "artist_name artist_name_s artist artists creator artist_name_1 track_artist artist_names "
    "album_artist_name container_artist_name album_artist",
    "both": "track_description item_description",  # "Low - Words"
    "played": "uts played_at listened_at scrobbled_at event_start_timestamp event_end_timestamp timestamp "
    "utc_time date_played time date",
    "n_plays": "play_count track_play_count playcount plays scrobbles",
    "n_skips": "skip_count",
    "ms": "play_duration_milliseconds ms_played play_duration_ms played_duration_ms",
    "seconds": "listening_time seconds_played",
    "ended": "end_reason_type rating skipped",
    "medium": "media_type item_type content_type track_type favorite_type type",
    "playlist": "playlist_name playlist playlist_title",
    "added": "added_at date_added added_date date_added_to_library",
    "uri": "track_uri spotify_uri spotify_track_uri spotify_id track_id identifier",
    "artist_uris": "artist_uri_s artist_ids",
    "isrc": "isrc track_isrc",
    "loved": "favorite_status_track loved favorite is_favorite",
    "liked": "track_like_rating preference",
}
ROLES: Mapping[str, tuple[str, ...]] = {role: tuple(names.split()) for role, names in _NAMES.items()}
"""Names of columns by what they mean, as `column_name` makes them; the first one that a file has counts."""

KNOWN_COLUMNS = frozenset(name for names in ROLES.values() for name in names)

OF_LISTENERS = frozenset(
    "listener_id listener user_id user userid username user_name account account_id".split()
)
"""Columns of tables that hold many listeners: no file of one has them."""


@lru_cache(maxsize=1_000)
def fields_by_role(names: tuple[str, ...]) -> Mapping[str, str]:
    """The field of each role that is there, as it is written."""
    written = {column_name(name): name for name in reversed(names)}
    return {
        role: written[first]
        for role, columns in ROLES.items()
        if (first := next((one for one in columns if one in written), ""))
    }


def is_music(names: Collection[str]) -> bool:
    """Whether fields name tracks with their artists, and are not of many listeners."""
    roles = fields_by_role(tuple(sorted(names)))
    is_named = "both" in roles or {"title", "artist"} <= roles.keys()
    return is_named and OF_LISTENERS.isdisjoint(map(column_name, names))
