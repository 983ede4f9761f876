"""Training of a model bundle: towers, ranker, calibration, taste map, artists to pick from."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.domain.listening import require_trainable
from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.ports import Report, ScoredPair, silent
from matcher.scoring.audio_space import AudioSpace
from matcher.scoring.overlap import count_items
from towers.config import TowerConfig
from towers.serving.artefact import WEIGHTS, Artefact, read_arrays
from towers.serving.bundle import with_map, with_picking, with_ranker
from towers.serving.embedder import LiteRtEmbedder
from towers.training.audio_space import learn_audio_space
from towers.training.cohort import learn_cohort
from towers.training.picking import learn_picking
from towers.training.ranker import learn_ranker
from towers.training.shares import shares_of_shown
from towers.training.splits import ItemMetadata, playlists_of
from towers.training.taste_map import learn_map
from towers.training.train_towers import train_towers


def train_bundle(
    profiles: Sequence[ListenerProfile],
    config: TowerConfig,
    metadata: ItemMetadata,
    report: Report = silent,
    pairs: Sequence[ScoredPair] = (),
) -> Artefact:
    """Train towers, ranker, calibration and taste map, and count the artists to pick from.

    `pairs` are listeners who belong together, for the towers only.

    Raises:
        UntrainableSource: a profile came from the Spotify Web API.
        InputError: no profile has any music.
    """
    for profile in profiles:
        require_trainable(profile.source)
    known, held_out = hold_out(profiles, config.seed)

    def train_on(listeners: Sequence[ListenerProfile]) -> Artefact:
        tags, attributes = metadata.artist_tags, metadata.attributes
        return train_towers(
            listeners, config, artist_tags=tags, attributes=attributes, pairs=pairs, report=report
        ).artefact

    artefact = train_on(known)
    refit = bool(held_out) and len(profiles) < config.refit_below
    embedder = LiteRtEmbedder(artefact)
    learned = learn_ranker(
        embedder, known, held_out, metadata, config.seed, _audio_space(artefact, known, metadata)
    )
    ranker = learned.ranker
    if refit:
        artefact = train_on(profiles)
        embedder = LiteRtEmbedder(artefact)
        # the cohort lies in the space of the towers in service
        cohort = learn_cohort(embedder, profiles, np.random.default_rng(config.seed))
        if cohort and ranker.cohort:
            cohort = replace(cohort, shift=ranker.cohort.shift)
        ranker = replace(ranker, frequencies=count_items(profiles), cohort=cohort)
    with_ranking = with_ranker(artefact, ranker, learned.calibration)
    pipeline = Pipeline(embedder, ranker, learned.calibration)
    shares = shares_of_shown(pipeline, profiles, np.random.default_rng(config.seed))
    mapped = with_map(with_ranking, learn_map(embedder, profiles, config.seed))
    with_picks = with_picking(mapped, learn_picking(embedder, profiles, config.seed))
    return with_picks.with_metrics(shares=shares)


def _audio_space(
    artefact: Artefact, profiles: Sequence[ListenerProfile], metadata: ItemMetadata
) -> AudioSpace | None:
    table, vocabulary = read_arrays(artefact.files[WEIGHTS])["items"], artefact.maker.vocabulary
    return learn_audio_space(profiles, metadata.attributes, vocabulary, table, artefact.config.audio_dim)


def hold_out(
    profiles: Sequence[ListenerProfile], seed: int
) -> tuple[list[ListenerProfile], list[ListenerProfile]]:
    """Split listeners into those for the towers and those for the ranker.

    5 % are held out, at least 150 and at most 1,000, but never more than a fifth. If possible they have two
    or more playlists, because only these show how people repeat themselves across playlists.
    """
    n = min(max(len(profiles) // 20, 150), 1_000, len(profiles) // 5)
    several = [row for row, profile in enumerate(profiles) if len(playlists_of(profile)) >= 2]
    drawn_from = several if len(several) >= 2 * n else range(len(profiles))
    chosen = set(np.random.default_rng(seed).permutation(drawn_from)[:n].tolist())
    known = [profile for row, profile in enumerate(profiles) if row not in chosen]
    return known, [profiles[row] for row in sorted(chosen)]
