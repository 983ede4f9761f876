"""Pictures to send and play buttons, on a telephone and on a desk: one browser, turned to both."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from harness.pages import wait_until_drawn
from tests.e2e.conftest import opening
from tests.e2e.registry import WIDTHS, signed_in_state
from tests.e2e.states import a_group, open_connected

pytestmark = pytest.mark.browser

SENDS = """
navigator.canShare = () => true;
navigator.share = async ({files}) => {
  const picture = await createImageBitmap(files[0]);
  window.sent = [files[0].name, files[0].type, picture.width, picture.height];
};
"""
"""Stands in for a telephone's own way to hand files to other apps, which this browser has not."""
CANNOT_SEND = "delete Navigator.prototype.share; delete Navigator.prototype.canShare;"
SIZES = {"Story": (1080, 1920), "Square": (1080, 1080), "Wide": (1200, 630)}


@pytest.fixture(scope="module")
def state(chromium, stack):
    def with_a_group(page):
        page.goto(stack.app_url + "/groups")
        a_group(page)

    return signed_in_state(chromium, stack, "syn-0179", with_a_group)


@pytest.fixture
def opened(chromium, stack, state):
    with opening(chromium, stack.app_url) as open_one:

        def open_drawn(path, script, **options):
            page = open_one(path, script, storage_state=state, **options)
            wait_until_drawn(page)
            return page

        yield open_drawn


def at_both_widths(page):
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        yield width


def choose(page, name):
    expect(page.locator(".es-postcard")).to_be_visible(timeout=60_000)
    wait_until_drawn(page)
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(f".es-postcard.es-as-{name.lower()}")).to_be_visible(timeout=60_000)
    wait_until_drawn(page)


def assert_fits(page, thing):
    box = thing.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_each_format_of_ones_own_card_is_handed_to_another_app(opened):
    page = opened("/taste", SENDS)
    page.get_by_role("button", name="Show my card").click()
    for name, size in SIZES.items():
        choose(page, name)
        for _ in at_both_widths(page):
            assert_fits(page, page.locator(".es-postcard"))
            shown = page.locator(".es-postcard").bounding_box()
            assert abs(shown["width"] / shown["height"] - size[0] / size[1]) < 0.02  # not squeezed
        page.evaluate("window.sent = null")
        page.get_by_role("button", name="Send the picture").click()
        page.wait_for_function("() => window.sent !== null", timeout=60_000)
        assert page.evaluate("window.sent") == [f"earshot-{name.lower()}.png", "image/png", *size]


def test_without_a_way_to_send_the_picture_is_downloaded(opened):
    page = opened("/groups", CANNOT_SEND)
    page.get_by_role("button", name="Show the group’s card").click()
    choose(page, "Square")
    for _ in at_both_widths(page):
        expect(page.get_by_role("button", name="Send the picture")).to_be_hidden()
        with page.expect_download(timeout=60_000) as waiting:
            page.get_by_role("button", name="Download the picture").click()
        assert waiting.value.suggested_filename == "earshot-square.png"
        with Image.open(waiting.value.path()) as picture:
            assert picture.size == SIZES["Square"]


def test_what_has_a_link_is_played_by_a_button_that_says_what(opened, stack):
    page = opened("/", CANNOT_SEND)
    open_connected(page, None)
    playlist = page.locator(".es-joint").get_by_role("link", name=re.compile("^Play .+ – .+ on Spotify$"))
    for width in at_both_widths(page):
        assert playlist.count() >= 10
        assert_fits(page, playlist.first)
        assert playlist.first.bounding_box()["width"] >= 24, width
        for title in ("Artists you share", "Tracks you share"):
            shared = page.locator("section.es-panel", has=page.get_by_role("heading", name=title))
            assert shared.locator("a.es-play").count() == shared.locator("li").count()
    with page.context.expect_page() as waiting:
        playlist.first.click()
    found = waiting.value
    expect(found.get_by_role("heading", level=1)).to_be_visible()
    assert found.url.startswith(stack.emulator_url + "/open/track/")
    name = found.get_by_role("heading", level=1).inner_text()
    assert name in playlist.first.get_attribute("aria-label")
    assert found.evaluate("window.opener") is None


def test_spotifys_player_is_asked_for_only_when_it_is_pressed_and_closes_the_one_before(opened, stack):
    """The player is the real one's address, answered here; the policy of live mode is a test of its own."""
    page = opened("/taste", CANNOT_SEND, bypass_csp=True)
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body="<p>player</p>", content_type="text/html")

    page.context.route("https://open.spotify.com/**", answer)
    links = "".join(
        f'<a class="es-play" href="https://open.spotify.com/track/{key}" target="_blank" data-embed="{key}" '
        f'aria-label="Play {name} on Spotify">x</a>'
        for key, name in (("a" * 22, "One"), ("b" * 22, "Two"))
    )
    wait_until_drawn(page)
    title = page.locator(".es-title")
    title.evaluate("(title, links) => title.insertAdjacentHTML('beforeend', links)", links)
    player, frame = page.locator(".es-player"), page.locator(".es-player iframe")
    assert asked == []
    for _ in at_both_widths(page):
        expect(player).to_have_count(0)
        page.get_by_role("link", name="Play One on Spotify").click()
        expect(frame).to_have_attribute("src", f"https://open.spotify.com/embed/track/{'a' * 22}")
        assert_fits(page, player)
        page.get_by_role("link", name="Play Two on Spotify").focus()
        page.keyboard.press("Enter")
        expect(frame).to_have_count(1)
        expect(frame).to_have_attribute("src", f"https://open.spotify.com/embed/track/{'b' * 22}")
        expect(frame).to_have_attribute("referrerpolicy", "no-referrer")
        expect(player).to_be_focused()
        page.keyboard.press("Escape")
        expect(player).to_have_count(0)
        expect(page.get_by_role("link", name="Play Two on Spotify")).to_be_focused()
    pressed = [f"https://open.spotify.com/embed/track/{key * 22}" for key in "ab"]
    assert asked == pressed * len(WIDTHS)
