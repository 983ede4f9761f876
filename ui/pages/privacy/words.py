"""Texts of the privacy screen, the receipt, and the note for hidden listeners."""

from collections.abc import Collection, Mapping

from matcher.domain.consent import Sharing
from matcher.ports import Choices
from ui.texts.grammar import counted

TITLE = "Privacy"
LEAD = "Who sees what of you, what is kept, and the way out. Every choice counts from the moment you make it."


# ---- being found
FOUND = "Being found"
HIDDEN = "You are hidden."
HIDDEN_MORE = (
    "You see the listeners nearest to you; none of them sees you. People you ask to connect, or are "
    "connected with, see your alias."
)
VISIBLE = "You can be found."
VISIBLE_MORE = "Listeners near you see you among their matches, under your alias."
PAUSED = "You have paused."
PAUSED_MORE = (
    "Nobody sees you for now, but people you have asked or are connected with see your alias. Your choices, "
    "connections and requests are kept until you come back."
)
SHOWS_NOTHING = "Nobody can find you."
SHOWS_NOTHING_MORE = (
    "You show fewer than five artists. Switch something on again under “What I share”, or a part of your "
    "library under “Part by part”."
)
DISCOVERABLE = "Let others find me"
MEANING = "What being found means"
MEANINGS = (
    "Everybody near you: your alias, how near you are in a word, and a few artists and tags you both hear: "
    "at most 10 of each, never more than a third of yours, and only those that are among your strongest and "
    "among their 30 strongest.",
    "Only those you connect with: the exact percentage and what it is made of, all artists, tags and tracks "
    "you both hear, how your music sounds, what of it they would like, and the link to your Spotify profile.",
    "Nobody: all that you hear, when you heard it, your name, your e-mail address.",
)
PAUSE = "Pause for a while"
RESUME = "Be found again"

FOUND_LINES = {
    "hidden": "Found by others: off",
    "visible": "Found by others: on",
    "paused": "Found by others: paused",
    "nothing": "Nobody can find you",
}
"""One line on each part, beside its heading."""

# ---- alias
ALIAS = "Your alias"
ALIAS_LABEL = "The name others see"
ALIAS_RULES = (
    "3 to 30 characters: letters of one script, digits, spaces, hyphens and apostrophes. Nobody else may "
    "have it, and it may not look like the name of somebody who speaks for Earshot or Spotify. Better not "
    "your real name: everybody who finds you sees it."
)
ALIAS_CHANGE = "Change my alias"
ALIAS_CHANGED = "Changed."
ALIAS_CHANGED_MORE = "Others see your new alias from now on."

# ---- account
ACCOUNT = "Your account"
ACCOUNT_LEAD = (
    "With this account you sign in here. Only you see it on this page. Those you connect with get the link "
    "to it only while you share your Spotify profile."
)
ACCOUNT_AT = "at Spotify"
ACCOUNT_AT_DEMO = "at the local Spotify of this demo"
ACCOUNT_OPEN = "Open the profile"
ACCOUNT_UNNAMED = "An account without a name"
KEY_LEAD = (
    "With a recovery key you sign in here, on this device or another. Who has it can sign in as you: if "
    "somebody else may have seen it, make a new one."
)
BOTH_LEAD = (
    "Your recovery key signs you in here, and so does your Spotify account. If somebody else may have seen "
    "the key, make a new one, and see that the Spotify account is yours. Those you connect with get the link "
    "to it only while you share your Spotify profile."
)
SPOTIFY = "Spotify"
SPOTIFY_MORE = "not connected; your music there can join what you have brought"
KEY = "Recovery key"
KEY_MADE = "made on {day}"
NO_KEY = "you have none yet"
KEY_NEW = "Make a new key"

# ---- what is shared
SHARING = "What I share"
SHARING_LEAD = (
    "Others find you by what is switched on here. What is off has no part in it: nobody finds you by it, and "
    "it moves no list, no score and no count. You still look for others with all your music."
)
SHARE_ARTISTS = "My artists"
SHARE_ARTISTS_HELP = (
    "While they are off, nobody finds you by an artist, a track, a playlist’s name or how your music sounds. "
    "Before you connect, others see a few artists you both hear; then all of them."
)
SHARE_TAGS = "My tags"
SHARE_TAGS_HELP = (
    "While they are off, nobody finds you by a genre or mood. Tags also say something about your artists: to "
    "keep those back for certain, switch off both."
)
SHARE_TRACKS = "My tracks"
SHARE_TRACKS_HELP = (
    "While they are on, they count for how near you are to everybody, but only those you connect with see "
    "which. A track names its artist, so tracks count only while artists do."
)
SHARE_LINK = "My Spotify profile, to those I am connected with"
SHARE_CARDS = "My alias and our percentage, on cards they share"
SHARE_CARDS_HELP = (
    "Whoever you are connected with can draw a picture of your match, which anybody may then see. While this "
    "is off, it says in a word how near you are, and not who you are."
)
FACETS = "Part by part"
FACETS_LEAD = (
    "Nobody finds you by what stands only in a part that you keep back. Your tags and sound are then made of "
    "the other parts; where that has to be read again, you show none until your next refresh. You still look "
    "for others with all of it; to change that, leave it out under My taste."
)
NO_FACETS = "Once your library has been read, its parts stand here."
MORE_FACETS = "Show all parts"

# ---- training
TRAINING = "Help to train the matching"
TRAINING_LEAD = (
    "Earshot finds matches by a model that has learned from the listening of many people which music goes "
    "together. While a switch is on, the next training may learn from that source of yours: which artists "
    "and tracks are in it, and how often. It never learns from your alias, your connections, or what you "
    "leave out. Switch it off, or remove the source, and the next training is without it; a model that is "
    "trained already stays as it is. Your matches do not depend on your choice."
)
TRAIN_ON = "Train on {source}"
NO_TRAINING = "None of your sources can be trained on."
TRAINING_SPOTIFY = (
    "What is read from Spotify while you are signed in there is never trained on: Spotify’s terms forbid it."
)

# ---- people
PEOPLE = "People"
PEOPLE_LEAD = "Requests, connections, and whom you have hidden or blocked have a page of their own."

# ---- sessions
SESSIONS = "Where you are signed in"
SESSIONS_LEAD = (
    "A browser stays signed in for thirty days after your last visit, and for 180 days at most. If you have "
    "used one that is not yours, sign out there."
)
SESSION_HERE = "This browser"
SESSION_THERE = "Another browser"
SIGNED_IN = "signed in on {day} at {time}"
SEEN = "last used on {day}"
SIGN_OUT_HERE = "Sign out here"
SIGN_OUT_THERE = "Sign out there"
SIGNED_OUT_THERE = "Signed out there."
SIGNED_OUT_THERE_MORE = "That browser sees nothing of yours from its next click on."
END_ALL = "End all my sessions"

# ---- what is kept
KEPT = "What is kept on you, and for how long"
KEPT_HEADS = ("What", "Why", "How long")
KEPT_ROWS = (
    (
        "Alias, choices, connections, blocks",
        "to do as you decided",
        "until you change them or erase everything",
    ),
    (
        "Your taste profile and its place among listeners",
        "to find and explain matches",
        "until you erase everything",
    ),
    (
        "The lists it is made of",
        "so that a refresh reads only what changed, and leaving out can be undone",
        "seven days after the last refresh; from a file of yours, until you bring another",
    ),
    (
        "Which playlists were made for you",
        "so that they are not read as your taste, or made twice",
        "until you erase everything",
    ),
    (
        "Spotify’s permission, encrypted",
        "to read your library when you refresh",
        "until you disconnect; six months at most",
    ),
    (
        "Files that you bring",
        "to make your profile of them",
        "until they are read; some minutes, longer behind others",
    ),
    (
        "Your recovery key, as a fingerprint",
        "to know you by it; the key itself is not kept",
        "until you make a new one",
    ),
    (
        "Sessions, as a fingerprint of the cookie",
        "to keep you signed in",
        "thirty days after your last visit; 180 days at most",
    ),
    (
        "What you saw and did with matches",
        "to show what is new and to match better",
        "until you erase everything",
    ),
    ("A log of what was changed, without content", "to prove what was done", "a year"),
    (
        "Blocks, reports and declined requests, after you have erased everything",
        "so that a block holds if either of you comes back; kept without names, under a keyed fingerprint",
        "a year after the erasure",
    ),
    (
        "Your whole account, if you stay away",
        "nobody is kept who does not come back",
        "thirty days after your last visit",
    ),
)
KEPT_LINE = "what, why, and for how long"
KEPT_MORE = "Every column, with its reason and its time"
NOT_KEPT = (
    "Never kept: your name, your e-mail address, your password, and the day or hour you played a track; only "
    "its month is, in the lists."
)

# ---- export
EXPORT = "Take it with you"
EXPORT_LEAD = (
    "One file with everything that is kept of you: your account, your music, your choices and what you did. "
    "What others did, such as looking at you, is theirs and not in it. "
    "The file is made when you ask for it, and not kept here."
)
EXPORT_LINE = "one file"
EXPORT_BUTTON = "Download everything (JSON)"

# ---- leaving
DISCONNECT = "Disconnect from Spotify"
DISCONNECT_LEAD = (
    "Earshot forgets Spotify’s permission and reads nothing more. Your profile, your matches and your "
    "choices stay until you erase them; the lists read from Spotify go after seven days."
)
DISCONNECT_LEAD_KEY = (
    "Earshot forgets Spotify’s permission and deletes what was read from it, and from then on only your "
    "recovery key signs you in. If that was all your music, your profile stays until you bring other music "
    "or erase everything."
)
NOT_CONNECTED = "Spotify is disconnected: nothing is read from it. To refresh your profile, sign in again."
DISCONNECT_BUTTON = "Disconnect"
DISCONNECT_SURE = (
    "Forget Spotify’s permission? Your profile and matches stay as they are; refreshing needs a new sign-in."
)
DISCONNECT_SURE_KEY = (
    "Disconnect Spotify? From then on only your recovery key signs you in. If you no longer have the key, "
    "make a new one first."
)
DISCONNECT_YES = "Yes, disconnect"
DISCONNECTED = "Disconnected."
DISCONNECTED_MORE = (
    "Spotify’s permission is wiped here. Your profile, matches, connections and choices remain until you "
    "erase them."
)
DISCONNECTED_MORE_KEY = (
    "Spotify’s permission is wiped here, and your recovery key alone signs you in. Your alias, connections "
    "and choices stay."
)
CONNECTED_LINE, DISCONNECTED_LINE = "connected", "disconnected"
AT_SPOTIFY = "See the apps at Spotify"
AT_SPOTIFY_PATH = "https://www.spotify.com/account/apps/"
ERASE = "Erase everything"
ERASE_LEAD = (
    "Profile, matches, connections, choices and sessions are deleted at once and for good, for others "
    "too: nobody finds you any more. You get a receipt that counts what was erased."
)
ERASE_LEAD_KEY = (
    "Profile, matches, connections, choices, sessions and your recovery key are deleted at once and for "
    "good, for others too: nobody finds you any more. You get a receipt that counts what was erased."
)
ERASE_LINE = "at once and for good"
ERASE_KEPT = (
    "A fingerprint of your account keeps blocks, reports and declined requests in force for a year, in case "
    "you come back."
)
ERASE_WORDS = "erase everything"
ERASE_LABEL = "To confirm, type: erase everything"
ERASE_BUTTON = "Erase everything about me"
NOT_ERASED = "Nothing was erased."
NOT_ERASED_MORE = "The words were not as asked: type “erase everything” to confirm."

# ---- the receipt
RECEIPT_TITLE = "Everything about you is erased"
RECEIPT_LEAD = (
    "You are signed out everywhere, and nobody can find you. This receipt says what was deleted and what "
    "stays; it is not kept."
)
RECEIPT_HEADS = ("What", "Rows deleted")
RECEIPT_ALL = "Altogether"
RECEIPT_AT = "Erased on {day} at {time}"
RECEIPT_KEPT = (
    "Kept until {day}: a fingerprint of your account, for blocks, reports and declined requests between you "
    "and others, if there are any. If you sign in again before then, they are in force again. Without a key "
    "that is not in the database, nobody can tell whose fingerprint it is."
)
RECEIPT_DONE = "To the first page"
RECEIPT_SAVE, RECEIPT_FILE = "Save the receipt", "earshot-receipt.txt"
RECEIPT_NONE = "Nothing was kept of you."
TABLES: Mapping[str, str] = {
    "listeners": "You as a listener",
    "profiles": "Taste profile",
    "vectors": "Place among listeners",
    "grants": "Spotify’s permission",
    "sessions": "Sessions",
    "recovery_keys": "Recovery key",
    "readings": "Lists read from Spotify",
    "libraries": "Library",
    "sources": "Where your music is from",
    "made_playlists": "Playlists made for you",
    "pending_logins": "Sign-ins on their way",
    "waiting_sign_ins": "Sign-ins that wait",
    "exclusions": "What you left out",
    "taste_pace": "How often you changed your taste",
    "sharing": "What you shared",
    "training_consents": "Consent to train",
    "facets": "Parts kept back",
    "connections": "Connections and requests",
    "blocks": "Blocks of yours",
    "reports": "Reports of yours",
    "declined": "Requests that were declined",
    "feedback": "What you did with matches",
    "match_history": "Matches you have looked at",
    "audit": "Log of changes",
}


def found_line(choices: Choices, shows_enough: bool) -> str:
    """Whether others find one."""
    if choices.paused or not choices.discoverable:
        return FOUND_LINES["paused" if choices.paused else "hidden"]
    return FOUND_LINES["visible" if shows_enough else "nothing"]


def account_line(*, spotify: bool, key: bool) -> str:
    """What signs in."""
    ways = [name for name, is_there in ((SPOTIFY, spotify), (KEY.lower(), key)) if is_there]
    return f"signs you in: {' and '.join(ways)}"


def sharing_line(sharing: Sharing) -> str:
    """What is shared, in a few words."""
    kinds = {
        "artists": sharing.artists,
        "tags": sharing.tags,
        "tracks": sharing.tracks and sharing.artists,
    }
    return ", ".join(kind for kind, on in kinds.items() if on) or "no music"


def facets_line(shown: Collection[bool]) -> str:
    """How many parts of the library are shared."""
    if not shown:
        return "not read yet"
    n, n_all = sum(shown), len(shown)
    return f"all {n_all} shared" if n == n_all else f"{n} of {n_all} shared"


def training_line(agreed: Collection[bool]) -> str:
    """Whether models may learn from a source."""
    if not agreed:
        return "no source of yours"
    n, n_all = sum(agreed), len(agreed)
    return f"on for {n} of {counted(n_all, 'source', 'sources')}" if n else "off"


def sessions_line(n: int) -> str:
    """In how many browsers."""
    return counted(n, "browser", "browsers")
