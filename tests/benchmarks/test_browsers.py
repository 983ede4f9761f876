import json
import random

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.browsers import ACTIONS, BrowsersReport, Log, summarise
from benchmarks.websocket_client import PageFailure, WebsocketClient
from ui.shared import session_watch


class Socket:
    """A server that answers each request with the next of these lists of messages."""

    def __init__(self, *answers):
        self.answers, self.waiting, self.sent = list(answers), [], []

    def send(self, message):
        self.sent.append(message)
        self.waiting += [one.SerializeToString() for one in self.answers.pop(0)]

    def recv(self, timeout):
        if not self.waiting:
            raise TimeoutError
        return self.waiting.pop(0)


def element(place, **fields):
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, place])
    for kind, values in fields.items():
        part = getattr(message.delta.new_element, kind)
        part.SetInParent()
        for name, value in values.items():
            setattr(part, name, value)
    return message


def begun():
    message = ForwardMsg()
    message.new_session.SetInParent()
    return message


def ended(status=ForwardMsg.FINISHED_SUCCESSFULLY):
    return ForwardMsg(script_finished=status)


def again(fragment_id, interval):
    message = ForwardMsg()
    message.auto_rerun.fragment_id, message.auto_rerun.interval = fragment_id, interval
    return message


def client(*answers):
    return WebsocketClient("http://nowhere", "cookie", _socket=Socket(*answers))


def test_a_run_ends_where_the_server_says_so_and_leaves_what_was_drawn_in_it():
    old, new = element(0, html={"body": "old"}), element(0, html={"body": "new"})
    tab = client([begun(), old, element(1, html={"body": "more"}), ended()], [begun(), new, ended()])
    assert tab.run() >= 0
    assert [one.body for one in tab.all("html")] == ["old", "more"]
    tab.run()
    assert [one.body for one in tab.all("html")] == ["new"]
    assert tab.holds("new")
    assert not tab.holds("more")


def test_a_run_that_was_interrupted_is_not_the_end():
    early = [begun(), element(0, html={"body": "half"}), ended(ForwardMsg.FINISHED_EARLY_FOR_RERUN)]
    tab = client([*early, begun(), element(0, html={"body": "whole"}), ended()])
    tab.run()
    assert [one.body for one in tab.all("html")] == ["whole"]


def test_an_error_on_the_page_is_told():
    with pytest.raises(PageFailure, match="exception"):
        client([begun(), element(0, exception={"message": "somebody's name"}), ended()]).run()


def test_a_page_that_does_not_come_is_told():
    with pytest.raises(PageFailure, match="in time"):
        client([begun()]).run()


def test_what_runs_by_itself_is_run_as_long_as_the_page_wants_it():
    tab = client([begun(), again("part", 0.0), ended()], [begun(), ended()])
    tab.run()
    assert tab.watch()
    assert not tab.watch()


def test_looking_after_the_session_is_not_a_reading_and_is_done_when_it_is_time():
    tab = client([begun(), again("session", session_watch.EVERY_S), ended()], [begun(), ended()])
    tab.run()
    assert not tab.watch()
    tab.look_after_session()
    tab.look_after_session()  # a second one has no answer: it would not come in time
    assert b"session" in tab._socket.sent[-1]


def test_a_button_that_is_html_is_pressed_through_what_handles_it():
    row = element(0, html={"body": '<button data-press="leave_a&amp;b">'})
    tab = client([begun(), row, element(1, bidi_component={"id": "clicks"}), ended()], [begun(), ended()])
    tab.run()
    assert tab.find('data-press="(leave_[^"]*)"') == ["leave_a&b"]
    tab.press_html("leave_a&b")
    (told,) = BackMsg.FromString(tab._socket.sent[-1]).rerun_script.widget_states.widgets
    ((event),) = json.loads(told.json_trigger_value)
    assert (event["event"], [key for _, key in event["value"]]) == ("pressed", ["leave_a&b"])


def test_only_what_the_page_offers_is_done():
    tab, rng = client([begun(), element(0, html={"body": "empty"}), ended()]), random.Random(1)
    tab.run()
    offered = {
        "open a match",
        "filter by a tag",
        "sort",
        "read my library again",
        "leave out",
        "undo",
        "hide",
    }
    assert all(ACTIONS[name][1](tab, rng) is None for name in offered)


def test_a_report_counts_every_action_and_every_error():
    log = Log()
    for milliseconds in range(1, 101):
        log.note("map", milliseconds / 1e3)
    log.note("groups", 0.2)
    log.note("first matches", 3.0)
    log.fail("Broken: a page did not come in time")
    found = summarise(log, BrowsersReport(1.0, 2, 3))
    assert found.n_actions == {"groups": 1, "map": 100, "all": 101}
    assert found.median_ms["map"] == pytest.approx(50.5)
    assert found.p95_ms["map"] == pytest.approx(95.05, abs=0.1)
    assert found.first_matches_s == (3.0, 3.0)
    assert found.errors == {"Broken: a page did not come in time": 1}
