"""Who I am here, and on what my matches rest."""

from markupsafe import Markup

from matcher.browsing.service import Sight
from matcher.ports import Listener
from ui import clock, texts
from ui.html import draw, html, markup
from ui.pages.matches import words as matches_words
from ui.shared import glossary
from ui.shared.card import disc


def show(listener: Listener, found: Sight, of_side: bool = False) -> None:
    """My alias, the evidence behind my profile, and when it was read.

    `of_side` is whether one side of the profile was asked with: then the evidence is that side's.
    """
    basis = found.evidence
    evidence = texts.card.evidence(basis.n_tracks, basis.n_artists, basis.audio_coverage, of_side)
    header = html(
        '<header class="es-me">{}<div><p class="es-eyebrow">{} {}</p><h1>{}</h1>'
        '<p class="es-evidence">{} {}</p>{}</div></header>',
        *(disc(listener.alias), matches_words.YOU_ARE, markup.name(listener.alias)),
        *(matches_words.MATCHES_TITLE, evidence, _read(found), glossary.of("matches")),
    )
    draw(header)


def _read(found: Sight) -> Markup:
    if found.synced_at_utc is None:
        return html("{}.", matches_words.last_read(None))
    told = matches_words.last_read(clock.here(found.synced_at_utc))
    return html('<time datetime="{}">{}.</time>', found.synced_at_utc.isoformat(), told)
