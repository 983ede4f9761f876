"""Every English text of the pages, a module a screen, ready for translation."""

from ui.texts import (
    card,
    charts,
    connecting,
    frame,
    glossary,
    grammar,
    parts,
    playlist,
    problems,
    share,
    sync,
)

__all__ = [
    "card",
    "charts",
    "connecting",
    "frame",
    "glossary",
    "grammar",
    "parts",
    "playlist",
    "problems",
    "share",
    "sync",
]
