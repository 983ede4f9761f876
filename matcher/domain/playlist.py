"""A playlist for several listeners: its tracks, each attributed, and as text to take away."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet begins a formula."""


@dataclass(frozen=True, slots=True)
class JointTrack:
    """One track of a joint playlist.

    Attributes:
        key: canonical track key.
        title: as written by one who has it; the key where nobody wrote it.
        artist: likewise; empty where unknown.
        owners: ids of the listeners it comes from, in the order in which they were given, never empty.
        liking: how much each listener would like it, in [0, 1], by listener id (see
            `matcher.groups.discovery`).
    """

    key: str
    title: str
    artist: str
    owners: tuple[str, ...]
    liking: Mapping[str, float]


def playlist_csv(
    tracks: Sequence[JointTrack], aliases: Mapping[str, str], links: Mapping[str, str] | None = None
) -> str:
    """The playlist as CSV (RFC 4180) with the columns position, title, artist, from, link.

    Titles are other people's text: one that would begin a formula in a spreadsheet gets an apostrophe before.

    Args:
        tracks: in order.
        aliases: what to call each owner, by listener id.
        links: address of a track, by key; tracks without one get an empty field.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("position", "title", "artist", "from", "link"))
    for place, track in enumerate(tracks, start=1):
        texts = (track.title, track.artist, _from(track, aliases))
        writer.writerow((place, *map(_cell, texts), (links or {}).get(track.key, "")))
    return target.getvalue()


def playlist_m3u(
    tracks: Sequence[JointTrack],
    aliases: Mapping[str, str],
    links: Mapping[str, str] | None = None,
    title: str = "",
) -> str:
    """The playlist as extended M3U: a comment line a track, and under it the link where one is known."""
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
    """Text on one line: whatever breaks lines is a blank."""
    return " ".join(text.split())
