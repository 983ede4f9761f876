"""Privacy: consent to train models, a switch for each source."""

from collections.abc import Mapping
from hashlib import sha256

from markupsafe import Markup

from ui.html import draw, html, joined
from ui.html.fold import fold
from ui.pages.privacy import actions, words
from ui.pages.privacy.being_found import switch
from ui.request import Request
from ui.shared import notice
from ui.texts.sources import source_name


def show(request: Request, sources: Mapping[str, bool]) -> None:
    """Draw a switch for each source that is trainable: `sources` has their states by origin."""
    with fold("training", words.TRAINING, words.training_line(sources.values()), words.TRAINING_LEAD):
        notice.tell(request, "training")
        if sources:
            switches = joined(_switch(request, *one) for one in sources.items())
            draw(html('<div class="es-switches">{}</div>', switches))
        else:
            draw(html("<p>{}</p>", words.NO_TRAINING))
        draw(html('<p class="es-note">{}</p>', words.TRAINING_SPOTIFY))


def _switch(request: Request, origin: str, agreed: bool) -> Markup:
    def choose(now: Request, wanted: bool) -> None:
        actions.choose_training(now, origin, wanted)

    key = "training_" + sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    label = words.TRAIN_ON.format(source=source_name(origin))
    return switch(request, "training", key, label, agreed, choose)
