"""Texts of the doors."""

from matcher.picking.artists import MOST

FILE_TITLE = "Bring your listening"
FILE_LEAD = (
    "Earshot makes a taste profile of the files and then deletes them. Bring the data export of Spotify, "
    "Apple Music, YouTube Music, Deezer or ListenBrainz as it comes, a file of Last.fm’s tools or of your "
    "player, or a table of what you listened to."
)
FILE_LEAD_AGAIN = (
    "Files of one service take the place of earlier ones of it; everything else stays beside them. They are "
    "deleted as soon as they are read."
)
FILE_LABEL = "Your files"
FILE_HINT = (
    "From Spotify, Apple Music, YouTube Music, Deezer, ListenBrainz or your player; one or several. A whole "
    "streaming history may take a minute to arrive."
)
FILE_SEND = "Find my listeners"
FILE_SEND_AGAIN = "Use these files"
FILE_BACK = "Back to my taste"
SENDING = "On its way"
SENT = "{share} % · {done} of {all} MB"
SENT_SPOKEN = "{share} % is sent."
SENT_ALL = "All of it has arrived. Earshot looks at what it is."
SENT_BROKEN = "The connection broke off. Please send it again."
SENT_CANCELLED = "Cancelled. Nothing was kept."
SENDING_CANCEL = "Cancel"
SAMPLE_LEAD = "No file at hand?"
SAMPLE = "Get one of a synthetic listener from the local Spotify"
HOW = "How do I get my file?"
HOW_SPOTIFY = (
    "Open spotify.com/account/privacy and sign in.",
    "Under “Download your data”, ask for “Account data”, “Extended streaming history”, or both.",
    "Press the link in the e-mail that asks whether it was you.",
    "A second e-mail, days or weeks later, holds the ZIP file. Bring it here as it is.",
)
HOW_PRIVATE = (
    "The ZIP file also holds your address, payments and searches. Earshot opens none of these files, and "
    "keeps no time of a play but its month."
)

NAME_TITLE = "Your name at ListenBrainz or Last.fm"
NAME_LEAD = "What you have listened to is read there; nothing is written, and no password is asked for."
NAME_SERVICE = "Where?"
LISTENBRAINZ, LASTFM = "ListenBrainz", "Last.fm"
NAME_LABEL = "User name"
NAME_SEND = "Use this name"
NAME_SAMPLES = "Names that the local services know"
PROVE = "Let yourself be found as well"
PROVE_MORE = (
    "Anybody can type a name. With a name alone you can look around, and nobody finds you; once you have "
    "shown that it is yours, you may let yourself be found."
)
NAME_PROVE = "Show that it is yours, and be found as well"
LASTFM_SIGN_IN = "Sign in at Last.fm"
PROOF_LABEL = "ListenBrainz user token"
PROOF_HINT = "From listenbrainz.org/settings. It is used once, and not kept."
PROOF_SEND = "Use this token"

KEY_LABEL = "Recovery key"
KEY_HINT = "36 letters and digits; case, spaces and hyphens do not matter"
KEY_ENTER = "Sign in"
KEY_USE = "Use my recovery key"

ENTER_TITLE = "Come back with your recovery key"
ENTER_LEAD = "You got it when you brought your listening here for the first time."

NEW_KEY_TITLE = "Make a new recovery key?"
NEW_KEY_LEAD = (
    "The one you have now stops at once, and your account is signed out in every other browser. Your music, "
    "matches and choices stay; if Spotify is connected, it still signs you in."
)
NEW_KEY_YES = "Make a new key"
NEW_KEY_NO = "Keep the one I have"

CONNECT_TITLE = "Connect Spotify?"
CONNECT_LEAD = (
    "What Spotify has of your listening joins the music you have brought here. Your alias, matches and "
    "choices stay yours."
)
CONNECT_MORE = (
    "From then on you can sign in with Spotify as well as with your recovery key.",
    "Nobody sees your Spotify profile unless you switch that on under Privacy.",
    "You can disconnect it at any time. Your recovery key goes on signing you in.",
)
CONNECT_YES = "Go to Spotify"
CONNECT_YES_DEMO = "Go to the local Spotify"
CONNECT_NO = "Not now"

FIRST_KEY_TITLE = "Keep this key: it is your account"
KEY_TITLE = "This is your new recovery key"
KEY_LEAD = (
    "It signs you in on another device, or here once you have signed out. It is shown this once: only its "
    "fingerprint is kept, so nobody can send it to you again."
)
KEY_NAMED = "Your recovery key"
KEY_DOWNLOAD = "Download it as a text file"
KEY_FILE = "earshot-recovery-key.txt"
KEY_GO_ON = "I have kept it: to my matches"
KEY_TEXT = """Your recovery key for Earshot

{key}

Type it on the first page of Earshot to sign in. Whoever has it can sign in as you, so keep it
to yourself. A new one, made under Privacy, replaces it.
"""

PICK_TITLE = "Pick artists you love"
PICK_LEAD = "Five are enough, fifteen are better. Search for favourites first: they tell the most about you."
PICK_SEARCH = "Search for an artist"
PICK_FIND = "Search"
PICK_NOTHING = "No artist here is spelled like that. Only artists that several listeners hear can be picked."
PICKED = "Your picks"
PICK_DROP = "Drop {name}"
PICK_KNOWN = "Do you hear any of these?"
PICK_KNOWN_MORE = "Tap those you like. The next ones follow from that."
PICK_MORE = "Show me others"
PICK_ALL_SEEN = "You have seen them all: search for those you miss."
PICK_DONE = "Find my listeners"
PICK_DOOR_TITLE = "Nothing at hand?"
PICK_DOOR_LEAD = "Pick five artists you love, and meet the listeners who love them too."
PICK_DOOR = "Pick artists"
PICK_AGAIN = "Change my picks"


def picked(n: int) -> str:
    """How many artists are picked."""
    return f"{n} picked, {MOST} at most"


def pick_more(n_missing: int) -> str:
    """The button that ends picking: what it does, or how many are missing."""
    return f"Pick {n_missing} more" if n_missing else PICK_DONE
