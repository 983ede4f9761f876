"""Recognises playlists made by Earshot."""

import hashlib
import json
import re
from collections.abc import Sequence

from matcher.domain.playlist import JointTrack
from spotify_client.parsing.fields import text

MARK = "Made with Earshot."
"""Last words of every description.

They identify a playlist with an unknown id: its listener has erased everything since, another installation
made it, or Spotify's response was lost.
"""
_LONGEST_DESCRIPTION = 300
_MARKED = re.compile(r"Made with Earshot\.|^Made by Earshot from what ")


def is_marked(description: str) -> bool:
    """Whether a description has the mark, in its present or an earlier wording."""
    return _MARKED.search(description) is not None


def marked(description: str) -> str:
    """The description as one line of at most 300 characters, ending with the mark."""
    line = " ".join(text(description).removesuffix(MARK).split())
    return f"{line[: _LONGEST_DESCRIPTION - len(MARK) - 1].rstrip()} {MARK}".strip()


def digest_of(tracks: Sequence[JointTrack]) -> str:
    """SHA-256 (hex) of a playlist's tracks, in order, with their owners."""
    # without the name, because it changes with aliases
    content = [[one.key, sorted(one.owners)] for one in tracks]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
