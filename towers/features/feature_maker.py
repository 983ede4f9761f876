"""Features: a listener's profile as arrays of fixed shape, the same in training and in serving."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.audio import RANGES, SUMMARISED, AudioSummary
from matcher.likeness import FIGURES, Doubles, moments
from matcher.likeness import figures as figures_of
from matcher.profile import ListenerProfile
from matcher.vectors import Floats
from towers.features.vocabulary import Field, Vocabulary

Ints = NDArray[np.int32]

N_FIELDS = len(Field)
N_AUDIO = len(SUMMARISED)
N_FIGURES = FIGURES
AUDIO_WIDTH = N_AUDIO * (N_FIGURES + 1)
"""Length of the audio features: all figures, then one mask per attribute."""

SHARES = (Field.TAG, Field.DECADE)
"""Fields whose amounts are shares of a whole, already damped; the others count plays and are damped here."""

_ARE_SHARES = np.isin(np.arange(N_FIELDS), SHARES)
_MOST_SPREADS = 5.0
_MOST_PLAYS = 1e15
_WIDTHS = np.asarray([RANGES[name][1] - RANGES[name][0] for name in SUMMARISED])


@dataclass(frozen=True, slots=True, eq=False)
class FeatureBatch:
    """What the towers are fed: row i of each array is listener i.

    Attributes:
        tokens: [n, n_fields, bag_width] int32, tokens of each bag, heaviest first, 0 where there are no more.
        weights: [n, n_fields, bag_width] float32, >= 0; sums to 1 in a bag, 0 throughout in an empty one.
        audio: [n, AUDIO_WIDTH] float32 in [-5, 5]: standardised figures, 0 where unknown, then the masks.

    Raises:
        ValueError: the shapes do not belong together.
    """

    tokens: Ints
    weights: Floats
    audio: Floats

    def __post_init__(self) -> None:
        if self.tokens.shape != self.weights.shape or self.tokens.shape[1:2] != (N_FIELDS,):
            raise ValueError(f"bags of shapes {self.tokens.shape} and {self.weights.shape}")
        if self.audio.shape != (len(self.tokens), AUDIO_WIDTH):
            raise ValueError(f"audio features of shape {self.audio.shape}")


@dataclass(frozen=True, eq=False)
class AudioScale:
    """Centre and width of each audio figure among the training listeners.

    Attributes:
        centre: [N_AUDIO, N_FIGURES] float64, NaN for an attribute that no training listener had.
        width: [N_AUDIO, N_FIGURES] float64, > 0.

    Raises:
        ValueError: a shape is wrong or a width not above 0.
    """

    centre: Doubles
    width: Doubles

    def __post_init__(self) -> None:
        if self.centre.shape != (N_AUDIO, N_FIGURES) or self.width.shape != self.centre.shape:
            raise ValueError(f"audio scale of shapes {self.centre.shape} and {self.width.shape}")
        if not (self.width > 0).all():
            raise ValueError("audio widths must be above 0")

    def standardise(self, figures: Doubles) -> Floats:
        """Audio features of raw figures.

        Args:
            figures: [n, N_AUDIO, N_FIGURES] in the attributes' own units, NaN where unknown.

        Returns:
            [n, AUDIO_WIDTH] float32, as `FeatureBatch.audio`.
        """
        scaled = np.clip((figures - self.centre) / self.width, -_MOST_SPREADS, _MOST_SPREADS)
        known = np.logical_not(np.isnan(scaled).any(axis=2, keepdims=True))
        filled = np.where(known, scaled, 0.0).reshape(len(figures), N_AUDIO * N_FIGURES)
        return np.hstack([filled, known[:, :, 0]]).astype(np.float32)


def measure_audio(figures: Doubles) -> AudioScale:
    """Centre and width of each figure over listeners: [n, N_AUDIO, N_FIGURES], NaN where unknown."""
    centre, variance = moments(figures)
    seen = (~np.isnan(figures)).any(axis=0)
    width = np.maximum(np.sqrt(variance), 0.01 * _WIDTHS[:, None])
    return AudioScale(np.where(seen, centre, np.nan), width)


def audio_figures(summaries: Iterable[AudioSummary | None]) -> Doubles:
    """Raw figures of audio summaries: [n, N_AUDIO, N_FIGURES], NaN where unknown."""
    return np.asarray([figures_of(summary) for summary in summaries]).reshape(-1, N_AUDIO, N_FIGURES)


def damp(amounts: Doubles, fields: NDArray[np.int_]) -> Doubles:
    """Damp plays by log2(1 + plays), so that a single play weighs 1; shares stay as they are.

    Args:
        amounts: [n] plays or shares, >= 0.
        fields: [n] the field of each.
    """
    bounded = np.minimum(amounts, _MOST_PLAYS)
    return np.where(_ARE_SHARES[fields], bounded, np.log1p(bounded) / np.log(2.0))


def amounts_of(profile: ListenerProfile, vocabulary: Vocabulary) -> dict[Field, dict[int, float]]:
    """Plays or shares of a whole profile by field and token, before damping."""
    found: dict[Field, dict[int, float]] = {field: defaultdict(float) for field in Field}
    for item in profile.items:
        for field, token in vocabulary.tokens_of(item):
            found[field][token] += item.plays
    _add_keys(found[Field.TAG], Field.TAG, profile.tags, vocabulary)
    _add_keys(found[Field.WORD], Field.WORD, profile.words, vocabulary)
    decades = {str(decade): share for decade, share in profile.decades.items()}
    _add_keys(found[Field.DECADE], Field.DECADE, decades, vocabulary)
    return found


def _add_keys(
    found: dict[int, float], field: Field, amounts: Mapping[str, float], vocabulary: Vocabulary
) -> None:
    for key, amount in amounts.items():
        token = vocabulary.token(field, key)
        if token is not None:
            found[token] += amount


@dataclass(frozen=True, eq=False)
class FeatureMaker:
    """Turns profiles into features. The order of a profile's items makes no difference.

    Attributes:
        vocabulary: the tokens.
        scale: of the audio figures.
        idf_power: exponent of the inverse document frequency in the weights.
        bag_width: most entries of a bag; the lightest beyond it are left out.
    """

    vocabulary: Vocabulary
    scale: AudioScale
    idf_power: float
    bag_width: int

    @cached_property
    def token_weights(self) -> Doubles:
        """[n_tokens], what one play of each token weighs: its idf to the power `idf_power`."""
        return self.vocabulary.idf.astype(np.float64) ** self.idf_power

    def make(self, profiles: Sequence[ListenerProfile]) -> FeatureBatch:
        """Features of each profile, in order; an empty sequence gives arrays of length 0."""
        shape = (len(profiles), N_FIELDS, self.bag_width)
        tokens, weights = np.zeros(shape, np.int32), np.zeros(shape, np.float32)
        for row, profile in enumerate(profiles):
            for field, amounts in amounts_of(profile, self.vocabulary).items():
                if amounts:
                    self._fill(field, amounts, tokens[row, field], weights[row, field])
        figures = audio_figures(profile.audio for profile in profiles)
        return FeatureBatch(tokens, weights, self.scale.standardise(figures))

    def _fill(self, field: Field, amounts: Mapping[int, float], tokens: Ints, weights: Floats) -> None:
        """Write a bag into its row: heaviest first, ties by token, weights summing to 1."""
        found = np.fromiter(amounts.keys(), np.int64, len(amounts))
        plays = np.fromiter(amounts.values(), np.float64, len(amounts))
        weight = damp(plays, np.full(len(found), field)) * self.token_weights[found]
        order = np.lexsort((found, -weight))[: self.bag_width]
        tokens[: len(order)] = found[order]
        total = weight[order].sum()
        weights[: len(order)] = weight[order] / total if total > 0 else 0.0
