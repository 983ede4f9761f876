"""`earshot evaluate` on files: figures as JSON, a table and plots beside it."""

import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from matcher.ports import Progress
from sources.attributes import read_labels, read_pairs
from wiring.progress import bar
from wiring.training import read_config, read_corpus, tell_left_out


def evaluate_files(
    listening: Sequence[Path],
    pairs: Path | None,
    attributes: Path | None,
    tags: Path | None,
    label: str,
    out: Path | None,
    n_seeds: int,
    config_file: Path | None,
    console: Console,
) -> dict[str, Any]:
    """Evaluate on files; print the table, and write it with the figures and plots where `out` says.

    Raises:
        InputError: a file cannot be read as what it should be.
    """
    from towers.evaluate import Examination, evaluate
    from towers.halves import Context
    from towers.report import draw, table_of

    corpus = read_corpus(listening, attributes, tags)
    tell_left_out(corpus, console)
    friends = [(one.listener_id, one.friend_id) for one in read_pairs(pairs)] if pairs else []
    labels = {k: v for path in listening for k, v in read_labels(path, label).items()} if label else {}
    exam = Examination(
        corpus.profiles,
        friends,
        labels,
        Context(corpus.artist_tags, corpus.attributes),
        read_config(config_file, None),
        tuple(range(n_seeds)),
    )
    with bar(console, "Evaluating, seed by seed", n_seeds) as advance:

        def report(progress: Progress) -> None:
            advance(progress.done)

        found = {**_circumstances(listening), **evaluate(exam, report)}
    sys.stdout.write(table_of(found))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
        out.with_suffix(".md").write_text(table_of(found))
        draw(found, out.with_suffix(".png"))
    return found


def _circumstances(listening: Sequence[Path]) -> dict[str, Any]:
    """What the figures were measured on: the data by name, and the machine."""
    return {
        "data": [f"{path.resolve().parent.name}/{path.name}" for path in listening],
        "machine": f"{platform.machine()}, Python {platform.python_version()}, {platform.system()}",
    }
