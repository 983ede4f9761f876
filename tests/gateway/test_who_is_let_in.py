"""Host and Origin: Earshot answers at its own address, to its own pages, and to nobody else."""

import http.client
import socket

import pytest

OTHER_PAGES = (
    "http://127.0.0.1:3999",
    "https://evil.example",
    "http://localhost:8501",
    "null",
    "",
    "http://127.0.0.1:1@evil.example",
)


def raw(front, *lines):
    """The status of an answer to a request as it is written here."""
    host, port = front.host.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as wire:
        wire.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        return answer.status


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}", "127.1:{port}", ""]
)
def test_no_other_host_is_answered(front, name):
    host = name.format(port=front.host.split(":")[1])
    assert front.ask("/", headers={"Host": host}).status_code in {400, 421}
    assert front.ask("/login", headers={"Host": host}).status_code in {400, 421}


def test_a_dot_at_the_end_makes_another_host(front):
    assert front.ask(headers={"Host": front.host.replace(":", ".:")}).status_code == 421
    assert front.ask(headers={"Host": front.host + "."}).status_code in {400, 421}


def test_of_two_hosts_none_is_believed(front):
    ours, evil = f"Host: {front.host}", "Host: evil.example"
    assert raw(front, "GET / HTTP/1.1", ours) == 200
    for hosts in ((ours, evil), (evil, ours), (ours, ours)):
        assert raw(front, "GET / HTTP/1.1", *hosts) in {400, 421}


def test_without_a_host_nothing_is_answered(front):
    assert raw(front, "GET / HTTP/1.0") in {400, 421}


def test_letter_case_of_a_host_does_not_matter(front):
    moved = front.ask(headers={"Host": front.host.replace("127.0.0.1", "LocalHost")})
    assert moved.headers["location"] == front.base + "/"


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded"])
def test_what_a_proxy_says_of_the_host_is_not_believed(front, name):
    assert (
        front.ask("/login", headers={name: "host=evil.example"}).headers["location"].startswith("http://127")
    )
    assert front.ask(headers={"Host": "evil.example", name: front.host}).status_code == 421


@pytest.mark.parametrize("name", ["localhost", "[::1]"])
@pytest.mark.parametrize(
    "path", ["/", "/login?back=/taste", "/match?listener=a%2Fb&x=%0D%0ASet-Cookie:a=b", "//evil"]
)
def test_another_name_of_this_machine_leads_to_the_public_address_first(front, name, path):
    moved = front.ask(path, headers={"Host": front.host.replace("127.0.0.1", name)})
    assert moved.status_code == 307
    assert moved.headers["location"] == front.base + path
    assert "set-cookie" not in moved.headers


@pytest.mark.parametrize("origin", OTHER_PAGES)
@pytest.mark.parametrize(
    "path", ["/", "/login", "/export?token=x", "/_stcore/health", "/static/js/x.js", "/healthz"]
)
def test_no_page_of_another_origin_is_answered(front, origin, path):
    answer = front.ask(path, headers={"Origin": origin}, cookies={"earshot_session": front.session()})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest", "status"),
    [
        ("no-cors", "image", 403),
        ("no-cors", "script", 403),
        ("navigate", "iframe", 403),
        ("navigate", "document", 200),
    ],
)
def test_pages_of_other_ports_can_lead_here_and_take_nothing_in(front, site, mode, dest, status):
    sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert front.ask(headers=sent).status_code == status


def test_the_way_back_from_spotify_may_carry_the_origin_of_its_page(front):
    answer = front.ask("/callback?state=x&code=y", headers={"Origin": front.stack.emulator_url})
    assert answer.headers["location"] == "/?problem=StateMismatch"


@pytest.mark.parametrize("origin", [*OTHER_PAGES[:-1], None])
def test_no_websocket_of_another_page_is_let_in_though_its_browser_is_signed_in(front, origin):
    assert front.refuses(cookie=front.session(), origin=origin)


def test_no_websocket_is_let_in_that_is_not_signed_in(front):
    assert front.refuses()
    assert front.refuses(cookie="A" * 43)
    assert front.refuses(cookie="x")


def test_no_websocket_is_let_in_under_another_name(front):
    port = front.host.split(":")[1]
    assert front.refuses(cookie=front.session(), host=f"localhost:{port}", origin=f"http://localhost:{port}")


@pytest.mark.parametrize("path", ["/", "/stream", "/_stcore/streams", "/match/_stcore/stream"])
def test_there_is_one_websocket(front, path):
    assert front.refuses(cookie=front.session(), path=path)


def test_a_page_of_ours_that_is_signed_in_is_let_in(front):
    with front.tab(cookie=front.session()) as tab:
        assert tab.subprotocol == "streamlit"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/login", "/static/js/x.js", "/_stcore/upload_file/a/b"])
def test_nothing_is_sent_here(front, method, path):
    answer = front.ask(path, method)
    assert answer.status_code == 405
    assert answer.headers["connection"] == "close"  # so that nothing more of a body is read


@pytest.mark.parametrize("path", ["/login", "/callback?state=a&code=b", "/logout", "/export"])
def test_a_look_ahead_begins_nothing_and_uses_nothing_up(front, path):
    answer = front.ask(path, "HEAD")
    assert answer.status_code == 405
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/taste", "/healthz"])
def test_a_page_can_be_asked_for_its_headers(front, path):
    assert front.ask(path, "HEAD").status_code in {200, 503}
