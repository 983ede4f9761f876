from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import SpotifyUnreachable
from sources.attribute_chain import ChainedAttributes


def listening(*numbers):
    heard = [Hearing(Part.SAVED, "Zemer", track_name=f"Song {n}") for n in numbers]
    return Listening("ann", Source.SPOTIFY_API, tuple(heard))


class Knows:
    """Knows the energy of some tracks, and remembers what it was asked."""

    def __init__(self, name, *keys):
        self.name, self.keys, self.asked = name, keys, []

    def attributes(self, asked):
        self.asked.append([one.track_name for one in asked.hearings])
        return {key: AudioAttributes({"energy": 0.5}, self.name) for key in self.keys}


class Fails:
    def attributes(self, asked):
        raise SpotifyUnreachable("no")


def test_the_first_provider_that_knows_a_track_wins():
    chain = ChainedAttributes([Knows("table", "zemer|song 1"), Knows("net", "zemer|song 1", "zemer|song 2")])
    found = chain.attributes(listening(1, 2))
    assert {key: one.provenance for key, one in found.items()} == {
        "zemer|song 1": "table",
        "zemer|song 2": "net",
    }


def test_a_provider_is_asked_for_what_is_still_unknown():
    second = Knows("net")
    ChainedAttributes([Knows("table", "zemer|song 1"), second]).attributes(listening(1, 2))
    assert second.asked == [["Song 2"]]


def test_when_all_is_known_nobody_else_is_asked():
    second = Knows("net")
    ChainedAttributes([Knows("table", "zemer|song 1"), second]).attributes(listening(1))
    assert second.asked == []


def test_a_provider_that_fails_is_passed_over():
    found = ChainedAttributes([Fails(), Knows("net", "zemer|song 1")]).attributes(listening(1))
    assert list(found) == ["zemer|song 1"]


def test_without_providers_nothing_is_known():
    assert ChainedAttributes([]).attributes(listening(1)) == {}
