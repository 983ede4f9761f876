"""Random listening and profiles for hypothesis."""

from hypothesis import strategies as st

from matcher.audio import RANGES, AudioAttributes
from matcher.listening import Hearing, Listening, Part, Source
from matcher.profile import build_profile

names = st.text(min_size=1, max_size=20)
ids = st.text(alphabet="abcdefghij0123456789", min_size=1, max_size=6)
plays = st.floats(min_value=0.01, max_value=1e5, allow_nan=False)
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
