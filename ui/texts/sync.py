"""Texts about reading a library: steps, button, outcome."""

from collections.abc import Iterable, Mapping

from ui.texts.grammar import counted

FINDING_TITLE = "Finding your people"
FINDING_LEAD = "Your library is being read, part by part. You may leave this page; the reading goes on."
FIRST_TITLE = "First matches, still reading"
FIRST_LEAD = (
    "These rest on what has been read so far, and they will move: the rest of your library is on its way. "
    "You may leave this page; the reading goes on."
)
PROGRESS = "Progress of reading your library"
CALLS_OF = "Calls used {used} of {budget}"
CALLS = "Calls used {used}"
CALLS_MORE = "A call is one question put to Spotify, which lets an app put only so many."
COUNT_OF = "{done} of {total}"
COUNT_PERCENT = "{done} %"
STEP_DONE = "done"
STEP_ACTIVE = "in progress"
STEP_PENDING = "to come"
STEP_SKIPPED = "not read"
STEPS: Mapping[str, str] = {
    "top_artists": "Top artists",
    "top_tracks": "Top tracks",
    "saved": "Saved tracks",
    "albums": "Saved albums",
    "followed": "Followed artists",
    "playlists": "Playlists",
    "recent": "Recently played",
    "plays": "Listening history",
    "file": "Your file",
    "profile": "Tracks understood",
    "audio": "Tracks whose sound is known",
    "embed": "Your place among listeners",
    "match": "Your matches",
}
STEP_OTHER = "One more step"
STOP = "Stop reading"
STOPPING = "Stopping …"
RESUME = "Go on reading"
BRING = "Bring a newer file"
BRING_ANOTHER = "Choose another file"
BRING_AGAIN = "Nothing was changed. You can bring the file again whenever you like."
BRING_TITLE = "Bring your listening"
BRING_LEAD = "There is no music of yours here yet. Bring a file that you downloaded, and your matches follow."
NAME = "Give a user name"
REFRESH = "Refresh my profile"
REFRESH_LATER = "Refresh again at {time}"
REFRESH_ON = "Refresh again on {day} at {time}"
RESTING = (
    "Spotify allows this app no calls until {time} on {day}. Until then nothing is read; your matches and "
    "everything else stay open."
)
REFRESHING = "Reading your library again"
CHANGED = "Updated."
CHANGED_MORE = "Your profile has changed, and the matches below with it."
UNCHANGED = "Profile unchanged."
UNCHANGED_MORE = "Nothing new since it was last read; your matches stand."
KEPT = "{parts} could not be read this time; what was known before is kept."
DENIED = "{parts} may not be read: a permission is missing. Sign in with Spotify again to give it."
PLAYLISTS_SKIPPED = "{playlists} could not be read and {were} skipped."


def skipped(n_playlists: int) -> str:
    """Note on skipped playlists; "" if none."""
    if not n_playlists:
        return ""
    playlists = counted(n_playlists, "playlist", "playlists")
    return PLAYLISTS_SKIPPED.format(playlists=playlists, were="was" if n_playlists == 1 else "were")


def unread(pattern: str, parts: Iterable[str]) -> str:
    """`pattern` with the names of parts; "" if none."""
    names = [STEPS.get(part, STEP_OTHER) for part in parts]
    return pattern.format(parts=", ".join(names)) if names else ""
