"""`earshot models`: the model in service and earlier ones."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from matcher.errors import InputError, ModelError
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


@models.command("show")
def show_model(
    version: Annotated[
        str, typer.Argument(help="a model version, or its beginning; default: in service")
    ] = "",
) -> None:
    """Show the figures of one model: its training, and what carries the matches it shows."""
    from wiring.bootstrap import application

    app = application()
    wanted = version or app.model_version()
    found = [one for one in app.registry.models() if one.model_version.startswith(wanted)]
    if len(found) != 1:
        raise InputError(f"{len(found)} models that served here begin with {wanted}; see earshot models list")
    table = Table(show_header=False)
    for name, value in rows_of(found[0]):
        table.add_row(name, value)
    Console(highlight=False).print(table, markup=False)


def rows_of(model: KnownModel) -> Iterator[tuple[str, str]]:
    """Name and value of each figure of a model that is known."""
    metrics = model.metrics
    yield "model version", model.model_version
    yield "first served (UTC)", f"{model.first_served_at_utc:%Y-%m-%d %H:%M}"
    for name, key in _COUNTS.items():
        if isinstance(count := metrics.get(key), int):
            yield name, f"{count:,}"
    yield from _data(metrics)
    if mrr := _validation_mrr(metrics):
        yield "MRR on validation listeners", f"{mrr[1]:.3f} (untrained {mrr[0]:.3f})"
    shares = metrics.get("shares")
    for name, share in shares.items() if isinstance(shares, dict) else ():
        yield f"share of {name} in what is shown", f"{share:.0%}"


def _data(metrics: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the model was trained on: of each source how many listeners, and on what terms."""
    data = metrics.get("data")
    for one in data if isinstance(data, list) else ():
        yield f"listeners of {one['source']}", f"{one['listeners']:,} (licence: {one['licence']})"


_COUNTS = {
    "training listeners": "n_listeners",
    "validation listeners": "n_watchers",
    "pairs": "n_pairs",
    "best epoch": "best_epoch",
}


def _table(models: tuple[KnownModel, ...], serving: str) -> Table:
    table = Table("model version", "first served (UTC)", "in service", "figures from training")
    for one in models:
        mark = "yes" if one.model_version == serving else ""
        since = f"{one.first_served_at_utc:%Y-%m-%d %H:%M}"
        table.add_row(one.model_version, since, mark, figures(one.metrics))
    return table


def figures(metrics: Mapping[str, Any]) -> str:
    """Metrics of a training in one line: size, and MRR on the validation listeners."""
    found = []
    if isinstance(n_listeners := metrics.get("n_listeners"), int):
        found.append(f"{n_listeners:,} listeners")
    if isinstance(n_pairs := metrics.get("n_pairs"), int):
        found.append(f"{n_pairs:,} pairs")
    if mrr := _validation_mrr(metrics):
        found.append(f"MRR {mrr[1]:.3f}")
    return ", ".join(found)


def _validation_mrr(metrics: Mapping[str, Any]) -> tuple[float, float] | None:
    """MRR on the validation listeners, untrained and of the best epoch.

    `best_epoch` counts from 0, the state before training; `watch_mrr` has one value for each.
    """
    curve, best = metrics.get("watch_mrr"), metrics.get("best_epoch")
    if isinstance(curve, list) and isinstance(best, int) and 0 <= best < len(curve):
        return curve[0], curve[best]
    return None
