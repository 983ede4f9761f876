"""Texts of the landing page."""

TITLE = "Find the listeners who hear music the way you do."
LEAD = (
    "Earshot reads what you listen to, looks for the people whose taste lies nearest to yours, "
    "and shows you what you have in common."
)
FILE = "No name, no e-mail address, no password: your listening history is enough."
SPOTIFY = "Connect Spotify"
DEMO_NOTE = (
    "Look around with a synthetic listener: the local Spotify asks whom you would like to be. "
    "No key, no account, and none of them is a person."
)
NOTE = (
    "Your playlists, saved tracks and top artists are read, and read again when you refresh. Spotify lets in "
    "few people; a file is open to all."
)
PROMISES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "What is read",
        (
            "From a file: which artists and tracks, how often, and in which month",
            "From Spotify: your playlists, saved and top tracks, and what you played recently",
            "Nothing else: files about you as a person are not opened",
        ),
    ),
    (
        "What is not",
        (
            "The file itself: it is deleted as soon as it is read",
            "Your name, your e-mail address, your messages, your payments, your password",
            "Nothing is played, changed or followed for you, unless you ask for a playlist",
        ),
    ),
    (
        "What others see",
        (
            "Nothing, until you let yourself be found or ask to connect: you start hidden",
            "Then an alias such as “Velvet Heron 482”, never your name",
            "How near you are, and a few artists you both hear; more once you both agree",
        ),
    ),
)
PICTURE = "Two records that overlap: an example of two listeners, both invented, and the artists they share."
EXAMPLE_ALIAS = "Velvet Heron 482"
EXAMPLE_OTHER = "Quiet Otter 101"
EXAMPLE_FIGURE = "61 %"
EXAMPLE_ARTISTS = ("Paper Lanterns", "The Slow Tide", "Marlow & Finch", "Night Bus Choir")
