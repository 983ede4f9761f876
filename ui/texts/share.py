"""Texts of pictures to send, of their alternative texts, and of the controls around them."""

from collections.abc import Mapping

EYEBROW = "Within earshot"
AND = "& {other}"
AND_NEXT = " & "
BOTH = "{one} with {other}"
SHARED = "Both listen to"
MINE = "Listens to"
COMMON = "What we hear in common"
FOUND: Mapping[str, str] = {
    "very close": "has found somebody very close in taste",
    "close": "has found somebody close in taste",
    "near": "has found somebody near in taste",
    "some overlap": "has found somebody with some of the same taste",
}
"""How a card goes on from the alias where it does not say with whom, by band."""
OF_GROUP = "and {n} others: one group, one playlist"
OF_GROUP_ONE = "and one other: one group, one playlist"
OF_GROUP_ALL = "one group, one playlist"
WHO_HEARS = "Who hears what you hear?"
MADE_UP = "Synthetic listeners, made up by the demo"
SOMEBODY = "A listener"
FORMAT = "Format of the picture"
FORMATS: Mapping[str, str] = {"story": "Story", "square": "Square", "wide": "Wide"}
SIZES: Mapping[str, str] = {
    "story": "1080 × 1920, for stories. What must be read stays clear of the app’s own buttons.",
    "square": "1080 × 1080, for posts and messages.",
    "wide": "1200 × 630, for links and pages.",
}
SEND = "Send the picture"
DOWNLOAD = "Download the picture"
FILE = "earshot-{kind}.png"
