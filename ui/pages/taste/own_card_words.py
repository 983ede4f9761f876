"""Texts around the own share card."""

TITLE = "A card to share"
MORE = (
    "A picture with your alias and five artists you hear most, to put wherever you like. Nobody else is "
    "on it, and nothing that you do not share."
)
SHOW = "Show my card"
HIDE = "Put it away"
