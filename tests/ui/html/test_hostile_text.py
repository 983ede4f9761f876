"""Nothing of a listener outlives their session, and nothing they wrote is run."""

import ast
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from matcher.scoring.explain import Explanation, SharedItem
from tests.ui.conftest import Visit, html_of, press
from tests.ui.fakes import a_match, a_match_list, an_application
from ui.html import html, markup

UI = Path(__file__).parents[3] / "ui"
HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "</bdi></li></ol><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "**bold** [link](javascript:alert(1)) :material/delete: $x$",
    "مرحبا بالعالم",
    "\u202eabc",
    "🎧👩‍👩‍👧‍👦" * 40,
    "Z" * 500,
]


class Tags(HTMLParser):
    """Collects tags and attribute names, and checks that what is opened is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def a_hostile_page(text: str):
    item = SharedItem(text, text, text, 0.5)
    explanation = Explanation({"towers": 0.5}, (item,) * 9, (item,) * 6, (item,))
    return an_application(a_match_list([a_match(alias=text, explanation=explanation)]))


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_text_and_nothing_else(visit: Visit, text: str):
    tags = Tags()
    tags.feed(html_of(visit(a_hostile_page(text))))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe", "svg"}
    assert not any(name.startswith("on") for name in tags.attributes)


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_shown_whole_and_isolated(visit: Visit, text: str):
    found: list[str] = []

    class Names(Tags):
        def handle_data(self, data):
            if self.open[-1:] == ["bdi"]:
                found.append(data)

    Names().feed(html_of(visit(a_hostile_page(text))))
    assert found.count(text) == 2  # the alias, and the artist in the reason


@pytest.mark.parametrize("text", ["</script>x", "<!-- x -->", "x ]]> y", "<b>x</STYLE >", "a < b > c -- d"])
def test_no_attribute_holds_what_the_sanitiser_takes_the_attribute_away_for(text: str):
    """The pattern is that of DOMPurify, which st.html goes through."""
    grave = re.compile(
        r"((--!?|])>)|</(style|script|title|xmp|textarea|noscript|iframe|noembed|noframes)", re.I
    )
    told = unescape(html("{}", markup.attribute(text)))
    assert not grave.search(told)
    assert told.replace(" ", "") == text.replace(" ", "")


def test_names_never_pass_through_markdown(visit: Visit):
    page = visit(a_hostile_page("**bold**"))
    assert not page.markdown
    assert not any("bold" in button.label for button in page.button)


def test_an_old_button_does_nothing_after_signing_out(visit: Visit):
    application = an_application()
    page = visit(application)
    application.sessions.listener_by_cookie.clear()
    page.button(key="refresh").click().run()
    assert application.syncs.started == []


def test_the_session_is_looked_up_on_every_run(visit: Visit):
    application = an_application()
    page = visit(application)
    page.run()
    assert [listener for listener, _ in application.service.asked] == ["ada", "ada"]


def test_session_state_holds_view_state_only(visit: Visit):
    application = an_application(a_match_list([a_match(n) for n in range(1, 61)]))
    page = visit(application)
    press(page, "page_after")
    kept = page.session_state.to_dict()
    assert kept.pop("left") == {"": {"page": "2"}}
    assert kept.pop("press") == {}
    assert all(isinstance(value, bool | int) for value in kept.values())


THROUGH_MARKDOWN = {UI / "html" / "markup.py"}
"""Charts; tests/ui/charts holds that no text in them is anything but text."""


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.name)
def test_nothing_is_cached_over_listeners_and_no_page_sleeps(path: Path):
    names = {
        node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)
    }
    assert not names & {"cache_data", "cache_resource", "sleep", "write"}
    assert "markdown" not in names or path in THROUGH_MARKDOWN
