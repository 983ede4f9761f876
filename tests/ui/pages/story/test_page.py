"""The page of the story."""

from tests.ui.conftest import Visit
from tests.ui.fakes import a_profile, an_application
from ui import texts
from ui.pages.story import words


def test_it_has_five_cards_and_the_way_to_the_matches(visit: Visit):
    application = an_application()
    application.service.store.profiles["ada"] = a_profile()
    shown = "".join(one.proto.body for one in visit(application, screen="story").get("html"))
    assert shown.count('<li class="es-story-') == 5
    assert words.TO_MATCHES in shown
    assert texts.story.LISTENING not in shown
