import json
import re
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from harness.browser import ARGUMENTS, find_chromium
from harness.pages import sign_in, wait_for_matches
from harness.stack import new_stack, server

N_LISTENERS = 300


@pytest.fixture(scope="module")
def chromium():
    """A browser for one module: Playwright keeps an event loop running, which later tests must not meet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The demo as a newcomer starts it, in a folder of its own, with fewer listeners."""
    made = new_stack(tmp_path_factory.mktemp("demo"))
    arguments = ("demo", "--listeners", str(N_LISTENERS))
    with server(made, *arguments, ready=made.app_url + "/healthz"):
        yield made


@contextmanager
def opening(chromium, address):
    """Opens pages under an address, each in a browser of its own (cookies and all), until the block ends.

    `script` runs before those of a page; `url` is another address; `options` are of the browser.
    """
    contexts = []

    def open_one(path="/", script="", url="", **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        if script:
            page.add_init_script(script)
        page.goto((url or address) + path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_browser(chromium, stack):
    """Opens a browser of its own on the app's first page."""
    with opening(chromium, stack.app_url) as open_one:
        yield open_one


class LocalSpotify:
    """What tests tell the local Spotify, and ask it."""

    def __init__(self, url):
        self.url = url

    def get(self, path):
        return self._call(path)

    def post(self, to, **body):
        return self._call(to, "POST", body)

    def delete(self, path):
        return self._call(path, "DELETE")

    def scenes_of(self, listener_id):
        rows = self.get(f"/_emulator/listeners?query={listener_id}")["listeners"]
        return next(row["scenes"] for row in rows if row["id"] == listener_id)

    def _call(self, path, method="GET", body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            text = response.read()
        return json.loads(text) if text else None


@pytest.fixture
def spotify(stack):
    local = LocalSpotify(stack.emulator_url)
    local.delete("/_emulator/faults")
    yield local
    local.delete("/_emulator/faults")


def tab_after_signing_out(page, listener_id):
    """A tab that shows matches of somebody who has just signed out in another one."""
    sign_in(page, listener_id)
    wait_for_matches(page)
    second = page.context.new_page()
    second.goto(page.url)
    wait_for_matches(second)
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    return second


def aliases(page):
    return page.locator(".es-card .es-alias").all_text_contents()


def screenshot(page, name):
    folder = Path(__file__).parents[2] / "screenshots"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
