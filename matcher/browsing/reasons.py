"""One reason for each match of a list: the one that tells this person from the others in it.

Which reason is chosen follows from what the viewer may see of the listed matches (`SeenMatch`) and from
nothing else. So a viewer who varies their own library learns no more from the choice than from the items.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from matcher.domain.consent import SeenItem, SeenMatch

MOST_TRIED = 10  # strongest shared items of a kind that are tried; strangers are named no more
NAMELESS = ("towers", "audio", "tracks")  # components that have a sentence without a name

Words = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to show with a match.

    Attributes:
        artists, tags: shared items to name, at most two together, strongest first.
        component: the component to tell of, if nothing is named.

    With neither, there is nothing left that the rows above do not say already.
    """

    artists: tuple[SeenItem, ...] = ()
    tags: tuple[SeenItem, ...] = ()
    component: str = ""

    @property
    def words(self) -> Words:
        """What the reason says, whatever the order; names that are spelled alike are the same."""
        named = [("artists", one.name.casefold()) for one in self.artists]
        named += [("tags", one.name.casefold()) for one in self.tags]
        return frozenset(named or [("component", self.component)])

    @property
    def _kind(self) -> int:
        """Artists say most, then an artist with a tag, two tags, one alone, and a component."""
        if self.artists:
            return 1 if self.tags else 0
        return 4 - len(self.tags)


def tell_apart(matches: Sequence[SeenMatch]) -> tuple[Reason, ...]:
    """One reason for each match, in their order; no two name the same.

    A reason that fits few of the matches goes before one that fits many, then artists before tags, then what
    is shared most. Matches with the fewest reasons choose first. Where all are taken, the reason is empty.
    """
    options = [list(_options(one)) for one in matches]
    n_with = Counter(words for each in options for words in {option.words for option in each})
    chosen: dict[int, Reason] = {}
    taken: set[Words] = set()
    for row in sorted(range(len(matches)), key=lambda row: (len(options[row]), row)):
        free = (one for one in options[row] if one.words not in taken)
        chosen[row] = min(free, key=lambda one: _common(one, n_with), default=Reason())
        taken.add(chosen[row].words)
    return tuple(chosen[row] for row in range(len(matches)))


def _common(option: Reason, n_with: Counter[Words]) -> tuple[float, ...]:
    """How little a reason tells a match from the others; `min` keeps the first of equals."""
    each = [n_with[frozenset([word])] for word in option.words]
    return n_with[option.words], option._kind, sum(each) / len(each)


def _options(match: SeenMatch) -> Iterator[Reason]:
    """Every reason there is for a match, the strongest of each kind first."""
    artists, tags = match.artists[:MOST_TRIED], match.tags[:MOST_TRIED]
    yield from (Reason(artists=pair) for pair in _pairs(artists))
    yield from (Reason(artists=(one,)) for one in artists)
    yield from (Reason(artists=(one,), tags=(tag,)) for one in artists for tag in tags)
    yield from (Reason(tags=pair) for pair in _pairs(tags))
    yield from (Reason(tags=(one,)) for one in tags)
    yield from (Reason(component=name) for name in match.reasons if name in NAMELESS)


def _pairs(items: Sequence[SeenItem]) -> Iterator[tuple[SeenItem, SeenItem]]:
    """Pairs of items that are not spelled alike."""
    every = combinations(items, 2)
    return (pair for pair in every if pair[0].name.casefold() != pair[1].name.casefold())
