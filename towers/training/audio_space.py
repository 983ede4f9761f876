"""Learns the audio space: from tracks' sound towards the items' space."""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import eigh

from matcher.domain.audio import products, unbounded
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import Doubles, moments
from matcher.scoring.audio_space import AudioSpace
from towers.examples.audio_summaries import Attributes, TrackAudio, collect_track_audio
from towers.features.vocabulary import Field, Vocabulary

N_ITEM_FACTORS = 64
"""Leading directions of the items' vectors that sound is matched with."""
RIDGE = 0.03
"""Added to the variance of every moment, relative to the mean."""
_ITEM_RIDGE = 1e-3
MIN_TRACKS = 200
"""With fewer tracks of known sound there is no audio space."""
_TINY = 1e-9


def learn_audio_space(
    profiles: Sequence[ListenerProfile],
    attributes: Attributes,
    vocabulary: Vocabulary,
    table: Floats,
    dim: int,
) -> AudioSpace | None:
    """The directions of sound that correlate most with the items' vectors.

    None with too few tracks, or if `dim` is 0.

    Canonical correlation analysis (H. Hotelling, "Relations Between Two Sets of Variates", Biometrika 28,
    1936) between the attributes with their products, and the vector of the artist in the item table (of the
    track, if the artist has none). So the sound of a track nobody has heard points to where items that sound
    like it lie.
    `table` is [n_tokens, table_dim].
    """
    audio = collect_track_audio(profiles, attributes)
    items = _item_vectors(profiles, audio, vocabulary, table)
    used = (np.linalg.norm(items, axis=1) > _TINY) & np.isfinite(audio.values).any(axis=1)
    if not dim or int(used.sum()) < MIN_TRACKS:
        return None
    sound = products(unbounded(audio.values[used].T)).T
    weights = audio.weight[used] / audio.weight[used].sum()
    centre, variance = moments(sound)
    width = np.sqrt(variance)
    # a moment that never varies says nothing
    width = np.where(width > _TINY, width, np.inf)
    scaled = np.where(np.isnan(sound), 0.0, sound - centre) / width
    projection = _correlated(scaled, _leading(items[used], weights), weights, dim) / width[:, np.newaxis]
    summaries = [profile.audio.moments for profile in profiles if profile.audio and profile.audio.moments]
    return AudioSpace(moments(np.array(summaries, np.float64))[0], projection)


def _item_vectors(
    profiles: Sequence[ListenerProfile], audio: TrackAudio, vocabulary: Vocabulary, table: Floats
) -> Doubles:
    """[n, table_dim] unit vectors of the artist, else the track, of each item in `audio`; zero if none."""
    items = [item for profile in profiles for item in profile.items]
    keyed = ((items[index].artist, items[index].track) for index in audio.item.tolist())
    tokens = [_token(vocabulary, artist, track) for artist, track in keyed]
    found = np.array([token is not None for token in tokens], bool)
    rows = table[np.array([token or 0 for token in tokens], np.int64)].astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(found[:, np.newaxis], rows / np.maximum(lengths, _TINY), 0.0)


def _token(vocabulary: Vocabulary, artist: str, track: str) -> int | None:
    found = vocabulary.token(Field.ARTIST, artist) if artist else None
    return vocabulary.token(Field.TRACK, track) if found is None else found


def _leading(vectors: Doubles, weights: Doubles) -> Doubles:
    """[n, at most N_ITEM_FACTORS] the centred vectors along their widest axes."""
    centred = vectors - weights @ vectors
    _, axes = np.linalg.eigh((centred * weights[:, np.newaxis]).T @ centred)
    return np.asarray(centred @ axes[:, -N_ITEM_FACTORS:])


def _correlated(sound: Doubles, items: Doubles, weights: Doubles, dim: int) -> Doubles:
    """[n_moments, at most dim] canonical directions of `sound`, most correlated first."""
    weighed = sound * weights[:, np.newaxis]
    within, across = weighed.T @ sound, weighed.T @ items
    targets = (items * weights[:, np.newaxis]).T @ items
    shared = across @ np.linalg.solve(_ridged(targets, _ITEM_RIDGE), across.T)
    _, directions = eigh(0.5 * (shared + shared.T), _ridged(within, RIDGE))
    return np.asarray(directions[:, ::-1][:, :dim])


def _ridged(matrix: Doubles, ridge: float) -> Doubles:
    return np.asarray(matrix + ridge * np.trace(matrix) / len(matrix) * np.eye(len(matrix)))
