"""Everything that can be chosen about the towers and their training."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

DISTANCES = ("cosine", "dot", "euclidean", "hadamard")
"""How near two listeners are; see `distances`."""


@dataclass(frozen=True, slots=True)
class TowerConfig:
    """How the towers are built and trained. Saved in the artefact as JSON.

    Attributes:
        dim: dimensions of one tower's output.
        table_dim: dimensions of the embeddings that both towers share.
        train_items: whether the item embeddings are trained beyond their SVD.
        hidden: width of a residual layer in each head; 0 for none.
        distance: one of `DISTANCES`, in training, storage and search alike.
        temperature: divides the scores before the softmax.
        epochs: most passes over the listeners.
        min_steps: more passes are made where `epochs` would be fewer steps than this.
        batch_size: most listeners in a step; the others of the batch are each one's negatives.
        learning_rate: its highest value, after warming up.
        warm_share: share of all steps over which the rate rises from 0; it falls linearly afterwards.
        idf_power: exponent of the inverse document frequency in a bag's weights.
        share_low: lowest share of a listener that goes into the first view.
        share_high: highest share of a listener that goes into the first view.
        by_facet: probability that a listener of several facets is split by facet.
        by_artist: probability that a listener of several artists is split by artist.
        drop_part: probability that one part of a view (a bag, the audio) is dropped whole.
        min_listeners: an artist or a track is known from so many listeners on.
        min_listeners_word: a tag or a playlist word is known from so many listeners on.
        max_artists: most artists in the vocabulary, most heard first.
        max_tracks: most tracks in the vocabulary.
        max_tags: most tags in the vocabulary.
        max_words: most playlist words in the vocabulary.
        n_buckets: rows that stand in for what is not in the vocabulary.
        n_hashes: buckets each such thing is spread over.
        bag_width: most entries of one bag that serving looks at, heaviest first.
        holdout_share: share of the training listeners that watch for the best epoch.
        holdout_most: most listeners that watch.
        check_every: epochs between two looks at them.
        pair_share: steps of pairs for every step of views, where pairs are known; 0 shows none, but friends
            still are no negatives.
        patience: looks without a better figure before training stops.
        seed: of everything random.

    There is no sampling correction (log-Q): it takes out of in-batch negatives that they come as often as
    they are popular, and here every listener comes once an epoch, so the correction would be one constant for
    all, which the softmax does not see. Pairs are drawn as they are known; who has many partners is more
    often a negative in their steps, `pair_share` of all, and no probability is corrected for there either.

    Raises:
        ValueError: a value makes no sense.
    """

    dim: int = 128
    table_dim: int = 128
    train_items: bool = True
    hidden: int = 0
    distance: str = "cosine"
    temperature: float = 0.1
    epochs: int = 4
    min_steps: int = 24
    batch_size: int = 2048
    learning_rate: float = 5e-3
    warm_share: float = 0.05
    idf_power: float = 1.0
    share_low: float = 0.3
    share_high: float = 0.7
    by_facet: float = 0.6
    by_artist: float = 0.2
    drop_part: float = 0.05
    min_listeners: int = 1
    min_listeners_word: int = 2
    max_artists: int = 100_000
    max_tracks: int = 200_000
    max_tags: int = 5_000
    max_words: int = 5_000
    n_buckets: int = 4_096
    n_hashes: int = 2
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
            _demand(getattr(self, name) > 0, f"{name} must be above 0")
        for name in _SHARES:
            _demand(0 <= getattr(self, name) <= 1, f"{name} must lie between 0 and 1")
        _demand(self.by_facet + self.by_artist <= 1, "by_facet and by_artist must not exceed 1 together")
        _demand(0 < self.share_low <= self.share_high < 1, "0 < share_low <= share_high < 1 must hold")
        _demand(self.distance in DISTANCES, f"distance must be one of {', '.join(DISTANCES)}")
        _demand(self.distance != "euclidean" or self.dim > 2, "dim must be above 2 for euclidean")
        _demand(self.n_hashes <= 8, "n_hashes must not exceed 8")
        _demand(min(self.hidden, self.seed, self.refit_below) >= 0, "hidden, seed, refit_below: not below 0")

    def batch_size_for(self, n_listeners: int) -> int:
        """Listeners in a step: few listeners still make two steps."""
        return max(1, min(self.batch_size, -(-n_listeners // 2)))

    def epochs_for(self, n_listeners: int) -> int:
        """Most passes over so many listeners."""
        steps_each = -(-n_listeners // self.batch_size_for(n_listeners))
        return max(self.epochs, -(-self.min_steps // steps_each))

    def to_json(self) -> str:
        """The configuration as JSON text that `from_json` reads back exactly."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "TowerConfig":
        """Read a configuration; what is absent keeps its default.

        Raises:
            ValueError: no JSON object, an unknown name, a value of the wrong kind or out of range.
        """
        values = json.loads(text)
        if not isinstance(values, dict):
            raise ValueError("a configuration is a JSON object")
        return cls(**_checked(values))


_POSITIVE = (
    "dim table_dim temperature epochs batch_size learning_rate min_listeners min_listeners_word max_artists "
    "max_tracks max_tags max_words n_buckets n_hashes bag_width holdout_most check_every patience min_steps"
).split()
_SHARES = "warm_share by_facet by_artist drop_part holdout_share pair_share".split()


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {field.name: field.type for field in fields(TowerConfig)}
    for name, value in values.items():
        _demand(name in kinds, f"{name} is no setting of the towers")
        _demand(_fits(value, kinds[name]), f"{name} has a value of the wrong kind")
    return dict(values)


def _fits(value: Any, kind: Any) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind is str or isinstance(value, str):
        return kind is str and isinstance(value, str)
    return isinstance(value, int if kind is int else (int, float))
