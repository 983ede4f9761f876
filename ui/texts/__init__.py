"""Every English text of the pages, a module a screen, ready for translation."""

from ui.texts import (
    atlas,
    card,
    charts,
    frame,
    grammar,
    groups,
    landing,
    match,
    matches,
    own_card,
    parts,
    privacy,
    problems,
    share,
    sync,
    taste,
)

__all__ = [
    "atlas",
    "card",
    "charts",
    "frame",
    "grammar",
    "groups",
    "landing",
    "match",
    "matches",
    "own_card",
    "parts",
    "privacy",
    "problems",
    "share",
    "sync",
    "taste",
]
