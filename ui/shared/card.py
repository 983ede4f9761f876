"""A match as a card: who, how near, why, and what both share; and what one can do with it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zlib import crc32

from matcher.browsing.history import Kind, MatchChange
from matcher.domain.consent import Relation, SeenItem, SeenMatch
from matcher.domain.listening import Source
from ui import charts, texts
from ui.html import markup

N_ARTISTS = 8
N_TAGS = 8
N_NAMED = 3
NO_LINKS: Mapping[str, str] = MappingProxyType({})
words = texts.card


def card(
    match: SeenMatch,
    n_mine: int,
    change: MatchChange | None = None,
    links: Mapping[str, str] = NO_LINKS,
    below: str = "",
) -> str:
    """One match, as HTML.

    Args:
        match: as far as it may be seen.
        n_mine: artists of the one who looks.
        change: what became of it since the look before, if anything.
        links: where artists can be opened, by canonical key.
        below: HTML of what one can do.
    """
    parts = (
        _head(match, change),
        '<div class="es-body">',
        reasons(match),
        overlap(match, n_mine),
        "</div>",
        _shared(match, links),
        below,
    )
    return f'<article class="es-card">{markup.joined(parts)}</article>'


def disc(alias: str) -> str:
    """A record whose colours follow from the alias; decoration only."""
    number = crc32(alias.encode("utf-8", "replace"))
    hues = f"--hue:{number % 360};--turn:{number // 360 % 360}deg"
    return f'<span class="es-disc" style="{hues}" aria-hidden="true"></span>'


def label(text: str, more: str = "", css: str = "es-synthetic") -> str:
    """A small label beside a name, with what it means one hover away."""
    return f'<span class="{css}" title="{markup.text(more)}">{markup.text(text)}</span>' if text else ""


def labels(match: SeenMatch, change: MatchChange | None = None) -> str:
    """What is to be known of a listener beside the alias."""
    relation = words.RELATIONS.get(match.relation, ("", ""))
    synthetic = match.source is Source.SYNTHETIC
    return markup.joined(
        (
            label(words.SYNTHETIC, words.SYNTHETIC_MORE) if synthetic else "",
            label(*relation, css="es-synthetic es-strong"),
            label(words.LATELY, words.LATELY_MORE) if match.lately else "",
            label(words.CLONE, words.CLONE_MORE) if match.is_near_duplicate else "",
            label(words.DOUBLE, words.DOUBLE_MORE) if match.is_double else "",
            label(*moved(change), css="es-moved") if change else "",
        )
    )


def moved(change: MatchChange) -> tuple[str, str]:
    """What became of a match since the look before: in short, and why."""
    short = words.NEW
    if change.kind is Kind.MOVED:
        pattern = words.UP if change.moved_up > 0 else words.DOWN
        short = pattern.format(places=words.places(abs(change.moved_up))) if change.moved_up else ""
    return short, texts.card.WHY_ALL.format(reasons=why(change))


def why(change: MatchChange) -> str:
    """What made a change, in words."""
    return ", ".join(texts.card.WHY[one] for one in sorted(change.reasons))


def nearness(match: SeenMatch) -> str:
    """How near: the percentage with its interval once both agree, a band before."""
    if match.percent is None:
        return f'<p class="es-band">{band(match)}</p>'
    percent = match.percent
    figure, name = texts.grammar.percent(percent.value / 100), markup.text(words.PERCENT)
    meaning = markup.text(words.percent_meaning(percent.value, percent.low, percent.high))
    return (
        f'<div class="es-score" role="meter" aria-label="{name}" aria-valuetext="{meaning}" '
        f'title="{meaning}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent.value:.0f}">'
        f"<b>{figure}</b><small>{name}</small>"
        f'<span class="es-meter"><span style="width:{percent.value:.1f}%"></span></span></div>'
    )


def band(match: SeenMatch) -> str:
    """How near in a word, with what it means one hover away, as HTML."""
    told, meaning = words.BANDS[match.band], words.BAND_MEANING[match.band]
    return f'<span title="{markup.text(meaning)}">{markup.text(told)}</span>'


def reasons(match: SeenMatch) -> str:
    """What speaks most for a match, in words, as a list."""
    rows = markup.joined(f"<li>{_reason(name, match)}</li>" for name in match.reasons)
    return f'<ol class="es-reasons">{rows}</ol>' if rows else ""


def overlap(match: SeenMatch, n_mine: int) -> str:
    """The artists of both as two records, with those they share; tracks are not compared on a card.

    Before both agree there is no picture, as neither number is exact: about how many artists they have.
    """
    if match.n_more is None:
        return _about(match)
    n_shared = len(match.artists)
    more = words.more_artists(match.n_more)
    told = words.OVERLAP.format(shared=words.shared_artists(n_shared), more=more)
    picture = charts.small_overlap(max(n_mine, n_shared), match.n_more + n_shared, n_shared, told)
    return (
        f'<p class="es-room">{picture}<span>{markup.text(words.OVERLAP_SHORT.format(more=more))}</span></p>'
    )


def _about(match: SeenMatch) -> str:
    if match.n_about is None:
        return ""
    told = words.about_artists(match.n_about)
    return f'<p class="es-room"><span title="{markup.text(words.ABOUT_MORE)}">{markup.text(told)}</span></p>'


def chips(items: Sequence[SeenItem], n_most: int, links: Mapping[str, str] = NO_LINKS) -> str:
    """Names as a row of chips, with how many more there are."""
    rows = [f"<li>{markup.name_outward(one.name, links.get(one.key, ''))}</li>" for one in items[:n_most]]
    if len(items) > n_most:
        more = words.MORE.format(n=f"{len(items) - n_most:,}")
        rows.append(f'<li class="es-more">{markup.text(more)}</li>')
    return f'<ul class="es-chips">{"".join(rows)}</ul>'


def _head(match: SeenMatch, change: MatchChange | None) -> str:
    return (
        f'<header class="es-head"><span class="es-rank" aria-hidden="true">{match.rank}</span>'
        f'{disc(match.alias)}<div class="es-who"><h3>{markup.name(match.alias, "es-alias")}</h3>'
        f"{labels(match, change)}</div>{nearness(match)}</header>"
    )


def _reason(name: str, match: SeenMatch) -> str:
    """One reason as HTML, naming what is shared where something is."""
    pattern, items = {
        "artists": (words.REASON_ARTISTS, match.artists),
        "tags": (words.REASON_TAGS, match.tags),
    }.get(name, ("", ()))
    if not items:
        return markup.text(words.REASONS.get(name, words.COMPONENTS.get(name, name)))
    named = words.in_words([markup.name(one.name) for one in items[:N_NAMED]])
    return markup.text(pattern).replace("{names}", named)


def _shared(match: SeenMatch, links: Mapping[str, str]) -> str:
    opened = match.relation is Relation.CONNECTED
    if not (match.artists or match.tags):
        nothing = words.SHARED_NOTHING if opened else words.NAMED_NOTHING
        return f'<p class="es-nothing">{markup.text(nothing)}</p>'
    artists = _titled(words.SHARED_ARTISTS if opened else words.FEW_ARTISTS, match.artists, links)
    tags = _tags(words.SHARED_TAGS if opened else words.FEW_TAGS, match.tags)
    return f'<div class="es-shared">{artists}{tags}</div>'


def _titled(title: str, items: tuple[SeenItem, ...], links: Mapping[str, str]) -> str:
    if not items:
        return ""
    heading = f'<h4>{markup.text(title)} <span class="es-n">{len(items):,}</span></h4>'
    return f'<section class="es-part">{heading}{chips(items, N_ARTISTS, links)}</section>'


def _tags(title: str, tags: tuple[SeenItem, ...]) -> str:
    if not tags:
        return ""
    names = markup.joined(f"<li>{markup.name(tag.name)}</li>" for tag in tags[:N_TAGS])
    heading = f"<h4>{markup.text(title)}</h4>"
    return f'<section class="es-part">{heading}<ul class="es-tags">{names}</ul></section>'
