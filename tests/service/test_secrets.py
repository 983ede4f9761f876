"""Nothing secret lies in the logs or in the database in the clear."""

import logging
from dataclasses import replace

import pytest

from storage.sql.schema import metadata
from tests.service.conftest import SECRET, grant_of


@pytest.fixture
def everything_logged(caplog):
    """Every logger there is writes everything it wants to."""
    for name in ["", *logging.root.manager.loggerDict, "spotipy.client", "urllib3.connectionpool"]:
        caplog.set_level(logging.DEBUG, logger=name or None)
    return caplog


def dump(database) -> str:
    """Every row of every table as text."""
    with database.transaction() as connection:
        found = [
            row
            for table in metadata.tables
            for row in connection.exec_driver_sql(f"SELECT t::text FROM {table} t").scalars()
        ]
    return "\n".join(found)


def test_no_token_code_verifier_or_secret_is_in_logs_or_database(earshot, database, everything_logged):
    running = earshot()
    me = running.sign_in()
    code, pending, first = running.seen
    running.refresh(me)
    running.admin("POST", "listeners/syn-0001/expire-token")
    running.fault("server_error", path="/v1/me/tracks", times=5)
    running.refresh(me)
    last = grant_of(running, me)
    secrets = {
        "secret": SECRET,
        "code": code,
        "verifier": pending.verifier,
        "state": pending.state,
        "first access token": first.access_token,
        "refresh token": first.refresh_token,
        "last access token": last.access_token,
    }
    assert first.access_token != last.access_token
    for place, text in {"log": everything_logged.text, "database": dump(database)}.items():
        assert len(text) > 100, place
        assert [name for name, value in secrets.items() if value in text] == [], place


def test_the_database_driver_writes_no_row_into_a_log(database, everything_logged):
    """SQLAlchemy writes every row at DEBUG: the verifier of a log-in, aliases, accounts."""
    from matcher.domain.listening import Source
    from matcher.ports import Account
    from storage.server.database import open_database
    from storage.stores.listeners.listeners import PostgresListenerStore
    from storage.stores.signing_in.pending_logins import PostgresPendingLoginStore
    from tests.storage.contracts.worlds import NOW, pending

    address = database.engine.url.render_as_string(hide_password=False)
    with everything_logged.at_level(1), everything_logged.at_level(1, "sqlalchemy.engine.Engine"):
        fresh = open_database(address, None)  # looks at the levels now
        login = replace(pending(), state="a-secret-state", verifier="a-secret-verifier")
        logins = PostgresPendingLoginStore(fresh)
        logins.add(login)
        assert logins.take(login.state, login.browser_hash, NOW) is not None
        store = PostgresListenerStore(fresh)
        me = store.connect(Account("spotify:secret-account"), Source.TABLE, "Secret Alias", NOW)
        assert store.listener(me.listener_id).alias == "Secret Alias"
        fresh.close()
    text = everything_logged.text
    assert "INSERT INTO pending_logins" in text  # statements are written, without what they carry
    secrets = (login.verifier, login.state, "Secret Alias", "secret-account")
    assert [one for one in secrets if one in text] == []
