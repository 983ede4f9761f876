"""The page of one match: what may be told before and after both agree, and what the two can do."""

import csv
import io
import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from matcher.domain.consent import Sharing
from matcher.domain.listening import Source
from matcher.errors import NotSynced, RateLimited, StorageUnreachable
from matcher.groups.near_pairs import NearPair
from matcher.scoring.explain import Explanation, SharedItem
from tests.fakes.product_way import choose_sharing
from tests.ui.charts.gallery import a_summary
from tests.ui.conftest import Visit, html_of, labels_of, press
from tests.ui.fakes import NOON, FakeMeeting, a_match, a_match_list, a_profile, an_application
from tests.ui.html.test_hostile_text import HOSTILE, Tags
from ui import messages, texts
from ui.pages.match import words as match_words

BOB = "listener-1"
PARTS = {"towers": 0.5, "artists": 0.45, "audio": 0.05, "tags": -0.126}
SHARED = Explanation(
    PARTS,
    artists=tuple(SharedItem(f"a{n}", f"Artist {n}", "", 1 / n) for n in range(1, 40)),
    tracks=(SharedItem("t1", "Secret Song", "Artist 1", 1.0),),
    tags=(SharedItem("jazz", "jazz", "", 1.0),),
)


def two(**more: object) -> FakeMeeting:
    """Ada and one other, a person unless told otherwise, whose music is known."""
    bob = a_match(**({"score": 0.874, "source": Source.TABLE, "explanation": SHARED} | more))
    application = an_application(a_match_list([bob]))
    application.service.store.profiles |= {
        "ada": a_profile(audio=a_summary()),
        BOB: a_profile(audio=a_summary(0.1)),
    }
    return application


def connected(**more: object) -> FakeMeeting:
    application = two(**more)
    application.people.ask_to_connect("ada", BOB)
    if application.people.contacts("ada")[0].relation.value != "connected":
        application.people.agree_to_connect(BOB, "ada")
    return application


def opened(visit: Visit, application: FakeMeeting, listener: str = BOB) -> AppTest:
    return visit(application, screen="match", listener=listener)


def pictures(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown)


# ---- before both agree -------------------------------------------------------------------------------


def test_before_both_agree_no_figure_no_track_no_link_is_anywhere(visit: Visit):
    page = opened(visit, two())
    everything = html_of(page) + pictures(page)
    assert ">Close<" in everything
    assert "Artist 39" in everything
    assert not re.search(r"87 %|8[67]\.|0\.874|0\.500|0\.126|Secret Song|user/listener", everything)
    assert "es-waterfall" not in everything
    assert everything.count("es-theirs") == everything.count("es-small-overlap")
    assert match_words.LATER in everything


def test_who_is_known_from_open_data_is_said_to_be_so_and_cannot_be_asked(visit: Visit):
    page = opened(visit, two(source=Source.LISTENBRAINZ))
    assert texts.card.OPEN_DATA in html_of(page)
    assert match_words.OPEN_DATA_NOTE in html_of(page)
    assert texts.card.CONNECT not in labels_of(page).values()
    assert texts.card.CONNECT in labels_of(opened(visit, two())).values()


def test_what_a_number_is_worked_out_from_is_said_whoever_they_are_and_whatever_they_show(visit: Visit):
    told = "Worked out from all of your music and what they show."
    assert told in html_of(opened(visit, two()))
    application = connected()
    choose_sharing(application.people, BOB, Sharing(tracks=False))
    assert told in html_of(opened(visit, application))


def test_before_both_agree_what_is_named_is_not_called_everything(visit: Visit):
    shown = html_of(opened(visit, two()))
    assert "Some of what you share" in shown
    assert match_words.SHARED not in shown


def test_before_both_agree_only_my_own_artists_are_named_by_the_tags_that_are_seen(visit: Visit):
    application = two()
    application.tastes.artists_tagged = {"jazz": ("Alice Coltrane", "Sun Ra")}
    shown = html_of(opened(visit, application))
    assert re.search(r"tags you share describe your .*Alice Coltrane</bdi> and .*Sun Ra</bdi>", shown)
    assert "Moss Choir" not in shown
    assert "Volt Club" not in shown
    assert "es-points" not in shown
    assert match_words.EFFECTS not in shown


def test_before_both_agree_my_own_sound_is_told_and_not_theirs(visit: Visit):
    shown = html_of(opened(visit, two(explanation=replace(SHARED, parts={**PARTS, "audio": 0.6}))))
    assert "; yours is " in shown
    assert ": both " not in shown


def test_reasons_are_words_before_both_agree(visit: Visit):
    shown = html_of(opened(visit, two()))
    assert shown.index(texts.card.REASONS["towers"]) < shown.index("You share artists such as")
    assert match_words.STRONGEST in shown


def test_nothing_for_two_is_offered_before_both_agree(visit: Visit):
    page = opened(visit, two())
    shown = html_of(page)
    assert "New Artist" not in shown
    assert not [one for one in page.button if one.key == "make_playlist"]


def test_looking_is_noted_once(visit: Visit):
    application = two()
    opened(visit, application).run()
    assert application.meeting.feedback.rows == {("ada", BOB, 1, "v1")}


# ---- once both agree ---------------------------------------------------------------------------------


def test_once_both_agree_everything_that_is_shared_is_shown(visit: Visit):
    page = opened(visit, connected())
    everything = html_of(page) + pictures(page)
    for expected in (
        "87 %",
        "between 50 and 90 %",
        "Secret Song",
        "user/listener-1",
        "es-waterfall",
        "es-overlap",
    ):
        assert expected in everything


def test_the_towers_part_is_told_by_what_lies_near(visit: Visit):
    shown = html_of(opened(visit, connected()))
    assert re.search(r"strangers’ do: your .*Moss Choir</bdi> near their .*Volt Club</bdi>", shown)


def test_without_any_of_theirs_my_own_stands_alone(visit: Visit):
    application = connected()
    application.groups.pairs = (NearPair("mc", "Moss Choir", ""),)
    shown = html_of(opened(visit, application))
    assert re.search(r"your .*Moss Choir</bdi> near what they hear", shown)


def test_several_of_mine_that_stand_alone_are_told_together(visit: Visit):
    application = connected()
    application.groups.pairs = tuple(NearPair(name, name, "") for name in ("Moss Choir", "Tin Sail"))
    shown = html_of(opened(visit, application))
    assert shown.count("near what they hear") == 1
    assert re.search(r"your .*Tin Sail</bdi> and .*Moss Choir</bdi> near what they hear", shown)


def test_the_part_of_sound_is_told_by_what_both_have(visit: Visit):
    shown = html_of(opened(visit, connected()))
    assert ": both " in shown
    assert " than average" in shown


def test_where_their_sound_is_kept_back_only_my_own_is_told(visit: Visit):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(tracks=False))
    shown = html_of(opened(visit, application))
    assert ": both " not in shown
    assert "; yours is " in shown


def test_what_each_adds_stands_beside_it_the_most_first(visit: Visit):
    shown = html_of(opened(visit, connected()))
    lists = shown.partition("es-lists")[2]
    figures = re.findall(r'es-points">([^<]+)<', lists)
    # the n-th of what is asked for adds n points: eight artists, then a track, then a tag
    assert figures == ["8.0", "7.0", "6.0", "5.0", "4.0", "3.0", "2.0", "1.0", "9.0", "10.0"]
    assert lists.index("Artist 8<") < lists.index("Artist 1<") < lists.index("Artist 9<")
    assert match_words.EFFECTS in shown


def test_what_adds_next_to_nothing_has_no_figure(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    application = connected()
    monkeypatch.setattr(
        application.service, "effects", lambda me, other, items: {one: {"towers": 0.0004} for one in items}
    )
    assert "es-points" not in html_of(opened(visit, application))


@pytest.mark.parametrize(("effect", "figures"), [(0.00049, set()), (0.00051, {"0.1"}), (-0.00051, {"−0.1"})])
def test_less_than_0_05_points_is_left_blank(visit: Visit, monkeypatch: pytest.MonkeyPatch, effect, figures):
    assert "less than 0.05 is left blank" in match_words.EFFECTS
    application = connected()
    monkeypatch.setattr(
        application.service, "effects", lambda me, other, items: {one: {"tracks": effect} for one in items}
    )
    shown = html_of(opened(visit, application))
    assert set(re.findall(r'es-points">([^<]+)<', shown)) == figures


@pytest.mark.parametrize(
    ("tracks", "noun", "mine"), [(True, "artists and tracks", "1,022"), (False, "artists", "210")]
)
def test_the_records_compare_tracks_only_where_they_are_shown(visit: Visit, tracks, noun, mine):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(tracks=tracks))
    assert f"\u2068You\u2069&#58; {mine} {noun}; \u2068Quiet Otter 101\u2069&#58;" in pictures(
        opened(visit, application)
    )


@pytest.mark.parametrize("demo", [True, False])
def test_everything_that_is_recommended_can_be_opened_in_the_demo_too(visit: Visit, demo: bool):
    application = connected()
    application.demo = demo
    page = opened(visit, application)
    finds = html_of(page).split(match_words.DISCOVER_MORE)[1]
    for place in ("artist/new", "track/song"):
        assert f'<a class="es-out" href="https://open.spotify.com/{place}" target="_blank">' in finds
    page.button(key="make_playlist").click().run()
    rows = html_of(page).split("es-joint")[1].split("<tr>")[2:]
    assert len(rows) == 2
    assert all("https://open.spotify.com/track/" in row for row in rows)


def test_what_is_shared_and_what_is_found_leads_to_spotify_when_live(visit: Visit):
    application = connected()
    application.demo = False
    shown = html_of(opened(visit, application))
    for place in ("artist/one", "artist/new", "track/song"):
        assert f'<a class="es-out" href="https://open.spotify.com/{place}" target="_blank">' in shown


def test_the_waterfall_sums_to_the_score_and_explains_what_is_taken_off(visit: Visit):
    page = opened(visit, connected())
    drawn = pictures(page)
    for value in ("50.0", "45.0", "−12.6", "87.4 %"):
        assert value in drawn
    assert texts.card.COMPONENT_MEANING["tags"] in drawn
    assert "less of it than strangers have" in html_of(page)


def test_parts_too_small_for_a_reason_are_in_the_sum(visit: Visit):
    parts = {"towers": 0.5, "artists": 0.3746, "tags": -0.0004, "audio": -0.0004}
    drawn = pictures(opened(visit, connected(explanation=replace(SHARED, parts=parts))))
    assert "87.4 %" in drawn
    assert "87.5 %" not in drawn


def test_both_outlines_are_drawn_where_sound_is_shared(visit: Visit):
    assert "es-theirs" in pictures(opened(visit, connected())).partition("es-radar")[2]


def test_sound_is_kept_back_with_tracks(visit: Visit):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(tracks=False))
    page = opened(visit, application)
    assert match_words.SOUND_KEPT in html_of(page)


def test_what_the_other_keeps_to_themselves_is_said_kindly(visit: Visit):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(False, False, False, False))
    page = opened(visit, application)
    shown = html_of(page)
    assert all(one in shown for one in (match_words.NO_ARTISTS, match_words.NO_TRACKS, match_words.NO_TAGS))
    assert "Secret Song" not in shown
    assert "user/listener" not in shown


def test_a_synthetic_listener_says_yes_at_once_and_the_page_says_why(visit: Visit):
    page = opened(visit, two(source=Source.SYNTHETIC))
    assert match_words.SYNTHETIC_NOTE in html_of(page)
    press(page, f"connect_match_{BOB}")
    assert "87 %" in html_of(page)
    assert match_words.SYNTHETIC_NOTE not in html_of(page)


def test_a_synthetic_listener_whom_somebody_plays_is_not_said_to_answer_at_once(visit: Visit):
    application = two(source=Source.SYNTHETIC)
    application.meeting.with_all(application.service).store.rows[BOB].signed_in = True
    page = opened(visit, application)
    assert match_words.SYNTHETIC_NOTE not in html_of(page)
    press(page, f"connect_match_{BOB}")
    assert "87 %" not in html_of(page)


def test_who_was_declined_is_told_when_they_can_ask_again(visit: Visit):
    application = two()
    application.people.ask_to_connect("ada", BOB)
    application.people.withdraw(BOB, "ada")
    page = opened(visit, application)
    press(page, f"connect_match_{BOB}")
    shown = html_of(page)
    assert "The other listener has declined a request of yours." in shown
    assert "You can ask again on" in shown


def test_a_person_is_not_called_synthetic(visit: Visit):
    assert match_words.SYNTHETIC_NOTE not in html_of(opened(visit, two()))


def test_disconnecting_is_asked_for_and_hides_everything_again(visit: Visit):
    application = connected()
    page = opened(visit, application)
    press(page, f"ask_disconnect_{BOB}")
    assert match_words.REALLY_DISCONNECT in html_of(page)
    press(page, f"yes_disconnect_{BOB}")
    assert "87 %" not in html_of(page)
    assert "Secret Song" not in html_of(page)


def found(application: FakeMeeting) -> FakeMeeting:
    """Ada can be found."""
    application.meeting.with_all(application.service).set_discoverable("ada", True, NOON)
    return application


RELATED = {
    "strangers": lambda application: None,
    "asked by me": lambda application: application.people.ask_to_connect("ada", BOB),
    "asked by them": lambda application: found(application) and _asked_by_bob(application),
    "connected": lambda application: (
        application.people.ask_to_connect("ada", BOB),
        application.people.agree_to_connect(BOB, "ada"),
    ),
}


def _asked_by_bob(application: FakeMeeting) -> None:
    application.people.ask_to_connect(BOB, "ada")
    application.people.choose_discoverable("ada", False)


@pytest.mark.parametrize("relation", RELATED)
def test_whoever_cannot_be_found_is_told_what_the_other_sees_and_how_to_change_it(visit: Visit, relation):
    application = two()
    RELATED[relation](application)
    page = opened(visit, application)
    shown = html_of(page)
    assert texts.connecting.BESIDE[relation] in shown
    assert match_words.RELATIONS_UNSEEN[relation] in shown
    assert f'href="/privacy">{texts.connecting.NOTE_LINK}</a>' in shown
    found(application)
    shown = html_of(page.run())
    assert texts.connecting.BESIDE[relation] not in shown
    assert match_words.RELATIONS[relation] in shown


def test_agreeing_to_what_was_taken_back_asks_nobody_and_is_told(visit: Visit):
    application = found(two())
    application.people.ask_to_connect(BOB, "ada")
    page = opened(visit, application)
    application.people.withdraw(BOB, "ada")
    press(page, f"agree_match_{BOB}")
    assert application.people.contacts("ada") == []
    assert texts.problems.PROBLEMS["NotAsked"][0] in html_of(page)


# ---- the order of the connected page, and the moment -------------------------------------------------


def test_the_connected_page_begins_with_both_and_ends_with_the_way_out(visit: Visit):
    page = opened(visit, connected())
    shown = html_of(page)
    order = [
        "Velvet Heron 482",
        "87 %",
        texts.playlist.FOR_TWO,
        match_words.DISCOVER,
        match_words.CARD,
        match_words.SHARED,
        match_words.WHY,
        texts.card.DISCONNECT,
    ]
    places = [shown.index(f">{one}" if n else one) for n, one in enumerate(order)]
    assert places == sorted(places)


def test_before_both_agree_the_page_names_the_other_alone(visit: Visit):
    assert "Velvet Heron 482" not in html_of(opened(visit, two()))


def test_the_moment_of_agreeing_is_told_until_the_playlist_is_drawn_up(visit: Visit):
    application = found(two())
    application.people.ask_to_connect(BOB, "ada")
    page = opened(visit, application)
    assert match_words.AGREED not in html_of(page)
    press(page, f"agree_match_{BOB}")
    assert match_words.AGREED in html_of(page)
    page.button(key="make_playlist").click().run()
    assert match_words.AGREED not in html_of(page)


def test_who_has_long_been_connected_is_told_of_no_moment(visit: Visit):
    assert match_words.AGREED not in html_of(opened(visit, connected()))


# ---- searching ---------------------------------------------------------------------------------------


def test_everything_that_is_shared_can_be_searched(visit: Visit):
    page = opened(visit, connected())
    page.text_input(key=f"search_{BOB}").set_value("SECRET").run()
    lists = html_of(page).partition("es-lists")[2]
    assert "Secret Song" in lists
    assert "Artist 39" not in lists
    page.text_input(key=f"search_{BOB}").set_value("nobody has this").run()
    assert match_words.NOT_FOUND in html_of(page)


# ---- for two -----------------------------------------------------------------------------------------


def test_what_they_have_that_i_would_like_is_listed(visit: Visit):
    shown = html_of(opened(visit, connected()))
    assert "New Artist" in shown
    assert "New Song" in shown


def test_a_playlist_is_made_when_asked_for_and_says_whose_each_track_is(visit: Visit):
    page = opened(visit, connected())
    assert "Our Song" not in html_of(page)
    page.button(key="make_playlist").click().run()
    shown = html_of(page)
    ours, theirs = (shown.split(f">{title}<")[1].split("</tr>")[0] for title in ("Our Song", "Their Song"))
    assert ">you<" in ours
    assert ">Quiet Otter 101<" in ours
    assert ">you<" not in theirs
    assert 'href="https://open.spotify.com/track/a"' in shown


def test_the_playlist_can_be_taken_away(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    taken = {}
    monkeypatch.setattr(
        "ui.shared.joint_playlist.st.download_button",
        lambda label, content, name, *more, **options: taken.update({name: content}),
    )
    opened(visit, connected()).button(key="make_playlist").click().run()
    rows = list(csv.DictReader(io.StringIO(taken["earshot-playlist.csv"])))
    assert [row["title"] for row in rows] == ["Our Song", "Their Song"]
    assert rows[0]["from"] == "Velvet Heron 482, Quiet Otter 101"
    assert taken["earshot-playlist.m3u8"].startswith("#EXTM3U")


def test_without_the_permission_the_page_asks_for_it(visit: Visit):
    page = opened(visit, connected())
    page.button(key="make_playlist").click().run()
    back = f"%2Fmatch%3Flistener%3D{BOB}%26playlist%3D1"
    assert f'href="/login?for=playlist&amp;back={back}"' in html_of(page)
    assert not [one for one in page.button if one.key == "to_spotify"]


def test_whoever_comes_back_with_the_permission_finds_the_playlist_made(visit: Visit):
    page = visit(connected(), screen="match", listener=BOB, playlist="1")
    assert "Our Song" in html_of(page)
    assert not [one for one in page.button if one.key == "make_playlist"]


def test_a_playlist_is_created_once_a_press(visit: Visit):
    application = connected()
    application.playlists.granted = True
    page = opened(visit, application)
    page.button(key="make_playlist").click().run()
    page.button(key="to_spotify").click().run()
    assert texts.playlist.made_more(2, 0) in html_of(page)
    page.run()
    assert application.playlists.made == [("ada", "Earshot: Velvet Heron 482 and Quiet Otter 101", 2)]


def test_while_a_playlist_is_made_its_button_rests_and_says_so(visit: Visit, monkeypatch):
    application = connected()
    application.playlists.granted = True
    page = opened(visit, application)
    page.button(key="make_playlist").click().run()
    words, drawn = texts.playlist, []
    monkeypatch.setattr(
        "streamlit.delta_generator.DeltaGenerator.html", lambda self, body, **more: drawn.append(body)
    )
    monkeypatch.setattr(
        "streamlit.delta_generator.DeltaGenerator.button", lambda self, label, **more: drawn.append(label)
    )
    make = application.playlists.make

    def watched(*asked):
        drawn.append("made here")
        return make(*asked)

    monkeypatch.setattr(application.playlists, "make", watched)
    page.session_state["make_on_spotify"] = True
    page.run()
    working = drawn[: drawn.index("made here")]
    assert f'disabled aria-busy="true">{words.MAKING}</button>' in working[-2]
    assert words.MAKING_MORE in working[-1]
    assert words.MAKE not in working
    assert words.MAKE in drawn


def test_making_it_again_says_that_it_is_there_already(visit: Visit):
    application = connected()
    application.playlists.granted = True
    page = opened(visit, application)
    page.button(key="make_playlist").click().run()
    page.button(key="to_spotify").click().run()
    assert texts.playlist.MADE_BEFORE not in html_of(page)
    page.button(key="to_spotify").click().run()
    assert texts.playlist.MADE_BEFORE in html_of(page)
    assert 'href="https://open.spotify.com/playlist/1"' in html_of(page)


def test_why_a_playlist_was_not_created_is_told(visit: Visit):
    application = connected()
    application.playlists.granted, application.playlists.error = True, RateLimited("x", NOON)
    page = opened(visit, application)
    page.button(key="make_playlist").click().run()
    page.button(key="to_spotify").click().run()
    assert messages.MESSAGES[RateLimited].title in html_of(page)
    assert "87 %" in html_of(page)


# ---- the card to share -------------------------------------------------------------------------------


def test_the_card_names_nobody_and_no_figure_before_both_agree(visit: Visit):
    page = opened(visit, two())
    page.button(key="draw_card").click().run()
    (told,) = re.findall(r'class="es-postcard es-share [^>]* alt="([^"]*)"', html_of(page))
    assert told.startswith("Earshot. Velvet Heron 482 has found somebody close in taste. ")
    assert "Otter" not in told
    assert "%" not in told
    assert not [one for one in page.toggle if one.key == "name_them"]


def drawn(page: AppTest) -> str:
    """The alternative text of the card: everything that stands on it."""
    page.button(key="draw_card").click().run()
    return on_card(page)


def on_card(page: AppTest) -> str:
    (told,) = re.findall(r'class="es-postcard es-share [^>]* alt="([^"]*)"', html_of(page))
    return told


def test_without_the_others_permission_the_card_of_the_connected_has_neither_alias_nor_percent(visit: Visit):
    page = opened(visit, connected())
    told = drawn(page)
    assert told.startswith("Earshot. Velvet Heron 482 has found somebody close in taste. ")
    assert "Otter" not in told
    assert "%" not in told
    assert not [one for one in page.toggle if one.key == "name_them"]
    assert match_words.CARD_NOT_ALLOWED in html_of(page)


def test_with_it_alias_and_percent_are_on_the_card_together_or_not_at_all(visit: Visit):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(cards=True))
    page = opened(visit, application)
    told = drawn(page)
    assert "Velvet Heron 482 with Quiet Otter 101. 87 % match" in told
    page.toggle(key="name_them").set_value(False).run()
    assert "Otter" not in on_card(page)
    assert "%" not in on_card(page)
    assert match_words.CARD_NOT_ALLOWED not in html_of(page)


def test_a_permission_that_is_taken_back_takes_the_alias_off_the_card_at_the_next_run(visit: Visit):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(cards=True))
    page = opened(visit, application)
    assert "Otter" in drawn(page)
    choose_sharing(application.people, BOB, Sharing())
    told = on_card(page.run())
    assert "Otter" not in told
    assert "%" not in told


@pytest.mark.parametrize("cards", [True, False])
def test_artists_the_other_keeps_back_stay_off_the_card(visit: Visit, cards: bool):
    application = connected()
    choose_sharing(application.people, BOB, Sharing(artists=False, cards=cards))
    assert "Artist" not in drawn(opened(visit, application))


# ---- when something is wrong -------------------------------------------------------------------------


def test_blocking_makes_them_vanish_at_once(visit: Visit):
    page = opened(visit, connected())
    press(page, f"ask_block_{BOB}")
    press(page, f"yes_block_{BOB}")
    shown = html_of(page)
    assert match_words.NOT_THERE in shown
    assert "Quiet Otter" not in shown
    assert "Artist 1" not in shown


def test_a_report_has_a_reason_and_is_thanked_for(visit: Visit):
    application = two()
    page = opened(visit, application)
    page.selectbox(key="reason").select("spam").run()
    page.button(key="send_report").click().run()
    assert application.meeting.kept.reports["ada", BOB][0].value == "spam"
    assert match_words.REPORTED in html_of(page)


def unreachable(*_: object) -> None:
    raise StorageUnreachable("away")


def test_a_block_that_failed_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    application = two()
    page = opened(visit, application)
    press(page, f"ask_block_{BOB}")
    monkeypatch.setattr(application.meeting.kept, "block", unreachable)
    press(page, f"yes_block_{BOB}")
    shown = html_of(page)
    assert texts.problems.NOTHING_CHANGED in shown
    assert messages.MESSAGES[StorageUnreachable].title in shown


def test_a_report_that_failed_is_told_and_not_thanked_for(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    application = two()
    page = opened(visit, application)
    page.selectbox(key="reason").select("spam").run()
    monkeypatch.setattr(application.meeting.kept, "report", unreachable)
    page.button(key="send_report").click().run()
    assert texts.problems.NOTHING_CHANGED in html_of(page)
    assert match_words.REPORTED not in html_of(page)


def test_a_disconnection_that_failed_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    application = connected()
    page = opened(visit, application)
    press(page, f"ask_disconnect_{BOB}")
    monkeypatch.setattr(application.meeting.kept, "withdraw", unreachable)
    press(page, f"yes_disconnect_{BOB}")
    assert texts.problems.NOTHING_CHANGED in html_of(page)
    assert "87 %" in html_of(page)


def test_what_came_of_a_button_about_who_is_gone_waits_nowhere(visit: Visit):
    application = two()
    page = opened(visit, application)
    _erase(application)
    press(page, f"connect_match_{BOB}")
    assert match_words.NOT_THERE in html_of(page)
    assert not [key for key in page.session_state.to_dict() if key.startswith("told_")]


NOT_THERE = ("", "stranger-7", "ada", "<script>alert(1)</script>", "\x00", "'; DROP TABLE x; --", "Z" * 500)


@pytest.mark.parametrize("listener", NOT_THERE)
def test_who_is_not_there_is_told_kindly(visit: Visit, listener: str):
    page = opened(visit, two(), listener)
    shown = html_of(page)
    assert match_words.NOT_THERE in shown
    assert not listener or listener == "ada" or listener not in shown
    assert texts.frame.SIGN_OUT in shown


@pytest.mark.parametrize("action", ["hide", "pause", "block", "erase"])
def test_who_goes_is_gone_at_the_next_run(visit: Visit, action: str):
    application = connected()
    page = opened(visit, application)
    {
        "hide": lambda: application.people.choose_discoverable(BOB, False),
        "pause": lambda: application.people.pause(BOB),
        "block": lambda: application.people.block(BOB, "ada"),
        "erase": lambda: application.service.found.matches and _erase(application),
    }[action]()
    shown = html_of(page.run())
    assert match_words.NOT_THERE in shown
    assert "Quiet Otter" not in shown


def _erase(application: FakeMeeting) -> None:
    application.service.found = a_match_list([])
    application.meeting.listeners.forget(BOB)


# ---- as every screen ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("make", [two, connected])
def test_names_are_text_and_nothing_else(visit: Visit, text: str, make):
    item = SharedItem(text, text, text, 0.5)
    shared = Explanation(PARTS, (item,) * 3, (item,) * 2, (item,))
    page = opened(visit, make(alias=text, explanation=shared))
    tags = Tags()
    tags.feed(html_of(page))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe", "svg"}
    assert not any(name.startswith("on") for name in tags.attributes)
    assert not any(text in label for label in labels_of(page).values())


def test_after_the_session_ended_nothing_of_the_match_is_there(visit: Visit):
    application = connected()
    page = opened(visit, application)
    application.sessions.listener_by_cookie.clear()
    shown = html_of(page.run())
    assert "Quiet Otter" not in shown
    assert 'href="/login"' in shown


def test_old_buttons_do_nothing_after_signing_out(visit: Visit):
    application = two()
    page = opened(visit, application)
    application.sessions.listener_by_cookie.clear()
    press(page, f"connect_match_{BOB}")
    assert application.meeting.kept.asked == {}


def test_before_the_first_reading_it_is_watched_instead(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    application = two()

    def unread(listener_id: str, other_id: str):
        raise NotSynced("x")

    monkeypatch.setattr(application.service, "find_match", unread)
    assert texts.sync.FINDING_TITLE in html_of(opened(visit, application))


def test_what_changed_is_told_with_its_reason(visit: Visit):
    application = two()
    visit(application)
    application.service.found = a_match_list(
        [a_match(score=0.9, source=Source.TABLE, explanation=SHARED, digest="other")]
    )
    visit(application)
    shown = html_of(opened(visit, application))
    assert "Since 20 November 2026 at 09:30 UTC:" in shown
    assert f"{match_words.CHANGE_PLACE}, {match_words.CHANGE_NEARNESS}. Why: their taste." in shown
    assert match_words.CHANGE_SAME not in shown
    assert "+0.026" not in shown


def looked_twice(visit: Visit, before: list, now: list, at: list) -> str:
    """What Bob's page says after two looks at the list, and where the matches stand now."""
    application = two()
    for matches in (before, now):
        application.service.found = a_match_list(matches)
        visit(application)
    application.service.found = a_match_list(at)
    return html_of(opened(visit, application))


def others(first: int, n: int) -> list:
    return [a_match(rank, source=Source.TABLE) for rank in range(first, first + n)]


def test_where_a_match_went_in_the_list_is_told(visit: Visit):
    (bob,), rest = others(1, 1), others(2, 2)
    after = [replace(one, rank=rank) for rank, one in enumerate([*rest, bob], start=1)]
    shown = looked_twice(visit, [bob, *rest], after, [bob])
    assert f"{match_words.CHANGE_DOWN.format(places=texts.card.places(2))}. Why: others" in shown
    assert match_words.CHANGE_NEARNESS not in shown


def test_who_is_no_longer_among_the_nearest_is_told_so_with_a_reason(visit: Visit):
    shown = looked_twice(visit, others(1, 3), others(2, 2), others(1, 1))
    assert f"{match_words.CHANGE_GONE.format(n=20)}. Why: others" in shown
    assert match_words.CHANGE_SAME not in shown


def test_who_is_newly_among_the_nearest_is_told_so(visit: Visit):
    shown = looked_twice(visit, others(2, 2), others(1, 3), others(1, 1))
    assert f"{match_words.CHANGE_NEW.format(n=20)}. Why: others" in shown


def test_that_nothing_changed_is_said_only_where_it_is_known(visit: Visit):
    assert match_words.CHANGE_SAME in looked_twice(visit, others(1, 2), others(1, 3), others(1, 1))


def test_of_who_was_too_far_down_to_be_compared_nothing_is_claimed(visit: Visit):
    shown = looked_twice(visit, others(2, 20), others(2, 19), others(1, 1))
    assert "Since " not in shown
    assert match_words.CHANGE_SAME not in shown


def test_a_change_of_the_score_is_told_to_the_connected(visit: Visit):
    application = connected()
    visit(application)
    application.service.found = a_match_list([a_match(score=0.9, source=Source.TABLE, explanation=SHARED)])
    visit(application)
    assert "likeness +2.6 points" in html_of(opened(visit, application))


def test_likenesses_of_two_models_are_not_subtracted(visit: Visit):
    application = connected()
    visit(application)
    found = a_match_list([a_match(score=0.9, source=Source.TABLE, explanation=SHARED)])
    application.service.found = replace(found, model_version="another")
    visit(application)
    shown = html_of(opened(visit, application))
    assert "Why: a new model" in shown
    assert "points" not in shown.split("Since ")[1].split("</p>")[0]


def test_once_both_agree_the_place_among_all_is_told(visit: Visit):
    assert "listeners here" not in html_of(opened(visit, two()))
    assert "None of the 400 listeners here is nearer." in html_of(opened(visit, connected()))
