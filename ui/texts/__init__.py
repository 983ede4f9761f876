"""All English texts shared by pages, one module per topic."""

from ui.texts import card as card
from ui.texts import charts as charts
from ui.texts import connecting as connecting
from ui.texts import frame as frame
from ui.texts import glossary as glossary
from ui.texts import grammar as grammar
from ui.texts import heard as heard
from ui.texts import parts as parts
from ui.texts import playlist as playlist
from ui.texts import problems as problems
from ui.texts import share as share
from ui.texts import sources as sources
from ui.texts import story as story
from ui.texts import sync as sync
