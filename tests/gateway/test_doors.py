"""Forms of our own pages: nobody else's page sends one."""

import pytest

from tests.gateway.test_who_is_let_in import OTHER_PAGES


def type_key(front, key="0000", **headers):
    return front.ask("/key", "POST", data={"key": key}, headers=headers)


def test_our_own_page_may_send_its_form(front):
    for more in ({}, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}):
        answer = type_key(front, Origin=front.base, **more)
        assert answer.headers["location"] == "/key?problem=KeyMistyped"


@pytest.mark.parametrize("origin", OTHER_PAGES)
@pytest.mark.parametrize("path", ["/key", "/new-key", "/pick", "/spotify"])
def test_no_other_page_sends_a_form(front, origin, path):
    navigation = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for more in ({}, navigation):
        answer = front.ask(path, "POST", data={"key": "x"}, headers={"Origin": origin, **more})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_a_form_of_unknown_origin_is_refused(front):
    assert type_key(front).status_code == 403
    assert type_key(front, Origin=front.base, **{"Sec-Fetch-Site": "same-site"}).status_code == 403


def test_attempts_with_a_key_count_as_sign_ins_of_their_address(front):
    address = "203.0.113.77"
    own = {"Origin": front.base}
    tries = [
        front.ask("/key", "POST", address=address, data={"key": "x"}, headers=own).status_code
        for _ in range(12)
    ]
    assert tries.count(303) == 10
    assert set(tries[10:]) == {429}
    assert front.ask("/login", address=address).status_code == 429


@pytest.mark.parametrize("path", ["/login", "/logout", "/export", "/callback", "/", "/taste"])
def test_nothing_else_takes_a_post(front, path):
    answer = front.ask(path, "POST", data={"key": "x"}, headers={"Origin": front.base})
    assert answer.status_code == 405
