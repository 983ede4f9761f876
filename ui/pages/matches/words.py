"""Texts of the matches screen."""

from collections.abc import Mapping
from datetime import datetime

from ui.texts.grammar import at, counted

YOU_ARE = "You are"
ALSO_CONNECTED = "Also connected with you, outside this list"
ALL_CONNECTED = "All of them, under Privacy"
LISTENERS = "Listeners nearest to you"
BEFORE = "Previous page"
AFTER = "Next page"
PLACES = "Listeners {first} to {last}"
PLACES_OF = "Listeners {first} to {last} of {n}"
ENDS = "These are your {n} nearest. Whoever comes after them hears music less and less like you."
ENDS_NARROWED = "No more than {n} are shown. Another filter or another order brings others."
LAST_READ = "Last read {day} at {time}"
NEVER_READ = "Not read yet"

ORDER = "Sort by"
ORDERS: Mapping[str, str] = {"near": "Nearest first", "discover": "Near, with the most to discover"}
TAG = "Shared tag"
ANY_TAG = "Any tag"
FACET = "Match me on"
ALL_OF_ME = "All of me"
FACET_SHARE = "{name} {share}"
NARROW = "Sort and filter"
LATELY = "Here in the last 30 days"
FACET_PLAYLIST = "Playlist: {name}"
LOOKED_THROUGH = "Among your {n} nearest."
NARROWED_TO_NOBODY = "None of your nearest listeners fits. Loosen a filter to see them again."
LATELY_UNKNOWN = "Whether somebody was here lately is only known of those who have signed in."
ALL_HIDDEN = "You have hidden everybody who was near. They come back when you ask, or with the next model."
HIDDEN = "{who} hidden by you."
UNHIDE = "Show them again"

ASKING_ONE = "1 listener asks to connect with you"
ASKING_MORE = "{n} listeners ask to connect with you"
SINCE = "Your matches since {day} at {time}"
N_NEW = "{n} new"
N_MOVED = "{n} moved"
N_GONE = "{n} no longer here"


def last_read(moment: datetime | None) -> str:
    """When a profile was last read."""
    return at(LAST_READ, moment) if moment else NEVER_READ


def asking(n: int) -> str:
    """How many ask to connect."""
    return ASKING_ONE if n == 1 else ASKING_MORE.format(n=n)


def hidden(n: int) -> str:
    """How many were hidden."""
    return HIDDEN.format(who=counted(n, "listener", "listeners"))
