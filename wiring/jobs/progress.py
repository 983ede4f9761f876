"""Progress bars on the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
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
def rows_bar(console: Console, label: str, n_bytes: int) -> Iterator[Callable[[int, int], None]]:
    """Show rows, rows a second and the time left by bytes; yields a function of new rows and bytes done."""
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]:,} rows")),
        *(TextColumn("{task.fields[rate]:,.0f}/s"), TextColumn("left"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task(label, total=n_bytes, rows=0, rate=0.0)

        def advance(n_rows: int, done_bytes: int) -> None:
            rows = progress.tasks[0].fields["rows"] + n_rows
            rate = rows / max(progress.tasks[0].elapsed or 0.0, 1e-3)
            progress.update(task, completed=done_bytes, rows=rows, rate=rate)

        yield advance
