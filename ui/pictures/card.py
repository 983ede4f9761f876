"""Content of a picture, and its alternative text."""

from dataclasses import dataclass

from ui.pictures.lettering import drawable, is_whole
from ui.texts import card as card_texts
from ui.texts import frame, share

MOST_ARTISTS = 5


@dataclass(frozen=True, slots=True)
class ShareCard:
    """Content of a card; the caller has checked that it may be shown.

    Attributes:
        alias: the listener's own.
        other: the other's alias, or those of a group, or "".
        figure: such as "87 %"; only beside `other`.
        told: a sentence that goes on from the alias, such as "has found somebody close in taste"; or "".
        artists: names, most important first.
        tags: what colours it; not written on it.
        n_people: how many listeners it is of.
        address: URL of this Earshot, or "".
        synthetic: whether a listener on it is synthetic.

    Raises:
        ValueError: a figure without the other's alias, or nobody.
    """

    alias: str
    other: str = ""
    figure: str = ""
    told: str = ""
    artists: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    n_people: int = 1
    address: str = ""
    synthetic: bool = False

    def __post_init__(self) -> None:
        if self.figure and not self.other:
            raise ValueError("a figure says with whom")
        if self.n_people < 1:
            raise ValueError("a card is of somebody")

    @property
    def heading(self) -> str:
        """What the artists are."""
        return {1: share.MINE, 2: share.SHARED}.get(self.n_people, share.COMMON)


def describe(card: ShareCard) -> str:
    """Everything on the picture, as sentences."""
    who = share.BOTH.format(one=card.alias, other=card.other) if card.other else card.alias
    figure = f"{card.figure} {card_texts.PERCENT}" if card.figure else ""
    artists, n_more = shown_artists(card)
    shared = f"{card.heading} {', '.join(artists)}" if artists else ""
    more = card_texts.MORE.format(n=n_more) if artists and n_more else ""
    made_up = card_texts.SYNTHETIC if card.synthetic else ""
    parts = (
        frame.PRODUCT,
        f"{who}, {card.told}" if card.other and card.told else f"{who} {card.told}".strip(),
        figure,
        shared,
        more,
        short(card.address),
        made_up,
    )
    return ". ".join(filter(None, parts)) + "."


def shown_artists(card: ShareCard, most: int = MOST_ARTISTS) -> tuple[list[str], int]:
    """At most `most` drawable names, and the number of others."""
    whole = [name for one in card.artists if (name := drawable(one)) and is_whole(one, name)]
    shown = list(dict.fromkeys(whole))[:most]
    return shown, len(card.artists) - len(shown)


def short(address: str) -> str:
    """An address as people read it: without its scheme."""
    return address.partition("://")[2].rstrip("/") or address
