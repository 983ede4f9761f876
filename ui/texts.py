"""Every English text of the pages, in one place, ready for translation."""

from collections.abc import Iterable, Mapping
from datetime import datetime

PRODUCT = "Earshot"

# ---- signing in and out ------------------------------------------------------------------------------

SIGN_IN = "Sign in with Spotify"
SIGN_IN_DEMO = "Sign in with the local Spotify"
SIGN_OUT = "Sign out"
SIGN_OUT_EVERYWHERE = "End all my sessions"
DEMO = "Demo"
DEMO_BANNER = "every listener here is synthetic, nothing leaves this machine."

RECONNECT_BY = "Spotify’s permission lasts six months; yours ends on {day}. Sign in again before then."

# ---- landing -----------------------------------------------------------------------------------------

LANDING_TITLE = "Find the listeners who hear music the way you do."
LANDING_LEAD = (
    "Earshot reads what you listen to, looks for the people whose taste lies nearest to yours, "
    "and shows you what you have in common."
)
LANDING_NOTE = "You start hidden. Nobody is shown to anybody under their own name."
YOU = "you"
PROMISES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "What is read",
        (
            "Your own playlists, and those you make with others",
            "Your saved tracks and your top artists and tracks",
            "What you played recently",
        ),
    ),
    (
        "What is not",
        (
            "Your password: you type it at Spotify, never here",
            "Your e-mail address, your messages, your payments",
            "Nothing is played, changed or followed for you",
        ),
    ),
    (
        "What others see",
        (
            "Nothing, until you say so: you start hidden",
            "Then an alias such as “Velvet Heron 482”, never your name",
            "How near you are, and only what you both listen to",
        ),
    ),
)

# ---- finding your people -----------------------------------------------------------------------------

FINDING_TITLE = "Finding your people"
FINDING_LEAD = "Your library is being read, part by part. You may leave this page; the reading goes on."
PROGRESS = "Progress of reading your library"
CALLS_OF = "Calls used {used} of {budget}"
CALLS = "Calls used {used}"
COUNT_OF = "{done} of {total}"
STEP_DONE = "done"
STEP_ACTIVE = "in progress"
STEP_PENDING = "to come"
STEP_SKIPPED = "not read"
STEPS: Mapping[str, str] = {
    "top_artists": "Top artists",
    "top_tracks": "Top tracks",
    "saved": "Saved tracks",
    "playlists": "Playlists",
    "recent": "Recently played",
    "plays": "Listening history",
    "profile": "Your profile",
    "embed": "Your place among listeners",
    "match": "Your matches",
}
STEP_OTHER = "One more step"
RETRY = "Try again"
RELOAD = "Look again"

# ---- matches -----------------------------------------------------------------------------------------

MATCHES_TITLE = "Within earshot"
YOU_ARE = "You are"
LISTENERS = "Listeners nearest to you"
REFRESH = "Refresh my profile"
REFRESH_LATER = "Refresh again at {time} UTC"
REFRESHING = "Reading your library again"
SHOW_MORE = "Show more listeners"
CHANGED = "Updated."
CHANGED_MORE = "Your profile has changed, and the matches below with it."
UNCHANGED = "Profile unchanged."
UNCHANGED_MORE = "Nothing new since it was last read; your matches stand."
KEPT = "{parts} could not be read this time; what was known before is kept."
DENIED = "{parts} may not be read: a permission is missing."
PLAYLISTS_SKIPPED = "{playlists} could not be read and {were} left out."
PERCENT = "match"
PERCENT_MEANING = (
    "Of pairs this close, {value} in 100 were two halves of one person’s listening rather than two "
    "strangers. With this much to go by it lies between {low} and {high}."
)
SCORE = "Score"
SCORE_MADE = "What the score is made of, about"
COMPONENTS: Mapping[str, str] = {
    "towers": "The towers’ sense of it",
    "artists": "Artists in common",
    "tracks": "Tracks in common",
    "tags": "Tags in common",
    "audio": "How it sounds",
}
SYNTHETIC = "synthetic"
SYNTHETIC_MORE = "Made up by the demo; not a person"
SHARED_ARTISTS = "Artists you share"
SHARED_TRACKS = "Tracks you share"
SHARED_TAGS = "Tags you share"
SHARED_ALL = "Why, and everything else you share"
SHARED_NOTHING = "No artist, track or tag in common by name; the model still places you close together."
MORE = "and {n} more"
LAST_READ = "Last read {day} at {time} UTC"
NEVER_READ = "Not read yet"

# ---- attribution -------------------------------------------------------------------------------------

SPOTIFY_HOME = "https://open.spotify.com"
ATTRIBUTION = "Data from Spotify"
NOT_AFFILIATED = "Earshot is not affiliated with Spotify."

# ---- problems ----------------------------------------------------------------------------------------

RETRY_AT = "Please try again at {time} UTC."
RETRY_ON = "Please try again on {day} at {time} UTC."
PROBLEMS: Mapping[str, tuple[str, str, str]] = {
    "EarshotError": (
        "Something went wrong",
        "Something happened that was not foreseen. Nothing of yours was lost.",
        "Please try again. If it keeps happening, tell whoever runs this Earshot.",
    ),
    "SettingsError": (
        "Earshot is not set up yet",
        "A setting is missing or wrong.",
        "Whoever runs this Earshot can find out which one with “earshot doctor”.",
    ),
    "SignInError": ("You are not signed in", "Signing in did not work.", "Please sign in again."),
    "AccessDenied": (
        "You said no, and that is fine",
        "Spotify’s question was declined, so nothing was read.",
        "If you change your mind, sign in again and agree.",
    ),
    "StateMismatch": (
        "That sign-in could not be completed",
        "It took too long, was used twice, or was begun in another browser.",
        "Please sign in again, in this browser.",
    ),
    "NotSignedIn": ("You are signed out", "Your session has ended.", "Please sign in again."),
    "GrantRevoked": (
        "Spotify needs to hear from you again",
        "The permission you gave has ended: it was withdrawn, or six months have passed.",
        "Please sign in again to renew it.",
    ),
    "SpotifyError": ("Spotify could not be read", "A call to Spotify did not work.", "Please try again."),
    "SpotifyUnreachable": (
        "Spotify does not answer",
        "There was no answer, or the connection was cut.",
        "Please try again in a minute or two.",
    ),
    "SpotifyMalformed": (
        "Spotify’s answer made no sense",
        "Spotify answered with something else than it promises.",
        "Please try again later. If it stays so, tell whoever runs this Earshot.",
    ),
    "RateLimited": (
        "Spotify asks for a pause",
        "Too many calls were made in a short time.",
        "Please try again in a few minutes.",
    ),
    "QuotaExceeded": (
        "Today’s quota is used up",
        "Spotify allows this app no more calls for now.",
        "Please try again tomorrow.",
    ),
    "SpotifyForbidden": (
        "Spotify refused",
        "Spotify did not let this part be read, and did not say why.",
        "Please try again. If it stays so, tell whoever runs this Earshot.",
    ),
    "NotAllowListed": (
        "You are not on the guest list yet",
        "Spotify lets this app serve only a few listeners, each entered by hand.",
        "Ask whoever runs this Earshot to add your Spotify account, then try again.",
    ),
    "OwnerNotPremium": (
        "This app is paused by Spotify",
        "The owner of the Spotify app has no Premium subscription at the moment.",
        "Whoever runs this Earshot can put that right; then try again.",
    ),
    "ScopeMissing": (
        "A permission is missing",
        "One of the things Earshot wants to read was not granted.",
        "Please sign in again and leave every permission ticked.",
    ),
    "NotPlaylistOwner": (
        "Somebody else’s playlist",
        "Spotify shows the tracks of a playlist only to those who make it.",
        "Nothing to do: such playlists are left out. Please try again.",
    ),
    "EndpointGone": (
        "Spotify has closed this door",
        "A part of Spotify that Earshot reads is no longer open to this app.",
        "Whoever runs this Earshot should look for a newer version.",
    ),
    "MatchingError": ("No matches to show", "Your matches could not be made.", "Please try again."),
    "NoCandidates": (
        "You are the first one here",
        "Your profile is ready, but nobody can be found yet.",
        "As soon as other listeners join and choose to be found, they appear here.",
    ),
    "NoMusic": (
        "There is no music here yet",
        "Your library was read, and there is no artist and no track in it.",
        "Save a few tracks or make a playlist in Spotify, then try again.",
    ),
    "NothingLeft": (
        "Nothing would be left",
        "With this, everything in your library would be left out, and there would be nothing to match on.",
        "Leave something in, or take something back in first.",
    ),
    "NotInLibrary": (
        "That is not in your library",
        "What you chose does not stand in your library, or no longer since it was read again.",
        "Please look again and choose from what is there now.",
    ),
    "NotSynced": (
        "Your music has not been read yet",
        "There is no profile of yours to match with.",
        "Try again to have it read.",
    ),
    "UnknownListener": (
        "There is nothing of yours here",
        "Your profile does not exist, or was erased.",
        "To begin afresh, sign in again.",
    ),
    "ModelError": (
        "Matching is out of order",
        "The model that places listeners cannot be used right now.",
        "Whoever runs this Earshot can find out why with “earshot doctor”.",
    ),
    "ModelMissing": (
        "There is no model yet",
        "Earshot has not been trained on this machine.",
        "Whoever runs it should run “earshot train”, or “earshot demo” for a look around.",
    ),
    "ModelBroken": (
        "The model does not verify",
        "Its files are incomplete or were changed, so it is not used.",
        "Whoever runs this Earshot can go back with “earshot models rollback” or train again.",
    ),
    "ModelMismatch": (
        "The model has just changed",
        "Your profile was placed by another version of the model.",
        "Look again in a moment. If it stays so, refresh your profile.",
    ),
    "RefreshTooSoon": (
        "Your music was read a moment ago",
        "Every reading uses up calls that all listeners here share.",
        "Please try again in a few minutes.",
    ),
    "InputError": (
        "That file cannot be read",
        "It is not what it should be.",
        "Check the file’s kind and its columns, then choose it again.",
    ),
    "UntrainableSource": (
        "These rows must not be learned from",
        "What comes from Spotify’s Web API is never used for training.",
        "Train on your own export or on open listening data.",
    ),
    "StorageUnreachable": (
        "The database does not answer",
        "Your profile is safe, but it cannot be reached right now.",
        "Please look again in a minute.",
    ),
}
"""By error class: title, what happened, what to do."""

# ---- small grammar -----------------------------------------------------------------------------------


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun: "1 track", "1,204 tracks"."""
    return f"{n:,} {one if n == 1 else many}"


def skipped(n_playlists: int) -> str:
    """That some playlists were left out; empty for none."""
    if not n_playlists:
        return ""
    playlists = counted(n_playlists, "playlist", "playlists")
    return PLAYLISTS_SKIPPED.format(playlists=playlists, were="was" if n_playlists == 1 else "were")


def unread(pattern: str, parts: Iterable[str]) -> str:
    """`pattern` with the names of parts of a library; empty for none."""
    names = [STEPS.get(part, STEP_OTHER) for part in parts]
    return pattern.format(parts=", ".join(names)) if names else ""


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent, never 0 for something nor 100 for less than all."""
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{min(round(share * 100), 99 if share < 1 else 100)} %"


def evidence(n_tracks: int, n_artists: int, audio_coverage: float) -> str:
    """On how much a profile rests, as one sentence."""
    basis = f"{counted(n_tracks, 'track', 'tracks')} by {counted(n_artists, 'artist', 'artists')}"
    audio = f"audio attributes for {percent(audio_coverage)}" if audio_coverage else "no audio attributes"
    return f"Your profile rests on {basis}; {audio}."


def at(pattern: str, moment: datetime) -> str:
    """`pattern` with {day} ("3 March 2026") and {time} ("14:05") of a UTC moment."""
    return pattern.format(day=f"{moment.day} {moment:%B %Y}", time=f"{moment:%H:%M}")


def last_read(moment: datetime | None) -> str:
    """When a profile was last read."""
    return at(LAST_READ, moment) if moment else NEVER_READ


def signed(value: float) -> str:
    """A part of a score with three decimals and a true minus sign."""
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")


def percent_meaning(value: float, low: float, high: float) -> str:
    """What a percentage means, with its interval; all in [0, 100]."""
    return PERCENT_MEANING.format(value=round(value), low=round(low), high=round(high))
