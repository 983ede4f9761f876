"""Names, titles and aliases from outside are text: shown, never run, and the layout holds."""

import json
import zlib
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, wait_for_matches, wait_until_drawn
from storage.stores.listeners.tastes import unpack
from tests.e2e.states import a_group, first_matches

pytestmark = pytest.mark.browser

LISTENER = "syn-0170"
HTML = '<img src=x onerror="window.ran=1"></bdi><script>window.ran=1</script>'
NAMES = (
    HTML,
    "🎧👩‍👩‍👧‍👦🏳️‍🌈" * 8,
    "مرحبا بالعالم \u202eabc",
    "Z" * 500,
    "**bold** [x](javascript:window.ran=1) :material/delete: $x$",
)
PATHS = ("/", "/match", "/taste", "/map", "/groups", "/privacy")
WIDTHS = {1440: 900, 390: 844}


def change(stack, do):
    from storage.server.database import open_database

    database = open_database(None, stack.home / "postgres")
    try:
        with database.engine.begin() as connection:
            return do(connection.exec_driver_sql)
    finally:
        database.close()


def renamed(content):
    """A profile or a library whose artists, tracks and playlists go by such names."""
    names = {key: NAMES[n % len(NAMES)] for n, key in enumerate(sorted(content["names"]))}
    titled = [key for key, (_, title) in sorted(content["facets"].items()) if title]
    titles = {key: NAMES[n % len(NAMES)] for n, key in enumerate(titled)}
    facets = {key: [part, titles.get(key, "")] for key, (part, _) in content["facets"].items()}
    return {**content, "names": names, "facets": facets}


@pytest.fixture(scope="module")
def hostile(chromium, stack):
    """Somebody whose own music, and that of all neighbours, goes by such names, as everybody does themselves.

    Put back afterwards.
    """
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
    rest = run("SELECT id::text FROM listeners WHERE NOT id::text = ANY(%s) ORDER BY id", (ids,)).scalars()
    aliases, kept = [], []
    for number, key in enumerate([*ids, *rest]):
        aliases.append((run("SELECT alias FROM listeners WHERE id = %s", (key,)).scalar(), key))
        new = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else f" {number}")
        run("UPDATE listeners SET alias = %s WHERE id = %s", (new, key))
    for key in ids:
        profile = run("SELECT content::text FROM profiles WHERE listener_id = %s", (key,)).scalar()
        library = run("SELECT content FROM libraries WHERE listener_id = %s", (key,)).scalar()
        kept.append((key, profile, library))
        _store(run, key, json.dumps(renamed(json.loads(profile))), library and _renamed_library(library))
    return aliases, kept


def _renamed_library(content):
    return zlib.compress(json.dumps(renamed(unpack(bytes(content)))).encode())


def _store(run, key, profile, library):
    run("UPDATE profiles SET content = %s WHERE listener_id = %s", (profile, key))
    if library:
        run("UPDATE libraries SET content = %s WHERE listener_id = %s", (library, key))


def _put_back(run, before):
    aliases, kept = before
    for alias, key in aliases:
        run("UPDATE listeners SET alias = %s WHERE id = %s", (alias, key))
    for row in kept:
        _store(run, *row)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_names_are_shown_as_text_never_run_and_the_layout_holds(chromium, stack, hostile, path, width):
    state, match = hostile
    with opened(chromium, stack.app_url + (match if path == "/match" else path), width, state) as page:
        assert_harmless(page, width)
        assert "<img src=x onerror=" in page.locator("body").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_playlist_for_two_and_a_card_with_such_names_hold_as_well(chromium, stack, hostile, width):
    state, match = hostile
    with opened(chromium, f"{stack.app_url}{match}&playlist=1", width, state) as page:
        expect(page.locator(".es-joint bdi").first).to_be_visible()
        page.get_by_role("button", name="Draw the card").click()
        expect(page.locator(".es-share")).to_be_visible(timeout=60_000)
        expect(page.locator(".es-share[alt*=' with ']")).to_be_visible()
        assert_harmless(page, width)
        assert "<img src=x onerror=" in page.locator(".es-joint").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_titles_of_playlists_are_text_where_one_leaves_them_out(chromium, stack, hostile, width):
    state, _ = hostile
    with opened(chromium, f"{stack.app_url}/taste", width, state) as page:
        page.get_by_role("button", name="Playlists", exact=True).click()
        expect(page.locator(".es-entry bdi", has_text="<img src=x onerror=").first).to_be_visible()
        assert_harmless(page, width)


def test_first_matches_with_such_names_hold_as_well(chromium, stack, hostile, spotify):
    with opened(chromium, stack.app_url, 390) as page:
        first_matches(page, spotify)
        shown = page.locator(".es-card .es-alias").all_text_contents()
        assert len(shown) == 5
        assert all(one.startswith(NAMES) for one in shown)
        assert_harmless(page, 390)


@contextmanager
def opened(chromium, url, width, state=None):
    """A page of somebody, or of nobody, once something of it is there."""
    context = chromium.new_context(storage_state=state, viewport={"width": width, "height": WIDTHS[width]})
    page = context.new_page()
    page.dialogs = []
    page.on("dialog", lambda one: (page.dialogs.append(one.message), one.dismiss()))
    page.goto(url)
    expect(page.locator(".es-foot")).to_be_visible()
    if state:
        expect(page.locator("bdi").first).to_be_visible()
        wait_until_drawn(page)
    yield page
    context.close()


def assert_harmless(page, width):
    """Nothing of any name was run or made an element, and nothing sticks out."""
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None
    assert page.dialogs == []
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".stApp strong:text-is('bold')").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
