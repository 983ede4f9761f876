"""Which addresses there are, for whom, and what every answer carries."""

import base64
import hashlib
import io
import re

import pytest
from PIL import Image

from ui import texts
from ui.pages.doors.page import FILE_SCRIPT
from ui.pages.landing import words as landing_words

NOT_FOR_ANYBODY = (
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/script-health-check",
    "/_stcore/bidi-components/earshot_press/x.js",
    "/_stcore/upload_file/a/b",
    "/_stcore/",
    "/component/a.b/index.html",
    "/app/static/x",
    "/oauth2callback",
    "/auth/login",
    "/auth/logout",
    "/media/0123456789abcdef0123.png",
    "/static/js/not-there.js",
    "/static/index.html",
    "/index.html",
    "/manifest.json",
    "/nothing-here",
    "/match/_stcore/health",
    "/docs/data.md",
    "/.env",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2fetc/passwd",
    "/static/js/%2e%2e/index.html",
)


@pytest.mark.parametrize("path", NOT_FOR_ANYBODY)
@pytest.mark.parametrize("signed_in", [False, True], ids=["signed out", "signed in"])
def test_what_no_page_of_ours_uses_is_not_there(front, path, signed_in):
    cookies = {"earshot_session": front.session()} if signed_in else {}
    assert front.ask(path, cookies=cookies).status_code in {400, 404}


def every_answer(front):
    """One of each kind: pages, redirects, files, refusals."""
    ours = {"cookies": {"earshot_session": front.session()}}
    style = re.search(r"static/css/[^\"]+", front.ask("/", **ours).text)[0]
    yield from (
        front.ask("/"),
        front.ask("/", **ours),
        front.ask("/taste", **ours),
        front.ask("/nothing-here", **ours, headers={"Accept": "text/html"}),
        front.ask("/" + style),
        front.ask("/login"),
        front.ask("/callback"),
        front.ask("/logout"),
        front.ask("/export"),
        front.ask("/kept"),
        front.ask("/healthz"),
        front.ask("/_stcore/health", **ours),
        front.ask("/_stcore/host-config", **ours),
        front.ask("/_stcore/metrics"),
        front.ask("/media/0123456789abcdef0123.png", **ours),
        front.ask("/nothing-here"),
        front.ask("/", "POST"),
        front.ask("/", headers={"Host": "evil.example"}),
        front.ask("/", headers={"Host": front.host.replace("127.0.0.1", "localhost")}),
        front.ask("/", headers={"Origin": "null"}),
    )


def test_every_answer_carries_the_security_headers(front):
    for answer in every_answer(front):
        where = answer.url, answer.status_code
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, where
        assert "default-src 'none'" in policy, where
        assert "base-uri 'none'" in policy, where
        assert "unsafe-eval" not in policy, where
        assert answer.headers["x-content-type-options"] == "nosniff", where
        assert answer.headers["x-frame-options"] == "DENY", where
        assert answer.headers["referrer-policy"] == "no-referrer", where
        assert answer.headers["cross-origin-opener-policy"] == "same-origin", where
        assert answer.headers["cross-origin-resource-policy"] == "same-origin", where
        assert "camera=()" in answer.headers["permissions-policy"], where
        assert "server" not in answer.headers, where
        assert "access-control-allow-origin" not in answer.headers, where
        assert "strict-transport-security" not in answer.headers, where


def test_scripts_are_named_by_their_digests(front):
    policy = front.ask("/", cookies={"earshot_session": front.session()}).headers["content-security-policy"]
    scripts = next(one for one in policy.split("; ") if one.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", scripts)) >= 3


@pytest.mark.parametrize("path", ["/nothing-here", "/key", "/name"])
def test_on_a_page_of_the_signed_out_no_script_runs(front, path):
    answer = front.ask(path)
    assert "script" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/", "/?problem=AccessDenied", "/taste", "/file"])
def test_on_a_page_with_the_form_for_files_its_script_runs_and_no_other(front, path):
    answer = front.ask(path)
    digest = base64.b64encode(hashlib.sha256(FILE_SCRIPT.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"].split("; ")
    assert [one for one in policy if "script" in one] == [f"script-src 'sha256-{digest}'"]
    assert [one for one in policy if "connect" in one] == ["connect-src 'self'"]
    assert re.findall(r"<script(.*?)</script>", answer.text, re.DOTALL) == [f">{FILE_SCRIPT}"]


def test_scripts_come_compressed_and_are_kept_for_ever(front):
    page = front.ask("/", cookies={"earshot_session": front.session()})
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["cache-control"] == "no-store"
    scripts = re.findall(r'(?:src|href)="\./(static/[^"]+)"', page.text)
    assert len(scripts) > 50
    for script in scripts:
        answer = front.ask(f"/{script}")
        assert answer.status_code == 200, script
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", script
        assert answer.headers["content-encoding"] == "gzip", script


def test_scripts_that_come_later_are_named_at_once(front):
    page = front.ask("/", cookies={"earshot_session": front.session()}).text
    for name in ("Html", "purify.es", "Button", "BidiComponent", "serialization", "recordbatch"):
        assert re.search(
            rf'<link rel="modulepreload" crossorigin href="\./static/js/{name}\.\S{{8}}\.js">', page
        )
    assert 'as="font"' not in page


def test_something_of_ours_is_seen_before_any_script_runs(front):
    page = front.ask("/taste", cookies={"earshot_session": front.session()}).text
    assert page.index('id="root"') < page.index('id="first-sight"')
    assert texts.frame.PRODUCT in page[page.index('id="first-sight"') :]


def test_streamlit_sets_no_cookie(front):
    cookies = {"earshot_session": front.session()}
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/taste"):
        assert "set-cookie" not in front.ask(path, cookies=cookies).headers


@pytest.mark.parametrize(
    ("path", "title"),
    [("/", "Matches"), ("/taste", "My taste"), ("/privacy", "Privacy"), ("/match", "A match")],
)
def test_a_page_has_its_title_before_any_script_runs(front, path, title):
    page = front.ask(path, cookies={"earshot_session": front.session()}).text
    assert re.findall(r"<title>(.*?)</title>", page) == [f"{title} · Earshot"]
    assert "Streamlit" not in re.sub(r"static/js/\S+", "", page)
    assert "_stcore/agent" not in page
    assert page.lstrip().lower().startswith("<!doctype html>")


def test_a_page_has_our_picture_before_any_script_runs(front):
    for cookies in ({}, {"earshot_session": front.session()}):
        page = front.ask("/", cookies=cookies).text
        icon = re.search(r'<link rel="icon" href="data:image/svg\+xml;base64,([^"]+)">', page)[1]
        assert b"<svg" in base64.b64decode(icon)
        assert "favicon.png" not in page


@pytest.mark.parametrize("path", ["/", "/taste", "/match?listener=x"])
def test_who_is_signed_out_gets_a_page_of_ours(front, path):
    answer = front.ask(path)
    assert answer.status_code == 200
    assert landing_words.TITLE in answer.text
    assert texts.frame.SIGN_IN_DEMO in answer.text
    assert "static/js" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("cookie", ["x", "A" * 43, "'; drop table sessions", "", "é"])
def test_a_cookie_that_is_nobodys_gets_the_same_page(front, cookie):
    sent = {"Cookie": f"earshot_session={cookie}".encode()}
    assert front.ask(headers=sent).text == front.ask().text


def test_a_problem_is_told_there_and_nothing_else_that_an_address_says(front):
    assert texts.problems.PROBLEMS["AccessDenied"][0] in front.ask("/?problem=AccessDenied").text
    for forged in ("<script>alert(1)</script>", "KeyError", "AccessDenied%20", "a" * 5000):
        assert front.ask("/?problem=" + forged).text == front.ask("/").text


@pytest.mark.parametrize("signed_in", [False, True], ids=["signed out", "signed in"])
def test_an_address_that_is_none_says_so(front, signed_in):
    cookies = {"earshot_session": front.session()} if signed_in else {}
    answer = front.ask("/nope", cookies=cookies, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert texts.frame.MISSING in answer.text


def test_a_slash_too_many_leads_to_the_page(front):
    moved = front.ask("/taste/?a=1")
    assert (moved.status_code, moved.headers["location"]) == (308, "/taste?a=1")


def test_a_page_that_depends_on_who_asks_is_kept_by_nobody(front):
    for cookies in ({}, {"earshot_session": front.session()}):
        assert front.ask("/", cookies=cookies).headers["cache-control"] == "no-store"


def test_the_landing_page_says_what_other_sites_show_of_it(front):
    page = front.ask("/").text
    assert len(page.encode()) <= 60 * 1024
    about = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]+)">', page))
    assert about["description"] == about["og:description"] == landing_words.LEAD
    assert about["og:title"] == f"Earshot: {landing_words.TITLE}"
    assert (about["og:url"], about["og:image"]) == (f"{front.base}/", f"{front.base}/picture.png")
    assert about["twitter:card"] == "summary_large_image"
    assert (
        len(re.findall(r'<meta name="theme-color" media="\(prefers-color-scheme: (?:light|dark)\)"', page))
        == 2
    )


@pytest.mark.parametrize(
    ("path", "size"),
    [("/picture.png", (1200, 630)), ("/apple-touch-icon.png", (180, 180)), ("/icon-512.png", (512, 512))],
)
def test_its_pictures_are_there(front, path, size):
    answer = front.ask(path)
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == size


def test_it_has_a_manifest_whose_icons_are_there(front):
    answer = front.ask("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    assert {front.ask(one["src"]).status_code for one in answer.json()["icons"]} == {200}
