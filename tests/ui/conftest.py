"""The page, run without a browser and without adapters."""

import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from harness.pressing import pressed, told
from matcher.errors import EarshotError
from tests.ui.fakes import COOKIE_VALUE, FakeApplication
from ui.screen import SCRIPTS
from wiring.signing_in.sessions import COOKIE

_BUTTONS = re.compile(r'<button [^>]*data-press="([^"]*)"[^>]*>([^<]*)</button>')
_MENUS = re.compile(r'<select data-menu="([^"]*)">(.*?)</select>')
_OPTIONS = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)</option>')
_SWITCHES = re.compile(r'role="switch" [^>]*data-press="([^"]*)" aria-checked="([a-z]*)"')
MAIN = Path(__file__).parents[2] / "ui" / "main.py"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Opens the page of an application, signed in unless `cookie` is None, and leads to a screen."""

    def open_page(
        application: FakeApplication | EarshotError,
        cookie: str | None = COOKIE_VALUE,
        screen: str = "",
        **query: str,
    ) -> AppTest:
        def running() -> FakeApplication:
            if isinstance(application, EarshotError):
                raise application
            return application

        stub = ModuleType("wiring.bootstrap")
        stub.application, stub.Application = running, FakeApplication
        monkeypatch.setitem(sys.modules, "wiring.bootstrap", stub)
        cookies = {COOKIE: cookie} if cookie else {}
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: cookies))
        page = AppTest.from_file(MAIN, default_timeout=60)
        page.query_params.update(query)
        if screen:  # AppTest.switch_page knows files only, not addresses of callables
            page._page_hash = calc_hash(screen)
        return page.run()

    return open_page


def html_of(page: AppTest) -> str:
    """Everything the page shows as HTML, without the style sheet and the scripts of ours."""
    assert not page.exception
    scripts = {f"<script>{one}</script>" for one in SCRIPTS}
    shown = (one.body for one in page.html if one.body not in scripts)
    return "\n".join(one for one in shown if not one.startswith("<style"))


def press(page: AppTest, key: str) -> AppTest:
    """Press a button that is HTML, as the browser does it: only one that is on the page."""
    assert f'data-press="{key}"' in html_of(page)
    return sent(page, told(key))


def sent(page: AppTest, value: object) -> AppTest:
    """What a browser says was pressed, whatever it may say."""
    (listener,) = page.get("bidi_component")
    states = page._tree.get_widget_states()
    states.widgets.append(pressed(listener.proto.id, value))
    return page._run(states)


def choose(page: AppTest, menu: str, number: int) -> AppTest:
    """Choose from a menu that is HTML, as the browser does it: only what it offers."""
    assert number in menus_of(page)[menu]
    return sent(page, told(f"{menu}_{number}"))


def menus_of(page: AppTest) -> dict[str, dict[int, str]]:
    """What the menus that are HTML offer, by key and number."""
    found = _MENUS.findall(html_of(page))
    return {
        key: {int(one.removeprefix(f"{key}_")): unescape(name) for one, name in _OPTIONS.findall(options)}
        for key, options in found
    }


def chosen_in(page: AppTest, menu: str) -> int:
    """The number of what a menu that is HTML stands at."""
    ((_, number),) = re.findall(f'<option value="({menu})_(-?[0-9]+)" selected', html_of(page))
    return int(number)


def rests(page: AppTest, key: str) -> bool:
    """Whether a button that is HTML rests; it is there."""
    ((state),) = re.findall(f'data-press="{key}"[^>]*?( disabled)?>', html_of(page))
    return bool(state)


def labels_of(page: AppTest) -> dict[str, str]:
    """What stands on the buttons that are HTML, by key."""
    return {key: unescape(label) for key, label in _BUTTONS.findall(html_of(page))}


def switches_of(page: AppTest) -> dict[str, bool]:
    """Whether the switches that are HTML are on, by key."""
    return {key: on == "true" for key, on in _SWITCHES.findall(html_of(page))}
