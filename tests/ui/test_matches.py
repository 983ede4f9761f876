"""The list of matches: what may be told of them, how it is narrowed, and what one does with a match."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from matcher.browsing import tag_id
from matcher.consent import Sharing
from matcher.errors import UnknownListener
from matcher.explain import Explanation, SharedItem
from matcher.facets import FacetKind, TasteFacet
from matcher.listening import Source
from tests.ui.conftest import Visit, html_of
from tests.ui.fakes import NOON, FakeMeeting, a_match, a_match_list, a_profile, an_application
from tests.ui.test_privacy import HOSTILE, Tags
from ui import texts
from ui.asked import number_of_side

FIRST = "listener-1"


def people(n: int = 3, **more: object) -> FakeMeeting:
    """Ada among persons who decide for themselves."""
    return an_application(
        a_match_list([a_match(one, source=Source.TABLE, **more) for one in range(1, n + 1)])
    )


def aliases(page: AppTest) -> list[str]:
    return re.findall(r'<bdi class="es-alias"[^>]*>([^<]+)<', html_of(page))


def tagged(*tags: str) -> Explanation:
    items = tuple(SharedItem(tag, tag.upper(), "", 1.0, 0.0) for tag in tags)
    return Explanation({"towers": 0.5, "tags": 0.3}, (), (), items)


# ---- what is told ------------------------------------------------------------------------------------


def test_before_both_agree_there_is_a_band_and_no_figure(visit: Visit):
    application = people(1, score=0.874)
    shown = html_of(visit(application))
    assert ">Close<" in shown
    assert texts.card.BAND_MEANING["close"] in shown
    assert not re.search(r"8[67]\d? %|0\.874|0\.674|87 in 100|es-meter", shown)


def test_no_shared_track_and_no_link_is_on_a_card(visit: Visit):
    application = people(1)
    shown = html_of(visit(application))
    assert "Artist 1" in shown
    assert "Title 1" not in shown
    assert "open.spotify.com" not in shown


def test_who_is_connected_but_not_in_the_list_is_reached_from_it(visit: Visit):
    application = people(3)
    application.people.ask_to_connect("ada", FIRST)
    application.people.agree_to_connect(FIRST, "ada")
    assert texts.matches.ALSO_CONNECTED not in html_of(visit(application))
    application.service.found = a_match_list([a_match(2, source=Source.TABLE)])
    shown = html_of(visit(application))
    assert texts.matches.ALSO_CONNECTED in shown
    assert 'href="/match?listener=listener-1"' in shown
    application.people.pause(FIRST)
    assert texts.matches.ALSO_CONNECTED not in html_of(visit(application))


def test_once_both_agree_the_percentage_is_on_the_card(visit: Visit):
    application = people(1, score=0.874)
    application.people.ask_to_connect("ada", FIRST)
    application.people.agree_to_connect(FIRST, "ada")
    shown = html_of(visit(application))
    assert "87 %" in shown
    assert "87 in 100" in shown


def test_reasons_are_told_in_words_the_strongest_first(visit: Visit):
    shown = html_of(visit(people(1, score=0.874)))
    artists = shown.index("You share artists such as")
    assert shown.index(texts.card.REASONS["towers"]) < artists
    assert re.search(r"such as <bdi[^>]*>Artist 1</bdi>, <bdi[^>]*>Artist 2</bdi> and <bdi", shown)


def test_what_the_other_keeps_back_is_neither_shown_nor_a_reason(visit: Visit):
    application = people(1)
    application.people.choose_sharing(FIRST, Sharing(artists=False, tags=False))
    shown = html_of(visit(application))
    assert "Artist 1" not in shown
    assert "tag 1" not in shown
    assert "to discover" not in shown
    assert texts.card.REASONS["towers"] in shown


def test_how_much_there_is_to_discover_is_about_a_number(visit: Visit):
    shown = html_of(visit(people(1, n_items=128)))
    assert "about 120 to discover" in shown


def test_listeners_who_were_here_lately_are_labelled(visit: Visit):
    application = people(2)
    _here_lately(application, FIRST)
    assert html_of(visit(application)).count(texts.card.LATELY_MORE) == 1


def _here_lately(application: FakeMeeting, *ids: str) -> None:
    """Tell the fake when somebody was here."""
    kept = application.meeting.with_all(application.service)
    for one in ids:
        kept.active_at[one] = NOON


# ---- what changed ------------------------------------------------------------------------------------


def test_the_first_look_tells_of_no_change(visit: Visit):
    assert texts.card.NEW not in re.findall(r'es-moved"[^>]*>([^<]*)<', html_of(visit(people())))


def test_what_changed_since_the_last_look_is_told_above_and_on_the_card(visit: Visit):
    application = people(3)
    visit(application)
    one, two, three = application.service.found.matches
    fresh = a_match(9, source=Source.TABLE)
    application.service.found = a_match_list([fresh, two, one])
    shown = html_of(visit(application))
    assert "Since 20 November 2026 at 09:30 UTC:" in shown
    assert "1 new" in shown
    assert "1 no longer here" in shown
    marks = re.findall(r'es-moved"[^>]*>([^<]*)<', shown)
    assert marks[0] == "new"
    assert f'title="Why: {texts.matches.WHY["others"]}.' in shown
    assert three.listener.alias not in shown


# ---- narrowing ---------------------------------------------------------------------------------------


def test_a_tag_narrows_the_list_and_its_name_is_not_kept(visit: Visit):
    matches = [a_match(1, explanation=tagged("jazz")), a_match(2, explanation=tagged("dub"))]
    page = visit(an_application(a_match_list(matches)))
    page.selectbox(key="tag").select(tag_id("dub")).run()
    assert aliases(page) == ["Quiet Otter 102"]
    assert "DUB" not in str(page.session_state.to_dict().values())


def test_only_who_was_here_lately(visit: Visit):
    application = people(3)
    _here_lately(application, "listener-2")
    page = visit(application)
    page.toggle(key="lately").set_value(True).run()
    assert aliases(page) == ["Quiet Otter 102"]


def test_nobody_left_is_said_plainly(visit: Visit):
    page = visit(people())
    page.toggle(key="lately").set_value(True).run()
    assert texts.matches.NARROWED_TO_NOBODY in html_of(page)


def test_those_with_the_most_to_discover_come_first(visit: Visit):
    matches = [a_match(n, n_items=size) for n, size in ((1, 50), (2, 500), (3, 200))]
    page = visit(an_application(a_match_list(matches)))
    page.selectbox(key="discover").select(True).run()
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103", "Quiet Otter 101"]
    assert "Among your 100 nearest." in html_of(page)


def a_facet(name: str) -> TasteFacet:
    return TasteFacet("cluster:1", FacetKind.CLUSTER, name, (), (), 5, 9, 0.4)


def test_one_side_of_my_taste_is_asked_with(visit: Visit):
    application, facet, side = people(), a_facet("violet jazz"), a_profile(items=())
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": side}
    page = visit(application)
    assert application.tastes.n_asked == 0
    page.toggle(key="sides").set_value(True).run()
    page.selectbox(key="facet").select(number_of_side(facet.facet_id)).run()
    assert application.service.asked_with[-1] is side
    page.toggle(key="sides").set_value(False).run()
    assert application.service.asked_with[-1] is None


def test_an_address_asks_with_one_side_until_another_is_chosen(visit: Visit):
    application, facet, side = people(), a_facet("violet jazz"), a_profile(items=())
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": side}
    page = visit(application, facet="cluster:1")
    assert application.service.asked_with[-1] is side
    assert page.selectbox(key="facet").value == number_of_side("cluster:1")
    page.selectbox(key="facet").select(0).run()
    assert application.service.asked_with[-1] is None


@pytest.mark.parametrize("typed", ["cluster:9", "<b>", "x" * 500])
def test_an_address_that_asks_with_no_side_of_mine_asks_with_all_of_me(visit: Visit, typed: str):
    application = people()
    application.tastes.facets = (a_facet("violet jazz"),)
    page = visit(application, facet=typed)
    assert application.service.asked_with[-1] is None
    assert page.selectbox(key="facet").value == 0


def test_a_look_with_one_side_is_no_look_at_the_matches(visit: Visit):
    application, facet = people(), a_facet("jazz")
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": a_profile()}
    page = visit(application)
    page.toggle(key="sides").set_value(True).run()
    application.service.found = a_match_list([a_match(7)])
    page.selectbox(key="facet").select(number_of_side(facet.facet_id)).run()
    (look,) = application.meeting.history.looks("ada")
    assert len(look.places) == 3


# ---- deeds -------------------------------------------------------------------------------------------


def test_who_was_hidden_stays_away_until_asked_for(visit: Visit):
    application = people()
    page = visit(application)
    page.button(key=f"hide_{FIRST}").click().run()
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103"]
    assert aliases(visit(application)) == ["Quiet Otter 102", "Quiet Otter 103"]
    page.button(key="unhide").click().run()
    assert aliases(page)[0] == "Quiet Otter 101"


def test_a_new_model_proposes_again_who_was_hidden(visit: Visit):
    application = people(2)
    application.meeting.feedback.rows.add(("ada", FIRST, 0, "older"))
    assert aliases(visit(application)) == ["Quiet Otter 101", "Quiet Otter 102"]


def test_who_hid_everybody_is_told_so_and_can_undo_it(visit: Visit):
    page = visit(people(1))
    page.button(key=f"hide_{FIRST}").click().run()
    assert texts.matches.ALL_HIDDEN in html_of(page)
    page.button(key="unhide").click().run()
    assert aliases(page) == ["Quiet Otter 101"]


def test_a_person_is_asked_and_a_request_can_be_taken_back(visit: Visit):
    application = people()
    page = visit(application)
    page.button(key=f"connect_card_{FIRST}").click().run()
    assert ("ada", FIRST, 5, "v1") in application.meeting.feedback.rows
    assert "%" not in "".join(re.findall(r"es-score.*", html_of(page)))
    page.button(key=f"withdraw_card_{FIRST}").click().run()
    assert application.people.contacts("ada") == []


def test_a_synthetic_listener_says_yes_at_once(visit: Visit):
    application = an_application(a_match_list([a_match(score=0.874)]))
    page = visit(application)
    page.button(key=f"connect_card_{FIRST}").click().run()
    assert "87 %" in html_of(page)


def test_who_asks_to_connect_stands_above_the_list_and_can_be_answered(visit: Visit):
    application = people()
    kept = application.meeting.with_all(application.service)
    kept.set_discoverable("ada", True, NOON)
    kept.ask("listener-2", "ada", NOON)
    page = visit(application)
    assert texts.matches.ASKING in html_of(page)
    page.button(key="agree_request_listener-2").click().run()
    assert texts.matches.ASKING not in html_of(page)
    assert "es-score" in html_of(page)


def test_blocking_is_asked_for_and_then_at_once(visit: Visit):
    application = people()
    page = visit(application)
    page.button(key=f"ask_block_{FIRST}").click().run()
    assert texts.card.REALLY_BLOCK in html_of(page)
    page.button(key=f"no_block_{FIRST}").click().run()
    assert "Quiet Otter 101" in html_of(page)
    page.button(key=f"ask_block_{FIRST}").click().run()
    page.button(key=f"yes_block_{FIRST}").click().run()
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103"]


def test_who_blocks_me_vanishes_at_the_next_run(visit: Visit):
    application = people()
    page = visit(application)
    application.people.block(FIRST, "ada")
    assert "Quiet Otter 101" not in html_of(page.run())


@pytest.mark.parametrize("key", [f"hide_{FIRST}", f"connect_card_{FIRST}"])
def test_old_buttons_do_nothing_after_signing_out(visit: Visit, key: str):
    application = people()
    page = visit(application)
    application.sessions.listener_by_cookie.clear()
    page.button(key=key).click().run()
    assert application.meeting.feedback.rows == set()
    assert application.meeting.kept.asked == {}


def test_a_deed_on_somebody_who_is_gone_is_no_error(visit: Visit):
    application = people()
    page = visit(application)
    application.meeting.listeners.forget(FIRST)
    application.service.found = a_match_list(list(application.service.found.matches[1:]))
    page.button(key=f"connect_card_{FIRST}").click().run()
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103"]
    with pytest.raises(UnknownListener):
        application.people.ask_to_connect("ada", FIRST)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_tags_are_text_in_the_filter_too(visit: Visit, text: str):
    page = visit(an_application(a_match_list([a_match(explanation=tagged(text), alias=text)])))
    tags = Tags()
    tags.feed(html_of(page))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe", "svg"}
    assert text.upper() in page.selectbox(key="tag").options
