"""The story of a taste: five cards side by side, to swipe or to scroll."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from matcher.browsing.rarity import RarePair
from matcher.browsing.story import Portrait, Story
from matcher.domain.consent import SeenMatch
from ui import texts
from ui.html import EMPTY, html, joined, markup
from ui.request import STORY_WAITS
from ui.screen import address
from ui.shared import card

N_NAMED = 3
words = texts.story


def cards(story: Story | None) -> Markup:
    """Five cards; without a story they say that they are still to come."""
    faces = _faces(story) if story else [html('<p class="es-soft">{}</p>', words.LISTENING)] * 5
    titles = (words.SOUND, words.ODD, words.NEAREST, words.BOTH, words.TEACH)
    rows = joined(_card(place, *one) for place, one in enumerate(zip(titles, faces, strict=True), 1))
    # a region that scrolls must be reached by keyboard
    shelf = '<div class="es-story" role="region" tabindex="0" aria-label="{}"><ol>{}</ol></div>'
    return html(shelf, words.CARDS, rows)


def waiting() -> Markup:
    """A line that leads to the story, until it was opened; EMPTY after."""
    if STORY_WAITS not in st.session_state:
        return EMPTY
    way = markup.link(words.OPEN, address("story"))
    return html('<p class="es-told">{} {}</p>', words.WAITS, way)


def saying(portrait: Portrait, pair: RarePair | None) -> Markup:
    """The sentence on oneself, with a rarity below; EMPTY if there is neither."""
    told = " ".join(part for part in (words.portrait(portrait), words.sound(portrait)) if part)
    sentence = html('<p class="es-quote">{}</p>', told) if told else EMPTY
    return joined((sentence, rarity(pair)))


def rarity(pair: RarePair | None) -> Markup:
    """What few others hear; EMPTY if nothing is rare."""
    if pair is None:
        return EMPTY
    names = {"first": markup.name(pair.first), "second": markup.name(pair.second)}
    return html("<p>{}</p>", markup.filled(words.PAIR.replace("{few}", words.few(pair.heard_by)), **names))


def _faces(story: Story) -> Sequence[Markup]:
    return (_sound(story.portrait), _odd(story), *_of_nearest(story.nearest))


def _card(place: int, title: str, face: Markup) -> Markup:
    counted = words.PLACE.format(n=place, of=5)
    return html(
        '<li class="es-story-{0}"><h3>{1} <small>{2}</small></h3>{3}</li>', place, title, counted, face
    )


def _said(sentence: str, more: str = "") -> Markup:
    return html('<p class="es-quote">{}</p>{}', sentence, html("<p>{}</p>", more) if more else EMPTY)


def _sound(portrait: Portrait) -> Markup:
    return _said(words.portrait(portrait) or words.UNKNOWN_SOUND, words.sound(portrait))


def _odd(story: Story) -> Markup:
    corner = story.odd_corner
    if corner is None:
        return _said(words.NO_ODD)
    return joined((_said(markup.name(corner.artist), words.odd(corner)), rarity(story.rare_pair)))


def _of_nearest(match: SeenMatch | None) -> Sequence[Markup]:
    if match is None:
        return (_said(words.NOBODY), EMPTY, EMPTY)
    return (_nearest(match), _both(match), _teach(match))


def _nearest(match: SeenMatch) -> Markup:
    why = card.reason(match.reasons[0], match) if match.reasons else EMPTY
    who = html('<p class="es-story-who">{}</p>', card.disc(match.alias))
    near = html('<p class="es-band">{}</p>', card.band(match))
    return joined((who, _said(markup.name(match.alias)), near, html("<p>{}</p>", why)))


def _both(match: SeenMatch) -> Markup:
    shared = match.artists or match.tags
    if not shared:
        return _said(words.NAMED_NOTHING)
    return _said(card.in_words([markup.name(one.name) for one in shared[:N_NAMED]]))


def _teach(match: SeenMatch) -> Markup:
    if match.n_more is not None:
        told = words.TEACH_EXACT.format(n=f"{match.n_more:,}")
    elif match.n_about:
        told = words.TEACH_ABOUT.format(n=f"{match.n_about:,}")
    else:
        told = words.TEACH_UNKNOWN
    meet = markup.filled(words.MEET, alias=markup.name(match.alias))
    way = markup.link(meet, address("match", listener=match.listener_id), "es-button es-main")
    return joined((_said(told), html('<p class="es-act">{}</p>', way)))
