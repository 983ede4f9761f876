"""From one model to the next, on a real database: nobody sees an empty list, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import InputError
from matcher.ports import Account, ModelState
from storage.sql.schema import vectors
from storage.stores.listeners.stale_rows import count_stale
from wiring.jobs import model_changes

QUIET = Console(quiet=True)


def music(name, *artists):
    hearings = [Hearing(Part.SAVED, one, track_name=f"Song {n}") for one in artists for n in range(4)]
    return Listening(name, Source.TABLE, tuple(hearings))


class Library:
    """What a refresh reads."""

    def __init__(self, *artists):
        self._artists = artists

    def fetch(self, listener_id, *_, **__):
        return music(listener_id, *self._artists)


@pytest.fixture
def town(app):
    """An application with forty imported listeners and Ada, who signed in; the first model serves."""
    rows = [music(f"c{n}", *(f"Artist {n % 2} {m}" for m in range(n % 8, n % 8 + 8))) for n in range(40)]
    app.service.import_candidates(rows, lambda one: Account(f"table:{one.listener_id}"))
    ada = app.service.connect_listener(Account("spotify:ada")).listener_id
    app.service.refresh_listener(ada, Library(*(f"Artist 0 {m}" for m in range(8))))
    return app


def ada_of(app):
    return app.service.owner_of(Account("spotify:ada"))


def seen(app, listener_id=None):
    found = app.service.find_matches(listener_id or ada_of(app), 10)
    return found.model_version, [(one.listener.listener_id, round(one.score, 6)) for one in found.matches]


def versions_of(app, listener_id):
    query = vectors.select().where(vectors.c.listener_id == listener_id)
    return {row.model_version for row in app.database.rows(query)}


def test_the_next_model_serves_after_three_commands_and_can_be_rolled_back(town, earshot, next_model):
    first, before = seen(town)
    assert earshot("models", "propose", next_model)[0] == 0
    assert earshot("models", "embed")[0] == 0
    assert seen(town) == (first, before)
    assert earshot("models", "promote")[0] == 0
    second, after = seen(town)
    assert second != first
    assert len(after) == len(before)
    told = earshot("models", "list")[1]
    assert next(line for line in told.splitlines() if second in line).count("serving") == 1
    assert earshot("models", "rollback")[0] == 0
    assert seen(town) == (first, before)


def test_lists_after_a_switch_are_those_of_a_full_rebuild(town, next_model):
    switch(town, next_model)
    switched = seen(town)
    town.service.store.drop_vectors(switched[0])
    for listener_id in list(model_changes.stale_ids(town, switched[0])):
        town.tastes.renew(listener_id)
    assert seen(town) == switched


def switch(app, folder):
    version = model_changes.propose(app, folder, QUIET)
    model_changes.embed(app, version, QUIET)
    return model_changes.promote(app, version, QUIET)


def test_every_command_is_safe_to_repeat(town, next_model):
    for _ in range(2):
        version = model_changes.propose(town, next_model, QUIET)
    for _ in range(2):
        assert model_changes.embed(town, version, QUIET) == version
    for _ in range(2):
        assert model_changes.promote(town, version, QUIET) == version
    assert town.registry.serving() == version


def test_all_three_at_once_are_safe_to_repeat(town, earshot, next_model):
    for _ in range(2):
        code, _, said = earshot("models", "propose", next_model, "--wait")
        assert code == 0
    assert "is serving" in said
    assert "comes next" not in said


def test_who_was_imported_since_is_found_after_a_rollback_too(town, next_model):
    first = town.model_version()
    switch(town, next_model)
    rows = [music("c0", *(f"Artist 0 {m}" for m in range(6)))]
    town.service.import_candidates(rows, lambda one: Account(f"table:{one.listener_id}"))
    assert count_stale(town.database, first) == 1
    model_changes.rollback(town, QUIET)
    assert count_stale(town.database, first) == 0


def test_what_is_not_ready_does_not_serve(town, next_model):
    first = town.model_version()
    version = model_changes.propose(town, next_model, QUIET)
    with pytest.raises(InputError, match=r"0 models begin with \w+ and are ready"):
        model_changes.promote(town, version, QUIET)
    with pytest.raises(InputError, match="no model served before"):
        model_changes.rollback(town, QUIET)
    assert town.registry.serving() == first


def test_who_changes_meanwhile_is_written_under_both(town, next_model):
    first = town.model_version()
    version = model_changes.propose(town, next_model, QUIET)
    model_changes.embed(town, version, QUIET)
    town.service.refresh_listener(ada_of(town), Library(*(f"Artist 1 {m}" for m in range(8))))
    assert versions_of(town, ada_of(town)) == {first, version}
    switch(town, next_model)
    town.service.refresh_listener(ada_of(town), Library(*(f"Artist 0 {m}" for m in range(6))))
    assert versions_of(town, ada_of(town)) == {first, version}
    model_changes.rollback(town, QUIET)
    assert seen(town)[0] == first


def test_embedding_that_was_stopped_goes_on_where_it_was(town, next_model, monkeypatch):
    version, real, done = model_changes.propose(town, next_model, QUIET), type(town.tastes).place, []

    def place(self, listener_id, model):
        if len(done) == 10:
            raise KeyboardInterrupt
        done.append(listener_id)
        return real(self, listener_id, model)

    with monkeypatch.context() as patch:
        patch.setattr(type(town.tastes), "place", place)
        with pytest.raises(KeyboardInterrupt):
            model_changes.embed(town, version, QUIET)
    assert count_stale(town.database, version) == 31
    model_changes.embed(town, version, QUIET)
    assert count_stale(town.database, version) == 0
    states = {one.model_version: one.state for one in town.registry.models()}
    assert states[version] is ModelState.READY


def test_a_model_that_does_not_serve_is_given_up_with_all_that_is_its(town, next_model):
    first = town.model_version()
    version = model_changes.propose(town, next_model, QUIET)
    model_changes.embed(town, version, QUIET)
    model_changes.retire(town, version, QUIET)
    assert versions_of(town, ada_of(town)) == {first}
    assert not town.models.shelf.has(version)
    with pytest.raises(InputError):
        model_changes.retire(town, first, QUIET)
    assert model_changes.propose(town, next_model, QUIET) == version


def test_vectors_of_the_model_before_are_purged_after_seven_days(town, next_model):
    first, second = town.model_version(), switch(town, next_model)
    now = datetime.now(UTC)
    town.retention.purge(now)
    assert versions_of(town, ada_of(town)) == {first, second}
    with town.database.upkeep() as connection:
        connection.exec_driver_sql(
            "UPDATE model_versions SET changed_at_utc = changed_at_utc - interval '7 days 1 second'"
        )
    town.retention.purge(now)
    assert versions_of(town, ada_of(town)) == {second}
    with pytest.raises(InputError, match="7 days"):
        model_changes.rollback(town, QUIET)


def test_nobody_sees_an_empty_list_or_two_models_while_models_change(town, next_model):
    """Eight look, refresh and come anew through a switch, back, and forth again."""
    over, problems, n_looks = threading.Event(), [], []

    def live(number):
        me = town.service.connect_listener(Account(f"spotify:t{number}")).listener_id
        n = 0
        while not over.is_set():
            artists = [f"Artist {number % 2} {(n + m) % 12}" for m in range(8)]
            town.service.refresh_listener(me, Library(*artists))
            with town.models.pinned():
                version, found = seen(town, me)
                if version != town.model_version() or len(found) < 10:
                    problems.append((version, len(found)))
            n += 1
        n_looks.append(n)

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(live, number) for number in range(8)]
        try:
            version = switch(town, next_model)
            model_changes.rollback(town, QUIET)
            model_changes.propose(town, next_model, QUIET)
            model_changes.embed(town, version, QUIET)
            model_changes.promote(town, version, QUIET)
        finally:
            over.set()
        for future in futures:
            future.result()
    assert problems == []
    assert min(n_looks) > 0
    assert count_stale(town.database, version) == 0


@pytest.mark.parametrize(("worked_s", "load", "rest_s"), [(2, 0.5, 0), (0.5, 2.0, 0.5), (5, 3.0, 1.0)])
def test_embedding_rests_while_others_wait_for_the_machine(worked_s, load, rest_s):
    assert model_changes.rest_s(worked_s, load) == pytest.approx(rest_s)
    assert timedelta(seconds=rest_s) <= timedelta(seconds=model_changes.MOST_REST_S)
