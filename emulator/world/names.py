"""Invented names of artists, listeners, tracks, albums and playlists.

Every artist's name has at least one made-up word, so that none is meant to be a real one.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

_HEADS = (
    "Varn Ost Tess Brel Marro Quil Thel Hask Wyn Orr Pell Sild Dorn Fenna Gral Isk Jor Kest Lum Mor Nev Pry "
    "Rhun Sorr Tarn Ulver Vesp Wren Yar Zell Ald Bex Cal Drev Ebb Farr Gaun Hol Ingr Kell"
).split()
_TAILS = (
    "holt rell elby wick dale mere by grave sten low ard ane ock ura ith ova essa ander ilde oway "
    "umar enne orin asca ette ivar olm ena usk ary"
).split()
_TRIPLE = re.compile(r"(.)\1\1")
_FIRST = (
    "Ilka Maren Tobiah Sunniva Oren Leoni Casimir Yael Bodil Anselm Petra Milo Noor Edda Joaquin Wanda Ravi "
    "Thea Lucan Imani Odile Soren Vera Halim Ines Kofi Mirela Osric Pilar Runa Sefa Tamsin Ugo "
    "Vasil Zora Amadi"
).split()
_ADJECTIVES = (
    "Quiet Paper Electric Golden Hollow Velvet Northern Distant Wooden Silver Restless Painted "
    "Crooked Gentle "
    "Midnight Burning Frozen Hidden Second Borrowed Salted Slow Bright Faded"
).split()
_NOUNS = (
    "Lantern Harbour River Orchard Signal Window Engine Meadow Compass Ladder Winter Thunder Garden "
    "Mirror Kite "
    "Station Island Feather Satellite Bridge Candle Forest Tide Motor Shadow Postcard Marble Sparrow"
).split()
_ENSEMBLES = "Quartet|Trio|Collective|Sound System|Brothers|Sisters|Ensemble|Orchestra|Assembly|Union".split(
    "|"
)
_VERBS = "Carry|Follow|Remember|Leave|Find|Call|Hold|Forgive|Wake|Answer|Wait for|Dance with".split("|")
_MOODS = "slow|sunny|moody|late night|loud|soft|golden|rainy|easy|restless|cosy|bright".split("|")
_ACTIVITIES = (
    "running|cooking|the commute|deep focus|Sunday cleaning|long drives|reading|the gym|"
    "falling asleep|coding|"
    "dinner with friends|the garden|packing boxes|train rides"
).split("|")
_SEASONS = ("spring", "summer", "autumn", "winter")


class NameMaker:
    """Draws names from one random generator; equal states give equal names."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def _pick(self, words: Sequence[str]) -> str:
        return words[int(self._rng.integers(len(words)))]

    def _word(self) -> str:
        # Never three of the same letter where head and tail meet, as in "Pelllow".
        return _TRIPLE.sub(r"\1\1", self._pick(_HEADS) + self._pick(_TAILS))

    def _unique(self, make: Callable[[], str]) -> str:
        name = make()
        while name.casefold() in self._taken:
            name = make()
        self._taken.add(name.casefold())
        return name

    def _artist(self) -> str:
        pattern = int(self._rng.integers(8))
        if pattern <= 2:
            return f"{self._pick(_FIRST)} {self._word()}"
        if pattern == 3:
            return f"The {self._word()} {self._pick(_NOUNS)}s"
        if pattern == 4:
            return f"{self._word()} {self._pick(_ENSEMBLES)}"
        if pattern == 5:
            return f"{self._pick(_ADJECTIVES)} {self._word()}"
        if pattern == 6:
            return f"{self._word()} & the {self._pick(_ADJECTIVES)} {self._pick(_NOUNS)}s"
        return self._word()

    def artist(self) -> str:
        """An artist's name, unique for this maker."""
        return self._unique(self._artist)

    def person(self) -> str:
        return f"{self._pick(_FIRST)} {self._word()}"

    def title(self) -> str:
        pattern = int(self._rng.integers(7))
        noun = self._pick(_NOUNS)
        return (
            f"{self._pick(_ADJECTIVES)} {noun}",
            f"{noun} in the {self._pick(_NOUNS)}",
            f"{self._pick(_VERBS)} the {noun}",
            f"A {noun} for {self._pick(_FIRST)}",
            f"{self._word()} {noun}",
            f"{noun}s and {self._pick(_NOUNS)}s",
            f"Every {self._pick(_ADJECTIVES)} {noun}",
        )[pattern]

    def titles(self, n: int) -> list[str]:
        titles: dict[str, None] = {}
        while len(titles) < n:
            titles[self.title()] = None
        return list(titles)

    def playlist(self, scene: str, tags: Sequence[str]) -> str:
        """A playlist's name, unique for this maker."""
        return self._unique(lambda: self._playlist(scene, tags))

    def _playlist(self, scene: str, tags: Sequence[str]) -> str:
        pattern = int(self._rng.integers(8))
        mood, tag, year = self._pick(_MOODS), self._pick(tags), int(self._rng.integers(2018, 2027))
        return (
            scene,
            f"{mood} {scene}",
            f"{scene} for {self._pick(_ACTIVITIES)}",
            f"{self._pick(_SEASONS)} {year}",
            f"{mood} {tag}",
            f"music for {self._pick(_ACTIVITIES)}",
            f"{tag} favourites",
            f"best of {scene} {year}",
        )[pattern]
