"""How often and how much at once: signing in, connections, messages, files."""

import time
from contextlib import ExitStack

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from tests.gateway.conftest import earshot
from ui import texts

A_MEGABYTE = 2**20


def closed_with(tab):
    """The code that a websocket is closed with; what comes before it is let pass."""
    try:
        while True:
            tab.recv(timeout=60)
    except ConnectionClosed as error:
        return error.rcvd.code if error.rcvd else None


def wait_until(holds, limit_s=60):
    until = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_of_many_sign_ins_from_one_address_ten_a_minute_are_begun(front):
    """Ten is what the fixture sets."""
    statuses = [front.ask("/login", address="192.0.2.1").status_code for _ in range(30)]
    assert statuses.count(302) == 10
    assert set(statuses[10:]) == {429}


def test_who_signs_in_too_often_is_told_in_our_words_and_others_are_not(front):
    for _ in range(11):
        refused = front.ask("/login?back=/taste", address="192.0.2.2")
    assert refused.status_code == 429
    assert texts.problems.PROBLEMS["TooManySignIns"][0] in refused.text
    assert refused.headers["retry-after"] == "60"
    assert "set-cookie" not in refused.headers
    assert front.ask("/login", address="192.0.2.3").status_code == 302


def test_addresses_of_one_ipv6_subscriber_count_as_one(front):
    statuses = [front.ask("/login", address=f"2001:db8:1:2::{n:x}").status_code for n in range(12)]
    assert statuses.count(302) == 10
    assert front.ask("/login", address="2001:db8:1:3::1").status_code == 302


def test_only_a_configured_proxy_says_who_asks(tmp_path):
    with earshot(tmp_path, EARSHOT_SIGN_INS_PER_MINUTE="3", EARSHOT_TRUSTED_PROXIES="203.0.113.9") as front:
        statuses = [front.ask("/login", address=f"192.0.2.{n}").status_code for n in range(5)]
    assert statuses == [302, 302, 302, 429, 429]


def test_one_address_has_five_tabs_open_and_no_more(front):
    """Five is what the fixture sets; a tab that is closed makes room."""
    cookie, address = front.session(), "192.0.2.4"
    with ExitStack() as tabs:
        for _ in range(5):
            last = tabs.enter_context(front.tab(cookie=cookie, address=address))
        assert front.refuses(cookie=cookie, address=address)
        with front.tab(cookie=cookie):
            pass
        last.close()
        wait_until(lambda: not front.refuses(cookie=cookie, address=address))


def test_one_session_has_twenty_four_tabs_open_and_no_more(front):
    cookie = front.session("syn-0005")
    with ExitStack() as tabs:
        for _ in range(24):
            tabs.enter_context(front.tab(cookie=cookie))
        assert front.refuses(cookie=cookie)
        with front.tab(cookie=front.session()):
            pass


def test_a_message_of_more_than_256_kilobytes_ends_the_connection(front):
    with front.tab(cookie=front.session()) as tab:
        tab.send(b"\x00" * (256 * 1024 + 1))
        assert closed_with(tab) == 1009


def test_text_ends_the_connection_without_a_trace_in_the_log(front):
    with front.tab(cookie=front.session()) as tab:
        tab.send("text")
        assert closed_with(tab) == 1003
    assert "Traceback" not in front.stack.log.read_text()


def test_uploads_are_refused_before_they_are_read(front):
    """Four of 40 MB took 160 MB."""
    before = psutil.Process(front.pid).memory_info().rss
    for number in range(4):
        path = f"/_stcore/upload_file/session-{number}/file"
        try:
            status = front.ask(path, "PUT", files={"file": b"\x00" * 40 * A_MEGABYTE}).status_code
        except OSError:
            status = 405  # hung up while the body was still on its way
        assert status == 405
    assert psutil.Process(front.pid).memory_info().rss - before < 20 * A_MEGABYTE


def test_widgets_of_ten_tabs_take_little_memory(front):
    """Ten tabs of 25 MB took 250 MB; what a message may carry is all that a tab can leave behind."""
    before = psutil.Process(front.pid).memory_info().rss
    for _ in range(10):
        with front.tab(cookie=front.session()) as tab:
            message = BackMsg()
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = "x", "y" * 25 * A_MEGABYTE
            try:
                tab.send(message.SerializeToString())
            except ConnectionClosed:
                continue
            assert closed_with(tab) in {1009, None}
    assert psutil.Process(front.pid).memory_info().rss - before < 30 * A_MEGABYTE
