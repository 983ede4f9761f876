"""Texts of the landing page."""

TITLE = "Find the listeners who hear music the way you do."
LEAD = (
    "Earshot reads what you listen to, looks for the people whose taste lies nearest to yours, "
    "and shows you what you have in common."
)
DEMO_NOTE = (
    "Look around with a synthetic listener: the local Spotify asks whom you would like to be. "
    "No key, no account, and none of them is a person."
)
NOTE = "You start hidden. Nobody is shown to anybody under their own name."
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
            "Nothing is played, changed or followed for you, unless you ask for a playlist",
        ),
    ),
    (
        "What others see",
        (
            "Nothing, until you let yourself be found or ask to connect",
            "Then an alias such as “Velvet Heron 482”, never your name",
            "How near you are, and a few artists you both hear; more once you both agree",
        ),
    ),
)
