"""Invented names of artists, listeners, tracks, albums and playlists.

Every artist's name has at least one made-up word, so that none is meant to be a real one. One in ten is in
another script than plain Latin, and so are the titles of that artist.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_HEADS = (
    "Varn Ost Tess Brel Marro Quil Thel Hask Wyn Orr Pell Sild Dorn Fenna Gral Isk Jor Kest Lum Mor Nev Pry "
    "Rhun Sorr Tarn Ulver Vesp Wren Yar Zell Ald Bex Cal Drev Ebb Farr Gaun Hol Ingr Kell"
).split()
_TAILS = (
    "holt rell elby wick dale mere by grave sten low ard ane ock ura ith ova essa ander ilde oway "
    "umar enne orin asca ette ivar olm ena usk ary"
).split()
_TRIPLE = re.compile(r"(.)\1\1")
# Never three of the same letter where head and tail meet, as in "Pelllow".
_WORDS = tuple(_TRIPLE.sub(r"\1\1", head + tail) for head in _HEADS for tail in _TAILS)
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

LATIN = ""
"""The script of most artists: Latin without accents."""
_SYLLABLES = {
    "Cyrillic": "ва ло ми не ро ту зе ки да со ля бре гор стан вель жу шо чи фа ры мель дю".split(),
    "Greek": "κα λι μο νε ρα θα σι το φε δρο ξα πε λυ ζω μα βρι γα χε ψι".split(),
    "Kana": "カ リ モ ネ ラ ト シ ユ メ ノ ハ ロ サ ビ ゼ ク ド マ ペ ル".split(),
    "Arabic": "با لو مي نر سا دي كا طو رم زي هل شا فن جو تي قر عا ود".split(),
    "Hangul": "벨 륜 샤 텔 봄 릭 쥬 란 웰 도 핀 사 큐 론 메 티 솔 겐 누 파".split(),
    "accented Latin": "ål ćer żel ñav œr šim ůz éls ğur ðar ľub dør våg šić ção ñel ürk éra îne ółt".split(),
}
_SCRIPTS = (LATIN, *_SYLLABLES)
# Real tables: five in a hundred artists are named in another script, five with accents.
_SCRIPT_SHARES = (0.9, 0.015, 0.007, 0.012, 0.006, 0.01, 0.05)
N_DRAWN = 4
"""Random numbers from 0 to 2**31 that a name is made of."""
Draw = Sequence[int]


class ArtistName(NamedTuple):
    """A name and the script that it is in."""

    text: str
    script: str


class NameMaker:
    """Draws names from one random generator; equal states give equal names."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def _draw(self) -> Draw:
        drawn: Draw = self._rng.integers(0, 2**31, N_DRAWN).tolist()
        return drawn

    def artists(self, n: int, places: NDArray[np.int64]) -> list[ArtistName]:
        """Names of some of `n` artists, different even without case, accents and "The"."""
        numbers = self._rng.choice(len(_SCRIPTS), n, p=_SCRIPT_SHARES)[places].tolist()
        draws = self._rng.integers(0, 2**31, (n, N_DRAWN))[places].tolist()
        scripts = [_SCRIPTS[number] for number in numbers]
        return [
            ArtistName(self._unique(partial(_artist, script), draw), script)
            for script, draw in zip(scripts, draws, strict=True)
        ]

    def person(self) -> str:
        return _person(self._draw())

    def playlist(self, scene: str, tags: Sequence[str]) -> str:
        """A playlist's name, unique for this maker."""
        return self._unique(partial(_playlist, scene, tags), self._draw())

    def _unique(self, make: Callable[[Draw], str], draw: Draw) -> str:
        name = make(draw)
        while (key := _folded(name)) in self._taken:
            name = make(self._draw())
        self._taken.add(key)
        return name


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower().removeprefix("the ")
    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def _pick(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]


def _word(number: int, script: str) -> str:
    """A made-up word; two to four syllables outside plain Latin."""
    if script == LATIN:
        return _pick(_WORDS, number)
    syllables = _SYLLABLES[script]
    n_syllables, number = 2 + number % 3, number // 3
    word = ""
    for _ in range(n_syllables):
        number, place = divmod(number, len(syllables))
        word += syllables[place]
    return _TRIPLE.sub(r"\1\1", word).capitalize()


def _person(draw: Draw) -> str:
    return f"{_pick(_FIRST, draw[0])} {_pick(_WORDS, draw[1])}"


def _artist(script: str, draw: Draw) -> str:
    pattern, first, second, third = draw
    word = _word(first, script)
    if script != LATIN:
        return word if pattern % 3 == 0 else f"{word} {_word(second, script)}"
    noun = _pick(_NOUNS, second)
    return (
        f"{_pick(_FIRST, second)} {word}",
        f"{_pick(_FIRST, second)} {word}",
        f"{_pick(_FIRST, second)} {word}",
        f"The {word} {noun}s",
        f"{word} {_pick(_ENSEMBLES, second)}",
        f"{_pick(_ADJECTIVES, second)} {word}",
        f"{word} & the {_pick(_ADJECTIVES, third)} {noun}s",
        word,
    )[pattern % 8]


_TITLES: tuple[Callable[[int, int], str], ...] = (
    lambda a, b: f"{_pick(_ADJECTIVES, a)} {_pick(_NOUNS, b)}",
    lambda a, b: f"{_pick(_NOUNS, a)} in the {_pick(_NOUNS, b)}",
    lambda a, b: f"{_pick(_VERBS, a)} the {_pick(_NOUNS, b)}",
    lambda a, b: f"A {_pick(_NOUNS, a)} for {_pick(_FIRST, b)}",
    lambda a, b: f"{_pick(_WORDS, a)} {_pick(_NOUNS, b)}",
    lambda a, b: f"{_pick(_NOUNS, a)}s and {_pick(_NOUNS, b)}s",
    lambda a, b: f"Every {_pick(_ADJECTIVES, a)} {_pick(_NOUNS, b)}",
)


def title(script: str, draw: Draw) -> str:
    """A title of a track or an album in the artist's script."""
    pattern, first, second, _ = draw
    if script == LATIN:
        return _TITLES[pattern % len(_TITLES)](first, second)
    return " ".join(_word(number, script) for number in (first, second)[: 1 + pattern % 2])


def _playlist(scene: str, tags: Sequence[str], draw: Draw) -> str:
    pattern, first, second, third = draw
    mood, activity, tag = _pick(_MOODS, first), _pick(_ACTIVITIES, first), _pick(tags, second)
    year = 2018 + third % 9
    return (
        scene,
        f"{mood} {scene}",
        f"{scene} for {activity}",
        f"{_pick(_SEASONS, first)} {year}",
        f"{mood} {tag}",
        f"music for {activity}",
        f"{tag} favourites",
        f"best of {scene} {year}",
    )[pattern % 8]
