"""Texts of match cards."""

from collections.abc import Mapping

from ui.texts.grammar import counted, percent

PERCENT = "match"
PERCENT_MEANING = (
    "Of pairs this close, {value} in 100 were two halves of one person’s listening rather than two strangers."
)
PERCENT_BETWEEN = " With this much to go by it lies between {low} and {high}."
BANDS: Mapping[str, str] = {"very close": "Very close", "close": "Close", "near": "Near"}
BAND_MEANING: Mapping[str, str] = {
    "very close": "A match of 90 % or more. The exact figure is shown once you both agree to connect.",
    "close": "A match of 70 to 90 %. The exact figure is shown once you both agree to connect.",
    "near": "A match below 70 %. The exact figure is shown once you both agree to connect.",
}
COMPONENTS: Mapping[str, str] = {
    "towers": "The towers’ sense of it",
    "artists": "Artists in common",
    "tracks": "Tracks in common",
    "tags": "Tags in common",
    "audio": "How it sounds",
    "hubness": "Close to everybody",
}
COMPONENT_MEANING: Mapping[str, str] = {
    "towers": "how close the model places all you hear and all they hear",
    "artists": "rare artists you share count most",
    "tracks": "rare tracks you share count most",
    "tags": "genres and moods you share",
    "audio": "energy, mood, tempo and the like, on the whole",
    "hubness": "taken off where one of you is close to nearly everybody",
}
SCORE_MEANING = "What your parts in common add up to, from −1 to 1. The percentage is made of it."
REASONS: Mapping[str, str] = {
    "towers": "All you listen to points the same way",
    "artists": "You share artists that few others have",
    "tracks": "You share the very same tracks",
    "tags": "You move in the same genres and moods",
    "audio": "Your music sounds alike",
}
REASON_ARTISTS = "You share artists such as {names}"
REASON_TAGS = "You both go for {names}"
AND = "{first} and {last}"
CLONE = "much like one above"
CLONE_MORE = "Nearly the same library as somebody further up, who is the nearer of the two"
DOUBLE = "much like your own"
DOUBLE_MORE = "Nearly the same library as yours: perhaps your own music under another account"
SYNTHETIC = "synthetic"
SYNTHETIC_MORE = "Made up by the demo; not a person"
LATELY = "here lately"
LATELY_MORE = "They used Earshot within the last 30 days"
RELATIONS: Mapping[str, tuple[str, str]] = {
    "asked by me": ("asked", "You have asked to connect, and they have not answered yet"),
    "asked by them": ("asks to connect", "They have asked to connect with you: you can agree or decline"),
    "connected": (
        "connected",
        "You have both agreed: each sees the exact figures, and what the other shares",
    ),
}
"""Label and meaning by relation."""
SHARED_ARTISTS = "Artists you share"
FEW_ARTISTS = "Artists you both hear a lot"
FEW_TAGS = "Tags you both hear a lot"
SHARED_TRACKS = "Tracks you share"
SHARED_TAGS = "Tags you share"
SHARED_NOTHING = "No artist, track or tag in common by name; the model still places you close together."
NAMED_NOTHING = "Nothing to name yet. What you share is shown once you both agree to connect."
MORE = "and {n} more"
OVERLAP = "You share {shared}; they have {more} you do not have"
OVERLAP_SHORT = "{more} to discover"
ABOUT = "They hear about {much}"
ABOUT_MORE = "To the nearest ten. Once you connect, you see how many of them are new to you."
HARDLY_ANY = "They hear hardly any artists"
NO_MORE = "no artists"
NEW = "new"
UP = "up {places}"
DOWN = "down {places}"

OPEN = "Open"
CONNECT = "Ask to connect"
AGREE = "Agree to connect"
DECLINE = "Decline"
WITHDRAW = "Take back"
DISCONNECT = "Disconnect"
HIDE = "Hide"
BLOCK = "Block"
REALLY_BLOCK = "Block? Neither of you will see the other any more, and a connection ends."
YES_BLOCK = "Yes, block"
KEEP = "Keep"
TAG_MORE = "A tag is a genre or a mood that artists are described by."
WHY: Mapping[str, str] = {
    "my_taste": "your taste",
    "their_taste": "their taste",
    "model": "a new model",
    "others": "others came, went or changed",
}
WHY_ALL = "Why: {reasons}."
RESTS_ON = "Your profile rests on {basis}; {audio}."
FACET_RESTS_ON = "The side of your taste that you chose rests on {basis}; {audio}."


def percent_meaning(value: float, low: float, high: float) -> str:
    """Meaning of a percentage with its interval; all in [0, 100]."""
    whole, least, most = (min(round(one), 99 if one < 100 else 100) for one in (value, low, high))
    between = PERCENT_BETWEEN.format(low=least, high=most) if least < most else ""
    return PERCENT_MEANING.format(value=whole) + between


def places(n: int) -> str:
    """A number of places: "3 places"."""
    return counted(n, "place", "places")


def more_artists(n: int) -> str:
    """Number of artists only the other has: "117 artists", "no artists"."""
    return counted(n, "artist", "artists") if n else NO_MORE


def about_artists(n: int) -> str:
    """Rounded number of the other's artists: "They hear about 120 artists"."""
    return ABOUT.format(much=counted(n, "artist", "artists")) if n else HARDLY_ANY


def evidence(n_tracks: int, n_artists: int, audio_coverage: float, of_facet: bool = False) -> str:
    """Evidence of a profile, or of one facet, as a sentence."""
    basis = f"{counted(n_tracks, 'track', 'tracks')} by {counted(n_artists, 'artist', 'artists')}"
    audio = f"audio attributes for {percent(audio_coverage)}" if audio_coverage else "no audio attributes"
    return (FACET_RESTS_ON if of_facet else RESTS_ON).format(basis=basis, audio=audio)
