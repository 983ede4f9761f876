"""Privacy: the account."""

from urllib.parse import unquote

from matcher.ports import Account
from ui.html import EMPTY, draw, markup
from ui.pages.privacy import words
from ui.request import Request

_KIND, _LONGEST = "spotify:", 200


def show(request: Request, account: Account | None) -> None:
    """Draw the account's name at Spotify, with a link to its profile."""
    if account is None:
        return
    source = words.ACCOUNT_AT_DEMO if request.application.settings.demo else words.ACCOUNT_AT
    name = markup.name(name_of(account) or words.ACCOUNT_UNNAMED)
    link = markup.outward(words.ACCOUNT_OPEN, account.profile_url) if account.profile_url else EMPTY
    with markup.panel("account", words.ACCOUNT, words.ACCOUNT_LEAD):
        draw(markup.lines([markup.line(markup.entry(name, source), link)]))


def name_of(account: Account) -> str:
    """The account's name from its profile's address, else its id."""
    # the display name is never stored
    if account.profile_url:
        return unquote(account.profile_url.rpartition("/")[2])
    known = account.key.startswith(_KIND) and len(account.key) <= _LONGEST
    return account.key.removeprefix(_KIND) if known else ""
