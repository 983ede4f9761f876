from dataclasses import replace

import streamlit as st
from streamlit.testing.v1 import AppTest

from matcher.domain.consent import Sharing
from matcher.domain.listening import Part, Source
from matcher.domain.profile import Facet, Item
from tests.ui.company import in_company
from tests.ui.fakes import ADA, a_profile
from ui.pages.taste import own_card
from ui.pages.taste.own_card import card_of
from ui.texts import share


def test_the_card_names_what_is_heard_most():
    assert card_of(ADA, a_profile(), Sharing()).artists == ("Artist 1", "Artist 2", "Artist 3")


def test_the_card_names_no_artist_where_none_are_shared():
    assert card_of(ADA, a_profile(), Sharing(artists=False)).artists == ()


def test_what_stands_in_a_hidden_facet_alone_is_not_on_the_card():
    items = (Item("artist 1", "t", 5.0, "sleep"), Item("artist 2", "u", 1.0, "saved"))
    facets = {"sleep": Facet(Part.PLAYLISTS), "saved": Facet(Part.SAVED)}
    profile = a_profile(items=items, facets=facets)
    hidden = Sharing(hidden_facets=frozenset({"sleep"}))
    assert card_of(ADA, profile, hidden).artists == ("Artist 2",)


def test_a_synthetic_listener_is_said_to_be_one():
    assert card_of(replace(ADA, source=Source.SYNTHETIC), a_profile(), Sharing()).synthetic
    assert card_of(ADA, a_profile(), Sharing(), demo=True).synthetic
    assert not card_of(ADA, a_profile(), Sharing()).synthetic


def test_the_card_is_drawn_only_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(st, "current_company", in_company(), raising=False)

    def page() -> None:
        import streamlit

        from ui.pages.taste import own_card as shown
        from ui.request import Request as A

        application = streamlit.current_company
        shown.show(A(application, "cookie", "ada"), application.service.store.profile("ada"))

    app = AppTest.from_function(page).run()
    assert not any("data:image/png" in one.body for one in app.html)
    app.button(key="own_card_button").click().run()
    (drawn,) = [one.body for one in app.html if "data:image/png" in one.body]
    assert 'alt="Earshot. Velvet Heron 482.' in drawn
    assert [one.label for one in app.get("download_button")] == [share.DOWNLOAD]
    assert own_card.SHOWN in app.session_state
