"""Files on a slow connection in a real browser: how much has arrived is seen, and can be stopped."""

import os
import re
import shutil
import zipfile

import pytest
from playwright.sync_api import expect

from tests.e2e.states import limit_upload
from tests.e2e.test_bringing_files import KEY, NARROW, WIDE, bring, export, fits

__all__ = ["export"]
pytestmark = pytest.mark.browser

SLOW, FAST = 400_000, -1  # bytes a second
WATCH = """() => {
  window.shares = [];
  const bar = document.querySelector(".es-sending progress");
  new MutationObserver(() => window.shares.push(bar.value)).observe(bar, { attributes: true });
}"""
IN_PLAIN_WORDS = "Too many requests at once. Please try again in a moment."


@pytest.fixture(scope="module")
def large(export, tmp_path_factory):
    """The same export with 2 MB in it that are no music."""
    path = tmp_path_factory.mktemp("large") / "my_spotify_data.zip"
    shutil.copy(export, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("photo.bin", os.urandom(2_000_000))
    return path


def bar(page):
    return page.get_by_role("progressbar", name="On its way")


def counted(page):
    return page.locator('[data-part="count"]')


@pytest.mark.parametrize("path", ["/", "/file"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_the_bar_moves_with_what_has_arrived_and_the_answer_follows(open_browser, large, size, path):
    page = open_browser(path)
    page.set_viewport_size(size)
    page.evaluate(WATCH)
    limit_upload(page, SLOW)
    bring(page, large)
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    expect(page.get_by_label("Your files")).to_be_hidden()
    expect(counted(page)).to_have_text(re.compile(r"^[1-8]\d % · [01]\.\d of 2(\.\d)? MB$"))
    assert fits(page)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^(25|50|75|2[6-9]|[3-9]\d) % is sent\.$"))
    shares = page.evaluate("window.shares")
    # the server has it all, and may make an account of it
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden(timeout=60_000)
    expect(page.locator(".es-key code")).to_have_text(KEY, timeout=60_000)
    assert shares == sorted(shares)
    assert len({one for one in shares if 0 < one < 1}) >= 2
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert "recovery key" in page.title().lower()
    assert fits(page)


def test_who_cancels_has_the_form_again_and_can_send_anew(open_browser, large):
    page = open_browser("/file")
    limit_upload(page, SLOW)
    bring(page, large)
    expect(bar(page)).to_be_visible()
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_text("Cancelled. Nothing was kept.")).to_be_visible()
    expect(bar(page)).to_be_hidden()
    limit_upload(page, FAST)
    page.get_by_role("button", name="Find my listeners").click()
    expect(page.locator(".es-key code")).to_have_text(KEY, timeout=60_000)


def test_a_refused_file_and_one_that_is_none_are_told_as_without_the_script(open_browser, export, tmp_path):
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    page = open_browser("/file")
    for _ in range(2):  # the page that is shown in the place of the first sends in the same way
        bring(page, tmp_path / "cat.png")
        expect(page.get_by_role("alert").filter(has_text="Cat.png is an image")).to_be_focused(timeout=60_000)
    bring(page, export)
    expect(page.locator(".es-key code")).to_have_text(KEY, timeout=60_000)


def test_an_upload_beside_too_many_others_leads_to_the_page_that_says_so(open_browser, large, export):
    pages = [open_browser("/file") for _ in range(2)]
    for page in pages:
        limit_upload(page, SLOW // 8)
        bring(page, large)
        expect(counted(page)).to_have_text(re.compile(r"^\d+ % · "))
    third = open_browser("/file")
    bring(third, export)
    expect(third.get_by_role("alert")).to_be_visible(timeout=60_000)
    assert third.url.endswith("/file?problem=TooManyUploads")
    for page in pages:
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Cancelled. Nothing was kept.")).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"status": 413, "content_type": "text/html", "body": "<h1>413 Too large</h1>"}, "413 Too large"),
        ({"status": 503, "content_type": "text/plain", "body": IN_PLAIN_WORDS}, IN_PLAIN_WORDS),
        (
            {"status": 403, "content_type": "text/plain", "body": "Not for other pages."},
            "Not for other pages.",
        ),
    ],
)
def test_what_a_server_in_front_answers_is_shown(open_browser, export, answer, told):
    page = open_browser("/file")
    page.route("**/file", lambda route: route.fulfill(**answer))
    bring(page, export)
    expect(page.get_by_text(told)).to_be_visible()


def test_a_connection_that_breaks_is_told_and_the_form_is_there_again(open_browser, export):
    page = open_browser("/file")
    page.route("**/file", lambda route: route.abort("connectionreset"))
    bring(page, export)
    expect(page.get_by_text("The connection broke off. Please send it again.")).to_be_visible()
    page.unroute("**/file")
    page.get_by_role("button", name="Find my listeners").click()
    expect(page.locator(".es-key code")).to_have_text(KEY, timeout=60_000)
