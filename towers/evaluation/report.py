"""Report of an evaluation: a Markdown table and a plot."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

OURS = ("pipeline", "towers", "untrained towers", "audio likeness", "towers, ids hidden")
TITLES = {
    "P1": "P1 same person, disjoint halves",
    "P2": "P2 same person, different playlists",
    "P3": "P3 friends",
    "P4": "P4 thin profiles",
    "P5": "P5 by thirds of mainstreamness",
    "P6": "P6 audio alone, same label",
    "P7": "P7 true cosine of the ten shown, in a synthetic world",
    "P8": "P8 what the number shown means",
    "exposure": "Fair exposure: who stands in others' top tens",
    "truth": "Beside P7: the ten best possible, any, and how far liking of sound lies apart",
    "promises": "Promises of the pipeline",
}
_INK, _EMBER, _GREY = "#1F1B16", "#A63C1C", "#B9AF9F"


def table_of(results: Mapping[str, Any]) -> str:
    """Markdown with one table per protocol and the best of each figure in bold."""
    head = f"# Evaluation on {', '.join(results.get('data', []))}\n\n"
    size = f"{results['n_listeners']:,} listeners; {len(results['seeds'])} seeds, mean ± standard deviation."
    command, commit, machine = (results.get(name, "") for name in ("command", "commit", "machine"))
    about = "\n".join([size, "", f"Command: `{command}`; commit {commit}; {machine}.", *_notes(results), ""])
    protocols = results["protocols"]
    sections = [_section(name, results) for name in sorted(protocols)]
    return head + about + "".join(sections) + _chosen(results.get("chosen", ()))


def _notes(results: Mapping[str, Any]) -> list[str]:
    """What is to be known of the figures, a line each."""
    notes = list(results.get("notes", ()))
    if results.get("intervals"):
        notes.append("In brackets: 95 % bootstrap intervals over test listeners.")
    return [line for note in notes for line in ("", note)]


def _section(name: str, results: Mapping[str, Any]) -> str:
    systems = results["protocols"][name]
    intervals = results.get("intervals", {}).get(name, {})
    figures = list(next(iter(systems.values())))
    best = {figure: max(values[figure]["mean"] for values in systems.values()) for figure in figures}
    bold = len(systems) > 1 and name.startswith("P")
    lines = [
        f"\n## {TITLES.get(name, name)}\n",
        f"| | {' | '.join(figures)} |",
        "|---" * (len(figures) + 1) + "|",
    ]
    for system, values in systems.items():
        ranges = intervals.get(system, {})
        cells = [
            _cell(values[name], bold and values[name]["mean"] == best[name], ranges.get(name))
            for name in figures
        ]
        lines.append(f"| {system} | {' | '.join(cells)} |")
    told = _leads(results.get("leads", {}).get(name), len(results["seeds"]))
    return "\n".join([*lines, *told]) + "\n"


def _leads(rows: Sequence[Mapping[str, Any]] | None, n_seeds: int) -> list[str]:
    """One line on who is ahead of ours, below an empty one."""
    if rows is None:
        return []
    figures: dict[str, list[str]] = {}
    for row in rows:
        if row["ahead"]:
            gap = f"{row['figure']} +{row['mean']:.3f} ± {row['std']:.3f}"
            figures.setdefault(f"{row['system']} over {row['over']}", []).append(gap)
    told = "; ".join(f"{who}: {', '.join(gaps)}" for who, gaps in figures.items()) or "none"
    beyond = "beyond the spread" if n_seeds > 1 else "(one seed has no spread)"
    return ["", f"Ahead of ours {beyond}, best rival of each figure, paired by seed: {told}."]


def _chosen(by_seed: Sequence[Mapping[str, Mapping[str, Mapping[str, Any]]]]) -> str:
    """Table of the rivals' hyper-parameters, with the number of seeds that chose them."""
    if not by_seed:
        return ""
    lines = [
        "\n## Chosen on training halves\n",
        "| task | rival | chosen (seeds) | figure |",
        "|---|---|---|---|",
    ]
    for task, rivals in by_seed[0].items():
        for rival in rivals:
            choices = [chosen[task][rival] for chosen in by_seed]
            counts = Counter(_settings(choice["settings"]) for choice in choices)
            told = "; ".join(f"{settings} ({n})" for settings, n in counts.most_common())
            figure = np.mean([choice["figure"] for choice in choices])
            lines.append(f"| {task} | {rival} | {told} | {figure:.3f} |")
    return "\n".join(lines) + "\n"


def _settings(settings: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {value:g}" if isinstance(value, int | float) else f"{name} {value}"
        for name, value in settings.items()
    )


def _cell(value: Mapping[str, float], bold: bool, interval: Sequence[float] | None) -> str:
    mean, std = value["mean"], value["std"]
    text = f"{mean:.1e}" if 0 < abs(mean) < 5e-4 else f"{mean:.3f} ± {std:.3f}"
    if interval:
        text += f" [{interval[0]:.3f}, {interval[1]:.3f}]"
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
