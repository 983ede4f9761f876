"""`earshot evaluate` on files: metrics as JSON, with a table and plots."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from matcher.errors import InputError
from matcher.ports import Progress
from sources.attributes import read_labels, read_pairs
from towers.native_log import without_notices
from wiring.checks import require_writable
from wiring.jobs.progress import bar
from wiring.jobs.tables import tell
from wiring.jobs.training import read_config, read_corpus

_SINGLE_TAGGERS = "Tags of one tagger (n = 1) are left out: they may be a tested listener's own."
ROOT = Path(__file__).resolve().parent.parent


@without_notices()
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
    """Evaluate, print the table, and write metrics, table and plots if `out` is given.

    Raises:
        InputError: a table is malformed, or `out` cannot be written.
    """
    from towers.evaluation.evaluate import EvaluationData, evaluate
    from towers.evaluation.report import draw, table_of
    from towers.training.splits import ItemMetadata

    if out is not None:
        require_writable(out)
    # a tag of one tagger may be a tested listener's own
    corpus = read_corpus(listening, attributes, tags, single_taggers=False)
    tell(corpus.skipped, console)
    rows = read_pairs(pairs) if pairs else ()
    friends = [(one.listener_id, one.friend_id) for one in rows if one.score > 0]
    labels = {k: v for path in listening for k, v in read_labels(path, label).items()} if label else {}
    exam = EvaluationData(
        corpus.profiles,
        friends,
        labels,
        ItemMetadata(corpus.artist_tags, corpus.attributes),
        read_config(config_file, None),
        tuple(range(n_seeds)),
    )
    with bar(console, "Evaluating, seed by seed", n_seeds) as advance:

        def report(progress: Progress) -> None:
            advance(progress.done)

        found = {**_circumstances(listening, pairs, attributes, tags, label), **evaluate(exam, report)}
    sys.stdout.write(table_of(found))
    if out is not None:
        try:
            out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
            out.with_suffix(".md").write_text(table_of(found))
            draw(found, out.with_suffix(".png"))
        except OSError as error:
            raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
    return found


def _circumstances(
    listening: Sequence[Path], pairs: Path | None, attributes: Path | None, tags: Path | None, label: str
) -> dict[str, Any]:
    """Provenance of the metrics: data, command, commit, machine; no full paths."""
    named = [("listening", path) for path in listening]
    named += [
        (name, path) for name, path in (("pairs", pairs), ("attributes", attributes), ("tags", tags)) if path
    ]
    options = "".join(f" --{name} {_name(path)}" for name, path in named) + (
        f" --label {label}" if label else ""
    )
    return {
        "data": [_name(path) for path in listening],
        "command": "earshot evaluate" + options,
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "notes": [_SINGLE_TAGGERS] if tags else [],
    }


def _name(path: Path) -> str:
    return f"{path.resolve().parent.name}/{path.name}"


def _commit() -> str:
    try:
        asked = ["git", "rev-parse", "--short", "HEAD"]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip()
