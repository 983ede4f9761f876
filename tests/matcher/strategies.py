"""Random listening and profiles for hypothesis."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from matcher.domain.audio import RANGES, AudioAttributes
from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source

names = st.text(min_size=1, max_size=20)
ids = st.text(alphabet="abcdefghij0123456789", min_size=1, max_size=6)
plays = st.floats(min_value=0.01, max_value=1e5, allow_nan=False)
moments = st.dates(date(2025, 11, 1), date(2026, 3, 1)).map(
    lambda day: datetime(*day.timetuple()[:3], tzinfo=UTC)
)
tags = st.dictionaries(st.sampled_from(["folk", "techno", "doom", "bossa"]), st.floats(0.1, 50), max_size=3)


@st.composite
def hearings(draw):
    part = draw(st.sampled_from(Part))
    return Hearing(
        part=part,
        artist_name=draw(st.one_of(st.just(""), names)),
        artist_id=draw(st.one_of(st.just(""), ids)),
        track_name=draw(st.one_of(st.just(""), names)),
        track_id=draw(ids),
        facet_id=draw(st.one_of(st.just(""), ids)),
        facet_name=draw(st.one_of(st.just(""), names)),
        plays=draw(plays),
        heard_at_utc=draw(st.one_of(st.none(), moments)),
        release_year=draw(st.one_of(st.none(), st.integers(1900, 2026))),
    )


@st.composite
def attributes(draw):
    chosen = draw(st.lists(st.sampled_from(sorted(RANGES)), unique=True))
    return AudioAttributes({name: draw(st.floats(*RANGES[name])) for name in chosen})


@st.composite
def listenings(draw, max_size=12):
    return Listening("x", Source.TABLE, tuple(draw(st.lists(hearings(), max_size=max_size))))


profiles = listenings().map(build_profile)


@st.composite
def sounding(draw, max_size=12):
    """Listening with tags, and audio attributes of some of its tracks."""
    found = draw(listenings(max_size))
    library = build_library(found)
    artist_tags = {artist: draw(tags) for artist in sorted(library.artists)}
    tagged = Listening(
        found.listener_id, found.source, found.hearings, {key: one for key, one in artist_tags.items() if one}
    )
    return tagged, {track: draw(attributes()) for track in sorted(library.tracks) if draw(st.booleans())}


libraries = sounding().map(lambda pair: build_library(*pair))
MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")


@st.composite
def exclusions(draw, library):
    """Something that stands in the library, or a period."""
    row = draw(st.sampled_from(library.rows))
    first, last = sorted((draw(st.sampled_from(MONTHS)), draw(st.sampled_from(MONTHS))))
    choices = [(Kind.FACET, row.facet), (Kind.PERIOD, first), (Kind.PERIOD, f"{first}..{last}")]
    choices += [(Kind.FACET, row.facet.partition(":")[0])]
    choices += [(Kind.ARTIST, row.artist)] * bool(row.artist) + [(Kind.TRACK, row.track)] * bool(row.track)
    kind, key = draw(st.sampled_from(choices))
    return Exclusion(kind, value_of(key))


@st.composite
def hygiene(draw, max_exclusions=4):
    """A library that is not empty, and some of it to be left out."""
    library = draw(libraries.filter(lambda one: not one.is_empty))
    return library, draw(st.lists(exclusions(library), max_size=max_exclusions))
