"""Texts of the matches screen."""

from datetime import datetime

from ui.texts.grammar import at, counted, percent

MATCHES_TITLE = "Within earshot"
YOU_ARE = "You are"
LISTENERS = "Listeners nearest to you"
SHOW_MORE = "Show more listeners"
LAST_READ = "Last read {day} at {time} UTC"
NEVER_READ = "Not read yet"


def evidence(n_tracks: int, n_artists: int, audio_coverage: float) -> str:
    """On how much a profile rests, as one sentence."""
    basis = f"{counted(n_tracks, 'track', 'tracks')} by {counted(n_artists, 'artist', 'artists')}"
    audio = f"audio attributes for {percent(audio_coverage)}" if audio_coverage else "no audio attributes"
    return f"Your profile rests on {basis}; {audio}."


def last_read(moment: datetime | None) -> str:
    """When a profile was last read."""
    return at(LAST_READ, moment) if moment else NEVER_READ
