"""Embeds profiles by LiteRT and by the same towers in Keras."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks.synthetic_profiles import catalogue, make_listeners
from benchmarks.timing import latencies_ms, time_calls
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import TowerVectors
from towers.features.pooling import pool_features
from towers.model.export import ServingTowers
from towers.model.two_towers import TwoTowers
from towers.serving.artefact import WEIGHTS, Artefact, load_artefact, read_arrays
from towers.serving.embedder import LiteRtEmbedder

OURS = "Earshot: LiteRT, one at a time"
SINGLY, BATCHED = "Keras towers, one at a time", "Keras towers, in batches of 64"
BATCH = 64

Profiles = Sequence[ListenerProfile]
Embed = Callable[[Profiles], TowerVectors]


class KerasEmbedder:
    """The towers of an artefact in Keras, compiled, with the same features.

    Args:
        artefact: the trained model.
    """

    def __init__(self, artefact: Artefact) -> None:
        arrays = read_arrays(artefact.files[WEIGHTS])
        model = TwoTowers(cast(Any, None), artefact.config)  # pooling has the folded table
        self._maker, self._serving = artefact.maker, ServingTowers(model)
        self._items, self._ridge = artefact.items, artefact.config.ridge
        self.embed([next(make_listeners(1, "first", 0, catalogue().tags_only))])
        for layer in (model.user, model.candidate, model.audio):
            named = [arrays[f"{layer.name}_{place}"] for place in range(len(layer.weights))]
            layer.set_weights(named)

    def embed(self, profiles: Profiles) -> TowerVectors:
        """Both towers' vectors of each profile, all in one call."""
        features = self._maker.make(profiles)
        found = self._serving.embed(pool_features(self._items, features, self._ridge), features.audio)
        return TowerVectors(found["user"].numpy(), found["candidate"].numpy())

    def embed_singly(self, profiles: Profiles) -> TowerVectors:
        """The same, one call a profile."""
        return _stack([self.embed([profile]) for profile in profiles])

    def embed_batched(self, profiles: Profiles) -> TowerVectors:
        """The same, in batches."""
        starts = range(0, len(profiles), BATCH)
        return _stack([self.embed(profiles[start : start + BATCH]) for start in starts])


def answer(request: dict[str, Any]) -> dict[str, Any]:
    artefact = load_artefact(Path(request["model"]))
    ours, keras = LiteRtEmbedder(artefact), KerasEmbedder(artefact)
    by_items = {n: _measure(ours, keras, n, request) for n in request["n_items"]}
    return {"ours": OURS, "by_items": by_items}


def _measure(
    ours: LiteRtEmbedder, keras: KerasEmbedder, n_items: int, request: dict[str, Any]
) -> dict[str, Any]:
    n, seed, repeats = request["n_profiles"], request["seed"] + n_items, request["repeats"]
    profiles = list(make_listeners(n, "asking", seed, catalogue().with_audio, n_items))
    _check(ours.embed(profiles), keras.embed_batched(profiles))
    singly: dict[str, Embed] = {OURS: ours.embed, SINGLY: keras.embed}
    alone: list[Profiles] = [[one] for one in profiles]
    found = latencies_ms(time_calls(singly, alone, repeats, _fresh))
    whole: dict[str, Embed] = {OURS: ours.embed, SINGLY: keras.embed_singly, BATCHED: keras.embed_batched}
    together: list[Profiles] = [profiles]
    for name, rows in time_calls(whole, together, repeats, _fresh).items():
        found.setdefault(name, {})["throughput, profiles/s"] = [n / row[0] for row in rows]
    return found


def _fresh(profiles: Profiles) -> list[ListenerProfile]:
    """Copies that have not yet worked out their bags."""
    return [replace(profile) for profile in profiles]


def _stack(found: Sequence[TowerVectors]) -> TowerVectors:
    return TowerVectors(
        np.concatenate([one.user for one in found]), np.concatenate([one.candidate for one in found])
    )


def _check(ours: TowerVectors, keras: TowerVectors) -> None:
    """Both must give the same vectors, or the comparison means nothing."""
    np.testing.assert_allclose(ours.stored, keras.stored, atol=1e-5)
