"""The page to pick artists on: one form, each of whose buttons sends all of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from markupsafe import Markup

from matcher.picking.service import Artist, PickScreen
from ui.html import EMPTY, html, joined, markup
from ui.pages.doors import words
from ui.shared import frame

PICK_PATH = "/pick"
SCRIPT = (Path(__file__).resolve().parent / "pick.js").read_text("utf-8")
"""Sends the form without loading the page anew, and searches as one types; holds no data."""


def pick_parts(demo: bool, screen: PickScreen) -> Iterator[Markup]:
    """The page to pick artists on."""
    yield frame.top_bar(demo)
    lead = words.PICK_LEAD
    yield html('<header class="es-pick-head"><h1>{}</h1><p>{}</p></header>', words.PICK_TITLE, lead)
    yield html('<form class="es-pick" method="post" action="{}">{}</form>', PICK_PATH, form_parts(screen))
    yield frame.footer()
    yield html("<script>{}</script>", Markup(SCRIPT))  # noqa: S704 (ours, without data)


def form_parts(screen: PickScreen) -> Markup:
    """What the form holds; the script replaces what has a `data-part`."""
    return joined((_search(screen), _picked(screen), _grid(screen), _bar(screen), _carried(screen)))


def _search(screen: PickScreen) -> Markup:
    # first in the form, so that the enter key presses its button
    found = joined(_chip(one, "take", screen) for one in screen.found)
    told = html('<p class="es-pick-hint">{}</p>', words.PICK_NOTHING) if screen.query and not found else EMPTY
    return html(
        '<div class="es-pick-search" role="search"><label for="pick-query">{}</label><div>'
        '<input id="pick-query" type="search" name="q" value="{}" maxlength="80" autocomplete="off" '
        'autocapitalize="off" spellcheck="false" enterkeyhint="search">'
        '<button class="es-button es-tall" name="find" value="1">{}</button></div></div>'
        '<div class="es-pick-list" data-part="found" aria-live="polite">{}{}</div>',
        *(words.PICK_SEARCH, screen.query, words.PICK_FIND, found, told),
    )


def _picked(screen: PickScreen) -> Markup:
    chips = joined(
        html(
            '<button class="es-artist" name="drop" value="{}" aria-label="{}" data-press="drop {}">{}'
            '<span aria-hidden="true">×</span></button>',
            *(
                one.key,
                words.PICK_DROP.format(name=markup.isolated(one.name)),
                one.key,
                markup.name(one.name),
            ),
        )
        for one in screen.picked
    )
    hidden = EMPTY if chips else html(" hidden")
    return html(
        '<section data-part="picked"{}><h2>{}</h2><div class="es-pick-list">{}</div></section>',
        *(hidden, words.PICKED, chips),
    )


def _grid(screen: PickScreen) -> Markup:
    chips = joined(_chip(one, "add", screen) for one in screen.shown)
    more = html('<button class="es-button es-tall" name="more" value="1">{}</button>', words.PICK_MORE)
    body = html('<div class="es-pick-list">{}</div>{}', chips, more) if chips else words.PICK_ALL_SEEN
    return html(
        '<section data-part="grid"><h2>{}</h2><p class="es-pick-hint">{}</p>{}</section>',
        *(words.PICK_KNOWN, words.PICK_KNOWN_MORE, body),
    )


def _chip(artist: Artist, name: str, screen: PickScreen) -> Markup:
    """An artist to pick; pressing it once more drops it."""
    is_picked = artist in screen.picked
    off = html(" disabled") if screen.is_full and not is_picked else EMPTY
    return html(
        '<button class="es-artist" name="{}" value="{}" aria-pressed="{}" data-press="{} {}"{}>{}</button>',
        *("drop" if is_picked else name, artist.key, "true" if is_picked else "false"),
        *(name, artist.key, off, markup.name(artist.name)),
    )


def _bar(screen: PickScreen) -> Markup:
    off = html(" disabled") if screen.n_missing else EMPTY
    return html(
        '<div class="es-pick-bar" data-part="bar"><p role="status">{}</p>'
        '<button class="es-button es-main es-tall" name="done" value="1"{}>{}</button></div>',
        *(words.picked(len(screen.picked)), off, words.pick_more(screen.n_missing)),
    )


def _carried(screen: PickScreen) -> Markup:
    fields = (("pick", screen.picked), ("shown", screen.shown), ("seen", screen.seen))
    hidden = joined(_hidden(name, artists) for name, artists in fields)
    return html('<div hidden data-part="carried">{}</div>', hidden)


def _hidden(name: str, artists: Iterable[Artist]) -> Markup:
    return joined(html('<input type="hidden" name="{}" value="{}">', name, one.key) for one in artists)
