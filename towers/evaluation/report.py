"""Report of an evaluation: a Markdown table and a plot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

OURS = ("pipeline", "towers", "audio likeness", "towers, ids hidden")
TITLES = {
    "P1": "P1 same person, disjoint halves",
    "P2": "P2 same person, different playlists",
    "P3": "P3 friends",
    "P4": "P4 thin profiles",
    "P5": "P5 by thirds of mainstreamness",
    "P6": "P6 audio alone, same label",
    "P8": "P8 what the number shown means",
    "exposure": "Fair exposure: who stands in others' top tens",
    "promises": "Promises of the pipeline",
}
_INK, _EMBER, _GREY = "#1F1B16", "#A63C1C", "#B9AF9F"


def table_of(results: Mapping[str, Any]) -> str:
    """Markdown with one table per protocol and the best of each figure in bold."""
    head = f"# Evaluation on {', '.join(results.get('data', []))}\n\n"
    size = f"{results['n_listeners']:,} listeners; {len(results['seeds'])} seeds, mean ± standard deviation."
    command, commit, machine = (results.get(name, "") for name in ("command", "commit", "machine"))
    about = f"{size}\n\nCommand: `{command}`; commit {commit}; {machine}.\n"
    protocols = results["protocols"]
    return head + about + "".join(_section(name, protocols[name]) for name in sorted(protocols))


def _section(name: str, systems: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    figures = list(next(iter(systems.values())))
    best = {figure: max(values[figure]["mean"] for values in systems.values()) for figure in figures}
    bold = len(systems) > 1 and name.startswith("P")
    lines = [
        f"\n## {TITLES.get(name, name)}\n",
        f"| | {' | '.join(figures)} |",
        "|---" * (len(figures) + 1) + "|",
    ]
    for system, values in systems.items():
        cells = [_cell(values[name], bold and values[name]["mean"] == best[name]) for name in figures]
        lines.append(f"| {system} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(value: Mapping[str, float], bold: bool) -> str:
    mean, std = value["mean"], value["std"]
    text = f"{mean:.1e}" if 0 < abs(mean) < 5e-4 else f"{mean:.3f} ± {std:.3f}"
    return f"**{text}**" if bold else text


def draw(results: Mapping[str, Any], path: Path) -> None:
    """Plot each protocol as bars with their spread, and write the picture.

    Raises:
        OSError: the file cannot be written.
    """
    protocols = {
        name: systems for name, systems in sorted(results["protocols"].items()) if name.startswith("P")
    }
    figure, axes = plt.subplots(1, len(protocols), figsize=(4.2 * len(protocols), 4.2), squeeze=False)
    for axis, (name, systems) in zip(axes[0], protocols.items(), strict=True):
        _bars(axis, TITLES[name], systems)
    figure.suptitle(", ".join(results.get("data", [])), color=_INK, x=0.01, ha="left")
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def _bars(axis: Axes, title: str, systems: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    first = next(iter(next(iter(systems.values()))))
    names = list(systems)[::-1]
    means = [systems[name][first]["mean"] for name in names]
    stds = [systems[name][first]["std"] for name in names]
    colours = [_EMBER if name in OURS else _GREY for name in names]
    axis.barh(np.arange(len(names)), means, xerr=stds, color=colours, ecolor=_INK, height=0.7)
    axis.set_yticks(np.arange(len(names)), names)
    axis.set_title(f"{title}\n{first}", fontsize=10, loc="left", color=_INK)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.tick_params(length=0, colors=_INK, labelsize=9)
