import re

import pytest

from matcher.domain.exclusions import Exclusion, Kind
from matcher.errors import MapMissing
from matcher.taste.facets import FacetKind, TasteFacet
from matcher.taste.library_entries import Entry
from matcher.taste.service import TasteChange, TasteLook
from tests.ui.company import in_company
from tests.ui.conftest import Visit, html_of, press
from tests.ui.fakes import NOON, a_match_list, a_profile
from ui import messages
from ui.pages.map import words as map_words
from ui.pages.matches.query_parameters import number_of_facet


def picture_of(page) -> str:
    (drawn,) = [one.value for one in page.markdown]
    return drawn


def test_the_map_shows_me_my_matches_and_the_crowd(visit: Visit):
    drawn = picture_of(visit(in_company(n_matches=4), screen="map"))
    assert drawn.count('class="es-spot es-mine"') == 1
    assert drawn.count('class="es-spot es-theirs"') == 4
    assert drawn.count("h0") == 100


def test_a_dot_of_a_match_leads_to_their_page(visit: Visit):
    drawn = picture_of(visit(in_company(n_matches=2), screen="map"))
    assert re.findall(r'<a class="es-mark" href="([^"]+)"', drawn) == [
        "/match?listener=listener-2",
        "/match?listener=listener-1",
    ]


def test_every_match_on_the_map_is_listed_beside_it_with_a_link(visit: Visit):
    shown = html_of(visit(in_company(n_matches=3), screen="map"))
    for number in (1, 2, 3):
        assert f'href="/match?listener=listener-{number}"' in shown
        assert f"Quiet Otter {100 + number}" in shown


def test_neighbourhoods_are_a_table_in_which_mine_is_marked(visit: Visit):
    shown = html_of(visit(in_company(n_matches=0), screen="map"))
    rows = re.findall(r"<tr.*?</tr>", shown)[1:]
    assert len(rows) == 2
    assert "es-here" in rows[0]
    assert f"<td>{map_words.YOU}</td>" in rows[0]
    assert map_words.UNNAMED.format(number=2) in rows[1]
    assert "es-here" not in rows[1]


def test_the_map_says_what_it_shows_and_what_nearness_means(visit: Visit):
    shown = html_of(visit(in_company(), screen="map"))
    assert map_words.SHOWN in shown
    assert map_words.MEANING in shown


def test_without_matches_there_is_a_map_all_the_same(visit: Visit):
    page = visit(in_company(n_matches=0), screen="map")
    assert "es-mine" in picture_of(page)
    assert map_words.MATCHES_NONE in html_of(page)


def test_a_model_without_a_map_is_told(visit: Visit):
    application = in_company()
    application.map_view.error = MapMissing("x")
    shown = html_of(visit(application, screen="map"))
    assert messages.MESSAGES[MapMissing].title in shown


@pytest.mark.parametrize("key", ["a&b", "x y", '"><script>'])
def test_an_id_cannot_leave_the_address_it_stands_in(visit: Visit, key: str):
    application = in_company(n_matches=1)
    object.__setattr__(application.people.seen[0], "listener_id", key)
    page = visit(application, screen="map")
    assert key not in picture_of(page)
    assert f'listener={key}"' not in html_of(page)


def test_matches_are_seen_only_as_consent_lets_them(visit: Visit):
    application = in_company(n_matches=2)
    application.service.found = a_match_list([])
    visit(application, screen="map")
    assert application.service.asked == []


# ---- regions, parts of a taste, leaving out ----------------------------------------------------------


def a_facet(name: str, share: float, kind: FacetKind = FacetKind.CLUSTER) -> TasteFacet:
    return TasteFacet(f"{kind}:{name}", kind, name, ("Low",), (name,), 6, 20, share)


LOW, CAN = (Exclusion(Kind.ARTIST, one) for one in ("low", "can"))
FACETS = (a_facet("chalk hop", 0.6), a_facet("violet jazz", 0.4), a_facet("Monday", 0.2, FacetKind.PLAYLIST))


def with_library(application, *away: Exclusion):
    """Two artists in the library, of which some are left out."""
    entries = tuple(
        Entry(thing, name, "", 3, 0.5, NOON if thing in away else None)
        for thing, name in ((LOW, "Low"), (CAN, "Can"))
    )
    left = tuple(one for one in entries if one.since_utc)
    application.tastes.look = lambda *_: TasteLook(entries, left, FACETS)
    application.tastes.profiles = {one.facet_id: a_profile() for one in FACETS}
    return application


def test_a_region_is_named_by_its_tags_and_its_artists_stand_in_the_table(visit: Visit):
    application = in_company(n_matches=0)
    application.map_view.tags = ("chalk hop", "violet jazz", "brass")
    page = visit(application, screen="map")
    assert "chalk hop · violet jazz" in picture_of(page)
    row = re.findall(r"<tr.*?</tr>", html_of(page))[1]
    assert "brass" in row
    assert "<small>" in row
    assert "Neu!" in row


def test_clusters_are_chips_with_their_shares_and_playlists_are_not(visit: Visit):
    shown = html_of(visit(with_library(in_company()), screen="map"))
    assert ">chalk hop</bdi> 60 %</button>" in shown
    assert "Monday" not in shown
    assert 'data-press="facet_0" aria-pressed="true"' in shown


def test_a_chosen_part_of_my_taste_has_its_matches_and_its_place(visit: Visit):
    number = number_of_facet(FACETS[1].facet_id)
    page = visit(with_library(in_company(n_matches=4)), screen="map", facet=str(number))
    drawn = picture_of(page)
    assert drawn.count('class="es-spot es-theirs"') == 1
    assert drawn.count('class="es-spot es-was"') == 1
    assert map_words.drawn(1, "\u2068violet jazz\u2069") in html_of(page)


def test_choosing_writes_the_address_and_all_of_my_taste_clears_it(visit: Visit):
    page = visit(with_library(in_company(n_matches=4)), screen="map")
    number = number_of_facet(FACETS[0].facet_id)
    press(page, f"facet_{number}")
    assert str(number) in page.query_params["facet"]
    press(page, "facet_0")
    assert "facet" not in page.query_params


@pytest.mark.parametrize("typed", ["12", "x", "-1", "9" * 400])
def test_a_part_that_is_none_of_mine_is_all_of_my_taste(visit: Visit, typed: str):
    page = visit(with_library(in_company(n_matches=4)), screen="map", facet=typed)
    assert picture_of(page).count('class="es-spot es-theirs"') == 4


def test_without_a_kept_library_there_is_the_map_alone(visit: Visit):
    shown = html_of(visit(in_company(), screen="map"))
    assert map_words.LEAVE_OUT not in shown
    assert map_words.WHOLE not in shown


def test_leaving_out_moves_my_dot_says_what_came_of_it_and_shows_the_way_once(visit: Visit):
    application = with_library(in_company())
    page = visit(application, screen="map")
    assert "es-trail" not in picture_of(page)

    def leave_out(*_: object) -> TasteChange:
        application.map_view.me = (-0.5, 0.1)
        with_library(application, LOW)
        return TasteChange(True, a_profile())

    application.tastes.leave_out = leave_out
    (key,) = re.findall(r'data-press="(leave_\w+)" aria-label="Leave out Low"', html_of(page))
    press(page, key)
    assert picture_of(page).count("es-trail") == 1
    assert map_words.BEFORE in picture_of(page)
    assert "Left out." in html_of(page)
    # its key ends alike: the focus goes on to it
    assert f'data-press="back_{key.removeprefix("leave_")}" aria-label="Put back Low"' in html_of(page)
    assert "es-trail" not in picture_of(page.run())
