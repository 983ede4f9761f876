"""All screens, in the order of the bar."""

from ui import texts
from ui.pages.groups import page as groups
from ui.pages.map import page as taste_map
from ui.pages.match import page as match
from ui.pages.match import words as match_words
from ui.pages.matches import page as matches
from ui.pages.matches import query_parameters
from ui.pages.people import page as people
from ui.pages.people import words as people_words
from ui.pages.privacy import page as privacy
from ui.pages.story import page as story
from ui.pages.story import words as story_words
from ui.pages.taste import page as taste
from ui.screen import Screen

SCREENS: tuple[Screen, ...] = (
    Screen("", texts.frame.MATCHES, matches.show, keeps=query_parameters.NAMES),
    Screen("match", match_words.TITLE, match.show, in_bar=False),
    Screen("story", story_words.TITLE, story.show, in_bar=False),
    Screen("taste", texts.frame.TASTE, taste.show),
    Screen("map", texts.frame.MAP, taste_map.show, keeps=(query_parameters.FACET,)),
    Screen("groups", texts.frame.GROUPS, groups.show, keeps=(groups.WITH,)),
    Screen("people", people_words.TITLE, people.show, counts_news=True),
    Screen("privacy", texts.frame.PRIVACY, privacy.show),
)
