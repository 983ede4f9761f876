"""`earshot models`: the model in service and earlier ones."""

from collections.abc import Mapping
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from matcher.errors import ModelError
from matcher.ports import KnownModel
from wiring.cli.app import cli

models = typer.Typer(
    help="The models that serve, and have served, here.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(models, name="models")


@models.command("list")
def list_models() -> None:
    """List the models that have served here, the latest first."""
    from wiring.bootstrap import application

    console = Console(highlight=False)
    app = application()
    try:
        serving = app.model_version()
    except ModelError as error:
        serving = ""
        console.print(f"no model is in service: {error}", markup=False)
    console.print(_table(app.registry.models(), serving), markup=False)


def _table(models: tuple[KnownModel, ...], serving: str) -> Table:
    table = Table("model version", "first served (UTC)", "in service", "figures from training")
    for one in models:
        mark = "yes" if one.model_version == serving else ""
        since = f"{one.first_served_at_utc:%Y-%m-%d %H:%M}"
        table.add_row(one.model_version, since, mark, figures(one.metrics))
    return table


def figures(metrics: Mapping[str, Any]) -> str:
    """Metrics of a training in one line: size, and MRR on the validation listeners.

    `best_epoch` counts from 0, the state before training; `watch_mrr` has one value for each.
    """
    found = []
    if isinstance(n_listeners := metrics.get("n_listeners"), int):
        found.append(f"{n_listeners:,} listeners")
    if isinstance(n_pairs := metrics.get("n_pairs"), int):
        found.append(f"{n_pairs:,} pairs")
    curve, best = metrics.get("watch_mrr"), metrics.get("best_epoch")
    if isinstance(curve, list) and isinstance(best, int) and 0 <= best < len(curve):
        found.append(f"MRR {curve[best]:.3f}")
    return ", ".join(found)
