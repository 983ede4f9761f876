"""Texts of the groups screen."""

from collections.abc import Mapping

TITLE = "Groups"
LEAD = (
    "You and two to nine listeners you are connected with: how near each two are, what you have in "
    "common, and a playlist that is fair to everybody."
)
CHOOSE = "Who is in it besides you"
CHOOSE_HELP = "Only those you are connected with, and who are in sight. Two at least, nine at most."
CHOOSE_NOBODY = "Choose listeners"
CHOOSE_MORE = "Choose at least two listeners to see you together."
YOU = "you"

FEW_TITLE = "A group needs three"
FEW_NONE = "You are not connected with anybody yet."
FEW_ONE = "You are connected with one listener; one more, and you have a group."
FEW_HOW = (
    "Ask listeners who hear music the way you do to connect. As soon as they agree, you can look at each "
    "other’s shared tracks, and choose them here."
)
FEW_DEMO = "In the demo, synthetic listeners whom nobody plays agree at once."
FEW_NEAREST = "Nearest to you"
ASK = "Ask to connect"
ASKED = "Asked; waiting for their answer"
IS_CONNECTED = "Connected"

MATRIX = "How near each two are, in % match"
PAIR_NEAREST = "Nearest of the pairs with a figure: {one} and {other}, {percent}."
APART = "Standing apart from the rest: {names}."
BAND_DOTS: Mapping[str, str] = {"very close": "•••", "close": "••", "near": "•", "some overlap": "–"}
BAND_DEPTH: Mapping[str, float] = {"very close": 0.75, "close": 0.5, "near": 0.25, "some overlap": 0.05}
"""Depth of a cell's colour."""
IN_A_WORD = (
    "Dots or a dash instead of a figure: how near two of the others are is told in a word only, connected "
    "with each other or not. ••• very close, •• close, • near, – some overlap."
)
MATRIX_MORE = "0 % is what two strangers have in common on average, 100 % one library beside itself."
COMMON = "Common ground"
COMMON_MORE = "As far as each of you lets it be seen; what most of you hear comes first."
COMMON_NONE = "Nothing by name that two of you hear and let be seen."
COMMON_KINDS = {"artists": "Artists", "tags": "Tags", "tracks": "Tracks"}
HEARD_BY = "Heard by {names}"


def count(n: int, n_all: int) -> str:
    """How many of a group hear something."""
    return "all" if n == n_all else f"{n} of {n_all}"


CARD = "A card to share"
CARD_MORE = (
    "A picture of the group: your alias, what you hear in common, and the aliases of those who allow "
    "theirs on cards. It has no percentage."
)
CARD_SHOW = "Show the group’s card"
CARD_HIDE = "Put it away"
