import logging
from datetime import UTC, datetime
from threading import Event
from time import sleep

import pytest

from matcher.domain.listening import Part, Source
from matcher.domain.profile import ListenerProfile
from matcher.errors import NoMusic, Stopped
from matcher.ports import Progress
from matcher.taste.service import TasteChange
from wiring.syncs import SyncBoard, SyncStatus

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PROFILE = ListenerProfile("me", Source.TABLE)


@pytest.fixture
def make_board():
    boards = []

    def make(refresh):
        boards.append(SyncBoard(refresh, lambda: NOW, n_threads=2))
        return boards[-1]

    yield make
    for board in boards:
        board.close()


def finished(board, listener_id="me"):
    board.close()
    return board.state(listener_id)


def ended(board, listener_id="me"):
    """As `finished`, but the board goes on."""
    for _ in range(10_000):
        if board.state(listener_id).status is not SyncStatus.RUNNING:
            break
        sleep(0.001)
    return board.state(listener_id)


def test_a_refresh_that_worked_says_whether_anything_changed(make_board):
    board = make_board(lambda listener_id, report, glimpse: TasteChange(True, PROFILE))
    board.start("me")
    state = finished(board)
    assert (state.status, state.changed) == (SyncStatus.DONE, True)


def test_progress_is_kept_by_step(make_board):
    def refresh(listener_id, report, glimpse):
        report(Progress(Part.SAVED, 1, 2, calls_used=3, calls_budget=60))
        report(Progress(Part.SAVED, 2, 2, calls_used=4, calls_budget=60))
        report(Progress("embed"))
        return TasteChange(False, PROFILE)

    board = make_board(refresh)
    board.start("me")
    state = finished(board)
    assert list(state.steps) == ["saved", "embed"]
    assert state.steps["saved"].done == 2
    assert state.calls_used == 4


def test_a_known_error_is_kept_for_the_page(make_board):
    def refresh(listener_id, report, glimpse):
        raise NoMusic("nothing there")

    board = make_board(refresh)
    board.start("me")
    state = finished(board)
    assert state.status is SyncStatus.FAILED
    assert isinstance(state.error, NoMusic)


def test_an_unknown_error_does_not_reach_the_page_or_the_log_with_its_text(make_board, caplog):
    def refresh(listener_id, report, glimpse):
        raise RuntimeError("secret-name-and-music")

    caplog.set_level(logging.DEBUG)
    board = make_board(refresh)
    board.start("me")
    state = finished(board)
    assert state.status is SyncStatus.FAILED
    assert "secret-name" not in str(state.error)
    assert "secret-name" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_starting_twice_runs_once(make_board):
    go, calls = Event(), []

    def refresh(listener_id, report, glimpse):
        calls.append(listener_id)
        go.wait(60)
        return TasteChange(False, PROFILE)

    board = make_board(refresh)
    board.start("me")
    board.start("me")
    go.set()
    finished(board)
    assert calls == ["me"]


def test_listeners_do_not_see_each_other(make_board):
    board = make_board(lambda listener_id, report, glimpse: TasteChange(listener_id == "me", PROFILE))
    board.start("me")
    assert board.state("you") is None


def test_a_finished_refresh_can_be_dismissed(make_board):
    board = make_board(lambda listener_id, report, glimpse: TasteChange(False, PROFILE))
    board.start("me")
    finished(board)
    board.dismiss("me")
    assert board.state("me") is None


def test_a_stopped_refresh_ends_at_its_next_step(make_board):
    begun, told = Event(), Event()
    reached = []

    def refresh(listener_id, report, glimpse):
        begun.set()
        told.wait(60)
        report(Progress(Part.SAVED))
        reached.append(listener_id)
        return TasteChange(True, PROFILE)

    board = make_board(refresh)
    board.start("me")
    begun.wait(60)
    board.stop("me")
    assert board.state("me").stopping
    told.set()
    state = finished(board)
    assert (state.status, type(state.error)) == (SyncStatus.FAILED, Stopped)
    assert reached == []


def test_a_refresh_stopped_while_it_waits_for_its_turn_never_begins(make_board):
    turn, begun = Event(), []

    def refresh(listener_id, report, glimpse):
        begun.append(listener_id)
        turn.wait(60)
        return TasteChange(True, PROFILE)

    board = make_board(refresh)
    for listener_id in ("one", "two", "me"):
        board.start(listener_id)
    board.stop("me")
    turn.set()
    assert type(ended(board).error) is Stopped
    assert "me" not in begun


def test_what_has_ended_cannot_be_stopped(make_board):
    board = make_board(lambda listener_id, report, glimpse: TasteChange(True, PROFILE))
    board.start("me")
    ended(board)
    board.stop("me")
    board.stop("nobody")
    assert board.state("me").status is SyncStatus.DONE
    assert not board.state("me").stopping


def test_after_being_stopped_it_can_be_started_again(make_board):
    turn = Event()

    def refresh(listener_id, report, glimpse):
        turn.wait(60)
        report(Progress(Part.SAVED))
        return TasteChange(True, PROFILE)

    board = make_board(refresh)
    board.start("me")
    board.stop("me")
    turn.set()
    assert type(ended(board).error) is Stopped
    board.dismiss("me")
    board.start("me")
    assert ended(board).status is SyncStatus.DONE


def test_what_has_been_read_so_far_is_there_while_it_is_read_and_no_longer(make_board):
    seen, go_on = Event(), Event()

    def refresh(listener_id, report, glimpse):
        glimpse(PROFILE)
        seen.set()
        assert go_on.wait(60)
        return TasteChange(True, PROFILE)

    board = make_board(refresh)
    board.start("me")
    assert seen.wait(60)
    assert board.state("me").so_far is PROFILE
    assert "ListenerProfile" not in repr(board.state("me"))
    go_on.set()
    assert finished(board).so_far is None


def test_closing_asks_what_is_running_to_stop_and_does_not_wait_for_ever(make_board):
    reached, go_on = Event(), Event()

    def refresh(listener_id, report, glimpse):
        reached.set()
        go_on.wait(30)
        report(Progress(Part.SAVED))
        return TasteChange(True, PROFILE)

    board = make_board(refresh)
    board.start("me")
    assert reached.wait(60)
    board.close(wait_s=0.1)
    assert board.state("me").stopping
    go_on.set()
    assert type(ended(board).error) is Stopped
