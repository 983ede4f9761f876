"""Privacy: who sees what of me, what is kept, and the way out."""

import streamlit as st

from ui import markup
from ui.sections import account as account_section
from ui.sections import being_found, contacts, own_data, sessions, sharing
from ui.texts import privacy as words
from ui.visit import Visit


def show(visit: Visit) -> None:
    """Draw the screen; it needs no profile, so that whoever is unread can leave as well.

    Raises:
        UnknownListener: erased meanwhile.
        StorageUnreachable: the database does not answer.
    """
    people, key = visit.application.people, visit.listener_id
    choices, facets = people.choices(key), people.facets(key)
    known, blocked = people.contacts(key), people.blocked(key)
    account = visit.application.service.account_of(key)
    shows_enough = visit.application.service.shows_enough(key)
    signed_in, is_connected = visit.signed_in(), visit.application.grants.is_kept(key)
    st.html(
        f'<header class="es-title"><h1>{markup.text(words.TITLE)}</h1>'
        f"<p>{markup.text(words.LEAD)}</p></header>"
    )
    being_found.show(visit, choices, shows_enough)
    being_found.show_alias(visit, choices)
    account_section.show(visit, account)
    sharing.show(visit, choices.sharing)
    sharing.show_facets(visit, facets)
    contacts.show(visit, known)
    with st.container(key="halves_away", horizontal=True):
        contacts.show_blocked(visit, blocked)
        sessions.show(visit, signed_in)
    own_data.show_kept(visit)
    with st.container(key="halves_way_out", horizontal=True):
        own_data.show_export(visit)
        own_data.show_disconnect(visit, is_connected)
    own_data.show_erase(visit)
