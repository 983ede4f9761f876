"""Texts of the taste map."""

from collections.abc import Sequence

from ui.texts.grammar import counted

TITLE = "Taste map"
LEAD = "Where your listening lies among everybody else’s. Choose a dot with a number to look closer."
PICTURE = "The shared space of taste, seen from above"
ME, BEFORE, ALL_OF_ME = "You", "You before", "All of you"
NAMES_JOINED, PARTS_JOINED = " · ", " – "
UNNAMED = "Neighbourhood {number}"
FACETS = "Look around"
WHOLE = "All of my taste"
FACET = "{name} {share}"
LEAVE_OUT = "Leave out, and see your dot move"
LEAVE, PUT_BACK = "Leave out", "Put back"
LEAVE_MORE = "Leaving out changes your matches everywhere, until you put it back. More of it under My taste."
SHOWN = (
    "On it are you, exactly; your matches, about where they are; and neighbourhoods, named by tags of "
    "eight listeners or more there. A grey dot is nobody in particular: dots come by twenty-five, once as "
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


def told(n_points: int, n_matches: int) -> str:
    """Description for screen readers."""
    crowd = counted(n_points, "dot", "dots")
    return f"You, {counted(n_matches, 'match', 'matches')}, and {crowd} that stand for nobody in particular"


def drawn(n_matches: int, facet: str) -> str:
    """What the map shows, once something was chosen."""
    found = counted(n_matches, "match", "matches")
    return f"{found} nearest to you in {facet}" if facet else f"{found} nearest to you in all of your taste"


def match(rank: int, alias: str, near: str, shared: Sequence[str]) -> str:
    """A match in a line: number, alias, how near, and a few things you both hear."""
    parts = [f"{rank}. {alias}", near, *([f"you both hear {' and '.join(shared)}"] if shared else [])]
    return PARTS_JOINED.join(parts)


def who(me: bool, n_matches: int) -> str:
    """Who of those shown is nearest to a community."""
    parts = [YOU] if me else []
    if n_matches:
        parts.append(counted(n_matches, "match", "matches"))
    return " and ".join(parts) or "–"
