"""The story of a taste in five cards, for its owner: from their own figures and their nearest match."""

from collections.abc import Callable
from dataclasses import dataclass, field

from matcher.browsing.rarity import Heard, OddCorner, RarePair, odd_corner, rare_pair
from matcher.browsing.service import Browsing
from matcher.domain.consent import SeenMatch
from matcher.domain.profile import ListenerProfile
from matcher.errors import NotSynced
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import Trait, traits

LEAST_OF_FIRST = 0.25  # share of the strongest tag's that the second needs to be named beside it
LEAST_OF_DECADE = 0.3  # share of the listening that a decade needs to be named


@dataclass(frozen=True, slots=True)
class Portrait:
    """A listener's own taste in a few figures.

    Attributes:
        tags: at most two, the most telling first: strong here, and rare among listeners.
        decade: of release, such as 1960, with its `decade_share` of the listening; None if none stands out.
        traits: how the music sounds, clearest first.
    """

    tags: tuple[str, ...]
    decade: int | None
    decade_share: float
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What the five cards say; None if there is nothing to say yet."""

    portrait: Portrait
    odd_corner: OddCorner | None = field(default=None, repr=False)
    rare_pair: RarePair | None = field(default=None, repr=False)
    nearest: SeenMatch | None = None


@dataclass(frozen=True, slots=True)
class Stories:
    """Tells listeners the story of their own taste.

    `heard` counts what listeners here show, by model version; possibly cached.
    """

    browsing: Browsing
    heard: Callable[[str], Heard]
    model: Callable[[], Pipeline]

    def tell(self, listener_id: str, so_far: ListenerProfile | None = None) -> Story:
        """The story of the stored profile, or of one that is still being read.

        Raises:
            NotSynced: there is neither.
        """
        profile = so_far or self.browsing.profile_of(listener_id)
        if profile is None:
            raise NotSynced("the library was not read yet")
        portrait, pair = self.about(profile)
        corner = odd_corner(profile, self.heard(self.model().embedder.model_version))
        look = self.browsing
        near = look.look_ahead(listener_id, so_far, 1) if so_far else look.nearest(listener_id, 1)
        return Story(portrait, corner, pair, next(iter(near), None))

    def about(self, profile: ListenerProfile) -> tuple[Portrait, RarePair | None]:
        """The sentence on a listener, and what few others here hear."""
        heard = self.heard(self.model().embedder.model_version)
        return self.portrait(profile), rare_pair(profile, heard)

    def portrait(self, profile: ListenerProfile) -> Portrait:
        """The profile in a few figures."""
        ranker = self.model().ranker
        telling = {tag: share * ranker.frequencies.idf("tags", tag) for tag, share in profile.tags.items()}
        tags = sorted(telling, key=lambda tag: (-telling[tag], tag))[:2]
        named = tuple(tag for tag in tags if telling[tag] >= LEAST_OF_FIRST * telling[tags[0]])
        decade = max(profile.decades, key=lambda one: (profile.decades[one], one), default=None)
        share = profile.decades[decade] if decade is not None else 0.0
        sound = traits(ranker.audio.standardise(profile.audio))
        if share < LEAST_OF_DECADE:
            return Portrait(named, None, 0.0, sound)
        return Portrait(named, decade, share, sound)
