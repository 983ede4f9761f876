"""Encryption of grants, and the key file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from matcher.domain.listening import Source
from matcher.errors import SettingsError
from matcher.ports import Account
from storage.server.database import Database
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.signing_in.cipher import GrantCipher, load_or_create_keys
from storage.stores.signing_in.grants import PostgresGrantStore
from tests.storage.contracts.worlds import NOW, grant

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


def test_a_sealed_grant_opens_for_its_listener():
    cipher = GrantCipher([NEW])
    assert cipher.open("me", cipher.seal("me", grant())) == grant()


def test_a_sealed_grant_opens_for_nobody_else():
    cipher = GrantCipher([NEW])
    with pytest.raises(InvalidToken):
        cipher.open("you", cipher.seal("me", grant()))


def test_no_secret_stands_in_the_ciphertext():
    ciphertext = GrantCipher([NEW]).seal("me", grant("token-secret"))
    assert b"token-secret" not in ciphertext


def test_an_older_key_still_opens_and_the_newest_seals():
    sealed = GrantCipher([OLD]).seal("me", grant())
    both = GrantCipher([NEW, OLD])
    assert both.open("me", sealed) == grant()
    assert GrantCipher([NEW]).open("me", both.seal("me", grant())) == grant()


@pytest.mark.parametrize("keys", [[], [b"short"]])
def test_what_is_no_key_is_refused(keys: list[bytes]):
    with pytest.raises(SettingsError):
        GrantCipher(keys)


def test_a_grant_whose_key_is_lost_counts_as_none(database: Database):
    me = PostgresListenerStore(database).connect(Account("a"), Source.TABLE, "x", NOW).listener_id
    PostgresGrantStore(database, GrantCipher([OLD])).save(me, grant())
    assert PostgresGrantStore(database, GrantCipher([NEW])).load(me) is None


def test_swapped_ciphertexts_open_for_nobody(database: Database):
    listeners = PostgresListenerStore(database)
    me, you = (listeners.connect(Account(key), Source.TABLE, "x", NOW).listener_id for key in "ab")
    store = PostgresGrantStore(database, GrantCipher([NEW]))
    store.save(me, grant("mine"))
    store.save(you, grant("yours"))
    with database.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE grants g SET ciphertext = o.ciphertext FROM grants o WHERE o.listener_id <> g.listener_id"
        )
    assert store.load(me) is None
    assert store.load(you) is None


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "keys" / "grants.key"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: load_or_create_keys(path), range(8)))
    assert len(found) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    GrantCipher(found.pop())


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path):
    path = tmp_path / "grants.key"
    load_or_create_keys(path)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_or_create_keys(path)
