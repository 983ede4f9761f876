"""A picture to send: choice of format, the picture, sending it and downloading it."""

from base64 import b64encode

import streamlit as st

from ui.html import controls, draw, html, markup
from ui.pictures import FORMATS, ShareCard, describe, draw_card
from ui.request import Request
from ui.texts import share

_CHOSEN = "picture_format"
"""View state: number of the chosen format."""
_KINDS = tuple(FORMATS)
_SEND = '<button type="button" class="es-button es-main es-send" data-send="{}" data-file="{}">{}</button>'


def show(request: Request, card: ShareCard, css: str, key: str) -> None:
    """Draw the picture in the chosen format; `css` is its class, `key` is unique on the page."""
    kind = _kind()
    # first of all: a control that is seen while this is on its way could not be pressed yet
    png, name, size = draw_card(card, kind), share.FILE.format(kind=kind), FORMATS[kind]
    formats = {one: share.FORMATS[one] for one in _KINDS}
    draw(controls.choices(request, share.FORMAT, f"format_{key}", formats, kind, _choose))
    draw(html('<p class="es-more">{}</p>', share.SIZES[kind]))
    source, told = f"data:image/png;base64,{b64encode(png).decode()}", markup.attribute(describe(card))
    picture = '<img class="es-postcard {} es-as-{}" src="{}" alt="{}" width="{}" height="{}">'
    draw(html(picture, css, kind, source, told, size.width, size.height))
    with st.container(key=f"send_{key}", horizontal=True):
        # shown where the browser can send files (see hear_and_send.js)
        draw(html(_SEND, css, name, share.SEND), width="content")
        st.download_button(share.DOWNLOAD, png, name, "image/png", key=key, on_click="ignore")


def _kind() -> str:
    number = st.session_state.get(_CHOSEN, 0)
    return _KINDS[number] if number in range(len(_KINDS)) else _KINDS[0]


def _choose(kind: str) -> None:
    st.session_state[_CHOSEN] = _KINDS.index(kind)
