"""The list of matches: what may be told of them, how it is narrowed, and what one does with a match."""

import re
from dataclasses import replace

import pytest
from markupsafe import escape
from streamlit.testing.v1 import AppTest

from matcher.browsing.service import tag_id
from matcher.domain.consent import Sharing
from matcher.domain.listening import Source
from matcher.errors import NotProven, StorageUnreachable, UnknownListener
from matcher.scoring.explain import Explanation, SharedItem
from matcher.taste.facets import FacetKind, TasteFacet
from tests.fakes.product_way import choose_sharing
from tests.ui.conftest import Visit, choose, html_of, labels_of, menus_of, press
from tests.ui.fakes import NOON, FakeMeeting, a_match, a_match_list, a_profile, an_application
from tests.ui.html.test_hostile_text import HOSTILE, Tags
from ui import messages, texts
from ui.pages.matches import facet_chips
from ui.pages.matches import words as matches_words
from ui.pages.matches.query_parameters import number_of_facet

FIRST = "listener-1"


def people(n: int = 3, is_told: bool = True, **more: object) -> FakeMeeting:
    """Ada among persons who decide for themselves; `is_told`: she has closed the note on who sees her."""
    matches = [a_match(one, source=Source.TABLE, **more) for one in range(1, n + 1)]
    application = an_application(a_match_list(matches))
    if is_told:
        application.people.close_note("ada")
    return application


def aliases(page: AppTest) -> list[str]:
    return re.findall(r'<bdi class="es-alias"[^>]*>([^<]+)<', html_of(page))


def tagged(*tags: str) -> Explanation:
    items = tuple(SharedItem(tag, tag.upper(), "", 1.0) for tag in tags)
    return Explanation({"towers": 0.5, "tags": 0.3}, (), (), items)


# ---- what is told ------------------------------------------------------------------------------------


def test_before_both_agree_there_is_a_band_and_no_figure(visit: Visit):
    application = people(1, score=0.874)
    shown = html_of(visit(application))
    assert ">Close<" in shown
    assert texts.card.BAND_MEANING["close"] in shown
    assert not re.search(r"8[67]\d? %|0\.874|0\.674|87 in 100|es-meter|between 50 and 90", shown)


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
    assert matches_words.ALSO_CONNECTED not in html_of(visit(application))
    application.service.found = a_match_list([a_match(2, source=Source.TABLE)])
    shown = html_of(visit(application))
    assert matches_words.ALSO_CONNECTED in shown
    assert 'href="/match?listener=listener-1"' in shown
    application.people.pause(FIRST)
    assert matches_words.ALSO_CONNECTED not in html_of(visit(application))


def test_once_both_agree_the_percentage_is_on_the_card(visit: Visit):
    application = people(1, score=0.874)
    application.people.ask_to_connect("ada", FIRST)
    application.people.agree_to_connect(FIRST, "ada")
    shown = html_of(visit(application))
    assert "87 %" in shown
    halves = "Two halves of one person’s listening, for libraries of this size, usually lie between"
    assert f"87 %. {halves} 50 and 90 %." in shown
    assert 'es-halves" style="left:50.0%;width:40.0%' in shown
    assert 'es-median" style="left:70.0%' in shown


def reasons_of(page: AppTest) -> list[str]:
    """The reason of each row, in words."""
    told = re.findall(r'<p class="es-reason">(.*?)</p>', html_of(page))
    return [re.sub("<[^>]*>", "", one) for one in told]


def test_each_row_has_one_reason_and_no_two_say_the_same(visit: Visit):
    page = visit(people(10))
    reasons = reasons_of(page)
    assert reasons[0] == "You both hear Artist 1 and Artist 2"
    assert len(set(reasons)) == len(reasons) == 10


def test_what_is_shared_is_told_once_in_a_row(visit: Visit):
    shown = html_of(visit(people(1)))
    assert shown.count(">Artist 1</bdi>") == 1
    assert "tag 1" not in shown.replace('<option value="tag', "").split('class="es-card"')[1]


def test_what_the_other_keeps_back_is_neither_shown_nor_a_reason(visit: Visit):
    application = people(1)
    choose_sharing(application.people, FIRST, Sharing(artists=False, tags=False))
    shown = html_of(visit(application))
    assert "Artist 1" not in shown
    assert "tag 1" not in shown
    assert texts.card.NEW_MORE not in shown.split('class="es-card"')[1].split("</article>")[0]
    assert texts.card.REASONS["towers"] in shown


def test_how_many_artists_are_new_is_rounded_before_both_agree_and_exact_then(visit: Visit):
    application = people(1, n_items=900, n_artists=128)
    shown = html_of(visit(application))
    assert ">up to about 130 new for you<" in shown
    assert ">125 new for you<" not in shown
    application.people.ask_to_connect("ada", FIRST)
    application.people.agree_to_connect(FIRST, "ada")
    assert ">125 new for you<" in html_of(visit(application))


def test_listeners_who_were_here_lately_are_labelled(visit: Visit):
    application = people(2)
    _here_lately(application, FIRST)
    assert html_of(visit(application)).count(f'title="{texts.card.LATELY_MORE}"') == 1


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
    assert "Your matches since 20 November 2026 at 09:30 UTC:" in shown
    assert "1 new" in shown
    assert "1 no longer here" in shown
    marks = re.findall(r'es-moved"[^>]*>([^<]*)<', shown)
    assert marks[0] == "new"
    assert f'title="Why: {texts.card.WHY["others"]}.' in shown
    assert three.listener.alias not in shown


def test_where_only_a_score_has_moved_nothing_is_told_above_the_list(visit: Visit):
    application = people(2)
    visit(application)
    one, two = application.service.found.matches
    application.service.found = a_match_list([replace(one, score=one.score + 0.01), two])
    page = visit(application)
    assert not page.exception
    assert "since 20 November 2026" not in html_of(page)


# ---- narrowing ---------------------------------------------------------------------------------------


def test_a_tag_narrows_the_list_and_its_name_is_not_kept(visit: Visit):
    matches = [a_match(1, explanation=tagged("jazz")), a_match(2, explanation=tagged("dub"))]
    page = visit(an_application(a_match_list(matches)))
    choose(page, "tag", tag_id("dub"))
    assert aliases(page) == ["Quiet Otter 102"]
    assert "DUB" not in str(page.session_state.to_dict().values())


@pytest.mark.parametrize(
    ("facet_id", "kind", "name", "told"),
    [
        ("playlists:1", FacetKind.PLAYLIST, "Sleep", "Playlist: \u2068Sleep\u2069"),
        ("playlists:2", FacetKind.PLAYLIST, "", "Playlist without a name"),
        ("top_tracks:short_term", FacetKind.PART, "", "Top tracks, last four weeks"),
        ("source:lastfm", FacetKind.SOURCE, "", "Last.fm"),
        ("source:file:Deezer", FacetKind.SOURCE, "", "A file of your own (Deezer)"),
        ("year:2025", FacetKind.YEAR, "", "2025"),
        ("cluster:1", FacetKind.CLUSTER, "dub, jazz", "dub, jazz"),
    ],
)
def test_each_facet_is_called_what_it_is_elsewhere(facet_id: str, kind: FacetKind, name: str, told: str):
    assert facet_chips.name_of(TasteFacet(facet_id, kind, name, (), (), 1, 1, 1.0)) == told


def test_what_the_words_mean_is_there_for_those_who_do_not_point(visit: Visit):
    shown = html_of(visit(people()))
    words = shown[shown.index('<details class="es-words"') :]
    unfolded = words[: words.index("</details>")]
    for one in texts.glossary.ON["matches"]:
        assert all(escape(part) in unfolded for part in texts.glossary.MEANINGS[one])


def test_only_who_was_here_lately(visit: Visit):
    application = people(3)
    _here_lately(application, "listener-2")
    page = visit(application)
    press(page, "lately")
    assert aliases(page) == ["Quiet Otter 102"]


def test_nobody_left_is_said_plainly(visit: Visit):
    page = visit(people())
    press(page, "lately")
    assert matches_words.NARROWED_TO_NOBODY in html_of(page)


def test_those_with_the_most_to_discover_come_first(visit: Visit):
    matches = [a_match(n, n_items=size) for n, size in ((1, 50), (2, 500), (3, 200))]
    page = visit(an_application(a_match_list(matches)))
    choose(page, "order", 1)
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103", "Quiet Otter 101"]
    assert "Among your 100 nearest." in html_of(page)


def a_facet(name: str, number: int = 1, **more: object) -> TasteFacet:
    one = TasteFacet(f"cluster:{number}", FacetKind.CLUSTER, name, (), (), 5, 9, 0.4)
    return replace(one, **more)


def chosen_chips(page: AppTest) -> list[int]:
    """Numbers of the chips that are pressed."""
    return [int(one) for one in re.findall(r'data-press="facet_(-?\d+)" aria-pressed="true"', html_of(page))]


def chips_of(page: AppTest) -> list[str]:
    """What stands on the chips."""
    told = re.findall(r'data-press="facet_[^"]*" aria-pressed="[a-z]*">(.*?)</button>', html_of(page))
    return [re.sub("<[^>]*>", "", one) for one in told]


def test_facets_are_chips_with_their_shares_the_largest_first(visit: Visit):
    application = people()
    application.tastes.facets = (
        a_facet("violet jazz, brass", 1, tags=("violet jazz", "brass"), share=0.23),
        a_facet("chalk hop, tape", 2, tags=("chalk hop", "tape"), share=0.37),
    )
    assert chips_of(visit(application)) == ["All of me", "chalk hop 37 %", "violet jazz 23 %"]


def test_facets_whose_first_tag_is_the_same_have_their_whole_names(visit: Visit):
    application = people()
    names = ("dub, brass", "dub, tape")
    application.tastes.facets = tuple(
        a_facet(name, n, tags=tuple(name.split(", "))) for n, name in enumerate(names, start=1)
    )
    assert chips_of(visit(application))[1:] == ["dub, brass 40 %", "dub, tape 40 %"]


def test_without_clusters_playlists_are_chips(visit: Visit):
    application, kind = people(), FacetKind.PLAYLIST
    application.tastes.facets = (a_facet("Sleep", kind=kind, facet_id="playlists:1"),)
    assert chips_of(visit(application)) == ["All of me", "Sleep 40 %"]


def test_another_facet_is_chosen_from_the_menu_and_then_has_a_chip(visit: Visit):
    application, saved = people(), a_facet("", kind=FacetKind.PART, facet_id="saved")
    application.tastes.facets = (a_facet("jazz"), saved)
    application.tastes.profiles = {"saved": a_profile(items=())}
    page = visit(application)
    choose(page, "facet", number_of_facet("saved"))
    assert chips_of(page) == ["All of me", "jazz 40 %", "Saved tracks 40 %"]
    assert chosen_chips(page) == [number_of_facet("saved")]


def test_without_facets_there_are_no_chips(visit: Visit):
    assert chips_of(visit(people())) == []


def test_the_list_stands_where_facets_cannot_be_found(visit: Visit, monkeypatch):
    application = people()
    monkeypatch.setattr(application.tastes, "facets_of", unreachable)
    assert len(aliases(visit(application))) == 3


def test_what_is_narrowed_to_is_said_where_the_filters_are_folded(visit: Visit):
    page = visit(an_application(a_match_list([a_match(1, explanation=tagged("dub"))])))
    choose(page, "tag", tag_id("dub"))
    press(page, "lately")
    assert f'class="es-state-now">DUB, {matches_words.LATELY}<' in html_of(page)


def test_one_facet_of_my_taste_is_asked_with(visit: Visit):
    application, facet, profile = people(), a_facet("violet jazz"), a_profile(items=())
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": profile}
    page, key = visit(application), f"facet_{number_of_facet(facet.facet_id)}"
    press(page, key)
    assert application.service.asked_with[-1] is profile
    press(page, "facet_0")
    assert application.service.asked_with[-1] is None
    press(page, key)
    press(page, key)
    assert application.service.asked_with[-1] is None


def test_what_one_facet_rests_on_is_not_called_the_profile(visit: Visit):
    application, facet = people(), a_facet("violet jazz")
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": a_profile(items=())}
    whole, of_facet = (words.partition("{")[0] for words in (texts.card.RESTS_ON, texts.card.FACET_RESTS_ON))
    page = visit(application, facet="cluster:1")
    assert of_facet in html_of(page)
    assert whole not in html_of(page)
    press(page, "facet_0")
    assert whole in html_of(page)
    assert of_facet not in html_of(page)


def test_an_address_asks_with_one_facet_until_another_is_chosen(visit: Visit):
    application, facet, profile = people(), a_facet("violet jazz"), a_profile(items=())
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": profile}
    page = visit(application, facet="cluster:1")
    assert application.service.asked_with[-1] is profile
    assert chosen_chips(page) == [number_of_facet("cluster:1")]
    press(page, "facet_0")
    assert application.service.asked_with[-1] is None


@pytest.mark.parametrize("typed", ["cluster:9", "<b>", "x" * 500])
def test_an_address_that_asks_with_no_facet_of_mine_asks_with_all_of_me(visit: Visit, typed: str):
    application = people()
    application.tastes.facets = (a_facet("violet jazz"),)
    page = visit(application, facet=typed)
    assert application.service.asked_with[-1] is None
    assert chosen_chips(page) == [0]


def test_a_look_with_one_facet_is_no_look_at_the_matches(visit: Visit):
    application, facet = people(), a_facet("jazz")
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": a_profile()}
    page = visit(application)
    application.service.found = a_match_list([a_match(7)])
    press(page, f"facet_{number_of_facet(facet.facet_id)}")
    (look,) = application.meeting.history.looks("ada")
    assert len(look.places) == 3


# ---- actions -----------------------------------------------------------------------------------------


def test_who_was_hidden_stays_away_until_asked_for(visit: Visit):
    application = people()
    page = visit(application)
    press(page, f"hide_{FIRST}")
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103"]
    assert aliases(visit(application)) == ["Quiet Otter 102", "Quiet Otter 103"]
    press(page, "unhide")
    assert aliases(page)[0] == "Quiet Otter 101"


def test_a_new_model_proposes_again_who_was_hidden(visit: Visit):
    application = people(2)
    application.meeting.feedback.rows.add(("ada", FIRST, 0, "older"))
    assert aliases(visit(application)) == ["Quiet Otter 101", "Quiet Otter 102"]


def test_who_hid_everybody_is_told_so_and_can_undo_it(visit: Visit):
    page = visit(people(1))
    press(page, f"hide_{FIRST}")
    assert matches_words.ALL_HIDDEN in html_of(page)
    press(page, "unhide")
    assert aliases(page) == ["Quiet Otter 101"]


def test_a_person_is_asked_and_a_request_can_be_taken_back(visit: Visit):
    application = people()
    page = visit(application)
    press(page, f"connect_card_{FIRST}")
    assert ("ada", FIRST, 5, "v1") in application.meeting.feedback.rows
    assert "%" not in "".join(re.findall(r"es-score.*", html_of(page)))
    press(page, f"withdraw_card_{FIRST}")
    assert application.people.contacts("ada") == []


def test_a_synthetic_listener_says_yes_at_once(visit: Visit):
    application = an_application(a_match_list([a_match(score=0.874)]))
    application.people.close_note("ada")
    page = visit(application)
    press(page, f"connect_card_{FIRST}")
    assert "87 %" in html_of(page)


def test_who_asks_to_connect_stands_above_the_list_and_can_be_answered(visit: Visit):
    application = people()
    kept = application.meeting.with_all(application.service)
    kept.set_discoverable("ada", True, NOON)
    kept.ask("listener-2", "ada", NOON)
    page = visit(application)
    assert matches_words.ASKING_ONE in html_of(page)
    assert links_to("listener-2", page) == 2
    press(page, "agree_request_listener-2")
    assert matches_words.ASKING_ONE not in html_of(page)
    assert "es-score" in html_of(page)


def asked_by(application: FakeMeeting, other: str = "listener-2") -> None:
    """Somebody asks Ada, who can be found."""
    kept = application.meeting.with_all(application.service)
    kept.set_discoverable("ada", True, NOON)
    kept.ask(other, "ada", NOON)


def links_to(other: str, page: AppTest) -> int:
    """How many links lead to somebody's page."""
    return html_of(page).count(f"match?listener={other}")


def out_of_sight(application: FakeMeeting, other: str, state: str = "hidden") -> None:
    """Somebody hides or pauses, and is no match any more."""
    if state == "hidden":
        application.people.choose_discoverable(other, False)
    else:
        application.people.pause(other)


@pytest.mark.parametrize("state", ["hidden", "paused"])
def test_who_asks_while_out_of_sight_stands_there_by_alias_alone_and_is_no_match(visit: Visit, state: str):
    application = people()
    asked_by(application)
    out_of_sight(application, "listener-2", state)
    page = visit(application)
    shown = html_of(page)
    assert shown.partition(matches_words.ASKING_ONE)[2].count(">Quiet Otter 102<") == 1
    assert texts.connecting.ASKER_UNSEEN in shown
    assert aliases(page) == ["Quiet Otter 101", "Quiet Otter 103"]
    assert {"agree_request_listener-2", "decline_request_listener-2"} <= labels_of(page).keys()
    assert links_to("listener-2", page) == 0


def test_agreeing_with_who_is_out_of_sight_says_what_each_then_sees(visit: Visit):
    application = people()
    asked_by(application)
    out_of_sight(application, "listener-2")
    page = visit(application)
    press(page, "agree_request_listener-2")
    shown = html_of(page)
    assert texts.connecting.CONNECTED_MORE[True, False] in shown
    assert matches_words.ASKING_ONE not in shown
    assert "Quiet Otter 102" not in aliases(page)


def test_declining_who_is_out_of_sight_ends_the_request(visit: Visit):
    application = people()
    asked_by(application)
    out_of_sight(application, "listener-2")
    page = visit(application)
    press(page, "decline_request_listener-2")
    assert application.people.contacts("ada") == []


def test_who_is_hidden_is_told_what_asking_shows_before_and_after(visit: Visit):
    page = visit(people())
    assert escape(texts.connecting.BESIDE["strangers"]) in html_of(page)
    press(page, f"connect_card_{FIRST}")
    assert texts.connecting.ASKED_UNSEEN in html_of(page)
    assert texts.connecting.ASKED_UNSEEN not in html_of(page.run())


def test_who_can_be_found_is_not_told_so(visit: Visit):
    application = people()
    application.meeting.with_all(application.service).set_discoverable("ada", True, NOON)
    page = visit(application)
    assert escape(texts.connecting.BESIDE["strangers"]) not in html_of(page)
    press(page, f"connect_card_{FIRST}")
    shown = html_of(page)
    assert texts.connecting.ASKED_UNSEEN not in shown


def test_the_note_on_who_sees_me_is_closed_for_good(visit: Visit):
    application, note = people(is_told=False), texts.connecting.NOTE_SHORT[False]
    page = visit(application)
    assert note in html_of(page)
    press(page, "close_note")
    assert note not in html_of(page)
    assert note not in html_of(visit(application))


def test_who_can_be_found_gets_no_note(visit: Visit):
    application = people(is_told=False)
    application.people.choose_discoverable("ada", True)
    assert "es-hidden-line" not in html_of(visit(application))


def first_question(visit: Visit, application: FakeMeeting) -> AppTest:
    """The page once Ada, who is hidden, has pressed to ask the first listener."""
    page = visit(application)
    press(page, f"connect_card_{FIRST}")
    assert application.people.contacts("ada") == []
    return page


def test_before_the_first_request_a_hidden_listener_is_asked_whether_to_be_found(visit: Visit):
    application = people(is_told=False)
    page = first_question(visit, application)
    alias = "\u2068Velvet Heron 482\u2069"
    assert texts.connecting.FIRST_ASK.format(alias=alias) in html_of(page)
    press(page, f"show_card_{FIRST}")
    assert application.people.choices("ada").discoverable
    assert [one.listener_id for one in application.people.contacts("ada")] == [FIRST]
    assert "es-hidden-line" not in html_of(page)


def test_who_asks_and_stays_hidden_is_not_asked_again(visit: Visit):
    application = people(is_told=False)
    page = first_question(visit, application)
    press(page, f"ask_card_{FIRST}")
    press(page, "connect_card_listener-2")
    assert not application.people.choices("ada").discoverable
    assert len(application.people.contacts("ada")) == 2


def test_who_puts_off_the_first_request_has_asked_nobody_and_is_asked_again(visit: Visit):
    application = people(is_told=False)
    page = first_question(visit, application)
    press(page, f"later_card_{FIRST}")
    assert application.people.contacts("ada") == []
    assert texts.connecting.NOTE_SHORT[False] in html_of(page)
    press(page, f"connect_card_{FIRST}")
    assert f"show_card_{FIRST}" in labels_of(page)


def test_who_is_not_proven_to_be_themselves_is_told_so_and_asks_nobody(visit: Visit, monkeypatch):
    application = people(is_told=False)
    page = first_question(visit, application)

    def refuse(*_: object) -> None:
        raise NotProven("not proven")

    monkeypatch.setattr(application.meeting.kept, "set_discoverable", refuse)
    press(page, f"show_card_{FIRST}")
    assert application.people.contacts("ada") == []
    assert messages.MESSAGES[NotProven].title in html_of(page)


@pytest.mark.parametrize("place", ["request", "card"])
def test_agreeing_to_what_was_taken_back_asks_nobody_and_is_told(visit: Visit, place: str):
    application = people()
    asked_by(application)
    page = visit(application)
    application.people.withdraw("listener-2", "ada")
    press(page, f"agree_{place}_listener-2")
    assert application.people.contacts("ada") == []
    assert texts.problems.PROBLEMS["NotAsked"][0] in html_of(page)


def unreachable(*_: object) -> None:
    raise StorageUnreachable("away")


def press_block(page: AppTest) -> None:
    press(page, f"ask_block_{FIRST}")
    press(page, f"yes_block_{FIRST}")


PRESS = {
    "ask": lambda page: press(page, f"connect_card_{FIRST}"),
    "block": press_block,
    "add": lambda page: press(page, f"hide_{FIRST}"),
}


@pytest.mark.parametrize("action", PRESS)
def test_what_could_not_be_done_is_told_at_the_card_once(visit: Visit, monkeypatch, action: str):
    application = people()
    page = visit(application)
    keeper = application.meeting.feedback if action == "add" else application.meeting.kept
    monkeypatch.setattr(keeper, action, unreachable)
    PRESS[action](page)
    shown = html_of(page)
    assert messages.MESSAGES[StorageUnreachable].title in shown
    assert texts.problems.NOTHING_CHANGED in shown
    assert shown.index("Quiet Otter 101") < shown.index(texts.problems.NOTHING_CHANGED)
    assert shown.index(texts.problems.NOTHING_CHANGED) < shown.index("Quiet Otter 102")
    assert texts.problems.NOTHING_CHANGED not in html_of(page.run())


def test_that_showing_the_hidden_again_failed_is_told(visit: Visit, monkeypatch):
    application = people()
    page = visit(application)
    press(page, f"hide_{FIRST}")
    monkeypatch.setattr(application.meeting.feedback, "take_back", unreachable)
    press(page, "unhide")
    assert texts.problems.NOTHING_CHANGED in html_of(page)


def test_that_a_connection_was_not_noted_for_training_does_not_undo_it(visit: Visit, monkeypatch):
    application = people()
    page = visit(application)
    monkeypatch.setattr(application.meeting.feedback, "add", unreachable)
    press(page, f"connect_card_{FIRST}")
    assert [one.listener_id for one in application.people.contacts("ada")] == [FIRST]
    assert texts.problems.NOTHING_CHANGED not in html_of(page)


def test_a_refresh_that_could_not_begin_is_told_once(visit: Visit, monkeypatch):
    application = people()
    page = visit(application)

    def refuse(listener_id: str) -> None:
        raise StorageUnreachable("away")

    monkeypatch.setattr(application.syncs, "start", refuse)
    page.button(key="refresh").click().run()
    assert messages.MESSAGES[StorageUnreachable].title in html_of(page)
    assert messages.MESSAGES[StorageUnreachable].title not in html_of(page.run())


def test_blocking_is_asked_for_and_then_at_once(visit: Visit):
    application = people()
    page = visit(application)
    press(page, f"ask_block_{FIRST}")
    assert texts.card.REALLY_BLOCK in html_of(page)
    press(page, f"no_block_{FIRST}")
    assert "Quiet Otter 101" in html_of(page)
    press(page, f"ask_block_{FIRST}")
    press(page, f"yes_block_{FIRST}")
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103"]


def test_who_blocks_me_vanishes_at_the_next_run(visit: Visit):
    application = people()
    page = visit(application)
    application.people.choose_discoverable("ada", True)
    application.people.block(FIRST, "ada")
    assert "Quiet Otter 101" not in html_of(page.run())


@pytest.mark.parametrize("key", [f"hide_{FIRST}", f"connect_card_{FIRST}"])
def test_old_buttons_do_nothing_after_signing_out(visit: Visit, key: str):
    application = people()
    page = visit(application)
    application.sessions.listener_by_cookie.clear()
    press(page, key)
    assert application.meeting.feedback.rows == set()
    assert application.meeting.kept.asked == {}


def test_an_action_on_somebody_who_is_gone_is_told_and_breaks_nothing(visit: Visit):
    application = people()
    page = visit(application)
    application.meeting.listeners.forget(FIRST)
    application.service.found = a_match_list(list(application.service.found.matches[1:]))
    press(page, f"connect_card_{FIRST}")
    assert aliases(page) == ["Quiet Otter 102", "Quiet Otter 103"]
    assert texts.problems.ANOTHER_GONE[0] in html_of(page)
    assert messages.MESSAGES[UnknownListener].title not in html_of(page)
    with pytest.raises(UnknownListener):
        application.people.ask_to_connect("ada", FIRST)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_tags_are_text_in_the_filter_too(visit: Visit, text: str):
    page = visit(an_application(a_match_list([a_match(explanation=tagged(text), alias=text)])))
    tags = Tags()
    tags.feed(html_of(page))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe", "svg"}
    assert text.upper() in menus_of(page)["tag"].values()
