"""A match as a card: who, how near, one reason, how much is new, and buttons."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zlib import crc32

from markupsafe import Markup

from matcher.browsing.history import Kind, MatchChange
from matcher.browsing.reasons import Reason
from matcher.domain.consent import SeenItem, SeenMatch
from matcher.domain.listening import Source
from ui import texts
from ui.html import EMPTY, html, joined, markup

N_NAMED = 3
NO_LINKS: Mapping[str, str] = MappingProxyType({})
words = texts.card


def card(
    match: SeenMatch,
    why: Reason,
    change: MatchChange | None = None,
    links: Mapping[str, str] = NO_LINKS,
    below: Markup = EMPTY,
) -> Markup:
    """Card of a match: who, how near, one reason, and how much of it is new.

    `why` comes from `matcher.browsing.reasons`, `links` are by canonical key, `below` are the buttons.
    """
    return html(
        '<article class="es-card">{}<p class="es-reason">{}</p>{}{}</article>',
        *(_head(match), _one_reason(why, match, links), _facts(match, change), below),
    )


def disc(alias: str) -> Markup:
    """Decorative record, coloured by alias."""
    number = crc32(alias.encode("utf-8", "replace"))
    hues = f"--hue:{number % 360};--turn:{number // 360 % 360}deg"
    return html('<span class="es-disc" style="{}" aria-hidden="true"></span>', hues)


def label(text: str, more: str = "", css: str = "es-synthetic") -> Markup:
    """A small label with a tooltip."""
    return html('<span class="{}" title="{}">{}</span>', css, more, text) if text else EMPTY


def labels(match: SeenMatch, change: MatchChange | None = None) -> Markup:
    """Labels beside an alias."""
    parts = (
        label(words.SYNTHETIC, words.SYNTHETIC_MORE) if match.source is Source.SYNTHETIC else EMPTY,
        label(words.OPEN_DATA, words.OPEN_DATA_MORE) if match.is_open_data else EMPTY,
        label(*words.RELATIONS.get(match.relation, ("", "")), css="es-synthetic es-strong"),
        label(words.LATELY, words.LATELY_MORE) if match.lately else EMPTY,
        label(words.CLONE, words.CLONE_MORE) if match.is_near_duplicate else EMPTY,
        label(words.DOUBLE, words.DOUBLE_MORE) if match.is_double else EMPTY,
        label(*moved(change), css="es-moved") if change else EMPTY,
    )
    return joined(parts)


def moved(change: MatchChange) -> tuple[str, str]:
    """Change of a match since the last look, and its reasons."""
    short = words.NEW
    if change.kind is Kind.MOVED:
        pattern = words.UP if change.moved_up > 0 else words.DOWN
        short = pattern.format(places=words.places(abs(change.moved_up))) if change.moved_up else ""
    return short, texts.card.WHY_ALL.format(reasons=why(change))


def why(change: MatchChange) -> str:
    """Reasons of a change."""
    return ", ".join(texts.card.WHY[one] for one in sorted(change.reasons))


def nearness(match: SeenMatch) -> Markup:
    """Percentage with its interval for connected listeners, else the band."""
    if match.percent is None:
        return html('<p class="es-band">{}</p>', band(match))
    percent = match.percent
    figure = texts.grammar.percent(percent.value / 100)
    meaning, halves = words.percent_short(percent), percent.halves
    return html(
        '<div class="es-score" role="meter" aria-label="{0}" aria-valuetext="{1}" title="{1}" '
        'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{2:.0f}"><b>{3}</b><small>{0}</small>'
        '<span class="es-meter es-scale" aria-hidden="true">'
        '<i class="es-halves" style="left:{4:.1f}%;width:{5:.1f}%"></i><span style="width:{2:.1f}%"></span>'
        '<i class="es-interval" style="left:{6:.1f}%;width:{7:.1f}%"></i>'
        '<i class="es-median" style="left:{8:.1f}%"></i></span></div>',
        *(words.PERCENT, meaning, percent.value, figure, halves.low, halves.high - halves.low),
        *(percent.low, percent.high - percent.low, halves.median),
    )


def band(match: SeenMatch) -> Markup:
    """The band, with its meaning as tooltip."""
    told, meaning = words.BANDS[match.band], words.BAND_MEANING[match.band]
    return html('<span title="{}">{}</span>', meaning, told)


def chips(items: Sequence[SeenItem], n_most: int, links: Mapping[str, str] = NO_LINKS) -> Markup:
    """Names as chips, and the number of further ones."""
    rows = [
        html("<li>{}</li>", markup.name_outward(one.name, links.get(one.key, ""))) for one in items[:n_most]
    ]
    if len(items) > n_most:
        more = words.MORE.format(n=f"{len(items) - n_most:,}")
        rows.append(html('<li class="es-more">{}</li>', more))
    return html('<ul class="es-chips">{}</ul>', joined(rows))


def _head(match: SeenMatch) -> Markup:
    return html(
        '<header class="es-head"><span class="es-rank" aria-hidden="true">{}</span>'
        '{}<h3 class="es-who">{}</h3>{}</header>',
        *(match.rank, disc(match.alias), markup.name(match.alias, "es-alias"), nearness(match)),
    )


def _one_reason(why: Reason, match: SeenMatch, links: Mapping[str, str]) -> Markup:
    artists = in_words([markup.name_outward(one.name, links.get(one.key, "")) for one in why.artists])
    tags = in_words([markup.name(one.name) for one in why.tags])
    if artists and tags:
        return markup.filled(words.BOTH_HEAR_AND_GO_FOR, artists=artists, tags=tags)
    if artists:
        return markup.filled(words.BOTH_HEAR, names=artists)
    if tags:
        return markup.filled(words.REASON_TAGS, names=tags)
    told = words.REASONS.get(why.component) or words.LITTLE_TO_NAME.format(rank=match.rank)
    return html("{}", told)


def _facts(match: SeenMatch, change: MatchChange | None) -> Markup:
    """How many artists are new, then the labels; EMPTY if there is neither."""
    new = words.new_for_you(match.n_new or 0, match.n_more is not None)
    told = html('<span title="{}">{}</span>', words.NEW_MORE, new) if new else EMPTY
    facts = told + labels(match, change)
    return html('<p class="es-facts">{}</p>', facts) if facts else EMPTY


def reason(name: str, match: SeenMatch) -> Markup:
    """One reason, with common items if there are any."""
    pattern, items = {
        "artists": (words.REASON_ARTISTS, match.artists),
        "tags": (words.REASON_TAGS, match.tags),
    }.get(name, ("", ()))
    if not items:
        return html("{}", words.REASONS.get(name, words.COMPONENTS.get(name, name)))
    return markup.filled(pattern, names=in_words([markup.name(one.name) for one in items[:N_NAMED]]))


def in_words(names: Sequence[Markup]) -> Markup:
    """Names as an enumeration: "a, b and c"."""
    if len(names) < 2:
        return joined(names)
    return markup.filled(words.AND, first=Markup(", ").join(names[:-1]), last=names[-1])
