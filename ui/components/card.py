"""A match as a card: who, how near, and what both share."""

from collections.abc import Iterable
from zlib import crc32

from matcher.calibrate import Percent
from matcher.explain import Explanation, SharedItem
from matcher.listening import Source
from matcher.ports import Listener
from matcher.service import Match
from ui import markup, texts

N_ARTISTS = 8
N_TRACKS = 5
N_TAGS = 12


def cards(matches: Iterable[Match], first: int) -> str:
    """Matches as an ordered list that counts from `first`, as HTML."""
    items = markup.joined(f'<li class="es-card">{card(match)}</li>' for match in matches)
    return f'<ol class="es-cards" start="{first}">{items}</ol>'


def card(match: Match) -> str:
    """One match, as HTML."""
    shared = match.explanation
    return markup.joined(
        (
            _head(match),
            '<div class="es-shared">',
            _artists(shared.artists),
            _tracks(shared.tracks),
            "</div>",
            _tags(shared.tags),
            _nothing(shared),
            _everything(shared),
        )
    )


def disc(alias: str) -> str:
    """A record whose colours follow from the alias; decoration only."""
    number = crc32(alias.encode())
    hues = f"--hue:{number % 360};--turn:{number // 360 % 360}deg"
    return f'<span class="es-disc" style="{hues}" aria-hidden="true"></span>'


def synthetic_label(listener: Listener) -> str:
    """A label for somebody who is not a person; empty for people."""
    if listener.source is not Source.SYNTHETIC:
        return ""
    told = markup.text(texts.card.SYNTHETIC_MORE)
    return f'<span class="es-synthetic" title="{told}">{markup.text(texts.card.SYNTHETIC)}</span>'


def _head(match: Match) -> str:
    who = match.listener
    return (
        f'<header class="es-head"><span class="es-rank" aria-hidden="true">{match.rank}</span>'
        f'{disc(who.alias)}<div class="es-who"><h3>{markup.name(who.alias, "es-alias")}</h3>'
        f"{synthetic_label(who)}</div>{_percent(match.percent)}</header>"
    )


def _percent(percent: Percent) -> str:
    """The calibrated percentage as a figure and a bar, with its interval one hover away."""
    figure, label = texts.grammar.percent(percent.value / 100), markup.text(texts.card.PERCENT)
    meaning = markup.text(texts.card.percent_meaning(percent.value, percent.low, percent.high))
    return (
        f'<div class="es-score" role="meter" aria-label="{label}" aria-valuetext="{meaning}" '
        f'title="{meaning}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent.value:.0f}">'
        f"<b>{figure}</b><small>{label}</small>"
        f'<span class="es-meter"><span style="width:{percent.value:.1f}%"></span></span></div>'
    )


def _titled(title: str, n: int, body: str) -> str:
    heading = f'<h4>{markup.text(title)} <span class="es-n">{n:,}</span></h4>'
    return f'<section class="es-part">{heading}{body}</section>' if n else ""


def _artists(items: tuple[SharedItem, ...]) -> str:
    return _titled(texts.card.SHARED_ARTISTS, len(items), _chips([item.name for item in items], N_ARTISTS))


def _tracks(items: tuple[SharedItem, ...]) -> str:
    rows = markup.joined(f"<li>{_track(item)}</li>" for item in items[:N_TRACKS])
    more = f'<p class="es-more">{_more(len(items) - N_TRACKS)}</p>' if len(items) > N_TRACKS else ""
    return _titled(texts.card.SHARED_TRACKS, len(items), f'<ul class="es-tracks">{rows}</ul>{more}')


def _tags(tags: tuple[SharedItem, ...]) -> str:
    if not tags:
        return ""
    names = markup.joined(f"<li>{markup.name(tag.name)}</li>" for tag in tags[:N_TAGS])
    heading = f"<h4>{markup.text(texts.card.SHARED_TAGS)}</h4>"
    return f'<section class="es-tagged">{heading}<ul class="es-tags">{names}</ul></section>'


def _chips(names: list[str], n_most: int) -> str:
    chips = [f"<li>{markup.name(one)}</li>" for one in names[:n_most]]
    if len(names) > n_most:
        chips.append(f'<li class="es-more">{_more(len(names) - n_most)}</li>')
    return f'<ul class="es-chips">{"".join(chips)}</ul>'


def _more(n: int) -> str:
    return markup.text(texts.card.MORE.format(n=f"{n:,}"))


def _track(item: SharedItem) -> str:
    artist = f' <span class="es-by">– {markup.name(item.artist)}</span>' if item.artist else ""
    return f"{markup.name(item.name)}{artist}"


def _nothing(shared: Explanation) -> str:
    if shared.artists or shared.tracks or shared.tags:
        return ""
    return f'<p class="es-nothing">{markup.text(texts.card.SHARED_NOTHING)}</p>'


def _everything(shared: Explanation) -> str:
    """How the score is made, and all that is shared, folded away."""
    artists = _all(texts.card.SHARED_ARTISTS, (markup.name(item.name) for item in shared.artists[N_ARTISTS:]))
    tracks = _all(texts.card.SHARED_TRACKS, (_track(item) for item in shared.tracks[N_TRACKS:]))
    summary = f"<summary>{markup.text(texts.card.SHARED_ALL)}</summary>"
    return f'<details class="es-all">{summary}{_parts(shared)}{artists}{tracks}</details>'


def _parts(shared: Explanation) -> str:
    """The parts of the score, largest first; they sum to the last line."""
    parts = sorted(shared.parts.items(), key=lambda part: (-part[1], part[0]))
    rows = markup.joined(
        f"<li>{markup.text(texts.card.COMPONENTS.get(name, name))} <b>{texts.grammar.signed(value)}</b></li>"
        for name, value in parts
        if abs(value) >= 0.0005
    )
    score, label = texts.grammar.signed(shared.score), markup.text(texts.card.SCORE)
    total = f'<li class="es-total">{label} <b>{score}</b></li>'
    return f'<h4>{markup.text(texts.card.SCORE_MADE)}</h4><ul class="es-parts">{rows}{total}</ul>'


def _all(title: str, rows: Iterable[str]) -> str:
    items = markup.joined(f"<li>{row}</li>" for row in rows)
    return f"<h4>{markup.text(title)}</h4><ul>{items}</ul>" if items else ""
