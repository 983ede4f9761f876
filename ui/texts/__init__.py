"""Every English text of the pages, a module a screen, ready for translation."""

from ui.texts import (
    card,
    charts,
    frame,
    grammar,
    landing,
    match,
    matches,
    parts,
    privacy,
    problems,
    share,
    sync,
    taste,
)

__all__ = [
    "card",
    "charts",
    "frame",
    "grammar",
    "landing",
    "match",
    "matches",
    "parts",
    "privacy",
    "problems",
    "share",
    "sync",
    "taste",
]
