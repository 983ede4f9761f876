"""Training a whole model: towers, then ranker and calibration on listeners they do not know, then the map."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.listening import require_trainable
from matcher.overlap import count_items
from matcher.ports import Report, silent
from matcher.profile import ListenerProfile
from towers.config import TowerConfig
from towers.examples.pairs import ScoredPair
from towers.serving.artefact import Artefact
from towers.serving.bundle import with_ranking
from towers.serving.embedder import LiteRtEmbedder
from towers.training.ranker import learn_ranking
from towers.training.splits import Context, playlists_of
from towers.training.taste_map import with_map
from towers.training.train_towers import train


def train_whole(
    profiles: Sequence[ListenerProfile],
    config: TowerConfig,
    context: Context,
    report: Report = silent,
    pairs: Sequence[ScoredPair] = (),
) -> Artefact:
    """Train towers, ranker and calibration, and draw the map of the training listeners.

    Args:
        profiles: the training listeners.
        config: of the towers; its seed is that of everything.
        context: tags and audio attributes of the listeners' artists and tracks.
        report: told about every epoch.
        pairs: listeners who belong together, for the towers; ranker and calibration learn from halves alone.

    Raises:
        UntrainableSource: a profile came from the Spotify Web API.
        InputError: no profile has any music.
    """
    for profile in profiles:
        require_trainable(profile.source)
    known, held_out = hold_out(profiles, config.seed)

    def towers_of(some: Sequence[ListenerProfile]) -> Artefact:
        return train(
            some,
            config,
            artist_tags=context.artist_tags,
            attributes=context.attributes,
            pairs=pairs,
            report=report,
        ).artefact

    artefact = towers_of(known)
    again = bool(held_out) and len(profiles) < config.refit_below
    embedder = LiteRtEmbedder(artefact)
    learned = learn_ranking(embedder, known, held_out, context, config.seed, towers_stay=not again)
    ranker = learned.ranker
    if again:
        artefact = towers_of(profiles)
        ranker = replace(ranker, frequencies=count_items(profiles))
    ranked = with_ranking(artefact, ranker, learned.calibration)
    return with_map(ranked, LiteRtEmbedder(artefact), profiles, config.seed)


def hold_out(
    profiles: Sequence[ListenerProfile], seed: int
) -> tuple[list[ListenerProfile], list[ListenerProfile]]:
    """Part listeners into those to train the towers on and those to learn the ranker from.

    One in twenty is held out, at least 150 and at most 1,000, but never more than a fifth. Listeners with
    two playlists or more are taken where there are enough of them: how people repeat themselves from one
    playlist to the next cannot be learned from the others.
    """
    n = min(max(len(profiles) // 20, 150), 1_000, len(profiles) // 5)
    several = [place for place, profile in enumerate(profiles) if len(playlists_of(profile)) >= 2]
    drawn_from = several if len(several) >= 2 * n else range(len(profiles))
    chosen = set(np.random.default_rng(seed).permutation(drawn_from)[:n].tolist())
    known = [profile for place, profile in enumerate(profiles) if place not in chosen]
    return known, [profiles[place] for place in sorted(chosen)]
