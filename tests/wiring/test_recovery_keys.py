"""Recovery keys: easily typed, hard to mistype, and only their hash is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import KeyMistyped, KeyUnknown
from tests.fakes.stores import FakeRecoveryKeyStore
from tests.wiring.test_sessions import Clock
from wiring.signing_in import recovery_keys
from wiring.signing_in.recovery_keys import N_BYTES, RecoveryKeys, read, written

SECRETS = st.binary(min_size=N_BYTES, max_size=N_BYTES)


@pytest.fixture
def keys():
    return RecoveryKeys(FakeRecoveryKeyStore(), Clock())


@given(SECRETS)
def test_a_key_is_nine_groups_without_look_alikes_and_reads_back(secret):
    key = written(secret)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}", key)
    assert read(key) == secret


@given(SECRETS)
def test_it_reads_back_as_people_type_it(secret):
    key = written(secret)
    loose = key.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    wide = "".join(chr(ord(char) + 0xFEE0) for char in key)
    assert read(f"\t{loose}\n") == read(key.replace("-", "\u2013")) == read(wide) == secret


@given(SECRETS, st.integers(0, 34), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_symbol_is_found(secret, place, symbol):
    plain = written(secret).replace("-", "")
    wrong = plain[:place] + symbol + plain[place + 1 :]
    if wrong == plain:
        assert read(wrong) == secret
    else:
        with pytest.raises(KeyMistyped):
            read(wrong)


@given(SECRETS, st.integers(0, 34))
def test_two_symbols_in_the_wrong_order_are_found(secret, place):
    plain = written(secret).replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if swapped != plain:
        with pytest.raises(KeyMistyped):
            read(swapped)


@given(st.text(max_size=60))
def test_other_text_is_no_key(text):
    with pytest.raises(KeyMistyped):
        read(text)


@pytest.mark.parametrize(
    "typed", ["", "-", "0" * 32, "0" * 36, "0" * 1_000_000, "\u0660" * 36, "\ud800", "٣" * 36]
)
def test_hostile_text_is_no_key(typed):
    with pytest.raises(KeyMistyped):
        read(typed)


def test_a_key_leads_to_its_listener_and_is_not_kept(keys):
    key = keys.make("ada")
    assert keys.listener_of(key.lower()) == "ada"
    kept = repr(keys.store.keys)
    assert not any(form in kept for form in (key, key.replace("-", ""), read(key).hex()))


def test_no_two_keys_are_alike(keys):
    assert len({keys.make(f"n{n}") for n in range(100)}) == 100


def test_a_new_key_ends_the_old_one_at_once(keys):
    old, new = keys.make("ada"), keys.make("ada")
    assert keys.listener_of(new) == "ada"
    with pytest.raises(KeyUnknown):
        keys.listener_of(old)


def test_a_key_of_nobody_is_told_from_a_typing_error(keys):
    with pytest.raises(KeyUnknown):
        keys.listener_of(written(bytes(N_BYTES)))


def test_accounts_are_not_made_from_keys():
    one, other = recovery_keys.new_account(), recovery_keys.new_account()
    assert one.key != other.key
    assert one.by_key_alone
