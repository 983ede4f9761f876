"""Learning the taste map: communities of training listeners, their names, and two axes that part them.

The axes are the principal components of the communities' centres, weighted by their size: still one matrix
product, and on listeners nobody has seen a little truer than those of single listeners (docs/adr/0009).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.errors import ModelBroken
from matcher.keys import OPAQUE
from matcher.map import Community, TasteMap
from matcher.ports import Embedder
from matcher.profile import ListenerProfile
from towers.serving.artefact import Artefact

TASTE_MAP = "map.json"

Doubles = NDArray[np.float64]
Labels = NDArray[np.int64]

MOST_LISTENERS = 5_000
MOST_COMMUNITIES = 8
LISTENERS_EACH = 25
"""A community for every so many listeners, at most `MOST_COMMUNITIES`."""
NAMES_EACH = 3
FEWEST_HEARING = 5
"""An artist names a community only if so many of its listeners hear it: nobody's own taste is told."""
PRIOR = 0.1
_WITHIN = 98.0


def with_map(
    artefact: Artefact, embedder: Embedder, profiles: Sequence[ListenerProfile], seed: int
) -> Artefact:
    """The artefact with a map of its training listeners in it; as it is where they are too few for one."""
    chart = learn_map(embedder, profiles, seed)
    if chart is None:
        return artefact
    content = json.dumps(chart.to_json(), sort_keys=True, ensure_ascii=False).encode()
    return artefact.with_file(TASTE_MAP, content)


def map_of(artefact: Artefact) -> TasteMap | None:
    """The map an artefact holds; None where it was trained before there were maps, or on too few.

    Raises:
        ModelBroken: it cannot be read, or is of another space than the towers.
    """
    if TASTE_MAP not in artefact.files:
        return None
    try:
        chart = TasteMap.from_json(json.loads(artefact.files[TASTE_MAP]))
        if len(chart.centre) != 2 * artefact.config.dim:
            raise ValueError("another space")
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise ModelBroken("the model's map cannot be read; train it again") from error
    return chart


def learn_map(embedder: Embedder, profiles: Sequence[ListenerProfile], seed: int) -> TasteMap | None:
    """A map of at most `MOST_LISTENERS` of these listeners; None where there are too few for communities.

    Args:
        embedder: of the model the map is for.
        profiles: the training listeners.
        seed: draws them, and begins the communities.
    """
    heard = [one for one in profiles if not one.is_empty]
    drawn = np.random.default_rng(seed).permutation(len(heard))[:MOST_LISTENERS]
    some = [heard[place] for place in sorted(drawn.tolist())]
    n_communities = min(MOST_COMMUNITIES, len(some) // LISTENERS_EACH)
    if n_communities < 3:
        return None
    stored = embedder.embed(some).stored.astype(np.float64)
    from sklearn.cluster import KMeans  # 78 MB that a process which only serves does without

    labels = KMeans(n_communities, n_init=4, random_state=seed).fit_predict(stored)
    centre, axes = axes_of(stored, labels)
    placed = (stored - centre) @ axes.T
    named = name_communities(some, labels)
    communities = [_community(placed[labels == one], len(some), named[one]) for one in range(n_communities)]
    return TasteMap(centre, axes, tuple(sorted(communities, key=lambda one: (-one.share, one.centre))))


def axes_of(stored: Doubles, labels: Labels) -> tuple[Doubles, Doubles]:
    """Middle and axes: [width] and [2, width], scaled so that 98 in 100 lie within 1 on the wider axis.

    Each axis points so that its largest part is positive: the same listeners give the same map.
    """
    names, sizes = np.unique(labels, return_counts=True)
    centres = np.array([stored[labels == one].mean(axis=0) for one in names])
    centre = np.average(centres, axis=0, weights=sizes)
    _, _, found = np.linalg.svd((centres - centre) * np.sqrt(sizes)[:, np.newaxis], full_matrices=False)
    axes = found[:2] * np.sign(found[np.arange(2), np.abs(found[:2]).argmax(axis=1)])[:, np.newaxis]
    width = np.percentile(np.abs((stored - centre) @ axes.T).max(axis=1), _WITHIN)
    return centre, axes / max(float(width), 1e-9)


def name_communities(profiles: Sequence[ListenerProfile], labels: Labels) -> dict[int, tuple[str, ...]]:
    """Names of each community: what its listeners hear more than the others do.

    By weighted log-odds with an informative Dirichlet prior: B. Monroe, M. Colaresi, K. Quinn, "Fightin'
    Words: Lexical Feature Selection and Evaluation for Identifying the Content of Political Conflict",
    Political Analysis 16 (2008), section 3.5, over the number of listeners who hear an artist.
    """
    artists = [{key for key in one.artists if not key.startswith(OPAQUE)} for one in profiles]
    of_each = _telling(artists, labels)
    tags = _telling([set(one.tags) for one in profiles], labels)
    written = _spellings(profiles)
    return {
        one: tuple(written.get(key, key) for key in of_each[one]) or tuple(tags[one])
        for one in sorted(set(labels.tolist()))
    }


def _telling(bags: Sequence[Iterable[str]], labels: Labels) -> dict[int, list[str]]:
    everywhere = Counter(key for bag in bags for key in bag)
    found = {}
    for one in sorted(set(labels.tolist())):
        here = Counter(key for bag, label in zip(bags, labels, strict=True) if label == one for key in bag)
        scores = {key: _log_odds(key, here, everywhere) for key, n in here.items() if n >= FEWEST_HEARING}
        over = [key for key, score in scores.items() if score > 0]
        found[one] = sorted(over, key=lambda key, scores=scores: (-scores[key], key))[:NAMES_EACH]  # type: ignore[misc]
    return found


def _log_odds(key: str, here: Mapping[str, int], everywhere: Counter[str]) -> float:
    """z-score of the log-odds ratio of a key here against elsewhere."""
    n_here, n_all = sum(here.values()), everywhere.total()
    prior, prior_all = PRIOR * everywhere[key], PRIOR * n_all
    mine, others = here[key] + prior, everywhere[key] - here[key] + prior
    odds = mine / (n_here + prior_all - mine)
    against = others / (n_all - n_here + prior_all - others)
    return float((np.log(odds) - np.log(against)) / np.sqrt(1.0 / mine + 1.0 / others))


def _spellings(profiles: Sequence[ListenerProfile]) -> dict[str, str]:
    """How most listeners write each artist, ties by the text."""
    counts: dict[str, Counter[str]] = {}
    for profile in profiles:
        for key in profile.artists:
            if key in profile.names:
                counts.setdefault(key, Counter())[profile.names[key]] += 1
    return {key: min(found, key=lambda text: (-found[text], text)) for key, found in counts.items()}


def _community(placed: Doubles, n_all: int, names: tuple[str, ...]) -> Community:
    x, y = placed.mean(axis=0)
    return Community((float(x), float(y)), names, len(placed) / n_all)
