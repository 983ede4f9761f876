"""Privacy: the account."""

from datetime import datetime
from urllib.parse import unquote

from matcher.ports import Account
from ui import clock
from ui.html import EMPTY, draw, markup
from ui.pages.doors.page import NEW_KEY_PATH
from ui.pages.privacy import words
from ui.request import Request
from ui.texts.grammar import at

_KIND, _LONGEST = "spotify:", 200


def show(request: Request, account: Account | None) -> None:
    """Draw the account's name at Spotify, with a link to its profile; or its recovery key's date."""
    if account is None:
        return
    if account.by_key_alone:
        _show_key(request.application.recovery_keys.made_at_utc(request.listener_id))
        return
    source = words.ACCOUNT_AT_DEMO if request.application.settings.demo else words.ACCOUNT_AT
    name = markup.name(name_of(account) or words.ACCOUNT_UNNAMED)
    link = markup.outward(words.ACCOUNT_OPEN, account.profile_url) if account.profile_url else EMPTY
    with markup.panel("account", words.ACCOUNT, words.ACCOUNT_LEAD):
        draw(markup.lines([markup.line(markup.entry(name, source), link)]))


def _show_key(made_at_utc: datetime | None) -> None:
    told = at(words.KEY_MADE, clock.here(made_at_utc)) if made_at_utc else words.NO_KEY
    # a page of its own: the new key never passes through Streamlit
    way = markup.link(words.KEY_NEW, NEW_KEY_PATH, "es-button es-tall")
    with markup.panel("account", words.ACCOUNT, words.KEY_LEAD):
        draw(markup.lines([markup.line(markup.entry(words.KEY, told), way)]))


def name_of(account: Account) -> str:
    """The account's name from its profile's address, else its id."""
    # the display name is never stored
    if account.profile_url:
        return unquote(account.profile_url.rpartition("/")[2])
    known = account.key.startswith(_KIND) and len(account.key) <= _LONGEST
    return account.key.removeprefix(_KIND) if known else ""
