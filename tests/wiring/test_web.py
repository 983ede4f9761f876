"""The routes beside the pages, without a database: what they end, and for whom."""

from types import SimpleNamespace

import pytest
import requests
from starlette.applications import Starlette

from emulator.server import running
from tests.fakes.stores import FakeSessionStore
from tests.wiring.test_sessions import Clock
from wiring import web
from wiring.sessions import COOKIE, Sessions, sign_out_token


@pytest.fixture
def sessions():
    return Sessions(FakeSessionStore(), Clock())


@pytest.fixture
def browser(monkeypatch, sessions):
    monkeypatch.setattr(web, "application", lambda: SimpleNamespace(sessions=sessions))
    with running(Starlette(routes=web.ROUTES)) as base:
        yield base


def sign_out(browser, token, proof, **query):
    return requests.get(
        browser + "/logout",
        params={"token": proof, **query},
        cookies={COOKIE: token},
        allow_redirects=False,
        timeout=5,
    )


def test_signing_out_ends_this_browsers_session_alone(browser, sessions):
    here, there = sessions.begin("ada"), sessions.begin("ada")
    answer = sign_out(browser, here, sign_out_token(here))
    assert answer.headers["location"] == "/"
    assert [sessions.listener_of(one) for one in (here, there)] == [None, "ada"]


def test_signing_out_everywhere_ends_them_all(browser, sessions):
    here, there, other = sessions.begin("ada"), sessions.begin("ada"), sessions.begin("bob")
    sign_out(browser, here, sign_out_token(here), everywhere="1")
    assert [sessions.listener_of(one) for one in (here, there, other)] == [None, None, "bob"]


@pytest.mark.parametrize("query", [{}, {"everywhere": "1"}])
def test_a_link_from_elsewhere_ends_nothing(browser, sessions, query):
    here = sessions.begin("ada")
    sign_out(browser, here, "forged", **query)
    assert sessions.listener_of(here) == "ada"
