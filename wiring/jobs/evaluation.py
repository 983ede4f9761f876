"""`earshot evaluate` on files: metrics as JSON, with a table and plots."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from matcher.errors import InputError
from matcher.ports import Progress
from sources.attributes import read_labels, read_pairs
from sources.truth import read_truth
from towers.native_log import without_notices
from wiring.checks import require_writable
from wiring.jobs.progress import bar
from wiring.jobs.tables import tell
from wiring.jobs.training import read_config, read_corpus

if TYPE_CHECKING:
    from towers.evaluation.truth import TrueTastes

_SINGLE_TAGGERS = "Tags of one tagger (n = 1) are left out: they may be a tested listener's own."
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class EvaluationFiles:
    """Tables to evaluate on; only those of listening are required."""

    listening: Sequence[Path]
    pairs: Path | None = None
    attributes: Path | None = None
    tags: Path | None = None
    truth: Path | None = None

    def named(self) -> list[tuple[str, Path]]:
        """The files with their options."""
        others = (("pairs", self.pairs), ("attributes", self.attributes), ("tags", self.tags))
        named = [*(("listening", path) for path in self.listening), *others, ("truth", self.truth)]
        return [(option, path) for option, path in named if path]


@without_notices()
def evaluate_files(
    files: EvaluationFiles,
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
    corpus = read_corpus(files.listening, files.attributes, files.tags, single_taggers=False)
    tell(corpus.skipped, console)
    rows = read_pairs(files.pairs) if files.pairs else ()
    friends = [(one.listener_id, one.friend_id) for one in rows if one.score > 0]
    labels = {k: v for path in files.listening for k, v in read_labels(path, label).items()} if label else {}
    exam = EvaluationData(
        corpus.profiles,
        friends,
        labels,
        ItemMetadata(corpus.artist_tags, corpus.attributes),
        read_config(config_file, None),
        tuple(range(n_seeds)),
        _truth(files.truth, [one.listener_id for one in corpus.profiles]),
    )
    with bar(console, "Evaluating, seed by seed", n_seeds) as advance:

        def report(progress: Progress) -> None:
            advance(progress.done)

        found = {**_circumstances(files, label), **evaluate(exam, report)}
    sys.stdout.write(table_of(found))
    if out is not None:
        try:
            out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
            out.with_suffix(".md").write_text(table_of(found))
            draw(found, out.with_suffix(".png"))
        except OSError as error:
            raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
    return found


def _truth(path: Path | None, listener_ids: Sequence[str]) -> "TrueTastes | None":
    from towers.evaluation.truth import TrueTastes

    if path is None:
        return None
    try:
        return TrueTastes(*read_truth(path)).of(listener_ids)
    except ValueError as error:
        raise InputError(f"{path.name}: {error}") from error


def _circumstances(files: EvaluationFiles, label: str) -> dict[str, Any]:
    """Provenance of the metrics: data, command, commit, machine; no full paths."""
    options = "".join(f" --{name} {_name(path)}" for name, path in files.named())
    options += f" --label {label}" if label else ""
    return {
        "data": [_name(path) for path in files.listening],
        "command": "earshot evaluate" + options,
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "notes": [_SINGLE_TAGGERS] if files.tags else [],
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
