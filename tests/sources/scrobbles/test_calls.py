"""What a service, or who stands in for it, can do to its caller."""

import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response

from matcher.errors import ServiceLimited, ServiceMalformed, ServiceUnreachable
from sources.scrobbles import calls
from sources.scrobbles.calls import Pace, Politeness, ServiceCalls
from spotify_client.calls.budget import BudgetSpent

URL = "/1/user/ann/listens"


@pytest.fixture
def client(script, clock):
    def make(**politeness):
        polite = Politeness(**politeness)
        return ServiceCalls(Pace(polite, clock, clock.sleep), polite, lambda *_: None, "Earshot tests")

    return make


def limited(**headers):
    return JSONResponse({"code": 429, "error": "slow down"}, 429, headers)


def test_redirects_are_not_followed_and_no_netrc_is_read(script, client, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    script.on(URL, RedirectResponse(script.base + "/elsewhere"))
    with pytest.raises(ServiceMalformed):
        client().get(script.base + URL, {})
    assert script.paths() == [URL]
    assert "authorization" not in script.seen[0].headers


def test_an_answer_without_an_end_is_not_read_to_it(script, client, monkeypatch):
    monkeypatch.setattr(calls, "LARGEST_ANSWER", 1000)
    script.on(URL, Response(b"[" + b" " * 100_000 + b"]", media_type="application/json"))
    with pytest.raises(ServiceMalformed, match="too long"):
        client().get(script.base + URL, {})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b"[" * 100_000])
def test_what_is_no_object_is_malformed(script, client, body):
    script.on(URL, Response(body, media_type="application/json"))
    with pytest.raises(ServiceMalformed):
        client().get(script.base + URL, {})


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"X-RateLimit-Reset-In": "3"}, 3),
        ({"Retry-After": "4"}, 4),
        ({"X-RateLimit-Reset-In": "3", "Retry-After": "9"}, 3),
        ({"X-RateLimit-Reset-In": "-1"}, 30),
        ({}, 7),
    ],
)
def test_a_refusal_is_waited_out_as_long_as_it_says(script, client, clock, headers, wait_s):
    script.on(URL, limited(**headers), JSONResponse({"fine": 1}))
    assert client(default_wait_s=7, max_wait_s=60).get(script.base + URL, {}) == {"fine": 1}
    assert clock.slept == [wait_s]


def test_who_refuses_without_an_end_is_left(script, client, clock):
    script.on(URL, limited())
    with pytest.raises(ServiceUnreachable):
        client(max_waits=2).get(script.base + URL, {})
    assert len(script.seen) == 3


def test_all_who_share_a_pace_wait_for_it(clock):
    pace = Pace(Politeness(gap_s=1.0, max_wait_s=2.5), clock, lambda _: None)
    for _ in range(3):
        pace.enter()
    with pytest.raises(ServiceLimited):
        pace.enter()
    clock.sleep(1)
    pace.enter()


def test_a_spent_budget_ends_before_the_call(script, client):
    script.default = JSONResponse({})
    made = client(max_calls=1)
    made.get(script.base + URL, {})
    with pytest.raises(BudgetSpent):
        made.get(script.base + URL, {})
    assert len(script.seen) == 1
