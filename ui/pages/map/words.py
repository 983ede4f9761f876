"""Texts of the taste map."""

from ui.texts.grammar import counted

TITLE = "Taste map"
LEAD = (
    "Where your listening lies among everybody else’s. A dot with a number is a match of yours: "
    "choose it to look closer."
)
PICTURE = "The shared space of taste, seen from above"
ME = "You"
MATCH = "{rank}. {alias}, about here"
COMMUNITY = "Round here: {names}"
UNNAMED = "Neighbourhood {number}"
SHOWN = (
    "On it are you, exactly; your matches, about where they are; and neighbourhoods, named by artists "
    "heard there more than elsewhere. A grey dot is nobody in particular: dots come by twenty-five, once as "
    "many listeners are about there, and are counted once a day. "
    "Nobody who hides is on it; and others see you on theirs only if you let yourself be "
    "found, and then only about where you are."
)
MEANING_TITLE = "How to read it"
MEANING = (
    "Near usually means alike. But the map is a flat picture of a space with many more directions: two "
    "who stand side by side here may differ in a direction that cannot be drawn, and your nearest match "
    "need not be the nearest dot. Left, right, up and down mean nothing by themselves. Matches are never "
    "computed from this picture, always from the whole space. When the model is trained anew, the map is "
    "another one."
)
MATCHES = "Your matches on the map"
MATCHES_NONE = "None of your matches can be drawn yet."
NEIGHBOURHOODS = "Neighbourhoods"
NEIGHBOURHOODS_MORE = "Found by the model among the listeners it was trained on, the largest first."
NEIGHBOURHOODS_NONE = "There are too few listeners to tell neighbourhoods apart."
COLUMN_NAMES = "Heard there more than elsewhere"
COLUMN_SHARE = "Of all listeners"
SHARE_OF = " of all listeners"
COLUMN_WHO = "Nearest to it"
YOU = "you"
NAMES_JOINED = " · "


def told(n_points: int, n_matches: int) -> str:
    """Description for screen readers."""
    crowd = counted(n_points, "dot", "dots")
    return f"You, {counted(n_matches, 'match', 'matches')}, and {crowd} that stand for nobody in particular"


def who(me: bool, n_matches: int) -> str:
    """Who of those shown is nearest to a community."""
    parts = [YOU] if me else []
    if n_matches:
        parts.append(counted(n_matches, "match", "matches"))
    return " and ".join(parts) or "–"
