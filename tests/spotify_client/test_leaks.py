import logging
import threading
import traceback

import pytest
from starlette.responses import JSONResponse

from matcher.errors import EarshotError
from matcher.ports import silent
from spotify_client.signing_in.tokens import TokenEndpoint
from tests.spotify_client.conftest import error, make_grant, make_settings

CODE = "the-code"
SECRETS = ("access-ann", "refresh-ann", "s3cret", CODE, "fresh-token", "fresh-refresh")
FRESH = {"access_token": "fresh-token", "refresh_token": "fresh-refresh", "expires_in": 3600}


@pytest.fixture
def everything_logged(caplog):
    """Every logger there is writes everything it wants to."""
    names = ["", *logging.root.manager.loggerDict, "spotipy.client", "urllib3.connectionpool"]
    for name in names:
        caplog.set_level(logging.DEBUG, logger=name or None)
    return caplog


def trouble_of(call):
    """The whole traceback of what a call raises, chained causes and all; empty when it works."""
    try:
        call()
    except EarshotError as caught:
        return "".join(traceback.format_exception(caught))
    return ""


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"id": "ann", "items": []}),
        error(401),
        error(403, "Forbidden"),
        error(429, Retry_After="600"),
        error(500),
    ],
)
def test_no_secret_is_logged_or_raised_while_reading(room_of, script, everything_logged, answer):
    room = room_of(script.base, client_secret="s3cret")
    script.default = answer
    script.on("/api/token", JSONResponse(FRESH))
    text = trouble_of(room.fetch) + everything_logged.text
    assert not [secret for secret in SECRETS if secret in text]
    ours = [one for one in everything_logged.records if one.name.startswith(("spot", "urllib3"))]
    assert not [one for one in ours if "/v1/" in one.getMessage()]  # addresses hold ids of playlists


@pytest.mark.parametrize(
    "answer", [JSONResponse(FRESH), JSONResponse({"error": "invalid_grant"}, 400), error(500)]
)
def test_no_secret_is_logged_or_raised_while_signing_in(room_of, script, everything_logged, answer):
    room = room_of(script.base, client_secret="s3cret")
    script.on("/api/token", answer)
    pending, _ = room.login.begin("browser")
    text = trouble_of(lambda: room.login.finish(CODE, pending)) + everything_logged.text
    assert not [secret for secret in (*SECRETS, pending.verifier, pending.state) if secret in text]


def test_a_dead_server_does_not_bring_a_secret_to_light(room_of, everything_logged):
    room = room_of("http://127.0.0.1:1", client_secret="s3cret")
    text = trouble_of(room.fetch) + everything_logged.text
    assert "SpotifyUnreachable" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_names_and_music_are_not_logged(emulated, everything_logged):
    spotify = emulated()
    spotify.sign_in("syn-0001")
    everything_logged.clear()
    listening = spotify.room.fetch("syn-0001")
    ours = "\n".join(
        one.getMessage()
        for one in everything_logged.records
        if one.name.startswith(("spotify_client", "spotipy", "urllib3"))
    )
    assert "library read" in ours
    names = {text for one in listening.hearings for text in (one.artist_name, one.track_name, one.facet_name)}
    assert not [name for name in names if len(name) > 3 and name in ours]
    assert "syn-0001" not in ours


def test_no_repr_shows_a_secret(room_of, script):
    room = room_of(script.base, client_secret="s3cret")
    client = room.client()
    shown = [
        repr(one) for one in (room.settings, room.login, room.grants, room.source(), client, make_grant())
    ]
    shown += [repr(client._session), repr(client._spotipy), repr(make_settings(client_secret="s3cret"))]
    assert not [secret for secret in SECRETS if secret in "".join(shown)]


def test_a_second_listeners_code_never_gives_the_first_ones_token(emulated):
    """Spotipy's own cache did just that: get_access_token(code) gave back whoever came before."""
    spotify = emulated()
    ann, bob = spotify.consent("syn-0001"), spotify.consent("syn-0002")
    login = spotify.room.login
    assert ann.access_token != bob.access_token
    assert login.account(ann) != login.account(bob)


def test_two_listeners_reading_at_once_never_share_a_token(emulated):
    spotify = emulated()
    spotify.sign_in("syn-0001")
    spotify.sign_in("syn-0002")
    source, found = spotify.room.source(), {}

    def read(listener_id):
        found[listener_id] = source.fetch(listener_id, silent)

    threads = [threading.Thread(target=read, args=(f"syn-000{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = {key: spotify.room.fetch(key) for key in found}
    assert found == alone
    assert found["syn-0001"].hearings != found["syn-0002"].hearings


def test_nothing_is_written_to_the_working_folder(emulated, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spotify = emulated()
    spotify.sign_in("syn-0001")
    spotify.room.fetch("syn-0001")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_with_tokens_shows_none(room, script):
    script.on("/api/token", JSONResponse(FRESH))
    answer = TokenEndpoint(room.settings, room.clock).ask("refresh_token", refresh_token="refresh-ann")
    assert answer.access_token == "fresh-token"
    assert not [secret for secret in SECRETS if secret in repr(answer)]
