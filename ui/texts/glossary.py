"""Meanings of the words on the screens."""

from collections.abc import Mapping

from ui.texts import card, charts, sync

TITLE = "What the words mean"
MEANINGS: Mapping[str, tuple[str, str]] = {
    "percent": (
        "% match",
        "0 % is what two strangers have in common on average, 100 % your own library once more. On the "
        "meter, the shaded zone is where the middle half of people’s own halves lie, one library split in "
        "two, and the tick is their median. In eight cases of ten the figure lies within the thin line.",
    ),
    **{name: (card.BANDS[name], card.BAND_MEANING[name]) for name in card.BANDS},
    "new for you": ("new for you", card.NEW_MORE),
    "tag": ("Tag", card.TAG_MORE),
    "audio": (
        "Audio attributes",
        "Figures on how a track sounds, such as its energy, its mood or its tempo.",
    ),
    "synthetic": (card.SYNTHETIC, card.SYNTHETIC_MORE),
    "open data": (card.OPEN_DATA, card.OPEN_DATA_MORE),
    **card.RELATIONS,
    "lately": (card.LATELY, card.LATELY_MORE),
    "clone": (card.CLONE, card.CLONE_MORE),
    "double": (card.DOUBLE, card.DOUBLE_MORE),
    "moved": (
        "new, up, down",
        "Since your last look: newly among your matches, or so many places further up or down.",
    ),
    "score": (charts.TOTAL, card.SCORE_MEANING),
    "call": ("Call", sync.CALLS_MORE),
    "neighbourhood": (
        "Neighbourhood",
        "Listeners who hear much the same, found by the model and named by artists heard there more than "
        "elsewhere.",
    ),
}
"""Word and meaning, by key."""

_NEAR = ("percent", *card.BANDS)
_LABELS = ("synthetic", "open data", *card.RELATIONS, "lately", "clone", "double")
ON: Mapping[str, tuple[str, ...]] = {
    "matches": (*_NEAR, "new for you", "tag", *_LABELS, "moved", "audio", "call"),
    "reading": (*_NEAR, "new for you", "tag", *_LABELS, "call"),
    "match": (*_NEAR, "score", "tag", *_LABELS, "audio"),
    "map": (*_NEAR[1:], "neighbourhood"),
    "groups": (*_NEAR, "tag"),
    "taste": ("audio", "tag"),
}
"""Keys of the words, by screen."""
