"""My taste: where the music comes from, with ways to add and to remove a source."""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from matcher.domain.listening import Source
from matcher.ports import KeptSource
from ui import clock, texts
from ui.actions import outcome
from ui.actions.outcome import Outcome
from ui.html import EMPTY, confirm, draw, html, markup
from ui.pages.doors import words as door_words
from ui.pages.doors.pick import PICK_PATH
from ui.pages.taste import words
from ui.request import Request
from ui.shared import notice
from ui.texts.grammar import at

PLACE = "sources"


def show(request: Request, found: Sequence[KeptSource]) -> None:
    """Draw the sources and the ways to more of them."""
    with markup.panel("sources", words.MY_SOURCES, words.MY_SOURCES_LEAD):
        notice.tell(request, PLACE)
        for one in found:
            draw(_source(request, one, found))
        if not all(one.proven for one in found):
            way = markup.link(words.SOURCE_PROVE, notice.NAME)
            draw(html('<p role="note">{} {}.</p>', words.SOURCE_UNPROVEN, way))
        ways = (
            markup.link(words.BRING, notice.FILE, "es-button es-tall"),
            markup.link(words.NAME, notice.NAME, "es-button es-tall"),
        )
        has_picked = any(one.origin == Source.PICKED for one in found)
        again = markup.link(door_words.PICK_AGAIN, PICK_PATH, "es-button es-tall") if has_picked else EMPTY
        draw(html('<p class="es-links">{} {} {} {}</p>', *ways, notice.connect_spotify(request), again))


def name_of(origin: str, demo: bool) -> str:
    """What a source is called to its listener."""
    if demo and origin == Source.SPOTIFY_API:
        return words.LOCAL_SPOTIFY
    return texts.sources.source_name(origin)


def _source(request: Request, one: KeptSource, every: Sequence[KeptSource]) -> Markup:
    name = name_of(one.origin, request.application.settings.demo)
    remove = EMPTY
    if len(every) > 1:
        told = words.really_remove(
            one.origin, name, disconnects=request.application.has_key(request.listener_id)
        )
        question = confirm.Question(words.SOURCE_REMOVE, told, words.YES_REMOVE)
        remove = confirm.ask(
            request, question, f"source_{one.origin}", partial(_remove, request, one.origin, name)
        )
    return html(
        '<div class="es-origin"><p><b>{}</b> {}</p>{}</div>',
        texts.sources.upper_first(name),
        _told(one),
        remove,
    )


def _told(one: KeptSource) -> str:
    read_at = clock.here(one.read_at_utc)
    if one.library is None:
        return at(words.SOURCE_EXPIRED, read_at)
    return at(words.source_much(len(one.library.tracks), len(one.library.artists)), read_at)


def _remove(request: Request, origin: str, name: str) -> None:
    def act(now: Request) -> Outcome:
        now.application.remove_source(now.listener_id, origin)
        return Outcome(
            words.SOURCE_GONE.format(source=texts.sources.upper_first(name)), words.SOURCE_GONE_MORE
        )

    outcome.perform(request, PLACE, act)
