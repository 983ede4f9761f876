"""Texts of joint playlists."""

from collections.abc import Sequence

from ui.texts.grammar import bare_percent, counted, percent

YOU = "you"
FOR_TWO = "A playlist for both"
FOR_TWO_MORE = (
    "Tracks that each of you brings in, chosen so that the less satisfied of you is satisfied as much as can "
    "be. At most two by one artist."
)
FOR_ALL = "A playlist for all of you"
FOR_ALL_MORE = (
    "Tracks that each of you brings in, chosen so that the least satisfied of you is satisfied as much as"
    " can be. At most two by one artist."
)
DRAW_UP = "Make a playlist for both"
NONE = "Nobody shows any track, so there is nothing to make a playlist of."
COLUMN_TRACK = "Track"
COLUMN_FROM = "Brought in by"
COLUMN_SERVES = "Whose taste it serves"
SERVES_MORE = (
    "Columns and figures at a track say how much each of you would like it, in the order of the list below: "
    "100 % is what one hears most of all that is on offer, 50 % or less what one does not bring in."
)
FIGURES_JOINED = " · "
SATISFIED = "How satisfied each of you is"
SATISFIED_MORE = "What the playlist gives you, of the most that as many of the tracks on offer could give."
TAKE = "Take it with you"
TAKE_MORE = "CSV is a table, for a spreadsheet. M3U is a list that music players open."
CSV, M3U = "Download as CSV", "Download as M3U"
CSV_FILE, M3U_FILE = "earshot-playlist.csv", "earshot-playlist.m3u8"
MAKE = "Make it on Spotify"
MAKE_ASK = "Let Earshot make playlists for you"
MAKE_ASK_MORE = (
    "Spotify asks you once. Then Earshot can make private playlists in your library, only when you press "
    "the button. What it makes is never read back as your taste."
)
MAKING = "Making it on Spotify …"
MAKING_MORE = (
    "Spotify is asked for the tracks it is not yet known to have, one by one. That can take half a minute."
)
NAME_FOR_TWO = "Earshot: {one} and {other}"
ABOUT_FOR_TWO = "From what {one} and {other} listen to."
NAME_FOR_ALL = "Earshot for {n}"
ABOUT_FOR_ALL = "Fair to all {n} of us."
MADE = "It is in your Spotify library."
MADE_BEFORE = "It is in your Spotify library already."
MADE_EMPTY = "It was made, but Spotify broke off before the tracks were in it."
MADE_OPEN = "Open it on Spotify"


def liking(names: Sequence[str], shares: Sequence[float]) -> str:
    """How much each would like a track."""
    return ", ".join(f"{name} {percent(share)}" for name, share in zip(names, shares, strict=True))


def likings(shares: Sequence[float]) -> str:
    """The same as figures, with one percent sign: "100 · 62 %"."""
    return f"{FIGURES_JOINED.join(map(bare_percent, shares))} %"


def made_more(n_added: int, n_missing: int) -> str:
    """Number of tracks added and not found."""
    missing = f"; {n_missing:,} could not be found there" if n_missing else ""
    return f"{counted(n_added, 'track', 'tracks')}{missing}."
