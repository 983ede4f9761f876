from types import SimpleNamespace

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from tests.fakes.records import FakeAttributeCache
from tests.fakes.stores import FakeAttributeStore
from tests.spotify_client.conftest import Clock
from wiring.attributes import OnlySignedIn, attribute_providers
from wiring.settings import Settings


class RecordingAttributes:
    def __init__(self):
        self.listenings = []

    def attributes(self, listening):
        self.listenings.append(listening)
        return {}


def listening(source, *tracks):
    hearings = tuple(
        Hearing(Part.SAVED, one.artists[0].name, track_name=one.name, track_id=one.id, isrc=one.isrc)
        for one in tracks
    )
    return Listening("ada", source, hearings)


def providers(config, imported):
    nothing = SimpleNamespace()
    return attribute_providers(config, imported, nothing, nothing, nothing, FakeAttributeCache(), Clock())


def test_tables_that_are_imported_are_never_looked_up_at_a_service():
    asked = RecordingAttributes()
    OnlySignedIn(asked).attributes(Listening("ada", Source.TABLE))
    assert asked.listenings == []
    OnlySignedIn(asked).attributes(Listening("ada", Source.SPOTIFY_API))
    assert len(asked.listenings) == 1


def test_the_imported_table_comes_first_and_reccobeats_fills_what_it_lacks(local_spotify):
    tracks = list(local_spotify.world.tracks.values())[:60]
    imported = FakeAttributeStore()
    imported.add_attributes([([f"id:{tracks[0].id}"], AudioAttributes({"energy": 0.123}, "table"))])
    config = Settings(_env_file=None, reccobeats=True, emulator_url=local_spotify.base)
    music = listening(Source.SPOTIFY_API, *tracks)
    found = providers(config, imported).attributes(music)
    assert {one.provenance for one in found.values()} == {"table", "reccobeats"}
    assert 0.3 < build_profile(music, found).evidence.audio_coverage < 0.9


def test_without_being_wanted_no_service_is_asked(local_spotify):
    tracks = list(local_spotify.world.tracks.values())[:5]
    config = Settings(_env_file=None, emulator_url=local_spotify.base)
    assert providers(config, FakeAttributeStore()).attributes(listening(Source.SPOTIFY_API, *tracks)) == {}
    assert local_spotify.paths() == []
