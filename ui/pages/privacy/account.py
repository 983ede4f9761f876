"""Privacy: the account."""

from datetime import datetime
from urllib.parse import unquote

from markupsafe import Markup

from matcher.ports import Account
from ui import clock
from ui.html import EMPTY, draw, markup
from ui.html.fold import fold
from ui.pages.doors.page import NEW_KEY_PATH
from ui.pages.privacy import words
from ui.request import Request
from ui.shared import notice
from ui.texts.grammar import at

_KIND, _LONGEST = "spotify:", 200


def show(request: Request, account: Account | None) -> None:
    """Draw what signs in: the recovery key, and the account at Spotify or the way to connect one."""
    if account is None:
        return
    application, key = request.application, request.listener_id
    lead, lines = words.ACCOUNT_LEAD, []
    if application.has_key(key):
        lead = words.KEY_LEAD if account.by_key_alone else words.BOTH_LEAD
        lines.append(_key(application.recovery_keys.made_at_utc(key)))
    if not account.by_key_alone:
        lines.append(_at_spotify(account, demo=application.settings.demo))
    elif way := notice.connect_spotify(request):
        lines.append(markup.line(markup.entry(words.SPOTIFY, words.SPOTIFY_MORE), way))
    state = words.account_line(spotify=not account.by_key_alone, key=application.has_key(key))
    with fold("account", words.ACCOUNT, state, lead):
        draw(markup.lines(lines))


def _at_spotify(account: Account, *, demo: bool) -> Markup:
    name = markup.name(name_of(account) or words.ACCOUNT_UNNAMED)
    link = markup.outward(words.ACCOUNT_OPEN, account.profile_url) if account.profile_url else EMPTY
    return markup.line(markup.entry(name, words.ACCOUNT_AT_DEMO if demo else words.ACCOUNT_AT), link)


def _key(made_at_utc: datetime | None) -> Markup:
    told = at(words.KEY_MADE, clock.here(made_at_utc)) if made_at_utc else words.NO_KEY
    # a page of its own: the new key never passes through Streamlit
    way = markup.link(words.KEY_NEW, NEW_KEY_PATH, "es-button es-tall")
    return markup.line(markup.entry(words.KEY, told), way)


def name_of(account: Account) -> str:
    """The account's name from its profile's address, else its id."""
    # the display name is never stored
    if account.profile_url:
        return unquote(account.profile_url.rpartition("/")[2])
    known = account.key.startswith(_KIND) and len(account.key) <= _LONGEST
    return account.key.removeprefix(_KIND) if known else ""
