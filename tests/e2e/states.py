"""States of screens that one has to bring about: what to do once a screen is there, each for a `Screen`."""

import re

from playwright.sync_api import expect

from harness.pages import (
    ask_first_to_connect,
    choose_at_spotify,
    connect_until_group,
    let_others_find,
    sign_in,
    unfold,
    wait_for_matches,
    wait_until_drawn,
)

COLLECTORS = (223, 230, 249, 279, 258)
"""Seven playlists or more: to read them lasts longer than a look at every width and scheme."""
NEWCOMERS = iter(f"syn-{n:04}" for n in range(220, 290) if n not in COLLECTORS)
"""Nobody has signed in as these; every state that needs somebody new takes the next one."""
_COLLECTORS = iter(f"syn-{n:04}" for n in COLLECTORS)


def next_newcomer():
    """Id of somebody who has never been read."""
    return next(NEWCOMERS)


def newcomer(page, of=NEWCOMERS):
    """Sign in as somebody who has never been read."""
    page.context.clear_cookies()
    page.reload()
    sign_in(page, next(of))


def newcomer_with_matches(page):
    newcomer(page)
    wait_for_matches(page)


def to(page, name):
    """Follow the bar to a screen, and wait until it is drawn."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".es-title h1")).to_have_text(name)
    wait_until_drawn(page)


def read_aloud(page):
    """What the browser tells readers of screens: (role, name), in the order of the page."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    told = (one for one in nodes if not one["ignored"])
    return [(one.get("role", {}).get("value"), one.get("name", {}).get("value")) for one in told]


def told_aloud(page):
    """The texts after the region of the page in which news are told, the last of all."""
    told = read_aloud(page)
    last = max(place for place, (role, _) in enumerate(told) if role == "log")
    return " ".join(name or "" for _, name in told[last:])


def limit_upload(page, bytes_a_second):
    """Limit what a browser sends, as the network panel of Chrome's tools does; -1 for no limit."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", limits)


def a_slow_upload(page, spotify):
    """Files of which a little has arrived, on a connection that takes a minute and a half for all of them."""
    limit_upload(page, 200_000)
    large = {"name": "my_spotify_data.zip", "mimeType": "application/zip", "buffer": bytes(18_000_000)}
    page.get_by_label("Your files").set_input_files(large)
    page.get_by_role("button", name="Find my listeners").click()
    expect(page.locator('[data-part="count"]')).to_have_text(re.compile(r"^([5-9]|\d\d) % · "))


# ---- reading -----------------------------------------------------------------------------------------


def a_slow_reading(page, spotify):
    """Somebody who has never been read, at a Spotify that answers slowly."""
    spotify.post("/_emulator/faults", kind="slow", path="/v1/", times=60, retry_after=2)
    newcomer(page)
    expect(page.get_by_text("Calls used").first).to_be_visible()


def first_matches(page, spotify):
    """The top lists are read, and the playlists let one wait."""
    spotify.post("/_emulator/faults", kind="slow", path="/v1/playlists", times=60, retry_after=7)
    newcomer(page, _COLLECTORS)
    expect(page.get_by_role("heading", name="First matches, still reading")).to_be_visible()
    expect(page.locator(".es-active")).to_contain_text("Playlists")
    expect(page.locator(".es-card")).to_have_count(5)


def a_failed_reading(page, spotify):
    every = "/v1/me/(top|player|tracks|playlists|albums|following).*"
    spotify.post("/_emulator/faults", kind="unavailable", path=every, times=200)
    newcomer(page)
    expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=60_000)


def a_stopped_reading(page, spotify):
    a_slow_reading(page, spotify)
    page.get_by_role("button", name="Stop reading").click()
    expect(page.get_by_role("button", name="Go on reading")).to_be_visible(timeout=30_000)


def no_music(page, spotify):
    page.context.clear_cookies()
    page.reload()
    sign_in(page, "syn-quiet")
    expect(page.get_by_text("There is no music here yet")).to_be_visible(timeout=60_000)


# ---- matches -----------------------------------------------------------------------------------------


def facets_there(page, spotify=None):
    """Facets come a moment after the rest."""
    expect(page.locator(".es-sides button").nth(1)).to_be_visible()


def filters_there(page, spotify=None):
    """Unfolded, as they are folded at first."""
    late = page.get_by_text("Here in the last 30 days")
    if not late.is_visible():
        page.get_by_text("Sort and filter").click()
    expect(late).to_be_visible()


def narrowed(page, spotify):
    """To those who were here lately: nobody, unless others have signed in and let themselves be found."""
    filters_there(page)
    page.get_by_text("Here in the last 30 days").click()
    expect(page.get_by_text("Among your 100 nearest.")).to_be_visible()


def asked_whether_to_block(page, spotify):
    facets_there(page)
    page.get_by_role("button", name="Block").nth(1).click()
    expect(page.get_by_role("alert")).to_be_visible()


def asked_while_hidden(page, spotify):
    """As somebody who can be found, and is asked by somebody hidden, as everybody is at first."""
    first = page.url.split("?")[0]
    _somebody_asked(page, first)
    page.goto(first)
    wait_for_matches(page)
    page.get_by_text("1 listener asks to connect with you").click()
    expect(page.get_by_role("button", name="Agree to connect").first).to_be_visible()


def _somebody_asked(page, first):
    newcomer_with_matches(page)
    to(page, "Privacy")
    let_others_find(page)
    expect(page.get_by_text("You can be found.")).to_be_visible()
    unfold(page, "export")
    export = page.get_by_role("link", name="Download everything").get_attribute("href")
    mine = page.request.get(first.rstrip("/") + export).json()["listeners"][0]["id"]
    context = page.context.browser.new_context()
    asker = context.new_page()
    asker.goto(first)
    sign_in(asker, next(NEWCOMERS))
    wait_for_matches(asker)
    asker.goto(f"{first.rstrip('/')}/match?listener={mine}")
    asker.get_by_role("button", name="Ask to connect").click()
    expect(asker.get_by_text("They see your alias and can agree.")).to_be_visible()
    context.close()


def open_nth(page, place):
    """From the matches to the page of one of them."""
    page.locator(".es-card").nth(place).get_by_role("link", name="Open").click()
    expect(page.locator(".es-match")).to_be_visible()
    expect(page.locator(".es-card")).to_have_count(0)


def open_match(page, spotify):
    """The page of somebody one is not connected with."""
    open_nth(page, 4)


def connected(page):
    """The page of somebody one is connected with."""
    open_nth(page, 0)
    if page.get_by_role("button", name="Ask to connect").count():
        page.get_by_role("button", name="Ask to connect").click()
    expect(page.locator(".es-waterfall")).to_be_visible()


def open_connected(page, spotify):
    """With all there is to unfold."""
    connected(page)
    page.get_by_role("button", name="Make a playlist for both").click()
    expect(page.locator(".es-joint")).to_be_visible()
    page.get_by_role("button", name="Draw the card").click()
    expect(page.locator(".es-share")).to_be_visible(timeout=60_000)


def asked_whether_to_disconnect(page, spotify):
    connected(page)
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("button", name="Yes, disconnect")).to_be_visible()
    page.get_by_text("If something is wrong").click()
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_role("alert")).to_have_count(2)


def nobody_there(page, spotify):
    expect(page.get_by_role("link", name="Back to your matches")).to_be_visible()


# ---- my taste, groups --------------------------------------------------------------------------------


def something_left_out(page, spotify):
    """One artist left out, put back afterwards by whoever comes next; the card shown."""
    page.get_by_role("button", name="Show my card").click()
    expect(page.locator(".es-own-card")).to_be_visible(timeout=60_000)
    leave, undo = (page.get_by_role("button", name=name) for name in ("Leave out", "Put back"))
    if undo.count():
        undo.first.click()
        expect(page.get_by_text("Put back.")).to_be_visible()
    leave.nth(2).click()
    expect(page.get_by_text("Left out.", exact=True)).to_be_visible()


def nobody_connected(page, spotify):
    newcomer_with_matches(page)
    to(page, "Groups")


def a_group(page, spotify=None):
    """On the screen of groups: connect until there is a group, where that was not done before."""
    connect_until_group(page)


# ---- privacy -----------------------------------------------------------------------------------------


def everything_asked(page, spotify):
    """Questions that are asked once more."""
    newcomer_with_matches(page)
    to(page, "Privacy")
    let_others_find(page)
    expect(page.get_by_text("You can be found.")).to_be_visible()
    unfold(page, "disconnect")
    page.get_by_role("button", name="Disconnect", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(1)
    wait_until_drawn(page)
    unfold(page, "erase")
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_text("Nothing was erased.")).to_be_visible()


def a_connection_and_a_block(page, spotify):
    """A connection that one is asked about once more, and somebody blocked."""
    newcomer_with_matches(page)
    ask_first_to_connect(page)
    expect(page.locator(".es-strong")).to_have_text("connected")
    page.get_by_role("button", name="Block").nth(3).click()
    page.get_by_role("button", name="Yes, block").click()
    wait_until_drawn(page)
    to(page, "People")
    page.get_by_role("button", name="End connection").click()
    expect(page.get_by_role("alert")).to_have_count(1)
    wait_until_drawn(page)


def a_receipt(page, spotify):
    newcomer_with_matches(page)
    to(page, "Privacy")
    unfold(page, "erase")
    page.get_by_label("To confirm, type").fill("erase everything")
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_role("heading", name="Everything about you is erased")).to_be_visible()


def five_picked(page, spotify):
    """Five artists are picked, and a search has found some."""
    for place in range(5):
        page.locator('[data-part="grid"] .es-artist').nth(place).click()
    expect(page.locator('[data-part="picked"] .es-artist')).to_have_count(5)
    page.get_by_label("Search for an artist").press_sequentially("the")
    expect(page.locator('[data-part="found"] .es-artist').first).to_be_visible()


# ---- Spotify for an account that began without it ----------------------------------------------------


def asked_about_spotify(page, spotify):
    """Somebody by a name, on the page that asks whether to connect Spotify."""
    page.get_by_label("User name").fill("syn-0042")
    page.get_by_label("User name").press("Enter")
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    to(page, "My taste")
    expect(page.locator(".es-nearest")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Connect the local Spotify").click()
    expect(page.locator(".es-points")).to_be_visible()


def spotify_connected(page, spotify):
    """The same on Privacy, once it is connected, and asked whether to disconnect."""
    asked_about_spotify(page, spotify)
    page.get_by_role("button", name="Go to the local Spotify").click()
    choose_at_spotify(page, next(NEWCOMERS))
    wait_for_matches(page)
    expect(page.get_by_text("Updated.")).to_be_visible(timeout=120_000)
    to(page, "Privacy")
    unfold(page, "disconnect")
    page.get_by_role("button", name="Disconnect", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(1)
    wait_until_drawn(page)
