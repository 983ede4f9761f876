"""Why two listeners match, in words: one row for each part of the likeness."""

from collections.abc import Sequence

from markupsafe import Markup

from matcher.browsing.service import CloseLook
from matcher.groups.near_pairs import NearPair
from matcher.people.disclosure import LEAST_REASON
from matcher.scoring.audio_similarity import Trait
from ui.html import EMPTY, html, markup
from ui.pages.match import words
from ui.shared import card
from ui.texts.charts import TRAITS

N_TRAITS = 3


def listed(seen: CloseLook) -> Markup:
    """Reasons, strongest first; EMPTY without any."""
    rows = markup.items(_reason(name, seen) for name in _names(seen))
    return html('<ol class="es-reasons">{}</ol>', rows) if rows else EMPTY


def _names(seen: CloseLook) -> Sequence[str]:
    """Components to give a reason for: the three of a stranger, all of a connected listener's."""
    match = seen.match
    if match.parts is None:
        return match.reasons
    named = {"artists": match.artists, "tracks": match.tracks, "tags": match.tags}
    told = [name for name, part in match.parts.items() if part >= LEAST_REASON and named.get(name, True)]
    return sorted(told, key=lambda name: (-(match.parts or {})[name], name))


def _reason(name: str, seen: CloseLook) -> Markup:
    if name == "towers" and seen.near:
        return markup.filled(words.REASON_PAIRS, names=card.in_words(_near(seen.near)))
    if name == "towers" and seen.tagged:
        return markup.filled(
            words.REASON_TAGGED, names=card.in_words([markup.name(one) for one in seen.tagged])
        )
    if name == "audio" and (seen.traits or seen.their_sound):
        return _sound(seen.traits, seen.their_sound is not None)
    return card.reason(name, seen.match)


def _near(pairs: Sequence[NearPair]) -> list[Markup]:
    """Pairs, then in one the listener's artists that no single one of the other's lies near."""
    told = [_pair(markup.name(one.name), markup.name(one.theirs)) for one in pairs if one.theirs]
    alone = [markup.name(one.name) for one in pairs if not one.theirs]
    return [*told, markup.filled(words.PAIR_OWN, mine=card.in_words(alone))] if alone else told


def _pair(mine: Markup, theirs: Markup) -> Markup:
    return markup.filled(words.PAIR, mine=mine, theirs=theirs)


def _sound(traits: Sequence[Trait], is_shared: bool) -> Markup:
    if not traits:
        return html("{}", words.REASON_NO_TRAIT)
    told = [html("{}", TRAITS[one.attribute][one.is_high]) for one in traits[:N_TRAITS]]
    pattern = words.REASON_SOUND if is_shared else words.REASON_OWN_SOUND
    return markup.filled(pattern, traits=card.in_words(told))
