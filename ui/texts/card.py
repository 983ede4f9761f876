"""Texts of match cards."""

from collections.abc import Mapping

from matcher.domain.calibration import Percent
from ui.texts.grammar import counted, percent

PERCENT = "match"
PERCENT_HALVES = (
    "Two halves of one person’s listening, for libraries of this size, usually lie between {low} and "
    "{high} %."
)
PERCENT_BETWEEN = " With this much to go by, it lies between {low} and {high} % in eight cases of ten."
BANDS: Mapping[str, str] = {
    "very close": "Very close",
    "close": "Close",
    "near": "Near",
    "some overlap": "Some overlap",
}
BAND_MORE = "The exact figure is shown once you both agree to connect."
BAND_MEANING: Mapping[str, str] = {
    "very close": "As near as the closest quarter of people’s own halves: one library split in two. "
    + BAND_MORE,
    "close": "As near as the closer half of people’s own halves: one library split in two. " + BAND_MORE,
    "near": "Nearer than 99 in 100 pairs of strangers. " + BAND_MORE,
    "some overlap": "No nearer than strangers sometimes are. " + BAND_MORE,
}
COMPONENTS: Mapping[str, str] = {
    "towers": "Overall taste",
    "artists": "Artists in common",
    "tracks": "Tracks in common",
    "tags": "Tags in common",
    "audio": "How it sounds",
}
COMPONENT_MEANING: Mapping[str, str] = {
    "towers": "how close all you hear lies to all they hear, also where you share nothing by name",
    "artists": "rare artists you share count most",
    "tracks": "rare tracks you share count most",
    "tags": "genres and moods you share",
    "audio": "energy, mood, tempo and the like, on the whole",
}
SCORE_MEANING = (
    "What the parts add up to: 0 % as strangers have on average, 100 % your own library once more. A part "
    "is in points of it, below 0 where you two have less of it than strangers have."
)
REASONS: Mapping[str, str] = {
    "towers": "Your tastes lie closer together than strangers’ do",
    "artists": "You share artists that few others have",
    "tracks": "You share the very same tracks",
    "tags": "You move in the same genres and moods",
    "audio": "Your music sounds more alike than strangers’ does",
}
REASON_ARTISTS = "You share artists such as {names}"
REASON_TAGS = "You both go for {names}"
BOTH_HEAR = "You both hear {names}"
BOTH_HEAR_AND_GO_FOR = "You both hear {artists}, and go for {tags}"
LITTLE_TO_NAME = "Number {rank} in this list, with little to name yet"
AND = "{first} and {last}"
CLONE = "much like one above"
CLONE_MORE = "Nearly the same library as somebody further up, who is the nearer of the two"
DOUBLE = "much like your own"
DOUBLE_MORE = "Nearly the same library as yours: perhaps your own music under another account"
SYNTHETIC = "synthetic"
SYNTHETIC_MORE = "Made up by the demo; not a person"
OPEN_DATA = "from ListenBrainz, not on Earshot"
OPEN_DATA_MORE = (
    "Known from open listening data, under an alias; they have no account here, so nobody can ask"
)
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
MORE = "and {n} more"
NEW_EXACT = "{n:,} new for you"
NEW_ABOUT = "up to about {n:,} new for you"
NEW_MORE = "Artists they hear and you do not. Rounded until you both agree to connect."
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
NAMED: Mapping[str, str] = {
    CONNECT: "Ask to connect with {alias}",
    AGREE: "Agree to connect with {alias}",
    DECLINE: "Decline the request of {alias}",
    WITHDRAW: "Take back your request to {alias}",
    DISCONNECT: "Disconnect from {alias}",
}
"""What buttons are called aloud, where that is more than their label and the alias."""
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


def percent_meaning(percent: Percent) -> str:
    """Landmarks of a likeness, and its interval; the glossary has the rest."""
    least, most = whole(percent.low), whole(percent.high)
    between = PERCENT_BETWEEN.format(low=least, high=most) if least < most else ""
    return _halves(percent) + between


def percent_short(percent: Percent) -> str:
    """A likeness beside its landmarks, in a line."""
    return f"{whole(percent.value)} %. {_halves(percent)}"


def _halves(percent: Percent) -> str:
    return PERCENT_HALVES.format(low=whole(percent.halves.low), high=whole(percent.halves.high))


def whole(value: float) -> int:
    """Per cent without decimals; 100 only if exact."""
    return min(round(value), 99 if value < 100 else 100)


def places(n: int) -> str:
    """A number of places: "3 places"."""
    return counted(n, "place", "places")


def new_for_you(n: int, exact: bool) -> str:
    """How many of their artists are new: "up to about 40 new for you"; "" if none."""
    return (NEW_EXACT if exact else NEW_ABOUT).format(n=n) if n else ""


def evidence(n_tracks: int, n_artists: int, audio_coverage: float, of_facet: bool = False) -> str:
    """Evidence of a profile, or of one facet, as a sentence."""
    basis = f"{counted(n_tracks, 'track', 'tracks')} by {counted(n_artists, 'artist', 'artists')}"
    audio = f"audio attributes for {percent(audio_coverage)}" if audio_coverage else "no audio attributes"
    return (FACET_RESTS_ON if of_facet else RESTS_ON).format(basis=basis, audio=audio)


def named(label: str, alias: str) -> str:
    """What a button is called aloud: its label, and of whom; the label alone without an alias."""
    return NAMED.get(label, f"{label} {{alias}}").format(alias=alias) if alias else ""
