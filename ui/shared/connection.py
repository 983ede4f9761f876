"""What is said while the network or the server is away: drawn beforehand, as nothing arrives then."""

from markupsafe import Markup

from ui import texts
from ui.html import html


def banner() -> Markup:
    """Three sentences, of which the style shows one: offline, connection lost, or an answer that is late.

    Streamlit's own state tells of the connection and of runs, ui/page.js of the network.
    """
    frame = texts.frame
    return html(
        '<div class="es-connection"><p class="es-offline" role="status">{}</p>'
        '<p class="es-lost" role="status">{}</p><p class="es-late" role="status">{}</p></div>',
        *(frame.OFFLINE, frame.LOST, frame.LATE),
    )
