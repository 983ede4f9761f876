"""Progress bars on the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@contextmanager
def bar(console: Console, label: str, total: int) -> Iterator[Callable[..., None]]:
    """Show a progress bar; yields a function of units done and, optionally, the total."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task(label, total=total)

        def advance(done: int, total: int | None = None) -> None:
            progress.update(task, completed=done, total=total or None)

        yield advance


@contextmanager
def share_bar(console: Console, label: str) -> Iterator[Callable[[float], None]]:
    """Show a share and the time left; yields a function of the share done, in [0, 1].

    Until the first share it only shows that work goes on.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    left = (TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, *left, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task(label, total=None)

        def advance(share: float) -> None:
            progress.update(task, completed=share, total=1.0)

        yield advance


@contextmanager
def rate_bar(console: Console, label: str, unit: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Show units, units a second and the time left; yields a function of new units and of the total done.

    `total` is what the time left goes by, such as bytes.
    """
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[n]:,} " + unit)),
        *(TextColumn("{task.fields[rate]:,.0f}/s"), TextColumn("left"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task(label, total=total, n=0, rate=0.0)

        def advance(n_new: int, done: int) -> None:
            n = progress.tasks[0].fields["n"] + n_new
            rate = n / max(progress.tasks[0].elapsed or 0.0, 1e-3)
            progress.update(task, completed=done, n=n, rate=rate)

        yield advance
