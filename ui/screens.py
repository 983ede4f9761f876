"""Every screen of the signed-in, in the order of the bar. A new one is a module in views and a line here."""

from ui import asked, texts
from ui.screen import Screen
from ui.texts import match as match_words
from ui.views import atlas, groups, match, matches, privacy, taste

SCREENS: tuple[Screen, ...] = (
    Screen("", texts.frame.MATCHES, matches.show, keeps=asked.NAMES),
    Screen("match", match_words.TITLE, match.show, in_bar=False),
    Screen("taste", texts.frame.TASTE, taste.show),
    Screen("map", texts.frame.MAP, atlas.show),
    Screen("groups", texts.frame.GROUPS, groups.show, keeps=(groups.WITH,)),
    Screen("privacy", texts.frame.PRIVACY, privacy.show),
)
