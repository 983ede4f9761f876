"""Model inputs of a profile, computed by the same code in training and in serving."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.domain.audio import RANGES, SUMMARISED, AudioSummary
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import FIGURES, Doubles, moments
from matcher.scoring.audio_similarity import figures as figures_of
from towers.features.names import is_name
from towers.features.vocabulary import Field, Vocabulary

Ints = NDArray[np.int32]

N_FIELDS = len(Field)
N_AUDIO = len(SUMMARISED)
N_FIGURES = FIGURES
AUDIO_WIDTH = N_AUDIO * (N_FIGURES + 1)
"""Length of the audio features: all figures, then a mask per attribute."""

SHARES = (Field.TAG, Field.DECADE)
"""Fields whose amounts are shares and not plays: `damp` leaves them as they are."""

_ARE_SHARES = np.isin(np.arange(N_FIELDS), SHARES)
_MOST_SPREADS = 5.0
_MOST_PLAYS = 1e15
_MOST_NAMES = 200  # of one listener; a name takes up to 20 µs, when it is new to the process
_WIDTHS = np.asarray([RANGES[name][1] - RANGES[name][0] for name in SUMMARISED])


@dataclass(frozen=True, slots=True, eq=False)
class FeatureBatch:
    """Inputs of the towers, one row per listener.

    Attributes:
        tokens: [n, n_fields, bag_width] int32, tokens of each bag by falling weight, padded with 0.
        weights: [n, n_fields, bag_width] float32, >= 0; the sum of a bag is 1, or 0 if it is empty.
        audio: [n, AUDIO_WIDTH] float32 in [-5, 5]: standardised figures, 0 if unknown, then the masks.
        names: keys of artists and tracks without a token; a token of n_tokens + i stands for names[i].

    Raises:
        ValueError: the shapes do not fit together.
    """

    tokens: Ints
    weights: Floats
    audio: Floats
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.tokens.shape != self.weights.shape or self.tokens.shape[1:2] != (N_FIELDS,):
            raise ValueError(f"bags of shapes {self.tokens.shape} and {self.weights.shape}")
        if self.audio.shape != (len(self.tokens), AUDIO_WIDTH):
            raise ValueError(f"audio features of shape {self.audio.shape}")


@dataclass(frozen=True, eq=False)
class AudioStandardiser:
    """Standardises audio figures by mean and spread among training listeners.

    Attributes:
        centre: [N_AUDIO, N_FIGURES] float64, NaN for an attribute that no training listener had.
        width: [N_AUDIO, N_FIGURES] float64, > 0.

    Raises:
        ValueError: a shape is wrong, or a width is 0 or less.
    """

    centre: Doubles
    width: Doubles

    def __post_init__(self) -> None:
        if self.centre.shape != (N_AUDIO, N_FIGURES) or self.width.shape != self.centre.shape:
            raise ValueError(f"audio scale of shapes {self.centre.shape} and {self.width.shape}")
        if not (self.width > 0).all():
            raise ValueError("audio widths must be above 0")

    def standardise(self, figures: Doubles) -> Floats:
        """Turn raw figures [n, N_AUDIO, N_FIGURES], NaN if unknown, into audio features."""
        scaled = np.clip((figures - self.centre) / self.width, -_MOST_SPREADS, _MOST_SPREADS)
        known = np.logical_not(np.isnan(scaled).any(axis=2, keepdims=True))
        filled = np.where(known, scaled, 0.0).reshape(len(figures), N_AUDIO * N_FIGURES)
        return np.hstack([filled, known[:, :, 0]]).astype(np.float32)


def fit_audio_standardiser(figures: Doubles) -> AudioStandardiser:
    """Fit the standardiser to raw figures [n, N_AUDIO, N_FIGURES], NaN if unknown."""
    centre, variance = moments(figures)
    seen = (~np.isnan(figures)).any(axis=0)
    width = np.maximum(np.sqrt(variance), 0.01 * _WIDTHS[:, None])
    return AudioStandardiser(np.where(seen, centre, np.nan), width)


def audio_figures(summaries: Iterable[AudioSummary | None]) -> Doubles:
    """Raw figures of audio summaries: [n, N_AUDIO, N_FIGURES], NaN if unknown."""
    return np.asarray([figures_of(summary) for summary in summaries]).reshape(-1, N_AUDIO, N_FIGURES)


def damp(amounts: Doubles, fields: NDArray[np.int_]) -> Doubles:
    """Damp plays to log2(1 + plays); leave shares as they are. All arrays are [n]."""
    bounded = np.minimum(amounts, _MOST_PLAYS)
    return np.where(_ARE_SHARES[fields], bounded, np.log1p(bounded) / np.log(2.0))


def amounts_of(profile: ListenerProfile, vocabulary: Vocabulary) -> dict[Field, dict[int, float]]:
    """Plays or shares of a profile by field and token, before damping."""
    amounts: dict[Field, dict[int, float]] = {field: defaultdict(float) for field in Field}
    for item in profile.items:
        for field, token in vocabulary.tokens_of(item):
            amounts[field][token] += item.plays
    decades = {str(decade): share for decade, share in profile.decades.items()}
    for field, keyed in ((Field.TAG, profile.tags), (Field.WORD, profile.words), (Field.DECADE, decades)):
        for key, amount in keyed.items():
            known = vocabulary.token(field, key)
            if known is not None:
                amounts[field][known] += amount
    return amounts


@dataclass(frozen=True, eq=False)
class FeatureMaker:
    """Turns profiles into features, independent of the order of a profile's items.

    `idf_power` is the exponent of the idf in weights; a bag keeps the `bag_width` entries of largest weight.
    With `with_names`, artists and tracks that have no token but a name are in the bags, too.
    """

    vocabulary: Vocabulary
    standardiser: AudioStandardiser
    idf_power: float
    bag_width: int
    with_names: bool = False

    @cached_property
    def token_weights(self) -> Doubles:
        """[n_tokens], weight of one play of each token: idf ** idf_power."""
        return self.vocabulary.idf.astype(np.float64) ** self.idf_power

    def make(self, profiles: Sequence[ListenerProfile]) -> FeatureBatch:
        """Features of the profiles, in order."""
        shape = (len(profiles), N_FIELDS, self.bag_width)
        tokens, weights = np.zeros(shape, np.int32), np.zeros(shape, np.float32)
        names: dict[str, int] = {}
        for row, profile in enumerate(profiles):
            found = amounts_of(profile, self.vocabulary)
            if self.with_names:
                self._add_names(profile, found, names)
            for field, amounts in found.items():
                if amounts:
                    self._fill(field, amounts, tokens[row, field], weights[row, field])
        figures = audio_figures(profile.audio for profile in profiles)
        return FeatureBatch(tokens, weights, self.standardiser.standardise(figures), tuple(names))

    def _add_names(
        self, profile: ListenerProfile, amounts: dict[Field, dict[int, float]], names: dict[str, int]
    ) -> None:
        """Add artists and tracks without a token to `amounts`, and their keys to `names`."""
        plays: dict[tuple[Field, str], float] = defaultdict(float)
        for item in profile.items:
            for field, key in ((Field.ARTIST, item.artist), (Field.TRACK, item.track)):
                if is_name(key) and self.vocabulary.token(field, key) is None:
                    plays[field, key] += item.plays
        for field, key in sorted(plays, key=lambda named: (-plays[named], named))[:_MOST_NAMES]:
            token = self.vocabulary.n_tokens + names.setdefault(key, len(names))
            amounts[field][token] = plays[field, key]

    def _fill(self, field: Field, amounts: Mapping[int, float], tokens: Ints, weights: Floats) -> None:
        """Fill the rows of one bag by falling weight; weights sum to 1."""
        present = np.fromiter(amounts.keys(), np.int64, len(amounts))
        plays = np.fromiter(amounts.values(), np.float64, len(amounts))
        # a name without a token is as rare as a hash bucket, whose document frequency is 0
        counted_as = np.minimum(present, self.vocabulary.n_tokens - 1)
        weight = damp(plays, np.full(len(present), field)) * self.token_weights[counted_as]
        order = np.lexsort((present, -weight))[: self.bag_width]
        tokens[: len(order)] = present[order]
        total = weight[order].sum()
        weights[: len(order)] = weight[order] / total if total > 0 else 0.0
