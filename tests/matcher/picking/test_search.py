import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.picking.search import LONGEST, ArtistSearch

NAMES = [
    *("Radiohead", "The Beatles", "Beyoncé", "Björk", "Pink Floyd", "Sigur Rós", "Mötley Crüe", "Nirvana"),
    *("U2", "Air", "宇多田ヒカル", "Кино", "الفنانة", "Sun O)))", "!!!", "Unknown Mortal Orchestra"),
    *("Radical Face", "Ø", "AC/DC", "Godspeed You! Black Emperor", "The The", "M83", "Fairuz", "Airbourne"),
]  # most heard first
SEARCH = ArtistSearch(NAMES)


def first(query):
    found = SEARCH.find(query, 8)
    return NAMES[found[0]] if found else None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("r", "Radiohead"),
        ("radio", "Radiohead"),
        ("radic", "Radical Face"),
        ("raidohead", "Radiohead"),
        ("radohead", "Radiohead"),
        ("radiohaed", "Radiohead"),
        ("RADIOHEAD", "Radiohead"),
        ("beatles", "The Beatles"),
        ("the beatles", "The Beatles"),
        ("the be", "The Beatles"),
        ("Beatles, The", "The Beatles"),
        ("beyonce", "Beyoncé"),
        ("beyonse", "Beyoncé"),
        ("bjork", "Björk"),
        ("floyd", "Pink Floyd"),
        ("floyd pink", "Pink Floyd"),
        ("sigur ros", "Sigur Rós"),
        ("motley crue", "Mötley Crüe"),
        ("nirvna", "Nirvana"),
        ("u2", "U2"),
        ("air", "Air"),
        ("airb", "Airbourne"),
        ("宇多田", "宇多田ヒカル"),
        ("кин", "Кино"),
        ("kino", "Кино"),
        ("الفن", "الفنانة"),
        ("!!!", "!!!"),
        ("unknown", "Unknown Mortal Orchestra"),
        ("o", "Ø"),
        ("acdc", "AC/DC"),
        ("ac dc", "AC/DC"),
        ("black emperor", "Godspeed You! Black Emperor"),
        ("godspeed you black emporer", "Godspeed You! Black Emperor"),
        ("the the", "The The"),
        ("m83", "M83"),
    ],
)
def test_an_artist_is_found_as_people_type(typed, name):
    assert first(typed) == name


@pytest.mark.parametrize("typed", ["", " ", "zzzz", "|", "\x00", "qwertyuiop"])
def test_what_nobody_is_called_finds_nobody(typed):
    assert SEARCH.find(typed, 8) == []


def test_of_equals_the_most_heard_comes_first():
    assert SEARCH.find("ra", 8)[:2] == [NAMES.index("Radiohead"), NAMES.index("Radical Face")]


@given(st.text(max_size=2 * LONGEST), st.integers(0, 5))
def test_any_text_is_a_query(typed, n):
    found = SEARCH.find(typed, n)
    assert len(found) == len(set(found)) <= n
    assert all(0 <= row < len(NAMES) for row in found)


@given(st.sampled_from(NAMES))
def test_every_artist_is_found_by_name(name):
    assert NAMES[SEARCH.find(name, 1)[0]] == name
