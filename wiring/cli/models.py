"""`earshot models`: the model in service, earlier ones, and the next."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from matcher.errors import InputError, ModelError
from matcher.ports import KnownModel
from wiring.cli.app import cli, console

models = typer.Typer(
    help="The model that serves here, those before, and the next: propose, embed, promote.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
cli.add_typer(models, name="models")


@models.command("list")
def list_models() -> None:
    """List the models here and their states, the latest change first."""
    from wiring.bootstrap import application

    out = Console(highlight=False)
    app = application()
    try:
        app.model_version()  # the first one is adopted
    except ModelError as error:
        out.print(f"no model is in service: {error}", markup=False)
    out.print(_table(app.registry.models()), markup=False)


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
        raise InputError(f"{len(found)} models here begin with {wanted}; see earshot models list")
    table = Table(show_header=False)
    for name, value in rows_of(found[0]):
        table.add_row(name, value)
    Console(highlight=False).print(table, markup=False)


_Version = Annotated[str, typer.Argument(help="a version, or its beginning; default: the latest")]
_Wait = Annotated[bool, typer.Option("--wait", help="embed and promote as well, one after the other")]


@models.command("propose")
def propose_model(
    folder: Annotated[Path, typer.Argument(help="folder of a trained model")], wait: _Wait = False
) -> None:
    """Keep a trained model here, as the next one; safe to repeat."""
    from wiring.bootstrap import application
    from wiring.jobs import model_changes

    app = application()
    version = model_changes.propose(app, folder, console)
    if wait:
        model_changes.embed(app, version, console)
        model_changes.promote(app, version, console)


@models.command("embed")
def embed_by_model(version: _Version = "") -> None:
    """Embed everybody by a proposed model, beside the running app; goes on where it was stopped."""
    from wiring.bootstrap import application
    from wiring.jobs import model_changes

    model_changes.embed(application(), version, console)


@models.command("promote")
def promote_model(version: _Version = "") -> None:
    """Make a ready model serve, in one step for everybody; the one before can come back for seven days."""
    from wiring.bootstrap import application
    from wiring.jobs import model_changes

    model_changes.promote(application(), version, console)


@models.command("rollback")
def roll_back() -> None:
    """Make the model serve again that served before."""
    from wiring.bootstrap import application
    from wiring.jobs import model_changes

    model_changes.rollback(application(), console)


@models.command("retire")
def retire_model(version: Annotated[str, typer.Argument(help="a model version, or its beginning")]) -> None:
    """Give up a model that does not serve; its vectors and files are deleted."""
    from wiring.bootstrap import application
    from wiring.jobs import model_changes

    model_changes.retire(application(), version, console)


def rows_of(model: KnownModel) -> Iterator[tuple[str, str]]:
    """Name and value of each figure of a model that is known."""
    metrics = model.metrics
    yield "model version", model.model_version
    yield "state", f"{model.state}, since {_moment(model.changed_at_utc)} UTC"
    yield "first served (UTC)", _moment(model.first_served_at_utc)
    for name, key in _COUNTS.items():
        if isinstance(count := metrics.get(key), int):
            yield name, f"{count:,}"
    yield from _data(metrics)
    if mrr := _validation_mrr(metrics):
        yield "MRR on validation listeners", f"{mrr[1]:.3f} (untrained {mrr[0]:.3f})"
    shares = metrics.get("shares")
    for name, share in shares.items() if isinstance(shares, dict) else ():
        yield f"share of {name} in what is shown", f"{share:.0%}"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


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


def _table(models: tuple[KnownModel, ...]) -> Table:
    table = Table("model version", "state", "since (UTC)", "figures from training")
    for one in models:
        table.add_row(one.model_version, one.state, _moment(one.changed_at_utc), figures(one.metrics))
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
