"""The health check answers within its own limit, whatever hangs."""

import threading

import pytest
import requests
from starlette.applications import Starlette
from starlette.routing import Route

from emulator.server.running import running
from matcher.errors import StorageUnreachable
from wiring.doors import web
from wiring.health import LIMIT_S, HealthCheck


class Database:
    """Answers, raises, or hangs until it is let go; counts who asked."""

    def __init__(self):
        self.go, self.n_asked, self.error = threading.Event(), 0, None

    def __call__(self):
        self.n_asked += 1
        self.go.wait(120)
        if self.error:
            raise self.error
        return {"n_candidates": 3}


@pytest.fixture
def database():
    found = Database()
    yield found
    found.go.set()


@pytest.fixture
def limit_s():
    """Long enough for a busy machine: tests that want an answer get it, however slowly."""
    return 60.0


@pytest.fixture
def ask(monkeypatch, database, limit_s):
    monkeypatch.setattr(web, "_HEALTH", HealthCheck(database, limit_s))
    hanging = threading.Event()

    def page(_):
        hanging.wait(120)

    routes = [*web.ROUTES, Route("/page", page)]
    with running(Starlette(routes=routes)) as base:

        def get(path="/healthz", timeout=60):
            return requests.get(base + path, timeout=timeout)

        yield get
        hanging.set()


def test_a_database_that_answers_is_healthy(ask, database):
    database.go.set()
    answer = ask()
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "n_candidates": 3})


def test_an_error_is_told_by_its_name_alone(ask, database):
    database.go.set()
    database.error = StorageUnreachable("secret detail")
    answer = ask()
    assert (answer.status_code, answer.json()["problem"]) == (503, "StorageUnreachable")
    assert "secret" not in answer.text


@pytest.mark.parametrize("limit_s", [0.2])
def test_a_database_that_hangs_is_told_within_the_limit_and_holds_one_thread(ask, database):
    for _ in range(5):
        answer = ask()
        assert (answer.status_code, answer.json()["problem"]) == (503, "NoAnswerInTime")
    assert database.n_asked == 1


@pytest.mark.parametrize("limit_s", [0.2])
def test_it_is_healthy_again_once_the_database_answers(ask, database):
    assert ask().status_code == 503
    database.go.set()
    while ask().status_code == 503:
        pass
    assert ask().json()["n_candidates"] == 3


def test_pages_that_all_hang_do_not_hold_it(ask, database):
    """Starlette has forty threads for pages; the check needs none of them."""
    database.go.set()
    pages = [threading.Thread(target=lambda: ask("/page", 120), daemon=True) for _ in range(45)]
    for one in pages:
        one.start()
    assert ask().status_code == 200


def test_load_balancers_get_an_answer_within_two_seconds():
    assert LIMIT_S == 2.0
