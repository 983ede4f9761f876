from datetime import UTC, datetime

import pytest
from streamlit.runtime.context import ContextProxy

from tests.ui.conftest import Visit
from tests.ui.fakes import NOON, an_application
from ui import clock, texts

EVENING = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)


def told(zone: str) -> str:
    return texts.grammar.at("{day} {time}", EVENING.astimezone(clock.zone_named(zone)))


def test_a_moment_is_told_on_the_clock_of_its_zone():
    assert told("Asia/Tokyo") == "4 March 2026 07:30"
    assert told("America/St_Johns") == "3 March 2026 19:00"


@pytest.mark.parametrize(
    "zone",
    ["", "Nowhere/At_All", "../../etc/passwd", "/etc/localtime", "Europe", "\x00", "é" * 30, "x" * 9999],
)
def test_a_zone_that_is_none_is_utc_and_utc_is_named(zone: str):
    assert told(zone) == "3 March 2026 22:30 UTC"


def test_a_page_tells_times_in_the_zone_of_the_browser(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: "Asia/Tokyo"))
    page = visit(an_application(again_at=NOON.replace(minute=5)))
    (button,) = [one for one in page.button if one.key == "refresh_later"]
    assert button.label == "Refresh again at 21:05"
