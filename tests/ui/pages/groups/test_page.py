import re

import pytest

from matcher.domain.consent import Relation
from matcher.errors import NotAsked, NotConnected, NotSynced, ScopeMissing, StorageUnreachable
from matcher.groups.group import Common, Group
from tests.ui.company import a_contact, a_seen, in_company
from tests.ui.conftest import Visit, html_of, press
from tests.ui.fakes import ADA, a_match, a_match_list
from ui import messages, texts
from ui.pages.groups import group_card
from ui.pages.groups import words as groups_words
from ui.shared.joint_playlist import PERMISSION

words, lists = groups_words, texts.playlist


def charts_of(page) -> str:
    return "".join(one.value for one in page.markdown)


def test_who_is_connected_with_nobody_is_told_how_to_connect(visit: Visit):
    page = visit(in_company(n_contacts=0), screen="groups")
    shown = html_of(page)
    assert words.FEW_NONE in shown
    assert words.FEW_DEMO in shown
    assert "Quiet Otter 101" in shown
    assert not page.multiselect


def test_outside_the_demo_nobody_is_said_to_agree_at_once(visit: Visit):
    application = in_company(n_contacts=0)
    application.demo = False
    assert words.FEW_DEMO not in html_of(visit(application, screen="groups"))


def test_asking_two_makes_a_group(visit: Visit):
    application = in_company(n_contacts=0)
    page = visit(application, screen="groups")
    press(page, "ask_listener-1")
    assert words.FEW_ONE in html_of(page)
    press(page, "ask_listener-2")
    assert application.groups.asked == [("listener-1", "listener-2")]
    assert "es-heat" in charts_of(page)


def test_agreeing_agrees_and_asks_nobody(visit: Visit):
    application = in_company(n_contacts=0)
    application.people.seen[0] = a_seen(1, relation=Relation.ASKED_BY_THEM)
    page = visit(application, screen="groups")
    press(page, "ask_listener-1")
    assert application.people.known == []
    assert messages.MESSAGES[NotAsked].title in html_of(page)
    assert application.people.agreed == ["listener-1"]


def test_whoever_is_hidden_is_told_what_asking_shows(visit: Visit):
    application = in_company(n_contacts=0)
    assert texts.connecting.NOTE_HIDDEN not in html_of(visit(application, screen="groups"))
    application.people.discoverable = False
    assert texts.connecting.NOTE_HIDDEN in html_of(visit(application, screen="groups"))


def test_that_asking_failed_is_told(visit: Visit, monkeypatch):
    application = in_company(n_contacts=0)
    page = visit(application, screen="groups")

    def refuse(*_: object) -> None:
        raise StorageUnreachable("away")

    monkeypatch.setattr(application.people, "ask_to_connect", refuse)
    press(page, "ask_listener-1")
    assert messages.MESSAGES[StorageUnreachable].title in html_of(page)


def test_an_old_button_asks_nobody_after_signing_out(visit: Visit):
    application = in_company(n_contacts=0)
    page = visit(application, screen="groups")
    application.sessions.listener_by_cookie.clear()
    press(page, "ask_listener-1")
    assert application.people.known == []


def test_those_in_the_group_stand_in_the_address_as_our_own_ids(visit: Visit):
    page = visit(in_company(n_contacts=5), screen="groups")
    page.multiselect(key="members").set_value(["listener-5", "listener-2"]).run()
    assert page.query_params["with"] == "listener-5,listener-2"


def test_an_address_brings_the_group_back(visit: Visit):
    application = in_company(n_contacts=5)
    visit(application, screen="groups", **{"with": "listener-4,listener-2"})
    assert application.groups.asked == [("listener-4", "listener-2")]


@pytest.mark.parametrize("typed", ["nobody", "listener-1,nobody", "<script>", "ada,ada", ","])
def test_who_is_not_connected_cannot_be_typed_into_the_address(visit: Visit, typed: str):
    application = in_company(n_contacts=3)
    visit(application, screen="groups", **{"with": typed})
    known = {one.listener_id for one in application.people.known}
    assert all(set(asked) <= known for asked in application.groups.asked)


def test_who_is_out_of_sight_cannot_be_chosen(visit: Visit):
    application = in_company(n_contacts=2)
    application.people.known.append(a_contact(9, in_sight=False))
    page = visit(application, screen="groups")
    assert "Quiet Otter 109" not in page.multiselect(key="members").options


def test_fewer_than_two_chosen_is_told(visit: Visit):
    page = visit(in_company(), screen="groups")
    page.multiselect(key="members").set_value(["listener-1"]).run()
    assert words.CHOOSE_MORE in html_of(page)
    assert not charts_of(page)


def test_what_all_hear_and_what_most_hear_is_told_apart(visit: Visit):
    shown = html_of(visit(in_company(n_contacts=3), screen="groups"))
    assert f"<b>{words.count(4, 4)}</b>" in shown
    assert f"<b>{words.count(2, 4)}</b>" in shown


def test_how_near_two_others_are_is_told_in_a_word_and_said_to_be(visit: Visit):
    page = visit(in_company(n_contacts=2), screen="groups")
    assert charts_of(page).count("es-blank") == 3
    assert charts_of(page).count(">••<") == 2
    assert "&#58; close" in charts_of(page)
    assert words.IN_A_WORD in html_of(page)


def test_every_track_says_who_brings_it_in_and_whom_it_serves(visit: Visit):
    shown = html_of(visit(in_company(n_contacts=2), screen="groups"))
    row = shown.split('<td class="es-place-no">1</td>')[1].split("</tr>")[0]
    assert "Quiet Otter 101" in row
    assert "\u2068you\u2069 100 %" in row
    assert "\u2068Quiet Otter 102\u2069 33 %" in row
    assert ">100 · 50 · 33 %</small>" in row


def test_the_satisfaction_of_each_is_told(visit: Visit):
    shown = html_of(visit(in_company(n_contacts=2), screen="groups"))
    assert shown.count("<b>50 %</b>") == 3


def test_the_playlist_can_be_taken_away(visit: Visit):
    page = visit(in_company(), screen="groups")
    assert [one.label for one in page.get("download_button")] == [lists.CSV, lists.M3U]


def test_without_the_permission_the_way_to_it_is_shown(visit: Visit):
    page = visit(in_company(), screen="groups")
    back = "%2Fgroups%3Fwith%3Dlistener-1%2Clistener-2%2Clistener-3"
    assert f'href="{PERMISSION}&amp;back={back}"' in html_of(page)
    assert not [one for one in page.button if one.key == "to_spotify"]


def test_with_the_permission_one_press_makes_it_once(visit: Visit):
    application = in_company(n_contacts=2)
    application.playlists.may = True
    page = visit(application, screen="groups")
    assert PERMISSION not in html_of(page)
    page.button(key="to_spotify").click().run()
    assert application.playlists.made == [lists.NAME_FOR_ALL.format(n=3)]
    assert lists.made_more(2, 1) in html_of(page)
    page.run()
    assert len(application.playlists.made) == 1


def test_what_keeps_a_playlist_from_being_made_is_told(visit: Visit, monkeypatch):
    application = in_company()
    application.playlists.may = True

    def refuse(*_: object) -> None:
        raise ScopeMissing("x")

    monkeypatch.setattr(application.playlists, "make", refuse)
    page = visit(application, screen="groups")
    page.button(key="to_spotify").click().run()
    assert messages.MESSAGES[ScopeMissing].title in html_of(page)


@pytest.mark.parametrize("error", [NotConnected("x"), NotSynced("x")])
def test_a_group_that_cannot_be_shown_says_why_and_leaves_the_choice(visit: Visit, error):
    application = in_company()
    application.groups.error = error
    page = visit(application, screen="groups")
    assert messages.MESSAGES[type(error)].title in html_of(page)
    assert page.multiselect(key="members")


def test_before_the_first_reading_it_is_read(visit: Visit):
    application = in_company()
    application.service.store.profiles.clear()
    visit(application, screen="groups")
    assert application.syncs.started == ["ada"]


def test_common_ground_leads_to_spotify_when_live(visit: Visit):
    application = in_company(n_contacts=2)
    application.demo = False
    assert 'href="https://open.spotify.com/artist/low"' in html_of(visit(application, screen="groups"))


def card_of(page) -> str:
    """The alternative text of the group's card: everything that stands on it."""
    page.button(key="group_card_button").click().run()
    (told,) = re.findall(r'class="es-postcard es-group-card [^>]* alt="([^"]*)"', html_of(page))
    return told


def a_trio(visit: Visit, *on_cards: str):
    application = in_company(n_contacts=3)
    application.people.on_cards = frozenset(on_cards)
    found = {f"listener-{n}": a_match_list([a_match(n)]) for n in range(1, 4)}
    application.service.find_match = lambda listener_id, other_id: found[other_id]
    return visit(application, screen="groups")


def test_the_card_of_a_group_names_nobody_who_does_not_allow_it(visit: Visit):
    told = card_of(a_trio(visit))
    assert told.startswith("Earshot. Velvet Heron 482 and 3 others: one group, one playlist. ")
    assert "Otter" not in told


def test_it_names_who_does_and_counts_the_others(visit: Visit):
    told = card_of(a_trio(visit, "listener-2"))
    assert "Velvet Heron 482 with Quiet Otter 102, and 2 others" in told
    assert "101" not in told
    assert "%" not in told


def test_it_names_only_music_that_the_listener_hears_too():
    common = (Common("low", "Low", "", ("ada", "bob")), Common("can", "Can", "", ("bob", "cy")))
    group = Group(("ada", "bob", "cy"), {"ada": ADA.alias}, {}, {}, common, (), common, None, ())
    card = group_card.card_of(ADA, group, [])
    assert (card.artists, card.tags) == (("Low",), ("Low",))


def test_every_member_has_a_letter_and_a_colour_of_their_own_wherever_they_stand(visit: Visit):
    page = visit(in_company(n_contacts=3), screen="groups")
    shown = html_of(page)
    for n, letter in enumerate("ABCD"):
        mark = f'<span class="es-letter es-p{n}" aria-hidden="true">{letter}</span>'
        # in the legend, and at what the playlist gives them
        assert shown.count(mark) >= 2
        assert charts_of(page).count(f'<circle class="es-letter es-p{n}" r="9"/>') == 2
    assert '<i class="es-p3" style="--share:0.25">' in shown


def test_a_button_that_asks_says_whom(visit: Visit):
    shown = html_of(visit(in_company(n_contacts=0), screen="groups"))
    assert 'aria-label="Ask to connect with Quiet Otter 101"' in shown
