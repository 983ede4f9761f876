"""Privacy: consent, stored data, and leaving."""

from ui.actions import outcome
from ui.html import controls, draw, markup
from ui.pages.privacy import account as account_section
from ui.pages.privacy import being_found, own_data, sessions, sharing, training, words
from ui.request import Request
from ui.screen import address


def show(request: Request) -> None:
    """Draw the screen; needs no profile, so that everyone can leave."""
    people, key = request.application.people, request.listener_id
    choices, facets = people.choices(key), people.facets(key)
    account = request.application.service.account_of(key)
    shows_enough = request.application.service.shows_enough(key)
    signed_in = request.application.sessions.signed_in(key, request.cookie)
    has_spotify, has_key = request.has_spotify(), request.application.has_key(key)
    is_connected = request.application.grants.is_kept(key) or (has_spotify and has_key)
    draw(markup.title(words.TITLE, words.LEAD))
    being_found.show(request, choices, shows_enough)
    being_found.show_alias(request, choices)
    account_section.show(request, account)
    sharing.show(request, choices.sharing, has_link=has_spotify)
    sharing.show_facets(request, facets)
    training.show(request, people.training(key))
    _show_people()
    sessions.show(request, signed_in)
    own_data.show_kept(request)
    own_data.show_export(request)
    if has_spotify or outcome.waiting(own_data.DISCONNECT):
        own_data.show_disconnect(request, is_connected, has_key)
    own_data.show_erase(request, has_key, has_spotify)


def _show_people() -> None:
    with markup.panel("people", words.PEOPLE, words.PEOPLE_LEAD):
        draw(controls.row(markup.link(words.PEOPLE, address("people"), "es-button")))
