"""Joint playlists: tracks with their owners; export as CSV and M3U."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet reads text that starts with these as a formula


@dataclass(frozen=True, slots=True)
class JointTrack:
    """One track of a joint playlist.

    Attributes:
        title, artist: as an owner's library writes them; the key and "" if unknown.
        owners: ids of the listeners who have it, in input order, never empty.
        liking: predicted liking by listener id, in [0, 1] (see `matcher.groups.discovery`).
    """

    key: str
    title: str
    artist: str
    owners: tuple[str, ...]
    liking: Mapping[str, float]


def playlist_csv(
    tracks: Sequence[JointTrack], aliases: Mapping[str, str], links: Mapping[str, str] | None = None
) -> str:
    """Playlist as CSV (RFC 4180) with the columns position, title, artist, from, link.

    Aliases are by listener id, links by track key; tracks without a link get an empty field.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("position", "title", "artist", "from", "link"))
    for place, track in enumerate(tracks, start=1):
        # other people's texts: `_cell` escapes what a spreadsheet would run as a formula
        texts = (track.title, track.artist, _from(track, aliases))
        writer.writerow((place, *map(_cell, texts), (links or {}).get(track.key, "")))
    return target.getvalue()


def playlist_m3u(
    tracks: Sequence[JointTrack],
    aliases: Mapping[str, str],
    links: Mapping[str, str] | None = None,
    title: str = "",
) -> str:
    """Playlist as extended M3U: for each track a comment, and its link if known."""
    lines = ["#EXTM3U", *([f"#PLAYLIST:{_line(title)}"] if title else [])]
    for track in tracks:
        named = " - ".join(filter(None, (_line(track.artist), _line(track.title))))
        lines += [f"#EXTINF:-1,{named}", f"# from {_line(_from(track, aliases))}"]
        if link := (links or {}).get(track.key):
            lines.append(_line(link))
    return "\n".join(lines) + "\n"


def _from(track: JointTrack, aliases: Mapping[str, str]) -> str:
    return ", ".join(aliases[owner] for owner in track.owners if owner in aliases)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(text: str) -> str:
    """Join lines, and collapse white space to single blanks."""
    return " ".join(text.split())
