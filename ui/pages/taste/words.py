"""Texts of My taste."""

from collections.abc import Mapping
from datetime import date, datetime

from matcher.domain.listening import Source
from matcher.domain.profile import Evidence
from ui.texts.grammar import at, counted, percent

TITLE = "My taste"
LEAD = "What Earshot knows of your listening, and what your matches rest on."
STORY = "Your story in five cards"
SOUND = "How your music sounds"
SOUND_MORE = (
    "Audio attributes are figures on how a track sounds. Drawn is their mean over the tracks of which they "
    "are known; what you hear more counts more. Point at a name, or tap it, for its value and what it means."
)
SPREAD = "How widely it ranges"
SPREAD_MORE = (
    "Dot: the median, half of your listening lies on either side. Thick line: the middle half. Thin line: "
    "eight in ten. At the ends: the range in which nearly all music lies."
)
NO_AUDIO = "No audio attributes are known for your tracks yet, so there is nothing to draw here."
DECADES = "When it was released"
DECADE = "{decade}s"
DECADE_TIP = "{decade}s: {share} of your listening"
ARTISTS = "Artists you hear most"
ARTISTS_MORE = "Each with its share of your listening."
READ = "What was read"
READ_FROM = "Read from {source} on {{day}} at {{time}}."
BRING = "Bring a file"
NAME = "ListenBrainz or Last.fm"
MY_SOURCES = "Where your music comes from"
MY_SOURCES_LEAD = (
    "Several sources make one taste: of what two of them tell, the larger count counts, not the sum."
)
SOURCE_MUCH = "{tracks}, {artists}; read on {{day}} at {{time}}."
SOURCE_EXPIRED = "Read on {day} at {time}, and kept for seven days: refresh to read it again."
SOURCE_REMOVE = "Remove"
REALLY_REMOVE = "What was read from {source} is deleted, and your matches move."
READ_AGAIN = "A refresh reads it again."
REMOVE_DISCONNECTS = (
    "Spotify is disconnected with it: from then on only your recovery key signs you in. If you no longer "
    "have the key, make a new one under Privacy first."
)
YES_REMOVE = "Yes, remove it"
SOURCE_GONE = "{source} is out of your taste."
SOURCE_GONE_MORE = "Your matches rest on what is left."
SOURCE_UNPROVEN = "Anybody can type a name, so nobody finds you by it until you show that it is yours:"
SOURCE_PROVE = "by a token or a sign-in"
LOCAL_SPOTIFY = "the local Spotify"
PARTS: Mapping[str, str] = {
    "ok": "read",
    "empty": "nothing in it",
    "denied": "not permitted",
    "failed": "kept from before",
}
READ_MUCH = "{came}, {much}"

# ---- facets of one's taste
FACETS = "Sides of your taste"
FACETS_LEAD = "Each can be matched on alone: your jazz side, or one playlist."
FACET_SIZE = "{artists}, {tracks}"
FACET_SHARE = "{share} of your listening"
CLUSTERS = "Found among your artists"
PLAYLISTS = "Playlists and other parts"
MATCH_ON = "Match on this"
MORE_FACETS = "Show all of them"
NO_FACETS = "Your library is still too small to have sides of its own."

# ---- leaving out
LEAVE_OUT = "Leave something out"
LEAVE_OUT_LEAD = (
    "Children’s songs, the playlist you sleep by, last December: what you leave out no longer counts, and "
    "your matches move at once. Nothing changes at Spotify, and you can put it back whenever you like."
)
KIND = "What to leave out"
KINDS: Mapping[str, str] = {
    "artist": "Artists",
    "track": "Tracks",
    "facet": "Playlists",
    "period": "Months",
}
FIND: Mapping[str, str] = {
    "artist": "Find an artist of yours",
    "track": "Find a track of yours",
    "facet": "Find a playlist of yours",
}
KIND_OF: Mapping[str, str] = {
    "artist": "artist",
    "track": "track",
    "facet": "playlist or part",
    "period": "months",
}
NOTHING_FOUND = "Nothing of that name in your library."
NOTHING_OF_IT = "There is nothing of that kind in your library."
NO_MONTHS = "No month is known for anything in your library."
MORE = "{n} more: search to find them."
FROM_MONTH = "From"
TO_MONTH = "To"
LEAVE_MONTHS = "Leave these months out"
WRONG_MONTHS = "The first month has to come before the last."
LEAVE = "Leave out"
UNDO = "Put back"
IS_OUT = "left out"
EXCLUSIONS = "What you leave out"
NO_EXCLUSIONS = "Nothing: everything that was read counts."
SINCE = "since {day}"
NOT_THERE = "no longer in your library"
NEAREST = "Nearest to you now"
NEAREST_NONE = "Nobody can be matched with yet."
NEW = "new"
NOW_OUT = "Left out."
BACK_IN = "Put back."
EXPIRED = (
    "The lists your profile was made of are kept for seven days after a refresh, and these are over. "
    "Refresh your profile on the matches page to see its sides and to leave things out."
)

# ---- loops
LOOP = "On repeat"
LOOP_TRACK = "makes up {share} of your listening. That happens, and it pulls your matches towards itself."
LOOP_LEAVE = "Leave it out"

# ---- noise
NOISE = "Sleep, calm and children"
NOISE_MORE = " and {n} more"
NOISE_TOLD = ": {share} of what was read."
NOISE_HARDLY = "They hardly count for your matches."
NOISE_AS_ALL = "They count like everything else, as you asked."
NOISE_ON_END = "You played {name} for {hours} hours on end."
NOISE_COUNT = "Count them"
NOISE_DAMP = "Let them hardly count"
NOISE_LEAVE = "Leave them out"
NOISE_FULL = "They count now."
NOISE_LESS = "They hardly count now."


def size(n_artists: int, n_tracks: int) -> str:
    """Size of a facet."""
    artists, tracks = counted(n_artists, "artist", "artists"), counted(n_tracks, "track", "tracks")
    return FACET_SIZE.format(artists=artists, tracks=tracks)


def came_of(status: str, n_tracks: int, n_artists: int) -> str:
    """Status of a part of a library, and how much of it counts: "read, 12 tracks"."""
    if not (n_tracks or n_artists):
        return PARTS[status]
    much = counted(n_tracks, "track", "tracks") if n_tracks else counted(n_artists, "artist", "artists")
    return READ_MUCH.format(came=PARTS[status], much=much)


def noise(n_more: int, part: float, *, counts: bool) -> str:
    """What is told of music that is no taste, behind the names of its strongest artists."""
    more = NOISE_MORE.format(n=f"{n_more:,}") if n_more > 0 else ""
    return f"{more}{NOISE_TOLD.format(share=percent(part))} {NOISE_AS_ALL if counts else NOISE_HARDLY}"


def really_remove(origin: str, name: str, *, disconnects: bool = False) -> str:
    """What the removal of a source does; `disconnects`: that of Spotify ends the connection."""
    told = REALLY_REMOVE.format(source=name)
    if origin != Source.SPOTIFY_API:
        return told
    return f"{told} {REMOVE_DISCONNECTS if disconnects else READ_AGAIN}"


def source_much(n_tracks: int, n_artists: int) -> str:
    """How much a source has, and a pattern of when it was read."""
    return SOURCE_MUCH.format(
        tracks=counted(n_tracks, "track", "tracks"), artists=counted(n_artists, "artist", "artists")
    )


def read_from(source: str, moment: datetime) -> str:
    """Where and when a library was read."""
    return at(READ_FROM.format(source=source), moment)


def month(value: str) -> str:
    """December 2025 for "2025-12"; two months with "to" between them."""
    first, _, last = value.partition("..")
    told = f"{date.fromisoformat(first + '-01'):%B %Y}"
    return f"{told} to {month(last)}" if last and last != first else told


def moved(before: Evidence, after: Evidence, n_new: int, n_moved: int) -> str:
    """Effect of a change of taste: evidence, and nearest listeners."""
    rests = (
        f"Your profile rests on {counted(after.n_tracks, 'track', 'tracks')} now ({before.n_tracks:,} before)"
    )
    if after.n_tracks == before.n_tracks:
        artists = counted(after.n_artists, "artist", "artists")
        rests = f"Your profile rests on {artists} now ({before.n_artists:,} before)"
    return f"{rests}; {_near(n_new, n_moved)}."


def _near(n_new: int, n_moved: int) -> str:
    if n_new:
        return f"{n_new} of your ten nearest {'is' if n_new == 1 else 'are'} new"
    if n_moved:
        return f"your ten nearest are the same, {n_moved} of them in another place"
    return "your ten nearest are as they were"


def share(part: float) -> str:
    """Share of a listener's listening."""
    return FACET_SHARE.format(share=percent(part))
