"""Statistics of listening tables, real or synthetic."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

Figures = dict[str, str]
ATTRIBUTES = (
    "danceability energy valence acousticness instrumentalness speechiness liveness tempo loudness"
).split()
MOST_LISTENERS = 2_000
"""Listeners whose pairs are compared; of a larger table, so many at random."""
_SEED = 0


def read(path: Path) -> pd.DataFrame:
    """A table of any kind that Earshot reads; empty texts count as missing."""
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, low_memory=False)
    return frame.replace({"": None})


def listening_statistics(frame: pd.DataFrame) -> Iterator[tuple[str, Figures]]:
    """Name of the items, and their figures, for artists and for tracks as far as the table has them."""
    for name, column in (("artists", "artist_name"), ("tracks", "track_id")):
        if column in frame:
            yield name, {**_item_figures(frame, column), **_playlist_figures(frame, column)}


def _item_figures(frame: pd.DataFrame, column: str) -> Figures:
    rows = frame[["listener_id", column]].dropna().drop_duplicates()
    listeners, items = (pd.factorize(rows[name])[0] for name in ("listener_id", column))
    heard = csr_matrix((np.ones(len(rows), np.float32), (listeners, items)))
    sizes, reach = np.bincount(listeners), np.sort(np.bincount(items))[::-1]
    return {
        "listeners / items": f"{heard.shape[0]:,} / {heard.shape[1]:,}",
        "items each (10, 50, 90 %)": _quantiles(sizes),
        "items heard by one listener": _percent((reach == 1).mean()),
        "listeners of the 1st, 10th, 100th item": ", ".join(
            f"{100 * n / heard.shape[0]:.1f}" for n in reach[[0, 9, 99]]
        )
        + " %",
        "listening that the first 1 % of items have": _percent(
            reach[: len(reach) // 100].sum() / reach.sum()
        ),
        **_stranger_figures(heard),
    }


def _stranger_figures(heard: csr_matrix) -> Figures:
    chosen = np.random.default_rng(_SEED).permutation(heard.shape[0])[:MOST_LISTENERS]
    some = heard[chosen]
    common = (some @ some.T).toarray()
    sizes = common.diagonal()
    union = sizes[:, np.newaxis] + sizes - common
    pairs = np.triu_indices(len(common), 1)
    jaccard = common[pairs] / union[pairs]
    np.fill_diagonal(common, 0)
    return {
        "strangers that share any": _percent((common[pairs] > 0).mean()),
        "strangers' Jaccard": f"{jaccard.mean():.4f}",
        "in common with the nearest stranger (10, 50, 90 %)": _quantiles(common.max(axis=1)),
    }


def _playlist_figures(frame: pd.DataFrame, column: str) -> Figures:
    if "playlist_id" not in frame:
        return {}
    rows = frame[["listener_id", "playlist_id", column]].dropna().drop_duplicates()
    n_lists = rows.groupby("listener_id").playlist_id.nunique()
    rows = rows[rows.listener_id.isin(n_lists.index[n_lists > 1])]
    if rows.empty:
        return {}
    rng = np.random.default_rng(_SEED)
    halves = np.array([_halves(one, column, rng) for _, one in rows.groupby("listener_id", sort=False)])
    repeats = rows.groupby(["listener_id", column]).playlist_id.nunique()
    sizes = rows.groupby(["listener_id", "playlist_id"]).size()
    return {
        "listeners with two playlists or more": f"{len(halves):,}",
        "playlists of these (10, 50, 90 %)": _quantiles(n_lists[n_lists > 1]),
        "items in a playlist (10, 50, 90 %)": _quantiles(sizes),
        "items in two playlists or more": _percent((repeats > 1).mean()),
        "own halves that share any": _percent((halves > 0).mean()),
        "own halves' Jaccard": f"{halves.mean():.3f}",
    }


def _halves(rows: pd.DataFrame, column: str, rng: np.random.Generator) -> float:
    """Jaccard of a random half of a listener's playlists with the other half."""
    playlists = rng.permutation(rows.playlist_id.unique())
    in_first = rows.playlist_id.isin(playlists[: len(playlists) // 2])
    first, second = set(rows[column][in_first]), set(rows[column][~in_first])
    return len(first & second) / len(first | second)


def name_statistics(frame: pd.DataFrame) -> Figures:
    """Scripts of artists' names."""
    names = frame.artist_name.dropna().astype(str).unique()
    letters = [[char for char in name if char.isalpha()] for name in names]
    other = np.array([any(_script(char) != "LATIN" for char in chars) for chars in letters])
    accented = np.array([any(not char.isascii() for char in chars) for chars in letters])
    return {
        "names with letters of another script": _percent(other.mean(), 1),
        "names with accents": _percent((accented & ~other).mean(), 1),
    }


def _script(char: str) -> str:
    return unicodedata.name(char, "?").split()[0]


def tag_statistics(tags: pd.DataFrame, listening: pd.DataFrame) -> Figures:
    """Tags of the artists that a table has."""
    heard = pd.Index(listening.artist_name.dropna().unique())
    tags = tags[tags.artist_name.isin(heard)]
    n_artists = tags.groupby("tag").artist_name.nunique()
    return {
        "artists without a tag": _percent(1 - tags.artist_name.nunique() / len(heard)),
        "tags of a tagged artist (10, 50, 90 %)": _quantiles(tags.groupby("artist_name").size()),
        "tags that one person gave": _percent((tags.n == 1).mean()),
        "tags that one artist has": _percent((n_artists == 1).mean()),
    }


def sound_statistics(attributes: pd.DataFrame, listening: pd.DataFrame, group: Mapping[str, str]) -> Figures:
    """Share of each attribute's variance within a group of listeners that is the listener's: ICC(1).

    P. Shrout, J. Fleiss, "Intraclass correlations", Psychological Bulletin 1979, for groups of unequal size.
    `group` has the subgenre or the main scene by listener.
    """
    known = attributes.dropna(subset=["track_id"]).drop_duplicates("track_id")[["track_id", *ATTRIBUTES]]
    rows = listening[["listener_id", "track_id"]].drop_duplicates().merge(known, on="track_id")
    rows["group"] = rows.listener_id.astype(str).map(group)
    rows = rows.dropna()
    rows = rows[rows.groupby("listener_id").track_id.transform("size") >= 10]
    values = rows[ATTRIBUTES] - rows.groupby("group")[ATTRIBUTES].transform("mean")
    by_listener = values.groupby(rows.listener_id)
    sizes = by_listener.size()
    within = (values - by_listener.transform("mean")).pow(2).sum() / (len(values) - len(sizes))
    between = by_listener.mean().pow(2).mul(sizes, axis=0).sum() / (len(sizes) - 1)
    typical = (len(values) - (sizes**2).sum() / len(values)) / (len(sizes) - 1)
    shares = (between - within) / (between + (typical - 1) * within)
    return {
        **{f"{name}: spread within": f"{values[name].std():.3g}" for name in ATTRIBUTES},
        **{f"{name}: share that is the listener's": f"{shares[name]:.2f}" for name in ATTRIBUTES},
    }


def markdown_table(columns: Mapping[str, Figures]) -> str:
    """A table with a row per figure and a column per data set."""
    names = list(dict.fromkeys(name for figures in columns.values() for name in figures))
    lines = [_line(["", *columns]), "|---" * (len(columns) + 1) + "|"]
    lines += [_line([name, *(figures.get(name, "") for figures in columns.values())]) for name in names]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _quantiles(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.0f}" for value in np.percentile(values, [10, 50, 90]))


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"
