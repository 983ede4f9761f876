"""Play buttons: where a link to Spotify is known, one opens it."""

import re

from markupsafe import Markup

from ui.html import EMPTY, html, markup
from ui.texts import heard as words

_TRACK = re.compile(r"https://open\.spotify\.com/track/([0-9A-Za-z]{22})")
"""A track that Spotify's own player can play on the page; never one of the demo's local Spotify."""
_TRIANGLE = "▶"


def play(name: str, artist: str, address: str) -> Markup:
    """A button that plays an item; EMPTY without an address. `artist` is empty for an artist.

    It is a link in a new tab. That of a track of the real Spotify opens Spotify's player on the page
    (hear_and_send.js), from which nothing is asked before.
    """
    if not address:
        return EMPTY
    whole = words.BY.format(name=name, artist=artist) if artist else name
    pattern = words.FIND if "/search/" in address else words.PLAY
    told = markup.attribute(pattern.format(name=markup.isolated(whole)))
    track = _TRACK.fullmatch(address)
    embed = html(' data-embed="{}"', track[1]) if track else EMPTY
    return html(
        '<a class="es-play" href="{}" target="_blank" rel="noopener" aria-label="{}" title="{}"{}>'
        '<span aria-hidden="true">{}</span></a>',
        *(address, told, told, embed, _TRIANGLE),
    )


def beside(button: Markup, name: Markup) -> Markup:
    """A play button with a name beside it; the name alone without a button."""
    return html('<div class="es-track">{}<span>{}</span></div>', button, name) if button else name
