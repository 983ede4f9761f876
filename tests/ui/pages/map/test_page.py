import re

import pytest

from matcher.errors import MapMissing
from tests.ui.company import in_company
from tests.ui.conftest import Visit, html_of
from tests.ui.fakes import a_match_list
from ui import messages
from ui.pages.map import words as map_words


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
