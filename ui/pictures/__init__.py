"""Pictures to send: a card drawn as PNG in three formats."""

from ui.pictures.card import ShareCard, describe
from ui.pictures.drawing import draw_card
from ui.pictures.layout import FORMATS, Format

__all__ = ["FORMATS", "Format", "ShareCard", "describe", "draw_card"]
