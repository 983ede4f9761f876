"""Configuration of the towers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

DISTANCES = ("cosine", "dot", "euclidean", "hadamard")
"""Distance measures; see `model.distances`."""


@dataclass(frozen=True, slots=True)
class TowerConfig:
    """Configuration of the towers and their training, saved in the artefact as JSON.

    Attributes:
        dim: dimensions of one tower's output.
        table_dim: dimensions of the shared item table.
        train_items: whether the item table is trained after its SVD.
        hidden: width of a residual layer in each head; 0 for none.
        audio_dim: dimensions of the audio space (`matcher.scoring.audio_space`); 0 to compare summaries.
        distance: one of `DISTANCES`, for training, storage and search.
        temperature: divides the scores before the softmax.
        epochs: most passes over the listeners; 0 for the towers as initialised.
        min_steps: fewest steps; passes are added to reach them.
        batch_size: most listeners in a step; each is a negative of the others.
        learning_rate: peak of the learning rate.
        start_share: share of the weights as initialised in those that serve; the rest are the trained ones.
        warm_share: share of all steps in which the rate rises from 0, before it falls linearly.
        idf_power: exponent of the inverse document frequency in a bag's weights.
        share_low, share_high: range of the share of a listener that goes into the first view.
        by_facet, by_artist: probability that a listener is split by facet, by artist, if they have several.
        drop_part: probability that a bag, or the audio, of a view is dropped.
        hide_part: probability that the candidate tower misses tags, words, decades or audio of a view.
        min_listeners: fewest listeners of an artist or a track in the vocabulary.
        min_listeners_word: fewest listeners of a tag or a playlist word in the vocabulary.
        max_artists, max_tracks, max_tags, max_words: sizes of the vocabulary; the most frequent are used.
        n_hashes: number of hash buckets each unknown item is spread over.
        names: length of what its name adds to an item, relative to an item of one listener; 0 for none.
        ridge: λ of the pooling (see `features.pooling`); 0 to choose it in training.
        bag_width: most entries of a field in serving; those of largest weight are used.
        holdout_share, holdout_most: share and largest number of validation listeners.
        check_every: epochs between two validations.
        patience: validations without improvement before training stops.
        pair_share: steps of pairs per step of views, if pairs are known. With 0 there are none, but known
            partners are still not negatives of each other.
        refit_below: with fewer listeners, the towers are trained again on all, after the ranker is learned.

    There is no sampling correction (log-Q) for popular negatives: every listener is drawn once per epoch, so
    it would be one constant, and cancel out in the softmax. In steps of pairs, listeners with many partners
    are more often negatives; this is not corrected.

    Raises:
        ValueError: a value is out of range.
    """

    dim: int = 128
    table_dim: int = 128
    train_items: bool = True
    hidden: int = 0
    audio_dim: int = 32
    distance: str = "cosine"
    temperature: float = 0.1
    epochs: int = 4
    min_steps: int = 24
    batch_size: int = 2048
    learning_rate: float = 5e-3
    start_share: float = 0.5
    warm_share: float = 0.05
    idf_power: float = 1.0
    share_low: float = 0.3
    share_high: float = 0.7
    by_facet: float = 0.6
    by_artist: float = 0.2
    drop_part: float = 0.05
    hide_part: float = 0.5
    min_listeners: int = 1
    min_listeners_word: int = 2
    max_artists: int = 100_000
    max_tracks: int = 200_000
    max_tags: int = 5_000
    max_words: int = 5_000
    n_buckets: int = 4_096
    n_hashes: int = 2
    names: float = 0.35
    ridge: float = 0.0
    bag_width: int = 512
    holdout_share: float = 0.05
    holdout_most: int = 1_000
    check_every: int = 1
    patience: int = 3
    pair_share: float = 0.25
    refit_below: int = 8_000
    seed: int = 0

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            _require(getattr(self, name) > 0, f"{name} must be above 0")
        for name in _SHARES:
            _require(0 <= getattr(self, name) <= 1, f"{name} must lie between 0 and 1")
        _require(self.by_facet + self.by_artist <= 1, "by_facet and by_artist must not exceed 1 together")
        _require(0 < self.share_low <= self.share_high < 1, "0 < share_low <= share_high < 1 must hold")
        _require(self.distance in DISTANCES, f"distance must be one of {', '.join(DISTANCES)}")
        _require(self.distance != "euclidean" or self.dim > 2, "dim must be above 2 for euclidean")
        _require(self.n_hashes <= 8, "n_hashes must not exceed 8")
        for name in _NOT_BELOW_0:
            _require(getattr(self, name) >= 0, f"{name} must not be below 0")

    def batch_size_for(self, n_listeners: int) -> int:
        """Listeners in a step: at most half of all, so that an epoch has two steps."""
        return max(1, min(self.batch_size, -(-n_listeners // 2)))

    def epochs_for(self, n_listeners: int) -> int:
        """Most passes over `n_listeners`; `min_steps` adds none to 0."""
        if not self.epochs:
            return 0
        steps_each = -(-n_listeners // self.batch_size_for(n_listeners))
        return max(self.epochs, -(-self.min_steps // steps_each))

    def to_json(self) -> str:
        """Serialise to JSON text, without loss."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "TowerConfig":
        """Read a configuration; missing values have their defaults.

        Raises:
            ValueError: not a JSON object, an unknown name, or a value of the wrong type or out of range.
        """
        values = json.loads(text)
        if not isinstance(values, dict):
            raise ValueError("a configuration is a JSON object")
        return cls(**_checked(values))


_POSITIVE = (
    "dim table_dim temperature batch_size learning_rate min_listeners min_listeners_word max_artists "
    "max_tracks max_tags max_words n_buckets n_hashes bag_width holdout_most check_every patience min_steps"
).split()
_NOT_BELOW_0 = "hidden ridge seed refit_below epochs audio_dim names".split()
_SHARES = "warm_share start_share by_facet by_artist drop_part hide_part holdout_share pair_share".split()


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    types = {field.name: field.type for field in fields(TowerConfig)}
    for name, value in values.items():
        _require(name in types, f"{name} is no setting of the towers")
        # exact types, because a bool is an int, too; an int is a valid float
        fits = type(value) is types[name] or (type(value) is int and types[name] is float)
        _require(fits, f"{name} has a value of the wrong kind")
    return dict(values)
