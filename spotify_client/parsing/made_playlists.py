"""Telling the playlists that Earshot made from those that a listener made."""

import hashlib
import json
import re
from collections.abc import Sequence

from matcher.domain.playlist import JointTrack
from spotify_client.parsing.fields import text

MARK = "Made with Earshot."
"""Stands at the end of every description. It tells a playlist apart whose id nobody remembers: of a listener
who has erased everything since, of another Earshot, or where Spotify's answer to its making was lost."""
_LONGEST_DESCRIPTION = 300
_MARKED = re.compile(r"Made with Earshot\.|^Made by Earshot from what ")


def is_marked(description: str) -> bool:
    """Whether a description says that Earshot made the playlist."""
    return _MARKED.search(description) is not None


def marked(description: str) -> str:
    """The description on one line, at most 300 characters with the mark at its end."""
    line = " ".join(text(description).removesuffix(MARK).split())
    return f"{line[: _LONGEST_DESCRIPTION - len(MARK) - 1].rstrip()} {MARK}".strip()


def digest_of(tracks: Sequence[JointTrack]) -> str:
    """SHA-256, hex, of what a playlist is made of: its tracks in order, and whose they are.

    Not of its name: aliases change, and so may its name at Spotify.
    """
    content = [[one.key, sorted(one.owners)] for one in tracks]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
