"""Names, titles and aliases from outside are text: shown, never run, and the layout holds."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in, wait_for_matches
from tests.e2e.states import a_group

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

LISTENER = "syn-0170"
HTML = '<img src=x onerror="window.ran=1"></bdi><script>window.ran=1</script>'
NAMES = (
    HTML,
    "🎧👩‍👩‍👧‍👦🏳️‍🌈" * 8,
    "مرحبا بالعالم \u202eabc",
    "Z" * 500,
    "**bold** [x](javascript:window.ran=1) :material/delete: $x$",
)
PATHS = ("/", "/match", "/taste", "/map", "/groups")
WIDTHS = {1440: 900, 390: 844}


def change(stack, do):
    from storage.database import open_database

    database = open_database(None, stack.home / "postgres")
    try:
        with database.engine.begin() as connection:
            return do(connection.exec_driver_sql)
    finally:
        database.close()


def renamed(content, names=NAMES):
    """A profile whose artists, tracks and playlists go by these names."""
    kept = dict(content)
    kept["names"] = {key: names[n % len(names)] for n, key in enumerate(sorted(content["names"]))}
    return kept


@pytest.fixture(scope="module")
def hostile(chromium, stack):
    """Somebody all of whose neighbours, and whose own music, go by such names; put back afterwards."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, LISTENER)
    wait_for_matches(page)
    page.goto(stack.app_url + "/groups")
    a_group(page)
    page.goto(stack.app_url + "/map")
    expect(page.locator(".es-mapped a").first).to_be_visible()
    addresses = [one.get_attribute("href") for one in page.locator(".es-mapped a").all()]
    ids = [one.partition("=")[2] for one in addresses]
    own = "SELECT id::text FROM listeners WHERE account_key = %s"
    mine = change(stack, lambda run: run(own, (f"spotify:{LISTENER}",)).scalar())
    before = change(stack, lambda run: _rename(run, [mine, *ids]))
    yield context.storage_state(), addresses[0]
    change(stack, lambda run: _put_back(run, before))
    context.close()


def _rename(run, ids):
    before = []
    for number, key in enumerate(ids):
        alias = run("SELECT alias FROM listeners WHERE id = %s", (key,)).scalar()
        content = run("SELECT content::text FROM profiles WHERE listener_id = %s", (key,)).scalar()
        before.append((key, alias, content))
        new = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else f" {number}")
        run("UPDATE listeners SET alias = %s WHERE id = %s", (new, key))
        _store(run, key, json.dumps(renamed(json.loads(content))))
    return before


def _store(run, key, content):
    run("UPDATE profiles SET content = %s WHERE listener_id = %s", (content, key))


def _put_back(run, before):
    for key, alias, content in before:
        run("UPDATE listeners SET alias = %s WHERE id = %s", (alias, key))
        _store(run, key, content)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_names_are_shown_as_text_never_run_and_the_layout_holds(chromium, stack, hostile, path, width):
    state, match = hostile
    context = chromium.new_context(storage_state=state, viewport={"width": width, "height": WIDTHS[width]})
    page = context.new_page()
    dialogs = []
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    page.goto(stack.app_url + (match if path == "/match" else path))
    expect(page.locator("bdi").first).to_be_visible()
    expect(page.locator(".es-foot")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None
    assert dialogs == []
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".stApp strong:text-is('bold')").count() == 0
    assert "<img src=x onerror=" in page.locator("body").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    context.close()
