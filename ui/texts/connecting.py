"""Texts about connections with hidden or paused listeners."""

from collections.abc import Mapping

ASKED = "Asked."
ASKED_UNSEEN = (
    "They see your alias and can agree. They see the rest of you only once you let yourself be found."
)
CONNECTED = "Connected."
CONNECTED_MORE: Mapping[tuple[bool, bool], str] = {
    (True, True): "You now see what you share in full, and so do they.",
    (True, False): (
        "They cannot be found at the moment: you see them once they let themselves be found. They see what "
        "you share in full."
    ),
    (False, True): (
        "You now see what you share in full. They see nothing of you until you let yourself be found."
    ),
    (False, False): (
        "Neither of you can be found at the moment: each sees the other once the other can be found."
    ),
}
"""By whether the listener can be found, and whether the other can."""

ASKER_UNSEEN = "Cannot be found at the moment: if you agree, you see them once they let themselves be found."
BESIDE: Mapping[str, str] = {
    "strangers": (
        "You cannot be found at the moment. If you ask, they see your alias, and the rest only once you let "
        "yourself be found."
    ),
    "asked by me": (
        "You cannot be found at the moment. They see your alias, and the rest only once they agree and you "
        "let yourself be found."
    ),
    "asked by them": (
        "You cannot be found at the moment. If you agree, they see you only once you let yourself be found."
    ),
    "connected": (
        "You cannot be found at the moment: they see nothing of you until you let yourself be found."
    ),
}
"""By relation, for listeners who cannot be found."""
NOTE_HIDDEN = (
    "Others cannot find you yet: you are hidden, as everybody is at first. People you ask see your alias. "
    "They see more once you turn on “Let others find me”."
)
NOTE_PAUSED = (
    "Others cannot find you now: you have paused. People you ask see your alias. They see more once you come "
    "back."
)
NOTE_LINK = "Choose who sees you"
NOTE_SHORT: Mapping[bool, str] = {
    False: "Others cannot find you yet. People you ask see your alias.",
    True: "Others cannot find you now: you have paused. People you ask see your alias.",
}
"""The note above a list, by whether the listener has paused."""
NOTE_CLOSE = "Got it"
FIRST_ASK = "They will see your alias, {alias}, and no more of you until you let others find you."
ASK_AND_SHOW = "Let others find me, and ask"
ASK_HIDDEN = "Ask, and stay hidden"
NOT_NOW = "Not now"
