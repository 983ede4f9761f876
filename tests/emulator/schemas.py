"""What the Web API answers, as JSON Schema: what Spotify's own description says of the fields we rely on.

Written by hand after Spotify's OpenAPI description of 2026-05-30. Objects are closed: a field that is not
described there is a mistake. Fields that Development Mode lost are allowed in the extended dialect only.
"""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
NAMES: Schema = {"type": "array", "items": TEXT}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$"}
URLS: Schema = {"type": "object", "properties": {"spotify": TEXT}, "additionalProperties": False}
FOLLOWERS: Schema = {
    "type": "object",
    "properties": {"href": {"type": "null"}, "total": NUMBER},
    "required": ["href", "total"],
}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def closed(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def page(row: Schema) -> Schema:
    links = {"href": TEXT, "next": nullable(TEXT), "previous": nullable(TEXT)}
    return closed(links | {"items": listed(row), "limit": NUMBER, "offset": NUMBER, "total": NUMBER})


def _links(kind: str) -> Schema:
    return {
        "id": TEXT,
        "type": {"const": kind},
        "uri": {"type": "string", "pattern": f"^spotify:{kind}:"},
        "href": {"type": "string", "pattern": f"/v1/{kind}s/"},
        "external_urls": URLS,
    }


IMAGE = closed({"url": TEXT, "height": nullable(NUMBER), "width": nullable(NUMBER)})
ISRC = closed({}, {"isrc": TEXT, "ean": TEXT, "upc": TEXT})
ERROR = closed({"error": closed({"status": NUMBER, "message": TEXT}, {"reason": TEXT})})
TOKEN = closed(
    {"access_token": TEXT, "token_type": {"const": "Bearer"}, "expires_in": NUMBER, "scope": TEXT},
    {"refresh_token": TEXT},
)
TOKEN_ERROR = closed({"error": TEXT, "error_description": TEXT})


class Shapes:
    """The schemas of one dialect."""

    def __init__(self, extended: bool) -> None:
        def full(**fields: Schema) -> Schema:
            return fields if extended else {}

        owner = _links("user") | {"display_name": nullable(TEXT)}
        simple_artist = closed(_links("artist") | {"name": TEXT})
        album = _links("album") | {
            "name": TEXT,
            "album_type": {"enum": ["album", "single", "compilation"]},
            "total_tracks": NUMBER,
            "images": listed(IMAGE),
            "release_date": {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"},
            "release_date_precision": {"enum": ["year", "month", "day"]},
            "artists": listed(simple_artist),
            **full(available_markets=NAMES),
        }
        simple_track = _links("track") | {
            "name": TEXT,
            "artists": listed(simple_artist),
            "disc_number": NUMBER,
            "duration_ms": NUMBER,
            "explicit": FLAG,
            "is_local": FLAG,
            "is_playable": FLAG,
            "track_number": NUMBER,
            **full(available_markets=NAMES, preview_url=nullable(TEXT)),
        }
        track = simple_track | {"album": closed(album), "external_ids": ISRC, **full(popularity=NUMBER)}
        in_list = full(track=FLAG, episode=FLAG)
        episode = _links("episode") | {
            "name": TEXT,
            "description": TEXT,
            "html_description": TEXT,
            "audio_preview_url": nullable(TEXT),
            "duration_ms": NUMBER,
            "explicit": FLAG,
            "images": listed(IMAGE),
            "is_externally_hosted": FLAG,
            "is_playable": FLAG,
            "languages": NAMES,
            "release_date": TEXT,
            "release_date_precision": {"enum": ["year", "month", "day"]},
            "show": {"type": "object", "required": ["id", "name", "type", "uri", "href", "images"]},
        }
        local = {"type": "object", "properties": {"is_local": {"const": True}, "id": {"type": "null"}}}
        item = {"anyOf": [closed(track | in_list), closed(episode | in_list), local, {"type": "null"}]}
        rows = closed({"href": TEXT, "total": NUMBER})
        row = closed(
            {
                "added_at": MOMENT,
                "added_by": closed(_links("user")),
                "is_local": FLAG,
                "item": item,
                **full(track=item, primary_color=nullable(TEXT), video_thumbnail={"type": "object"}),
            }
        )
        bare_playlist = _links("playlist") | {
            "name": TEXT,
            "description": TEXT,
            "collaborative": FLAG,
            "public": FLAG,
            "snapshot_id": TEXT,
            "images": listed(IMAGE),
            "owner": closed(owner),
            **full(primary_color=nullable(TEXT)),
        }
        self.me = closed(
            {"account_id": TEXT, "images": listed(IMAGE)}
            | owner
            | full(
                country=TEXT,
                email=TEXT,
                product=TEXT,
                followers=FOLLOWERS,
                explicit_content=closed({"filter_enabled": FLAG, "filter_locked": FLAG}),
            )
        )
        self.artist = closed(
            _links("artist")
            | {"name": TEXT, "images": listed(IMAGE), "genres": NAMES}
            | full(popularity=NUMBER, followers=FOLLOWERS)
        )
        self.track = closed(track)
        self.playlist = closed(bare_playlist | {"items": rows, **full(tracks=rows)})
        self.whole_playlist = closed(
            bare_playlist | full(tracks=page(row), followers=FOLLOWERS), {"items": page(row)}
        )
        self.row = row
        self.saved = closed({"added_at": MOMENT, "track": closed(track)})
        self.simple_track = closed(simple_track)
        self.simple_album = closed(album)
        self.artists_album = closed(album | full(album_group=TEXT))
        self.album = closed(
            album
            | {"copyrights": listed({"type": "object"}), "external_ids": ISRC, "genres": NAMES}
            | {"tracks": page(closed(simple_track)), **full(label=TEXT, popularity=NUMBER)}
        )
        self.saved_album = closed({"added_at": MOMENT, "album": self.album})
        after = closed({"after": nullable(TEXT)}, {"before": nullable(TEXT)})
        self.followed = closed(
            {
                "artists": closed(
                    {"href": TEXT, "items": listed(self.artist), "limit": NUMBER, "next": nullable(TEXT)}
                    | {"cursors": after, "total": NUMBER}
                )
            }
        )
        played = closed({"track": closed(track), "played_at": MOMENT, "context": {"type": "null"}})
        cursors = closed({"after": TEXT, "before": TEXT})
        self.recent = closed(
            {"href": TEXT, "items": listed(played), "limit": NUMBER, "next": nullable(TEXT)}
            | {"cursors": nullable(cursors)}
        )
        share = {"type": "number", "minimum": 0, "maximum": 1}
        shares = "acousticness danceability energy instrumentalness liveness speechiness valence".split()
        self.audio_features = closed(
            dict.fromkeys(shares, share)
            | {
                "id": TEXT,
                "uri": TEXT,
                "type": {"const": "audio_features"},
                "analysis_url": TEXT,
                "track_href": TEXT,
                "duration_ms": NUMBER,
                "key": {"type": "integer", "minimum": -1, "maximum": 11},
                "loudness": {"type": "number", "minimum": -60, "maximum": 5},
                "mode": {"enum": [0, 1]},
                "tempo": {"type": "number"},
                "time_signature": {"type": "integer", "minimum": 3, "maximum": 7},
            }
        )
