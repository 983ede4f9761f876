"""What each part of the towers brings: the towers trained with and without it.

python -m benchmarks.ablation --listening FILE... [--tags FILE] [--attributes FILE] [--pairs FILE]
    [--truth FILE] [--only NAME...] [--seed N] [--out FILE]

Listeners are split as by `earshot evaluate`, and the figures are those of the towers' row there: without the
ranker, what a part brings is not hidden by names in common.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sources.attributes import read_pairs
from sources.truth import read_truth
from towers.config import TowerConfig
from towers.evaluation.evaluate import cosine_of
from towers.evaluation.held_out import halves_of, split
from towers.evaluation.protocols import Figures, friend_figures, friendships, same_person
from towers.evaluation.truth import TrueTastes, truth_figures
from towers.serving.embedder import LiteRtEmbedder
from towers.training.splits import ItemMetadata
from towers.training.train_model import hold_out
from towers.training.train_towers import train_towers
from wiring.jobs.training import Corpus, read_corpus

CONFIGS: Mapping[str, Mapping[str, object]] = {
    "as they are": {},
    "untrained": {"epochs": 0},
    "trained weights alone": {"start_share": 0.0},
    "items not trained": {"train_items": False},
    "no names": {"names": 0.0},
    "weighted mean in place of pooling": {"ridge": 1e6},
    "both towers see all": {"hide_part": 0.0},
    "dot product": {"distance": "dot"},
    "Euclidean": {"distance": "euclidean"},
    "Hadamard": {"distance": "hadamard"},
    "temperature .05": {"temperature": 0.05},
    "temperature .2": {"temperature": 0.2},
    "64 dimensions": {"dim": 64, "table_dim": 64},
    "no tags": {"max_tags": 1},
    "no playlist names": {"max_words": 1},
}
"""Changes of the configuration; a field with one token says next to nothing."""
NO_AUDIO = "no audio"
HEAD = """# What each part of the towers brings

Written by `python -m benchmarks.ablation`: towers alone, seed {seed}, {n} listeners of {data}.
Each row changes one thing.

"""
_TRUE_RANKING = "truth"


@dataclass(frozen=True, slots=True)
class Exam:
    """Data that every row is trained and tested on."""

    corpus: Corpus
    friends: Sequence[tuple[str, str]]
    truth: TrueTastes | None
    seed: int

    def figures(self, config: TowerConfig, *, audio: bool = True) -> Figures:
        """Train towers with `config`, with or without audio, and test them."""
        profiles = self.corpus.profiles
        if not audio:
            profiles = tuple(replace(profile, audio=None) for profile in profiles)
        metadata = ItemMetadata(self.corpus.artist_tags, self.corpus.attributes if audio else {})
        known, tested, by_playlist = split(profiles, self.seed)
        if len(known) >= config.refit_below:
            known = hold_out(known, self.seed)[0]
        trained = train_towers(
            known, config, artist_tags=metadata.artist_tags, attributes=metadata.attributes
        )
        score = cosine_of(LiteRtEmbedder(trained.artefact))
        rng = np.random.default_rng(self.seed + 1_000)
        pairs = halves_of(tested, rng, metadata, by_playlist=by_playlist)
        same = same_person(score([one for one, _ in pairs], [other for _, other in pairs]))
        found = {"mrr": same["mrr"], "r@10": same["r@10"]}
        if self.friends:
            among = friendships(self.friends, [one.listener_id for one in tested])
            found |= friend_figures(score(tested, tested), among)
        if self.truth is not None:
            unseen = {one.listener_id for one in tested}
            true, _ = truth_figures(self.truth, {_TRUE_RANKING: score}, profiles, unseen)
            found |= {f"truth, {name}": value for name, value in true[_TRUE_RANKING].items()}
        return found


def rows(exam: Exam, only: Sequence[str]) -> Iterator[tuple[str, Figures]]:
    """Name and figures of each row."""
    base = TowerConfig(seed=exam.seed)
    for name, changes in CONFIGS.items():
        if not only or name in only:
            yield name, exam.figures(replace(base, **changes))  # type: ignore[arg-type]
    if exam.corpus.attributes and (not only or NO_AUDIO in only):
        yield NO_AUDIO, exam.figures(base, audio=False)


def table(found: Mapping[str, Figures]) -> str:
    """A Markdown table of the rows."""
    columns = list(next(iter(found.values())))
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(f"{figures[column]:.3f}" for column in columns) + " |"
        for name, figures in found.items()
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train every row, print the table, and write it where asked."""
    asked = _parse(arguments)
    corpus = read_corpus(asked.listening, asked.attributes, asked.tags, single_taggers=False)
    pairs = read_pairs(asked.pairs) if asked.pairs else ()
    truth = (
        TrueTastes(*read_truth(asked.truth)).of([one.listener_id for one in corpus.profiles])
        if asked.truth
        else None
    )
    friends = [(one.listener_id, one.friend_id) for one in pairs if one.score > 0]
    found = {}
    for name, figures in rows(Exam(corpus, friends, truth, asked.seed), asked.only):
        found[name] = figures
        print(name, {key: round(value, 4) for key, value in figures.items()}, file=sys.stderr, flush=True)
    data = ", ".join(f"{path.resolve().parent.name}/{path.name}" for path in asked.listening)
    text = HEAD.format(seed=asked.seed, n=f"{len(corpus.profiles):,}", data=data) + table(found)
    print(text)
    if asked.out:
        asked.out.write_text(text)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listening", type=Path, nargs="+", required=True)
    for name in ("tags", "attributes", "pairs", "truth", "out"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--only", nargs="+", default=[], choices=[*CONFIGS, NO_AUDIO], metavar="NAME")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
