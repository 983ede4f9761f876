"""Listening by user name, over real HTTP from the local services."""

import logging
from collections import Counter

import pytest
from starlette.responses import JSONResponse

from emulator.scrobbling.listenbrainz import token_of
from matcher.domain.canonical_keys import artist_key, keys_of, track_key
from matcher.domain.listening import Part, PartStatus, Source
from matcher.errors import (
    NameIsPrivate,
    ServiceClosed,
    ServiceLimited,
    ServiceMalformed,
    ServiceUnreachable,
    Stopped,
    TokenRefused,
    UnknownName,
)
from matcher.ports import Progress, silent
from sources.scrobbles import lastfm, listenbrainz
from sources.scrobbles.calls import Politeness, name_in

NAME = "syn-0001"
SERVICES = ["listenbrainz", "lastfm"]


def fetch(local, service, name=NAME, report=silent, so_far=None, **politeness):
    return getattr(local, service)(**politeness).named(name).fetch("me", report, so_far)


def truth(world, name=NAME):
    """Plays by canonical track key."""
    library, found = world.listeners[name].library, Counter()
    recent = Counter(row.item_id for row in library.recent)
    for key in library.item_ids():
        if track := world.tracks.get(key):
            artist = artist_key(track.artists[0].name)
            found[track_key(track.name, artist)] += max(library.plays.get(key, 1), recent[key])
    return found


def counted(listening):
    found = Counter()
    for hearing in listening.hearings:
        artist, track = keys_of(hearing)
        found[track or artist] += hearing.plays
    return found


@pytest.fixture(params=SERVICES)
def service(request):
    return request.param


@pytest.mark.parametrize("page", [7, 1000])
def test_every_play_is_read_once_whatever_the_pages(local, world, service, page, monkeypatch):
    monkeypatch.setattr(listenbrainz, "MOST_LISTENS", page)
    monkeypatch.setattr(lastfm, "MOST_PLAYS", page)
    listening = fetch(local, service, max_calls=1000)
    assert counted(listening) == truth(world)
    assert listening.source is Source(service)
    assert listening.parts == {Part.PLAYS: PartStatus.OK}
    assert all(one.heard_at_utc for one in listening.hearings)


def test_totals_come_first_and_say_nearly_the_same(local, world, service):
    looks = []
    fetch(local, service, so_far=looks.append)
    (look,) = looks
    assert counted(look) == truth(world)
    assert {one.heard_at_utc for one in look.hearings} == {None}


def test_what_the_calls_do_not_reach_is_filled_up_from_totals(local, world, service, monkeypatch):
    monkeypatch.setattr(listenbrainz, "MOST_LISTENS", 20)
    monkeypatch.setattr(lastfm, "MOST_PLAYS", 20)
    source = getattr(local, service)(max_calls=6).named(NAME)
    first = source.fetch("me", silent)
    assert len(local.calls()) == 6
    assert counted(first) == truth(world)
    assert 20 <= dated(first) < truth(world).total()
    # the next reading goes on where this one ended
    second = source.fetch("me", silent)
    assert counted(second) == truth(world)
    assert dated(second) > dated(first)


def dated(listening):
    return sum(one.plays for one in listening.hearings if one.heard_at_utc)


def test_progress_is_told_with_calls_and_can_stop_it(local, service):
    told: list[Progress] = []
    fetch(local, service, report=told.append)
    assert (told[-1].done, told[-1].step) == (told[-1].total, Part.PLAYS)
    assert told[-1].calls_used == len(local.calls())

    def stop(progress):
        raise Stopped("stop")

    with pytest.raises(Stopped):
        fetch(local, service, report=stop)


def test_a_name_may_be_the_address_of_a_profile_in_any_case(local, world, service):
    host = "listenbrainz.org" if service == "listenbrainz" else "www.last.fm"
    assert counted(fetch(local, service, f" https://{host}/user/SYN-0001/ ")) == truth(world)


@pytest.mark.parametrize("name", ["", "..", "a/b", "x" * 200, "a\nb", "a\\b"])
def test_what_can_be_no_name_is_refused_without_a_call(local, service, name):
    with pytest.raises(UnknownName):
        fetch(local, service, name)
    assert local.calls() == []
    assert name_in(name) == ""


def test_nobody_of_this_name_is_one_error(local, service):
    with pytest.raises(UnknownName):
        fetch(local, service, "nobody here")


def test_somebody_without_plays_has_an_empty_listening(local, service):
    listening = fetch(local, service, "syn-quiet")
    assert (listening.hearings, listening.parts) == ((), {Part.PLAYS: PartStatus.EMPTY})


def test_hidden_plays_are_private_at_lastfm_and_charts_are_not_used_instead(local):
    looks = []
    with pytest.raises(NameIsPrivate):
        fetch(local, "lastfm", "syn-odd", so_far=looks.append)
    assert (looks, len(local.calls())) == ([], 1)


def test_headers_are_obeyed_so_that_no_call_is_refused(serve, world):
    local = serve(listenbrainz_calls=2, listenbrainz_window_s=10)
    assert counted(fetch(local, "listenbrainz")) == truth(world)
    assert {call["status"] for call in local.calls()} == {200}
    assert local.clock.slept


def test_lastfm_is_asked_no_more_than_it_wants(serve, world):
    local = serve(lastfm_calls=5, lastfm_window_s=1)
    assert counted(fetch(local, "lastfm", gap_s=0.25)) == truth(world)
    assert {call["status"] for call in local.calls()} == {200}


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "cut", "unavailable"])
def test_a_passing_fault_is_tried_again(local, world, service, kind):
    local.fault(kind, f"/{service}", after=1, retry_after=3)
    assert counted(fetch(local, service)) == truth(world)
    assert kind != "rate_limited" or local.clock.slept


def test_a_long_pause_is_an_error_that_says_when(local):
    local.fault("rate_limited", "/listenbrainz", retry_after=600)
    with pytest.raises(ServiceLimited) as caught:
        fetch(local, "listenbrainz")
    assert (caught.value.retry_at_utc - local.clock()).total_seconds() == 600


@pytest.mark.parametrize(
    ("kind", "error"), [("server_error", ServiceUnreachable), ("malformed", ServiceMalformed)]
)
def test_a_lasting_fault_is_an_error(local, service, kind, error):
    local.fault(kind, f"/{service}", times=100)
    with pytest.raises(error):
        fetch(local, service)


@pytest.mark.parametrize("code", [[6], {"code": 6}, "6", 6.0, -1, True, 9999])
def test_an_error_code_that_is_none_is_an_answer_that_the_api_does_not_promise(code):
    with pytest.raises(ServiceMalformed):
        lastfm._translate(None, {"error": code})


def test_a_failure_after_the_totals_leaves_a_whole_taste(local, world, service):
    local.fault("server_error", f"/{service}", times=100, after=3)
    listening = fetch(local, service)
    assert counted(listening) == truth(world)
    assert listening.parts == {Part.PLAYS: PartStatus.FAILED}


@pytest.mark.parametrize("kind", ["quota", "unauthorized"])
def test_a_refused_key_is_the_operators_to_mend(local, kind):
    local.fault(kind, "/lastfm")
    with pytest.raises(ServiceClosed):
        fetch(local, "lastfm")


def test_without_a_key_lastfm_is_closed(local):
    closed = local.lastfm(key="")
    assert not closed.is_open
    with pytest.raises(ServiceClosed):
        closed.named(NAME)
    with pytest.raises(ServiceClosed):
        closed.sign_in_address("http://127.0.0.1:8501/callback")


def test_a_listenbrainz_token_proves_a_name(local):
    service = local.listenbrainz()
    assert service.owner_of(token_of(NAME)) == NAME
    for wrong in ("nobody's", "", "two words"):
        with pytest.raises(TokenRefused):
            service.owner_of(wrong)


def test_a_lastfm_sign_in_proves_a_name_once(local):
    service = local.lastfm()
    address = service.sign_in_address("http://127.0.0.1:8501/callback?back=%2F")
    page = local.http.get(address)
    assert page.status_code == 200
    form = {"api_key": service.settings.key, "cb": "http://127.0.0.1:8501/callback", "listener_id": NAME}
    token = (
        local.http.post(service.settings.sign_in_url, data=form).headers["location"].partition("token=")[2]
    )
    assert service.owner_of(token) == NAME
    with pytest.raises(TokenRefused):
        service.owner_of(token)
    with pytest.raises(ServiceClosed):
        local.lastfm(secret="0" * 32).owner_of("0" * 32)


def test_no_name_and_no_key_is_in_the_log(local, service, caplog):
    caplog.set_level(logging.DEBUG)
    local.fault("server_error", f"/{service}", times=2, after=3)
    fetch(local, service)
    assert caplog.records
    assert NAME not in caplog.text
    assert local.lastfm().settings.key not in caplog.text
    assert local.lastfm().settings.secret not in repr(local.lastfm().settings)


@pytest.mark.parametrize(
    ("metadata", "artist"),
    [
        ({"artist_name": "Ada, Bob"}, "Ada, Bob"),
        ({"artist_name": "Ada, Bob", "additional_info": {"artist_names": ["Ada", "Bob"]}}, "Ada"),
        ({"artist_name": "Ada & Bob", "mbid_mapping": {"artists": [{"artist_credit_name": "Ada"}]}}, "Ada"),
        ({"artist_name": "Ada", "mbid_mapping": {"artists": [{"artist_credit_name": "Eve"}]}}, "Ada"),
        ({"artist_name": "Ada", "additional_info": {"artist_names": "Ada"}, "mbid_mapping": None}, "Ada"),
    ],
)
def test_of_several_artists_the_first_counts(metadata, artist):
    play = listenbrainz.play_of(
        {"listened_at": 1_700_000_000, "track_metadata": metadata | {"track_name": "X"}}
    )
    assert (play.artist, play.title, play.at_s) == (artist, "X", 1_700_000_000)


def test_totals_name_the_first_artist_as_listens_do(script, clock):
    """A recording by two in the statistics is the one in the listens, and is not counted twice."""
    base, both = script.base, "Ada & Bob"
    credit = [{"artist_credit_name": "Ada"}, {"artist_credit_name": "Bob"}]
    top = {"artist_name": both, "track_name": "X", "listen_count": 5, "artists": credit}
    metadata = {"artist_name": both, "track_name": "X", "mbid_mapping": {"artists": credit}}
    listens = [{"listened_at": 1_700_000_000 + n, "track_metadata": metadata} for n in range(2)]
    page = {"listens": listens, "oldest_listen_ts": 1}
    for path, payload in (
        ("/1/user/ann/listen-count", {"count": 5}),
        ("/1/stats/user/ann/artists", {"artists": [{"artist_name": "Ada", "listen_count": 5}]}),
        ("/1/stats/user/ann/recordings", {"recordings": [top]}),
        ("/1/user/ann/listens", page),
    ):
        script.on(path, JSONResponse({"payload": payload}))
    service = listenbrainz.ListenBrainz(base, clock, clock.sleep, Politeness(max_calls=4))
    assert counted(service.named("ann").fetch("me", silent)) == {"ada|x": 5}


@pytest.mark.parametrize(
    "listen", [None, [], {}, {"track_metadata": {"artist_name": "A"}}, {"track_metadata": {"track_name": 3}}]
)
def test_a_listen_without_artist_or_title_is_no_play(listen):
    assert listenbrainz.play_of(listen) is None
