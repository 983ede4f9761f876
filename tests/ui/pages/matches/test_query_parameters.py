"""What the address of the matches asks for: kept whole, and harmless whoever typed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.browsing.service import tag_id
from tests.ui.conftest import Visit, choose, chosen_in, html_of, press, switches_of
from tests.ui.fakes import FakeMeeting, a_match, a_match_list, a_profile, an_application
from tests.ui.pages.matches.test_page import a_facet, aliases, tagged
from ui import texts
from ui.pages.matches import query_parameters, words
from ui.pages.matches.query_parameters import QueryParameters, number_of_facet

numbers = st.integers(-(2**63), 2**63 - 1)
lists = st.builds(
    QueryParameters,
    tag=numbers,
    facet=numbers,
    lately=st.booleans(),
    discover=st.booleans(),
    page=st.integers(0, 98),
)


def read(monkeypatch, query) -> QueryParameters:
    monkeypatch.setattr(query_parameters, "argument", lambda name: query.get(name, ""))
    return query_parameters.read()


@given(lists)
def test_what_stands_in_the_address_is_read_as_it_was_written(one: QueryParameters):
    with pytest.MonkeyPatch.context() as patch:
        assert read(patch, query_parameters.as_query(one)) == one


def test_what_is_as_always_does_not_stand_in_the_address():
    assert query_parameters.as_query(QueryParameters()) == {}


@given(st.dictionaries(st.sampled_from(query_parameters.NAMES), st.text(max_size=40)))
def test_whatever_is_typed_is_read_without_an_error(typed):
    with pytest.MonkeyPatch.context() as patch:
        assert 0 <= read(patch, typed).page < 99


@pytest.mark.parametrize("typed", ["x", "²", "１", "9" * 5000, "1.5", "<b>", "--1"])
def test_a_number_that_is_none_counts_nothing(monkeypatch, typed):
    assert read(monkeypatch, {"tag": typed, "page": typed}) == QueryParameters()


def many() -> FakeMeeting:
    return an_application(a_match_list([a_match(n) for n in range(1, 61)]))


def test_an_address_shows_the_list_it_was_copied_from(visit: Visit):
    matches = [a_match(1, explanation=tagged("jazz")), a_match(2, explanation=tagged("dub"))]
    application = an_application(a_match_list(matches))
    page = visit(application)
    choose(page, "tag", tag_id("dub"))
    copied = dict(page.query_params)
    again = visit(application, **copied)
    assert aliases(again) == ["Quiet Otter 102"]
    assert chosen_in(again, "tag") == tag_id("dub")


def test_no_name_stands_in_the_address(visit: Visit):
    application, facet = an_application(), a_facet("violet jazz")
    application.service.found = a_match_list([a_match(1, explanation=tagged("dub"))])
    application.tastes.facets, application.tastes.profiles = (facet,), {"cluster:1": a_profile()}
    page = visit(application)
    choose(page, "tag", tag_id("dub"))
    press(page, f"facet_{number_of_facet('cluster:1')}")
    assert page.query_params == {
        "tag": str(tag_id("dub")),
        "facet": str(number_of_facet("cluster:1")),
    }


def test_the_address_wins_over_what_was_chosen_so_that_back_undoes_it(visit: Visit):
    page = visit(an_application())
    press(page, "lately")
    assert words.NARROWED_TO_NOBODY in html_of(page)
    page.query_params.clear()
    assert "Quiet Otter 101" in html_of(page.run())
    assert switches_of(page)["lately"] is False


def test_a_page_stands_in_the_address_and_a_filter_leads_to_the_first(visit: Visit):
    page = visit(many())
    press(page, "page_after")
    assert page.query_params == {"page": "2"}
    choose(page, "order", 1)
    assert page.query_params == {"order": "discover"}


@pytest.mark.parametrize("typed", ["0", "-3", "99999999999", "two"])
def test_a_page_that_is_none_shows_one_that_is(visit: Visit, typed: str):
    assert "Quiet Otter" in html_of(visit(many(), page=typed))


# ---- links back --------------------------------------------------------------------------------------


def test_the_bar_leads_back_to_the_list_as_it_was_left(visit: Visit):
    page = visit(many())
    press(page, "page_after")
    shown = html_of(page)
    assert f'<a href="/?page=2" aria-current="page">{texts.frame.MATCHES}</a>' in shown
    assert f'<a href="/taste">{texts.frame.TASTE}</a>' in shown


def test_what_else_stands_in_the_address_is_not_brought_along(visit: Visit):
    page = visit(many(), problem="AccessDenied", page="3", facet="x" * 2000)
    assert 'href="/?page=3"' in html_of(page)


# ---- the end of the list -----------------------------------------------------------------------------


def last_page_of(visit: Visit, application: FakeMeeting, **query: str) -> str:
    return html_of(visit(application, page="5", **query))


def test_where_the_list_is_cut_off_it_says_so(visit: Visit):
    assert words.ENDS.format(n=50) in last_page_of(visit, many())
    assert "41 to 50 of 50" in last_page_of(visit, many())


def test_a_list_in_another_order_does_not_claim_to_be_the_nearest(visit: Visit):
    shown = last_page_of(visit, many(), order="discover")
    assert words.ENDS_NARROWED.format(n=50) in shown
    assert words.ENDS.format(n=50) not in shown


def test_a_list_that_is_whole_is_not_said_to_be_cut_off(visit: Visit):
    whole = an_application(a_match_list([a_match(n) for n in range(1, 14)], n_candidates=13))
    shown = last_page_of(visit, whole)
    assert "11 to 13 of 13" in shown
    assert words.ENDS.format(n=13) not in shown
