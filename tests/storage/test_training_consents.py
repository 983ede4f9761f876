"""Consent to train, in memory and on PostgreSQL: only who said yes is in, only as far as they said."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import UnknownListener
from matcher.ports import Account, AgreedLibraries
from storage.server.database import Database
from storage.sql import schema
from storage.sql.text import row_id
from storage.stores.people.training import PostgresTrainingLibraries
from tests.people_world import NOW, World, world_in_memory, world_on
from tests.storage.contracts.worlds import STRANGER
from wiring.jobs.training import agreed_terms


class Music:
    """A source of these artists."""

    def __init__(self, source: Source, *artists: str, service: str = "") -> None:
        heard = tuple(Hearing(Part.PLAYS, one, track_name="Song") for one in artists)
        self._listening = Listening("", source, heard, service=service)

    def fetch(self, listener_id, report, so_far=None):
        return replace(self._listening, listener_id=listener_id)


def bring(world: World, name: str, *music: Music) -> str:
    me = world.service.connect_listener(Account(f"earshot:{name}"), Source.FILE).listener_id
    for one in music:
        world.service.refresh_listener(me, one)
    return me


@pytest.fixture(params=["memory", "postgres"])
def world(request) -> World:
    if request.param == "memory":
        return world_in_memory()
    return world_on(request.getfixturevalue("database"))


@pytest.fixture
def stored(database: Database) -> World:
    return world_on(database)


def agreed(database: Database) -> list[AgreedLibraries]:
    return list(PostgresTrainingLibraries(database).agreed())


def origins(database: Database) -> list[list[str]]:
    return [[library.origin for library in one.libraries] for one in agreed(database)]


def test_it_is_off_for_each_source_until_it_is_chosen(world: World):
    me = bring(
        world, "me", Music(Source.FILE, "Low", service="Deezer"), Music(Source.LISTENBRAINZ, "Can", "Neu!")
    )
    assert world.people.training(me) == {"file:Deezer": False, "listenbrainz": False}
    assert world.people.choose_training(me, "listenbrainz", True)
    assert not world.people.choose_training(me, "listenbrainz", True)
    assert world.people.training(me) == {"file:Deezer": False, "listenbrainz": True}
    assert world.people.choose_training(me, "listenbrainz", False)
    assert not world.people.choose_training(me, "listenbrainz", False)
    assert not any(world.people.training(me).values())


def test_nothing_is_chosen_for_the_web_api_or_a_source_that_is_not_there(world: World):
    me = bring(world, "me", Music(Source.FILE, "Low"), Music(Source.SPOTIFY_API, "Can"))
    assert world.people.training(me) == {"file": False}
    assert not world.people.choose_training(me, "spotify_api", True)
    assert not world.people.choose_training(me, "lastfm", True)
    assert world.people.consent.training(me) == {}


def test_nobody_chooses_nothing(world: World):
    with pytest.raises(UnknownListener):
        world.people.consent.set_training(STRANGER, "file", True, NOW)


def test_a_choice_is_in_the_log_and_in_the_export(stored: World, database: Database):
    me = bring(stored, "me", Music(Source.FILE, "Low"))
    stored.people.choose_training(me, "file", True)
    found = stored.people.personal_data.export(me, NOW)
    assert found["training_consents"] == [
        {"listener_id": me, "origin": "file", "agreed_at_utc": NOW.isoformat()}
    ]
    assert {"training": 1} in [row["details"] for row in found["audit"]]


def test_only_who_said_yes_is_in_and_only_with_those_sources(stored: World, database: Database):
    me = bring(stored, "me", Music(Source.FILE, "Low"), Music(Source.LISTENBRAINZ, "Can"))
    bring(stored, "other", Music(Source.FILE, "Neu!"))
    assert agreed(database) == []
    stored.people.choose_training(me, "file", True)
    (one,) = agreed(database)
    assert [library.origin for library in one.libraries] == ["file"]
    assert one.libraries[0].artists == {"low"}
    stored.people.choose_training(me, "listenbrainz", True)
    assert origins(database) == [["file", "listenbrainz"]]


def test_who_withdraws_is_out_of_the_next_training(stored: World, database: Database):
    me = bring(stored, "me", Music(Source.FILE, "Low"))
    stored.people.choose_training(me, "file", True)
    assert len(agreed_terms(PostgresTrainingLibraries(database)).agreed.profiles) == 1
    stored.people.choose_training(me, "file", False)
    assert agreed_terms(PostgresTrainingLibraries(database)).agreed.profiles == ()


@pytest.mark.parametrize("leave", ["remove the source", "erase"])
def test_consent_goes_with_the_source_and_with_the_listener(stored: World, database: Database, leave: str):
    me = bring(stored, "me", Music(Source.FILE, "Low"), Music(Source.LISTENBRAINZ, "Can"))
    stored.people.choose_training(me, "file", True)
    if leave == "erase":
        stored.people.erase(me)
    else:
        stored.service.tastes.remove_source(me, "file")
    with database.transaction() as connection:
        assert connection.execute(select(schema.training_consents)).all() == []
    assert agreed(database) == []


def test_the_web_api_is_never_in_even_with_a_row_of_consent(stored: World, database: Database):
    me = bring(stored, "me", Music(Source.SPOTIFY_API, "Can"), Music(Source.FILE, "Low"))
    with database.transaction() as connection:
        for origin in ("spotify_api", "file"):
            row = {"listener_id": row_id(me), "origin": origin, "agreed_at_utc": NOW}
            connection.execute(insert(schema.training_consents).values(row))
    assert origins(database) == [["file"]]
    terms = agreed_terms(PostgresTrainingLibraries(database))
    assert terms.n_by_source == {"file": 1}
    assert terms.agreed.profiles[0].artists.keys() == {"low"}


def test_a_library_of_the_web_api_under_another_origin_is_not_in(stored: World, database: Database):
    me = bring(stored, "me", Music(Source.FILE, "Low"), Music(Source.SPOTIFY_API, "Can"))
    stored.people.choose_training(me, "file", True)
    with database.transaction() as connection:
        content = select(schema.libraries.c.content).where(schema.libraries.c.origin == "spotify_api")
        wrong = schema.libraries.update().where(schema.libraries.c.origin == "file")
        connection.execute(wrong.values(content=content.scalar_subquery()))
    assert agreed(database) == []


def test_what_is_left_out_is_not_trained_on(stored: World, database: Database):
    me = bring(stored, "me", Music(Source.FILE, "Low", "Can", "Neu!"))
    stored.people.choose_training(me, "file", True)
    stored.service.tastes.leave_out(me, Exclusion(Kind.ARTIST, "can"))
    (profile,) = agreed_terms(PostgresTrainingLibraries(database)).agreed.profiles
    assert profile.artists.keys() == {"low", "neu"}
    assert "can" not in profile.names
